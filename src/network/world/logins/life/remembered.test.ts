import { describe, expect, test } from 'vitest'
import type { Line } from './lines.js'
import type { Plan } from './planned.js'
import { rememberingPlanner } from './remembered.js'

/** A plan of somebody, as far as it tells one from another. */
function planOf(ref: string, owed: readonly string[] = []): Plan {
  const customer = { ref, terms: { openedOn: '2024-01-01' } }
  const holding = { customer, bank: { point: { country: 'US' } }, met: { person: { profile: { address: null } } } }
  return { holding, accounts: [], deposits: [], owed: owed.map((debt) => ({ ref: debt })) } as unknown as Plan
}

function planner(linesMax: number) {
  const made: string[] = []
  const planned = rememberingPlanner((plan, until) => {
    const { ref } = plan.holding.customer
    made.push(`${ref} ${until}`)
    return Array.from({ length: 10 }, () => ({ ref })) as unknown as readonly Line[]
  }, linesMax)
  return { made, planned }
}

describe('a plan', () => {
  test('is worked out once for a month, and anew for another month, person or debt', () => {
    const { made, planned } = planner(1_000)
    const first = planned(planOf('jane'), '2026-03-10')
    expect(planned(planOf('jane'), '2026-03-31')).toBe(first)
    planned(planOf('jane'), '2026-04-01')
    planned(planOf('john'), '2026-03-10')
    planned(planOf('jane', ['a debt']), '2026-03-10')
    expect(made).toEqual(['jane 2026-03-01', 'jane 2026-04-01', 'john 2026-03-01', 'jane 2026-03-01'])
  })

  test('is forgotten for others, the one that was needed longest ago first', () => {
    const { made, planned } = planner(20)
    for (const ref of ['a', 'b', 'a', 'c', 'a', 'b']) planned(planOf(ref), '2026-03-10')
    expect(made.map((each) => each[0])).toEqual(['a', 'b', 'c', 'b'])
  })

  test('is remembered alone when it is too long for company', () => {
    const { made, planned } = planner(5)
    for (const ref of ['a', 'a', 'b', 'b', 'a']) planned(planOf(ref), '2026-03-10')
    expect(made.map((each) => each[0])).toEqual(['a', 'b', 'a'])
  })
})
