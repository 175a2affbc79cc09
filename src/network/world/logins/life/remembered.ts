/**
 * Plans that were worked out lately. A plan follows from what goes into it and nothing else, so one that is remembered is
 * as good as one that is made anew; a look at accounts and a look at their lines shortly after need it twice.
 */
import { createHash } from 'node:crypto'
import type { Line } from './lines.js'
import { type Plan, plannedLines } from './planned.js'

export type Planner = (plan: Plan, until: string) => readonly Line[]

const LINES_MAX = 60_000

/** `make` is asked for what is not remembered; of what it made, no more than `linesMax` lines are kept beside the last plan. */
export function rememberingPlanner(make: Planner = plannedLines, linesMax = LINES_MAX): Planner {
  const remembered = new Map<string, readonly Line[]>()
  let count = 0
  return (plan, until) => {
    // Plans are made by the month.
    const month = `${until.slice(0, 7)}-01`
    const key = keyOf(plan, month)
    const known = remembered.get(key)
    const lines = known ?? make(plan, month)
    // The one that was needed last stands last.
    if (!remembered.delete(key)) count += lines.length
    remembered.set(key, lines)
    for (const [oldest, old] of remembered) {
      if (count <= linesMax || oldest === key) break
      remembered.delete(oldest)
      count -= old.length
    }
    return lines
  }
}

/** All that a plan follows from. */
function keyOf({ holding, accounts, owed }: Plan, month: string): string {
  const { customer, bank, met } = holding
  const parts = [month, customer.ref, customer.terms, bank.point.country, met.person.profile.address, owed]
  const numbers = accounts.map(({ ref, number }) => [ref, number])
  return createHash('sha256')
    .update(JSON.stringify([parts, numbers]))
    .digest('base64')
}
