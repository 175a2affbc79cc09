import { useTeamQuery } from '../api.js'
import { Bars, Shares } from '../parts/charts.js'
import { type EventLine, eventColumns } from '../parts/events.js'
import { FollowSwitch } from '../parts/following.js'
import { Async, Empty, Page, Panel } from '../parts/page.js'
import { Rows } from '../parts/rows.js'
import { TeamLink, when } from '../parts/values.js'

interface Overview {
  readonly now: string
  readonly isRehearsal: boolean
  readonly consumers: number
  readonly accounts: number
  readonly webhooks: number
  readonly payments: Readonly<Record<string, number>>
  readonly requests: readonly {
    readonly hour: string
    readonly answered: number
    readonly refused: number
    readonly failed: number
    readonly tookUs: number
  }[]
  readonly deliveries: Readonly<Record<string, number>>
  readonly events: readonly EventLine[]
}

// Nothing is recorded when time passes.
const CLOCK_MS = 15_000

export function OverviewPage() {
  const query = useTeamQuery<Overview>('/overview', {
    follows: ['requests', 'events', 'deliveries'],
    every: CLOCK_MS,
  })
  return (
    <Page title="Overview" actions={<FollowSwitch />}>
      <Async query={query}>{(overview) => <Shown {...overview} />}</Async>
    </Page>
  )
}

function Shown({ now, consumers, accounts, webhooks, payments, requests, deliveries, events }: Overview) {
  const paid = sumOf(Object.values(payments))
  const asked = sumOf(requests.map(({ answered, refused, failed }) => answered + refused + failed))
  const tookMs = sumOf(requests.map(({ tookUs }) => tookUs)) / Math.max(1, asked) / 1000
  const refused = sumOf(requests.map((each) => each.refused))
  const failed = sumOf(requests.map((each) => each.failed))
  return (
    <>
      <div className="tiles">
        <Tile to="/consumers" count={consumers} name="consumers" />
        <Tile to="/accounts" count={accounts} name="accounts" />
        <Tile to="/payments" count={paid} name="payments" />
        <Tile to="/webhooks" count={webhooks} name="webhooks" />
        <Tile to="/requests" count={asked} name="requests in 24 hours" />
      </div>
      <p className="quiet">
        The team’s clock shows <TeamLink to="/clock">{when(now)} UTC</TeamLink>.
      </p>
      <Panel title="Requests by the hour">
        {asked === 0 ? (
          <Empty title="Nobody has asked anything for a day.">
            Make a first call: <TeamLink to="/personas">a persona</TeamLink> comes with one to copy, and{' '}
            <TeamLink to="/keys">API keys</TeamLink> with a key.
          </Empty>
        ) : (
          <>
            <Bars
              label={`${asked} requests in 24 hours, of which ${refused} were refused and ${failed} failed`}
              by="hour"
              data={requests.map((each) => ({
                hour: `${each.hour.slice(11, 13)}h`,
                answered: each.answered,
                refused: each.refused,
                failed: each.failed,
              }))}
              series={{ answered: 'teal.6', refused: 'yellow.6', failed: 'red.7' }}
            />
            <p className="quiet">{tookMs.toFixed(1)} ms on average.</p>
          </>
        )}
      </Panel>
      <div className="halves">
        <Panel title="Payments by state">
          {paid === 0 ? (
            <Empty title="No payments yet." />
          ) : (
            <Shares label="Payments" counts={payments} to="/payments" />
          )}
        </Panel>
        <Panel title="Newest deliveries">
          {sumOf(Object.values(deliveries)) === 0 ? (
            <Empty title="Nothing was delivered yet.">Deliveries begin with a webhook: POST /method/webhooks.</Empty>
          ) : (
            <>
              <Shares label="Deliveries" counts={deliveries} />
              <p className="quiet">The newest 200 of each webhook.</p>
            </>
          )}
        </Panel>
      </div>
      <Panel title="Newest events">
        {events.length === 0 ? (
          <Empty title="Nothing has happened yet." />
        ) : (
          <Rows label="Newest events" rows={events} columns={eventColumns} keyOf={({ id }) => id} />
        )}
      </Panel>
    </>
  )
}

function Tile({ to, count, name }: { readonly to: string; readonly count: number; readonly name: string }) {
  return (
    <TeamLink to={to} className="panel tile">
      <b>{count.toLocaleString('en-US')}</b>
      <span className="quiet">{name}</span>
    </TeamLink>
  )
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}
