import { describe, expect, test } from 'vitest'
import { aCard, aStudentLoan } from '../../../../test/setup/terms.js'
import { reportAt, standingAt } from './life.js'
import type { Movement } from './movements.js'

const card = aCard({ openedOn: '2024-01-15', habit: 'dormant' })
const bought = (cents: number, at = '2025-03-10T12:00:00.000Z'): Movement => ({
  number: 1,
  at,
  kind: 'purchase',
  cents,
  detail: null,
})
const paid = (cents: number, at = '2025-03-20T12:00:00.000Z'): Movement => ({
  number: 2,
  at,
  kind: 'payment',
  cents: -cents,
  detail: null,
})

describe('money that moved on a debt', () => {
  test('counts from its day on, and makes something due where nothing was', () => {
    const report = (day: string) => reportAt(card, day, [bought(10_000)])
    expect(report('2025-03-09')).toMatchObject({ balanceCents: 0, nextPaymentDueOn: null })
    expect(report('2025-03-10')).toMatchObject({ balanceCents: 10_000, availableCreditCents: 290_000 })
    expect(report('2025-04-01')).toMatchObject({ nextPaymentDueOn: '2025-04-30', nextPaymentMinimumCents: 2_500 })
  })

  test('as a payment lowers the debt, is its last payment, and leaves nothing due when nothing is owed', () => {
    const all = [bought(10_000), paid(4_000), paid(6_000, '2025-03-25T00:00:00.000Z')]
    expect(standingAt(card, '2025-03-20', all)).toMatchObject({
      owedCents: 6_000,
      lastPayment: { cents: 4_000, on: '2025-03-20' },
    })
    expect(standingAt(card, '2025-03-25', all)).toMatchObject({ owedCents: 0, nextPayment: null })
  })

  test('never makes less than nothing owed, nor opens a closed debt again', () => {
    expect(standingAt(card, '2025-04-01', [bought(100), paid(5_000)]).owedCents).toBe(0)
    const closed = { ...card, closedOn: '2025-02-01', closingBalanceCents: 8_000 }
    expect(standingAt(closed, '2025-04-01', [bought(100)]).owedCents).toBe(8_000)
    expect(standingAt(closed, '2025-04-01', [paid(3_000)]).owedCents).toBe(5_000)
  })

  test('on a student loan lowers its disbursements, which still add up', () => {
    const part = { principalCents: 500_000, aprPercent: 5, termMonths: 120, firstDueOn: '2024-06-15' }
    const draw = { ...part, disbursedOn: '2024-01-15' }
    const student = aStudentLoan({ openedOn: '2024-01-15', disbursements: [draw, draw] })
    const before = standingAt(student, '2025-04-01', [])
    const after = standingAt(student, '2025-04-01', [paid(600_000)])
    expect(after.owedCents).toBe(before.owedCents - 600_000)
    expect(after.disbursements.map((each) => each.balanceCents)).toEqual([0, after.owedCents])
  })
})
