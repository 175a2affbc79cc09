import { TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTeamQuery } from '../api.js'
import { AnyOf } from '../parts/any-of.js'
import { type EventLine, Portrait } from '../parts/events.js'
import { Async, Empty, Page, Panel } from '../parts/page.js'
import { Paged, Rows } from '../parts/rows.js'
import { Spellings, Status, TeamLink, When } from '../parts/values.js'
import { type AccountLine, accountColumns } from './accounts.js'
import { type ConnectionLine, connectionColumns } from './connections.js'
import { type PaymentLine, paymentColumns } from './payments.js'

export interface ConsumerLine {
  readonly id: string
  readonly kind: string
  readonly status: string
  readonly externalId: string | null
  readonly name: string
  readonly createdAt: string
}

export const consumerColumns = [
  { name: 'Name', show: ({ id, name }: ConsumerLine) => <TeamLink to={`/consumers/${id}`}>{name}</TeamLink> },
  { name: 'Kind', show: ({ kind }: ConsumerLine) => kind ?? 'unknown' },
  { name: 'Status', show: ({ status }: ConsumerLine) => <Status state={status} /> },
  { name: 'Your id', show: ({ externalId }: ConsumerLine) => externalId ?? <span className="quiet">–</span> },
  { name: 'Made (UTC)', show: ({ createdAt }: ConsumerLine) => <When at={createdAt} /> },
]

const WAIT_MS = 250

export function ConsumersPage() {
  const [name, setName] = useState('')
  const [status, setStatus] = useState('')
  const [wanted] = useDebouncedValue(name.trim(), WAIT_MS)
  return (
    <Page title="Consumers">
      <Panel>
        <div className="filters">
          <TextInput label="Name" value={name} onChange={({ currentTarget }) => setName(currentTarget.value)} />
          <AnyOf label="Status" value={status} choose={setStatus} of={['active', 'incomplete', 'disabled']} />
        </div>
      </Panel>
      <Panel>
        <Paged<ConsumerLine>
          label="Consumers"
          path="/consumers"
          filter={{ name: wanted, status }}
          columns={consumerColumns}
          keyOf={({ id }) => id}
          empty={
            <Empty title="No consumers.">
              {wanted || status ? (
                'Nobody is like that.'
              ) : (
                <>
                  A consumer is made by <code>POST /method/entities</code>, or when a MoneyKit link session names one. A{' '}
                  <TeamLink to="/personas">persona</TeamLink> shows how.
                </>
              )}
            </Empty>
          }
        />
      </Panel>
    </Page>
  )
}

interface ConsumerShown extends ConsumerLine {
  readonly ids: Readonly<Record<string, string>>
  readonly statusReason: string | null
  readonly phone: string | null
  readonly city: string | null
  readonly ssn: string
  readonly phoneVerifiedAt: string | null
  readonly identityVerifiedAt: string | null
  readonly connectedAt: string | null
  readonly subscriptions: readonly string[]
  readonly accounts: readonly AccountLine[]
  readonly connections: readonly ConnectionLine[]
  readonly payments: readonly PaymentLine[]
  readonly events: readonly EventLine[]
}

export function ConsumerPage() {
  const { id = '' } = useParams({ strict: false })
  const query = useTeamQuery<ConsumerShown>(`/consumers/${id}`)
  return (
    <Async query={query} isPage>
      {(consumer) => (
        <Page title={consumer.name}>
          <Portrait
            title="Who it is"
            facts={{
              Ids: <Spellings ids={consumer.ids} />,
              'Your id': consumer.externalId,
              Status: <Status state={consumer.status} />,
              Reason: consumer.statusReason,
              Phone: consumer.phone,
              'Lives in': consumer.city,
              SSN: consumer.ssn,
              'Phone verified': <When at={consumer.phoneVerifiedAt} />,
              'Identity verified': <When at={consumer.identityVerifiedAt} />,
              Connected: <When at={consumer.connectedAt} />,
              Subscriptions: consumer.subscriptions.join(', ') || null,
            }}
            events={consumer.events}
          />
          <Panel title="Accounts">
            {consumer.accounts.length === 0 ? (
              <Empty title="No accounts.">They are found by a connect, or described by POST /method/accounts.</Empty>
            ) : (
              <Rows
                label="Accounts"
                rows={consumer.accounts}
                columns={accountColumns}
                keyOf={(account) => account.id}
              />
            )}
          </Panel>
          <Panel title="Connections">
            {consumer.connections.length === 0 ? (
              <Empty title="No connections.">A connection is made when somebody logs in at an institution.</Empty>
            ) : (
              <Rows
                label="Connections"
                rows={consumer.connections}
                columns={connectionColumns}
                keyOf={(row) => row.id}
              />
            )}
          </Panel>
          <Panel title="Payments">
            {consumer.payments.length === 0 ? (
              <Empty title="No payments." />
            ) : (
              <Rows
                label="Payments"
                rows={consumer.payments}
                columns={paymentColumns}
                keyOf={(payment) => payment.id}
              />
            )}
          </Panel>
        </Page>
      )}
    </Async>
  )
}
