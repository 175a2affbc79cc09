/** Baseline and server by turns, so that what the machine does meanwhile touches both: A B A B … */
import { type Load, type LoadOrder, load } from './load.js'

/** How much is measured. */
export interface Effort {
  readonly pairs: number
  readonly warmUpMs: number
  readonly measuredMs: number
}

export const FULL: Effort = { pairs: 5, warmUpMs: 2_000, measuredMs: 6_000 }
export const QUICK: Effort = { pairs: 2, warmUpMs: 500, measuredMs: 1_500 }

export interface Pair<T> {
  readonly baseline: T
  readonly clearspan: T
}

export async function byTurns<T>(
  count: number,
  baseline: () => Promise<T>,
  clearspan: () => Promise<T>,
): Promise<readonly Pair<T>[]> {
  const pairs: Pair<T>[] = []
  for (let turn = 0; turn < count; turn++) pairs.push({ baseline: await baseline(), clearspan: await clearspan() })
  return pairs
}

export const CONNECTIONS = 32

type Aim = Pick<LoadOrder, 'url' | 'requests' | 'bodyPattern'> & { readonly isEachOnce?: boolean }

/** Pairs of loads with the same connections and times. What to send may be made afresh for each turn. */
export function loadByTurns(
  effort: Effort,
  baseline: () => Promise<Aim>,
  clearspan: () => Promise<Aim>,
): Promise<readonly Pair<Load>[]> {
  const { warmUpMs, measuredMs } = effort
  const run = (aim: () => Promise<Aim>) => async () =>
    load({ isEachOnce: false, ...(await aim()), connections: CONNECTIONS, warmUpMs, measuredMs })
  return byTurns(effort.pairs, run(baseline), run(clearspan))
}

/** One figure of each load. */
export function pick(pairs: readonly Pair<Load>[], figure: 'perSecond' | 'p50Ms' | 'p99Ms'): readonly Pair<number>[] {
  return pairs.map(({ baseline, clearspan }) => ({ baseline: baseline[figure], clearspan: clearspan[figure] }))
}

/** The middle values of the two sides, for the reader: `3210/s beside 5120/s`. */
export function beside(pairs: readonly Pair<number>[], unit: string, digits = 0): string {
  const middle = (side: keyof Pair<number>) =>
    [...pairs.map((pair) => pair[side])].sort((a, b) => a - b)[Math.floor(pairs.length / 2)]?.toFixed(digits)
  return `${middle('clearspan')}${unit} beside ${middle('baseline')}${unit}`
}
