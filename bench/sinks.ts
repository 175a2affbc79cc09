/** Where deliveries go while they are measured: a process that counts them, and what it tells. */
import { setTimeout as sleep } from 'node:timers/promises'

/** Known to the sink and to whoever signs. */
export const SECRET = 'known to the sink'

export interface PathTally {
  /** Different events. */
  readonly events: number
  /** Deliveries, those of one event more than once included. */
  readonly copies: number
  readonly unsigned: number
  /** Since 1970, by the machine's clock. */
  readonly arrivedAtMs: readonly number[]
}

const PATIENCE_MS = 60_000
const POLL_MS = 50

export async function forget(url: string): Promise<void> {
  await fetch(`${url}/forget`, { method: 'POST' })
}

/** What arrived at paths that begin so, once that is `copies` of them at least. Throws when it takes too long or one was not signed. */
export async function arrivals(url: string, prefix: string, copies: number): Promise<readonly PathTally[]> {
  const until = performance.now() + PATIENCE_MS
  for (;;) {
    const tally = (await (await fetch(`${url}/tally`)).json()) as Readonly<Record<string, PathTally>>
    const found = Object.entries(tally).flatMap(([path, each]) => (path.startsWith(prefix) ? [each] : []))
    if (found.some(({ unsigned }) => unsigned > 0)) throw new Error('A delivery was not signed as it should be.')
    const arrived = found.reduce((sum, each) => sum + each.copies, 0)
    if (arrived >= copies) return found
    if (performance.now() > until) throw new Error(`Of ${copies} deliveries ${arrived} arrived.`)
    await sleep(POLL_MS)
  }
}

export interface Pace {
  readonly perSecond: number
  /** From the first arrival until 99 of 100 had arrived. */
  readonly p99Ms: number
}

/** How fast deliveries arrived, all paths together. */
export function paceOf(tallies: readonly PathTally[]): Pace {
  const at = tallies.flatMap(({ arrivedAtMs }) => arrivedAtMs).sort((a, b) => a - b)
  const first = at[0] ?? 0
  const tookMs = (at.at(-1) ?? 0) - first
  return { perSecond: at.length / (tookMs / 1000), p99Ms: (at[Math.floor(at.length * 0.99)] ?? 0) - first }
}
