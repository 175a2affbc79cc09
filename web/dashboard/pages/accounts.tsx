import { NativeSelect } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTeamQuery } from '../api.js'
import { type EventLine, Timeline } from '../parts/events.js'
import { Async, Empty, Page, Panel } from '../parts/page.js'
import { Paged, Rows } from '../parts/rows.js'
import { Facts, IdLink, Spellings, Status, TeamLink, When } from '../parts/values.js'
import { type PaymentLine, paymentColumns } from './payments.js'

export interface AccountLine {
  readonly id: string
  readonly consumerId: string
  readonly kind: string
  readonly status: string
  readonly name: string
  readonly type: string | null
  readonly mask: string | null
  readonly createdAt: string
}

export const accountColumns = [
  {
    name: 'Account',
    show: ({ id, name, mask }: AccountLine) => (
      <TeamLink to={`/accounts/${id}`}>
        {name}
        {mask === null ? '' : ` …${mask}`}
      </TeamLink>
    ),
  },
  { name: 'Type', show: ({ kind, type }: AccountLine) => (type ?? kind).replaceAll('_', ' ') },
  { name: 'Status', show: ({ status }: AccountLine) => <Status state={status} /> },
  { name: 'Holder', show: ({ consumerId }: AccountLine) => <IdLink kind="consumer" id={consumerId} /> },
  { name: 'Made (UTC)', show: ({ createdAt }: AccountLine) => <When at={createdAt} /> },
]

export function AccountsPage() {
  const [kind, setKind] = useState('')
  const [status, setStatus] = useState('')
  return (
    <Page title="Accounts">
      <Panel>
        <div className="filters">
          <NativeSelect
            label="Kind"
            value={kind}
            onChange={({ currentTarget }) => setKind(currentTarget.value)}
            data={[
              { value: '', label: 'Any' },
              { value: 'ach', label: 'Bank account' },
              { value: 'liability', label: 'Debt' },
              { value: 'clearing', label: 'Clearing account' },
              { value: 'debit_card', label: 'Debit card' },
            ]}
          />
          <NativeSelect
            label="Status"
            value={status}
            onChange={({ currentTarget }) => setStatus(currentTarget.value)}
            data={[
              { value: '', label: 'Any' },
              'active',
              'disabled',
              'closed',
              { value: 'awaiting_consent', label: 'awaiting consent' },
            ]}
          />
        </div>
      </Panel>
      <Panel>
        <Paged<AccountLine>
          label="Accounts"
          path="/accounts"
          filter={{ kind, status }}
          columns={accountColumns}
          keyOf={({ id }) => id}
          empty={
            <Empty title="No accounts.">
              Debts are found by a connect of a verified entity; bank accounts are described by{' '}
              <code>POST /method/accounts</code>.
            </Empty>
          }
        />
      </Panel>
    </Page>
  )
}

interface AccountShown extends AccountLine {
  readonly ids: Readonly<Record<string, string>>
  readonly holderName: string | null
  readonly statusReason: string | null
  readonly origin: string
  readonly ownership: string | null
  readonly merchant: string | null
  readonly verifiedAt: string | null
  readonly latest: Readonly<Record<string, string>>
  readonly subscriptions: readonly string[]
  readonly payments: readonly PaymentLine[]
  readonly events: readonly EventLine[]
}

export function AccountPage() {
  const { id = '' } = useParams({ strict: false })
  const query = useTeamQuery<AccountShown>(`/accounts/${id}`)
  return (
    <Async query={query} isPage>
      {(account) => (
        <Page
          title={account.mask === null ? account.name : `${account.name} …${account.mask}`}
          actions={
            account.type === 'credit_card' && (
              <TeamLink
                to="/simulate"
                search={{ path: '/method/simulate/accounts/{acc_id}/transactions', acc_id: account.ids.method ?? '' }}
              >
                Buy something with it
              </TeamLink>
            )
          }
        >
          <div className="halves">
            <Panel title="What it is">
              <Facts
                of={{
                  Ids: <Spellings ids={account.ids} />,
                  Holder: (
                    <IdLink
                      kind="consumer"
                      id={account.consumerId}
                      {...(account.holderName ? { text: account.holderName } : {})}
                    />
                  ),
                  Type: account.type?.replaceAll('_', ' '),
                  Status: <Status state={account.status} />,
                  Reason: account.statusReason,
                  'Known from': account.origin === 'connect' ? 'a credit file' : 'the team',
                  Ownership: account.ownership,
                  Merchant: account.merchant,
                  Verified: <When at={account.verifiedAt} />,
                  Subscriptions: account.subscriptions.join(', ') || null,
                  'Newest data': Object.entries(account.latest).map(([product, retrieval]) => (
                    <div key={product}>
                      {product.replaceAll('_', ' ')} <IdLink kind={product} id={retrieval} />
                    </div>
                  )),
                }}
              />
            </Panel>
            <Panel title="What happened">
              <Timeline events={account.events} />
            </Panel>
          </div>
          <Panel title="Payments">
            {account.payments.length === 0 ? (
              <Empty title="No payments." />
            ) : (
              <Rows label="Payments" rows={account.payments} columns={paymentColumns} keyOf={(payment) => payment.id} />
            )}
          </Panel>
        </Page>
      )}
    </Async>
  )
}
