import { describe, expect, test } from 'vitest'
import { aCard } from '../../../../test/setup/terms.js'
import { addDays, daysBetween, monthNumber } from './calendar.js'
import { cardFigures, cardStanding, cycleOf, minimumCents, purchasesOf } from './cards.js'
import type { CardTerms } from './terms.js'

const card = aCard({ subType: 'flexible_spending', openedOn: '2020-01-10', limitCents: 1_000_000 })

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

  test.each(['revolver', 'transactor'] as const)(
    'of a %s moves by exactly what posted, less what was paid, and the interest of a statement',
    (habit) => {
      const living = { ...card, habit }
      const cycles = Array.from({ length: 16 }, (_, back) => monthNumber('2023-12-01') + back).map((month) => ({
        ...cycleOf(living, month),
        purchases: purchasesOf(living, month),
        nextClosesOn: cycleOf(living, month + 1).closesOn,
      }))
      const paid = cycles.flatMap(({ payment }) => (payment.cents > 0 ? [payment] : []))
      expect(paid.length).toBeGreaterThan(10)
      for (const [index, on] of days.entries()) {
        const before = days[index - 1]
        if (before === undefined) continue
        const posted = cycles.flatMap((cycle) => cycle.purchases).filter(({ postedOn }) => postedOn === on)
        const bought = posted.reduce((sum, { kind, cents }) => sum + (kind === 'refund' ? -cents : cents), 0)
        const payment = paid.find((each) => each.on === on)?.cents ?? 0
        const interest = cycles.find(({ nextClosesOn }) => nextClosesOn === on)?.interestCents ?? 0
        const move = cardStanding(living, on).owedCents - cardStanding(living, before).owedCents
        expect({ on, move }).toEqual({ on, move: bought - payment + interest })
      }
    },
  )

  test('that is full is used again once it has been paid', () => {
    const full = { ...card, usualPercent: 96 }
    for (const on of days) expect(cardStanding(full, on).owedCents).toBeLessThanOrEqual(card.limitCents)
    expect(purchasesOf(full, monthNumber('2024-03-01')).length).toBeGreaterThan(0)
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
