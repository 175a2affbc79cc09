import { describe, expect, test } from 'vitest'
import { aLoan, aStudentLoan } from '../../../../test/setup/terms.js'
import { balanceAfterCents, loanStanding, monthlyPaymentCents, payoffOn, studentStanding } from './loans.js'

// $10,000 at 6 % over 12 months: $860.66 a month, as every textbook has it.
const schedule = { principalCents: 1_000_000, aprPercent: 6, termMonths: 12, firstDueOn: '2025-02-15' }

const loan = aLoan({ openedOn: '2025-01-15', schedule })

describe('an instalment loan', () => {
  test('has the equal payment of an annuity', () => {
    expect(monthlyPaymentCents(schedule)).toBe(86_066)
    expect(monthlyPaymentCents({ ...schedule, aprPercent: 0 })).toBe(83_334)
    expect(monthlyPaymentCents({ principalCents: 30_000_000, aprPercent: 7, termMonths: 360, firstDueOn: '' })).toBe(
      199_591,
    )
  })

  test('owes what the payments have not yet paid back', () => {
    expect([0, 1, 2, 11, 12].map((payments) => balanceAfterCents(schedule, payments))).toEqual([
      1_000_000, 918_934, 837_463, 85_642, 0,
    ])
  })

  test.each([
    ['2025-01-20', 1_000_000, null, '2025-02-15', 86_066],
    ['2025-02-14', 1_000_000, null, '2025-02-15', 86_066],
    ['2025-02-15', 918_934, '2025-02-15', '2025-03-15', 86_066],
    ['2026-01-14', 85_642, '2025-12-15', '2026-01-15', 86_070],
  ])('on %s owes %i, paid last on %s, next due %s', (on, owedCents, paidOn, dueOn, cents) => {
    const standing = loanStanding(loan, on)
    expect(standing.owedCents).toBe(owedCents)
    expect(standing.lastPayment?.on ?? null).toBe(paidOn)
    expect(standing.nextPayment).toEqual({ cents, on: dueOn })
  })

  test('closes with its last payment and owes nothing after it', () => {
    expect(loanStanding(loan, '2030-01-01')).toEqual({
      owedCents: 0,
      closedOn: '2026-01-15',
      lastPayment: { cents: 86_070, on: '2026-01-15' },
      nextPayment: null,
      disbursements: [],
    })
  })

  test('that is refinanced is paid off at once', () => {
    const standing = loanStanding({ ...loan, closedOn: '2025-03-20' }, '2025-06-01')
    expect(standing).toMatchObject({ owedCents: 0, closedOn: '2025-03-20', lastPayment: { cents: 837_463 } })
  })

  test('that nobody pays any more stays open, and what is due adds up', () => {
    const standing = loanStanding({ ...loan, stoppedPayingOn: '2025-03-01' }, '2025-05-20')
    expect(standing).toMatchObject({ owedCents: 918_934, closedOn: null, lastPayment: { on: '2025-02-15' } })
    expect(standing.nextPayment).toEqual({ cents: 4 * 86_066, on: '2025-06-15' })
  })

  test('is expected to be paid off on its last due day', () => {
    expect(payoffOn(schedule, 918_934, '2025-03-15')).toBe('2026-01-15')
    expect(payoffOn({ ...schedule, aprPercent: 60 }, 100_000_000, '2025-03-15')).toBe(null)
  })
})

describe('a student loan', () => {
  const student = aStudentLoan({
    openedOn: '2025-01-15',
    disbursements: [
      { ...schedule, disbursedOn: '2023-08-15' },
      { ...schedule, principalCents: 500_000, disbursedOn: '2024-01-15' },
    ],
  })

  test('is the sum of its disbursements', () => {
    const standing = studentStanding(student, '2025-03-20')
    expect(standing.disbursements.map((part) => part.balanceCents)).toEqual([837_463, 418_731])
    expect(standing.owedCents).toBe(837_463 + 418_731)
    expect(standing.nextPayment).toEqual({ cents: 86_066 + 43_033, on: '2025-04-15' })
    expect(standing.lastPayment?.cents).toBe(86_066 + 43_033)
  })

  test('keeps a balance somebody asked for, divided to the cent', () => {
    const standing = studentStanding({ ...student, steadyBalanceCents: 1_000_001 }, '2031-03-20')
    expect(standing.owedCents).toBe(1_000_001)
    expect(standing.disbursements.reduce((sum, part) => sum + (part.balanceCents ?? 0), 0)).toBe(1_000_001)
  })
})
