/** What W5 and W6 share: events that ten receivers are told of, again and again. */
import { setTimeout as sleep } from 'node:timers/promises'
import { ask } from './cast.js'
import type { Ground } from './ground.js'
import { type RunningProcess, runCommand, startBaseline, startServer } from './processes.js'
import { arrivals, forget, type PathTally, SECRET } from './sinks.js'

export const RECEIVERS = 10
// Events in a second of measuring, so that a run takes about as long as one of the other workloads.
const EVENTS_PER_SECOND = 300
const CREATING_AT_ONCE = 4

export interface FanOut {
  readonly server: RunningProcess
  readonly sink: RunningProcess
  /** How many events each receiver is told of. */
  readonly events: number
  /** The addresses of the receivers that accept everything. */
  readonly urls: readonly string[]
  /** The ids of the receivers that don't, by their path. */
  readonly failing: ReadonlyMap<string, string>
  /** Has everything sent again, and returns what arrived at those that accept everything once that is all of it. */
  resend(): Promise<readonly PathTally[]>
  /** Waits until no job runs or is due, so that what came before is not part of what is measured. */
  untilQuiet(): Promise<void>
  stop(): Promise<void>
}

/** Starts a server and a sink, and has events told to ten receivers that accept them, and to those at `failingPaths`. */
export async function openFanOut(
  ground: Ground,
  { measuredMs, failingPaths = [] }: { readonly measuredMs: number; readonly failingPaths?: readonly string[] },
): Promise<FanOut> {
  const events = Math.ceil((measuredMs / 1000) * EVENTS_PER_SECOND)
  const sink = await startBaseline('sink', {})
  const server = await startServer(ground.clearspan)
  const stop = async () => {
    await server.stop()
    await sink.stop()
  }
  const urls = Array.from({ length: RECEIVERS }, (_, index) => `${sink.url}/take${index}`)
  const failing = new Map<string, string>()
  const listen = async (url: string) =>
    String((await ask(server.url, '/webhooks', { type: 'entity.create', url, hmac_secret: SECRET })).id)
  const all = () => arrivals(sink.url, '/take', events * RECEIVERS)
  try {
    await ground.clearspanDb.query('update webhooks set deleted_at = now()')
    for (const url of urls) await listen(url)
    for (const path of failingPaths) failing.set(path, await listen(`${sink.url}${path}`))
    for (let made = 0; made < events; made += CREATING_AT_ONCE) {
      const wave = Array.from({ length: Math.min(CREATING_AT_ONCE, events - made) })
      await Promise.all(wave.map(() => ask(server.url, '/entities', { type: 'individual', individual: {} })))
    }
    await all()
  } catch (error) {
    await stop()
    throw error
  }
  return {
    server,
    sink,
    events,
    urls,
    failing,
    async resend() {
      await forget(sink.url)
      await runCommand(['events', 'resend', '--delivered'], ground.clearspan)
      const tallies = await all()
      const lost = tallies.filter((tally) => tally.events < events)
      if (lost.length > 0) throw new Error(`${lost.length} receivers were not told of everything.`)
      return tallies
    },
    untilQuiet: () => untilQuiet(ground),
    stop,
  }
}

async function untilQuiet({ clearspanDb }: Ground): Promise<void> {
  for (;;) {
    const { rows } = await clearspanDb.query(
      'select from graphile_worker._private_jobs where locked_at is not null or run_at <= now() limit 1',
    )
    if (rows.length === 0) return
    await sleep(100)
  }
}
