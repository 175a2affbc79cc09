import { NativeSelect } from '@mantine/core'
import { useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTeamQuery } from '../api.js'
import { type EventLine, Timeline } from '../parts/events.js'
import { Async, Empty, Page, Panel } from '../parts/page.js'
import { Paged, Rows } from '../parts/rows.js'
import { Facts, IdLink, money, Spellings, Status, TeamLink, When } from '../parts/values.js'
import { type AccountLine, accountColumns } from './accounts.js'

export interface PaymentLine {
  readonly id: string
  readonly amountCents: number
  readonly description: string
  readonly status: string
  readonly sourceId: string | null
  readonly destinationId: string
  readonly type: string
  readonly createdAt: string
}

export const paymentColumns = [
  {
    name: 'Payment',
    show: ({ id, description }: PaymentLine) => <TeamLink to={`/payments/${id}`}>{description || id}</TeamLink>,
  },
  { name: 'Status', show: ({ status }: PaymentLine) => <Status state={status} /> },
  { name: 'Amount', isNumber: true, show: ({ amountCents }: PaymentLine) => money(amountCents) },
  { name: 'From', show: ({ sourceId }: PaymentLine) => <IdLink kind="account" id={sourceId} /> },
  { name: 'To', show: ({ destinationId }: PaymentLine) => <IdLink kind="account" id={destinationId} /> },
  { name: 'Made (UTC)', show: ({ createdAt }: PaymentLine) => <When at={createdAt} /> },
]

const STATUSES = [
  'pending',
  'processing',
  'posted',
  'sent',
  'settled',
  'cashed',
  'failed',
  'canceled',
  'reversal_required',
  'reversal_processing',
  'reversed',
]

export function PaymentsPage() {
  const { status: begun = '' } = useSearch({ strict: false }) as { readonly status?: string }
  const [status, setStatus] = useState(begun)
  return (
    <Page title="Payments">
      <Panel>
        <div className="filters">
          <NativeSelect
            label="Status"
            value={status}
            onChange={({ currentTarget }) => setStatus(currentTarget.value)}
            data={[
              { value: '', label: 'Any' },
              ...STATUSES.map((value) => ({ value, label: value.replaceAll('_', ' ') })),
            ]}
          />
        </div>
      </Panel>
      <Panel>
        <Paged<PaymentLine>
          label="Payments"
          path="/payments"
          filter={{ status }}
          follows={['events']}
          columns={paymentColumns}
          keyOf={({ id }) => id}
          empty={
            <Empty title="No payments.">
              {status === '' ? (
                <>
                  A payment goes from a verified bank account to a debt or another account:{' '}
                  <code>POST /method/payments</code>.
                </>
              ) : (
                'None has this status.'
              )}
            </Empty>
          }
        />
      </Panel>
    </Page>
  )
}

interface Posted {
  readonly step: string
  readonly at: string
  readonly entries: readonly { readonly account: string; readonly accountId: string | null; readonly cents: number }[]
}

interface PaymentShown extends PaymentLine {
  readonly ids: Readonly<Record<string, string>>
  readonly fundStatus: string
  readonly sourceStatus: string
  readonly destinationStatus: string
  readonly sourceHolderId: string | null
  readonly destinationHolderId: string
  readonly destinationMethod: string | null
  readonly estimatedCompletionOn: string
  readonly sourceSettlementOn: string
  readonly destinationSettlementOn: string
  readonly fee: { readonly type: string; readonly amountCents: number } | null
  readonly failure: unknown
  readonly dueAt: string | null
  readonly accounts: readonly AccountLine[]
  readonly ledger: readonly Posted[]
  readonly reversals: readonly { readonly id: string; readonly status: string }[]
  readonly events: readonly EventLine[]
}

export function PaymentPage() {
  const { id = '' } = useParams({ strict: false })
  const query = useTeamQuery<PaymentShown>(`/payments/${id}`, { follows: ['events'] })
  return (
    <Async query={query} isPage>
      {(payment) => (
        <Page
          title={`${money(payment.amountCents)} · ${payment.description || 'payment'}`}
          actions={
            <TeamLink
              to="/simulate"
              search={{ path: '/method/simulate/payments/{pmt_id}', pmt_id: payment.ids.method ?? '' }}
            >
              Move it by a simulation
            </TeamLink>
          }
        >
          <div className="halves">
            <Panel title="What it is">
              <Facts
                of={{
                  Ids: <Spellings ids={payment.ids} />,
                  Status: <Status state={payment.status} />,
                  Funds: payment.fundStatus.replaceAll('_', ' '),
                  'At the source': <Status state={payment.sourceStatus} />,
                  'At the destination': <Status state={payment.destinationStatus} />,
                  Failure:
                    payment.failure === null
                      ? null
                      : typeof payment.failure === 'string'
                        ? payment.failure
                        : JSON.stringify(payment.failure),
                  From: <IdLink kind="consumer" id={payment.sourceHolderId} />,
                  To: <IdLink kind="consumer" id={payment.destinationHolderId} />,
                  'Settles at the source': payment.sourceSettlementOn,
                  'Settles at the destination': payment.destinationSettlementOn,
                  'Complete about': payment.estimatedCompletionOn,
                  Fee: payment.fee === null ? null : `${money(payment.fee.amountCents)} (${payment.fee.type})`,
                  'Moves on by itself': payment.dueAt === null ? 'no' : <When at={payment.dueAt} />,
                  Reversals: payment.reversals.map((reversal) => (
                    <div key={reversal.id}>
                      <IdLink kind="reversal" id={reversal.id} /> <Status state={reversal.status} />
                    </div>
                  )),
                }}
              />
            </Panel>
            <Panel title="What happened">
              <Timeline events={payment.events} />
            </Panel>
          </div>
          <Panel title="Ledger">
            {payment.ledger.length === 0 ? (
              <Empty title="No money has moved yet.">
                Entries are posted when a window takes the payment. The <TeamLink to="/clock">clock</TeamLink> can bring
                that about.
              </Empty>
            ) : (
              <Rows
                label="Ledger entries"
                rows={payment.ledger.flatMap(({ step, at, entries }) =>
                  entries.map((entry, index) => ({ ...entry, step, at, key: `${step} ${at} ${index}` })),
                )}
                keyOf={({ key }) => key}
                columns={[
                  { name: 'Step', show: ({ step }) => step.replaceAll('_', ' ') },
                  {
                    name: 'Account',
                    show: ({ account, accountId }) =>
                      accountId ? <IdLink kind="account" id={accountId} /> : account.replaceAll('_', ' '),
                  },
                  { name: 'Amount', isNumber: true, show: ({ cents }) => money(cents) },
                  { name: 'Posted (UTC)', show: ({ at }) => <When at={at} /> },
                ]}
              />
            )}
          </Panel>
          <Panel title="Accounts">
            <Rows label="Accounts" rows={payment.accounts} columns={accountColumns} keyOf={(account) => account.id} />
          </Panel>
        </Page>
      )}
    </Async>
  )
}
