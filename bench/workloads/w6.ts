/** W6: W5 while one more receiver never answers in time and another answers 500; beside W5 without them. */
import { headers } from '../cast.js'
import { openFanOut } from '../fan-out.js'
import { type Finding, ratioOf } from '../findings.js'
import type { Ground } from '../ground.js'
import { beside, byTurns, type Effort, type Pair } from '../pairs.js'
import { type Pace, paceOf } from '../sinks.js'

export async function measureW6(ground: Ground, effort: Effort): Promise<readonly Finding[]> {
  const fanOut = await openFanOut(ground, { ...effort, failingPaths: ['/hang', '/fail'] })
  const switchFailing = async (status: 'active' | 'disabled') => {
    for (const id of fanOut.failing.values()) {
      const url = `${fanOut.server.url}/method/webhooks/${id}`
      const reply = await fetch(url, { method: 'PATCH', headers, body: JSON.stringify({ status }) })
      if (reply.status !== 200) throw new Error(`A webhook could not be switched: ${reply.status}.`)
    }
  }
  const run = (status: 'active' | 'disabled') => async () => {
    await switchFailing('disabled')
    await fanOut.untilQuiet()
    await switchFailing(status)
    return paceOf(await fanOut.resend())
  }
  try {
    const pairs = await byTurns(effort.pairs, run('disabled'), run('active'))
    const figure = (name: keyof Pace): readonly Pair<number>[] =>
      pairs.map(({ baseline, clearspan }) => ({ baseline: baseline[name], clearspan: clearspan[name] }))
    const rates = figure('perSecond')
    const late = figure('p99Ms')
    const of = { workload: 'W6', range: null } as const
    return [
      {
        ...of,
        what: 'deliveries to those that answer',
        ...ratioOf(rates),
        goal: { kind: 'at least', value: 0.9 },
        note: beside(rates, '/s'),
      },
      {
        ...of,
        what: 'until 99 of 100 arrived',
        ...ratioOf(late),
        goal: { kind: 'at most', value: 1.5 },
        note: beside(late, ' ms'),
      },
    ]
  } finally {
    await fanOut.stop()
  }
}
