/** W5: events told to ten receivers each, beside a loop that signs and posts and does nothing else. */
import type pg from 'pg'
import { openFanOut, RECEIVERS } from '../fan-out.js'
import { type Finding, ratioOf } from '../findings.js'
import type { Ground } from '../ground.js'
import { beside, byTurns, type Effort } from '../pairs.js'
import { runProgram } from '../processes.js'
import { arrivals, forget, paceOf, SECRET } from '../sinks.js'

// As many as the server has connections to one origin.
const IN_FLIGHT = 64
const BODY = JSON.stringify({
  id: 'ent_Xq7LwRn4TkYcb',
  type: 'entity.create',
  path: '/entities/ent_Xq7LwRn4TkYcb',
  event: 'evt_Cw8TqXb3NkLmy',
})

export async function measureW5(ground: Ground, effort: Effort): Promise<readonly Finding[]> {
  const fanOut = await openFanOut(ground, effort)
  const { sink, urls, events } = fanOut
  const commits: number[] = []
  try {
    const pairs = await byTurns(
      effort.pairs,
      async () => {
        await forget(sink.url)
        await runProgram('sign-and-post', { urls, count: events, inFlight: IN_FLIGHT, body: BODY, secret: SECRET })
        return paceOf(await arrivals(sink.url, '/take', events * RECEIVERS))
      },
      async () => {
        await fanOut.untilQuiet()
        const before = await commitsThatWrote(ground.clearspanDb)
        const tallies = await fanOut.resend()
        commits.push(((await commitsThatWrote(ground.clearspanDb)) - before) / (events * RECEIVERS))
        return paceOf(tallies)
      },
    )
    const rates = pairs.map(({ baseline, clearspan }) => ({
      baseline: baseline.perSecond,
      clearspan: clearspan.perSecond,
    }))
    const of = { workload: 'W5', range: null } as const
    return [
      {
        ...of,
        what: 'deliveries',
        ...ratioOf(rates),
        goal: { kind: 'at least', value: 0.12 },
        note: beside(rates, '/s'),
      },
      {
        ...of,
        what: 'commits that write, for each delivery',
        value: Math.max(...commits),
        unit: 'count',
        goal: { kind: 'at most', value: 0.1 },
        note: `none lost, none unsigned of ${events * RECEIVERS} each time`,
      },
    ]
  } finally {
    await fanOut.stop()
  }
}

/** Transactions so far that wrote something and so have an id. */
async function commitsThatWrote(db: pg.Client): Promise<number> {
  const { rows } = await db.query<{ ids: string }>('select pg_snapshot_xmax(pg_current_snapshot())::text as ids')
  return Number(rows[0]?.ids)
}
