import { describe, expect, test } from 'vitest'
import { addDays, daysBetween } from './calendar.js'
import { cardFigures, cardStanding, minimumCents } from './cards.js'
import type { CardTerms } from './terms.js'

const card: CardTerms = {
  kind: 'card',
  type: 'credit_card',
  subType: 'flexible_spending',
  name: 'A card',
  ownership: 'primary',
  openedOn: '2020-01-10',
  closedOn: null,
  closingBalanceCents: 0,
  seed: 'seed',
  latePayments: 0,
  stoppedPayingOn: null,
  steadyBalanceCents: null,
  network: 'visa',
  limitCents: 1_000_000,
  aprMinPercent: 24,
  aprMaxPercent: 30,
  statementDate: 5,
  graceDays: 25,
  habit: 'revolver',
  usualPercent: 50,
}

const days = Array.from({ length: 400 }, (_, index) => addDays('2024-01-01', index))

describe('a credit card', () => {
  test.each([
    [0, 0],
    [1_000, 1_000],
    [60_000, 3_500],
    [500_000, 15_000],
  ])('with a statement of %i cents asks for at least %i', (statement, minimum) => {
    expect(minimumCents(card, statement)).toBe(minimum)
  })

  test('with a small line has a smaller least payment', () => {
    expect(minimumCents({ limitCents: 100_000, aprMinPercent: 24 }, 60_000)).toBe(2_500)
  })

  test('is due 25 days after its statement, and then a month later', () => {
    expect(cardStanding(card, '2024-03-05').nextPayment?.on).toBe('2024-03-30')
    expect(cardStanding(card, '2024-03-29').nextPayment?.on).toBe('2024-03-30')
    expect(cardStanding(card, '2024-03-30').nextPayment?.on).toBe('2024-04-30')
  })

  test.each(['revolver', 'transactor'] as const)(
    'of a %s never owes more than its limit, and the rest is available',
    (habit) => {
      for (const on of days) {
        const standing = cardStanding({ ...card, habit }, on)
        const figures = cardFigures({ ...card, habit }, standing, on)
        expect(standing.owedCents).toBeGreaterThanOrEqual(0)
        expect(standing.owedCents).toBeLessThanOrEqual(card.limitCents)
        expect(standing.owedCents + (figures.availableCreditCents ?? 0)).toBe(card.limitCents)
      }
    },
  )

  test('falls by exactly the payment on the day it is made, but for that day’s purchases', () => {
    const paidOn = days.filter((on) => cardStanding(card, on).lastPayment?.on === on)
    expect(paidOn.length).toBeGreaterThan(10)
    for (const on of paidOn) {
      const before = cardStanding(card, addDays(on, -1)).owedCents
      const after = cardStanding(card, on)
      const bought = after.owedCents - before + (after.lastPayment?.cents ?? 0)
      expect(bought).toBeGreaterThanOrEqual(0)
      expect(bought).toBeLessThan(card.limitCents / 20)
    }
  })

  test('of a transactor is paid in full, of a revolver in part', () => {
    const paid = (habit: CardTerms['habit']) =>
      cardStanding({ ...card, habit, usualPercent: 20 }, '2024-04-01').lastPayment
    expect(paid('transactor')?.cents).toBeGreaterThan(100_000)
    expect(paid('revolver')?.cents).toBeLessThan(100_000)
  })

  test('that is never used owes nothing and nothing is due', () => {
    const standing = cardStanding({ ...card, habit: 'dormant' }, '2024-04-01')
    expect(standing).toMatchObject({ owedCents: 0, lastPayment: null, nextPayment: null })
    expect(cardFigures({ ...card, habit: 'dormant' }, standing, '2024-04-01').usagePattern).toBe('dormant')
  })

  test('owes nothing before its first statement period, and shows no pattern yet', () => {
    const standing = cardStanding(card, '2020-01-10')
    expect(standing.owedCents).toBeLessThan(card.limitCents)
    expect(cardFigures(card, standing, '2020-02-10').usagePattern).toBe('unknown')
  })

  test('whose holder stopped paying stays where it was', () => {
    const stopped = { ...card, stoppedPayingOn: '2024-02-01' }
    const owed = ['2024-06-10', '2024-09-01', '2025-01-01'].map((on) => cardStanding(stopped, on).owedCents)
    expect(new Set(owed).size).toBe(1)
    expect(daysBetween(cardStanding(stopped, '2025-01-01').lastPayment?.on ?? '', '2024-02-01')).toBeLessThan(40)
  })

  test('that is closed owes nothing and offers nothing', () => {
    const closed = { ...card, closedOn: '2024-02-01' }
    const standing = cardStanding(closed, '2024-05-01')
    expect(standing).toMatchObject({ owedCents: 0, closedOn: '2024-02-01', nextPayment: null })
    expect(cardFigures(closed, standing, '2024-05-01').availableCreditCents).toBe(0)
  })
})
