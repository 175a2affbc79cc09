import { NativeSelect } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTeamQuery } from '../api.js'
import { type EventLine, Timeline } from '../parts/events.js'
import { Async, Empty, Page, Panel } from '../parts/page.js'
import { Paged, Rows } from '../parts/rows.js'
import { Facts, IdLink, Spellings, Status, TeamLink, When } from '../parts/values.js'

export interface ConnectionLine {
  readonly id: string
  readonly consumerId: string
  readonly institution: string
  readonly provider: string
  readonly state: string
  readonly errorCode: string | null
  readonly createdAt: string
}

export const connectionColumns = [
  {
    name: 'Institution',
    show: ({ id, institution }: ConnectionLine) => <TeamLink to={`/connections/${id}`}>{institution}</TeamLink>,
  },
  { name: 'State', show: ({ state }: ConnectionLine) => <Status state={state} /> },
  { name: 'Error', show: ({ errorCode }: ConnectionLine) => errorCode ?? <span className="quiet">–</span> },
  { name: 'Consumer', show: ({ consumerId }: ConnectionLine) => <IdLink kind="consumer" id={consumerId} /> },
  { name: 'Made (UTC)', show: ({ createdAt }: ConnectionLine) => <When at={createdAt} /> },
]

export function ConnectionsPage() {
  const [state, setState] = useState('')
  return (
    <Page title="Connections">
      <Panel>
        <div className="filters">
          <NativeSelect
            label="State"
            value={state}
            onChange={({ currentTarget }) => setState(currentTarget.value)}
            data={[
              { value: '', label: 'Any' },
              'connecting',
              { value: 'awaiting_exchange', label: 'awaiting exchange' },
              'connected',
              'error',
              'deleted',
            ]}
          />
        </div>
      </Panel>
      <Panel>
        <Paged<ConnectionLine>
          label="Connections"
          path="/connections"
          filter={{ state }}
          columns={connectionColumns}
          keyOf={({ id }) => id}
          empty={
            <Empty title="No connections.">
              A connection is made when somebody logs in at an institution, in a link session of the MoneyKit API for
              example.
            </Empty>
          }
        />
      </Panel>
    </Page>
  )
}

interface ConnectionShown extends ConnectionLine {
  readonly ids: Readonly<Record<string, string>>
  readonly products: readonly {
    readonly name: string
    readonly refreshedAt: string | null
    readonly errorCode: string | null
  }[]
  readonly clientId: string | null
  readonly tags: readonly string[]
  readonly lastSyncedAt: string | null
  readonly connectedAt: string | null
  readonly accounts: readonly {
    readonly id: string
    readonly type: string
    readonly name: string
    readonly mask: string | null
    readonly currency: string | null
    readonly currentCents: number | null
    readonly ids: Readonly<Record<string, string>>
  }[]
  readonly events: readonly EventLine[]
}

export function ConnectionPage() {
  const { id = '' } = useParams({ strict: false })
  const query = useTeamQuery<ConnectionShown>(`/connections/${id}`)
  return (
    <Async query={query} isPage>
      {(connection) => (
        <Page
          title={connection.institution}
          actions={
            connection.ids.moneykit && (
              <TeamLink
                to="/simulate"
                search={{
                  path: '/moneykit/simulate/links/{id}/transactions',
                  id: connection.ids.moneykit,
                  app: connection.clientId ?? '',
                }}
              >
                Let a transaction happen
              </TeamLink>
            )
          }
        >
          <div className="halves">
            <Panel title="What it is">
              <Facts
                of={{
                  Ids: <Spellings ids={connection.ids} />,
                  Consumer: <IdLink kind="consumer" id={connection.consumerId} />,
                  State: <Status state={connection.state} />,
                  Error: connection.errorCode,
                  Provider: connection.provider,
                  Client: connection.clientId,
                  Tags: connection.tags.join(', ') || null,
                  Connected: <When at={connection.connectedAt} />,
                  'Last synced': <When at={connection.lastSyncedAt} />,
                }}
              />
            </Panel>
            <Panel title="What happened">
              <Timeline events={connection.events} />
            </Panel>
          </div>
          <Panel title="Accounts">
            {connection.accounts.length === 0 ? (
              <Empty title="No accounts can be read." />
            ) : (
              <Rows
                label="Accounts"
                rows={connection.accounts}
                keyOf={(account) => account.id}
                columns={[
                  { name: 'Account', show: ({ name, mask }) => `${name}${mask === null ? '' : ` …${mask}`}` },
                  { name: 'Type', show: ({ type }) => type },
                  { name: 'Id', show: ({ ids }) => <Spellings ids={ids} /> },
                  {
                    name: 'Balance',
                    isNumber: true,
                    show: ({ currentCents, currency }) =>
                      currentCents === null
                        ? '–'
                        : (currentCents / 100).toLocaleString('en-US', {
                            style: 'currency',
                            currency: currency ?? 'USD',
                          }),
                  },
                ]}
              />
            )}
          </Panel>
          <Panel title="Products">
            <Rows
              label="Products"
              rows={connection.products}
              keyOf={({ name }) => name}
              columns={[
                { name: 'Product', show: ({ name }) => name.replaceAll('_', ' ') },
                { name: 'Refreshed (UTC)', show: ({ refreshedAt }) => <When at={refreshedAt} /> },
                { name: 'Error', show: ({ errorCode }) => errorCode ?? <span className="quiet">–</span> },
              ]}
            />
          </Panel>
        </Page>
      )}
    </Async>
  )
}
