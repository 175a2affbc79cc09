import { describe, expect, test } from 'vitest'
import { addDays, daysBetween } from './calendar.js'
import { postedCentsBy, purchasesIn, type Spending } from './purchases.js'

const cycle: Spending = {
  seed: 'seed',
  month: 24_290,
  from: '2024-03-05',
  to: '2024-04-05',
  spentCents: 123_457,
  roomCents: 500_000,
  paidOn: '2024-03-28',
}
const cycles = Array.from({ length: 200 }, (_, month) => ({ ...cycle, month }))

describe('purchases between two statements', () => {
  test.each([1, 99, 5_501, 123_457, 2_400_000])('add up to exactly the %i cents that were spent', (spentCents) => {
    for (const each of cycles) {
      const spending = { ...each, spentCents, roomCents: spentCents * 2 }
      expect(postedCentsBy(spending, each.to)).toBe(spentCents)
      expect(postedCentsBy(spending, each.from)).toBe(0)
      expect(purchasesIn(spending).filter(({ cents }) => cents <= 0)).toEqual([])
    }
  })

  test('are authorized before they post or are voided, one to three days and not before there was a card', () => {
    for (const { authorizedAt, postedOn, voidedOn } of cycles.flatMap(purchasesIn)) {
      const on = postedOn ?? voidedOn ?? ''
      const days = daysBetween(authorizedAt.slice(0, 10), on)
      expect([postedOn, voidedOn].filter((day) => day === null)).toHaveLength(1)
      expect(days >= 1 && days <= 3).toBe(true)
      expect(authorizedAt.slice(0, 10) >= cycle.from && on > cycle.from && on <= cycle.to).toBe(true)
    }
  })

  test('are the same every time, and others in another month', () => {
    expect(purchasesIn(cycle)).toEqual(purchasesIn(cycle))
    expect(purchasesIn({ ...cycle, month: 1 })).not.toEqual(purchasesIn(cycle))
    expect(purchasesIn({ ...cycle, spentCents: 0 })).toEqual([])
  })

  test('are now and then voided, or given back days after they posted', () => {
    const voided = cycles.flatMap(purchasesIn).filter(({ voidedOn }) => voidedOn !== null)
    const refunds = cycles.flatMap((each) => {
      const purchases = purchasesIn(each)
      return purchases
        .filter(({ kind }) => kind === 'refund')
        .map((refund) => ({ refund, of: purchases.find(({ number }) => number === refund.refundOf) }))
    })
    expect(voided.length).toBeGreaterThan(20)
    expect(refunds.length).toBeGreaterThan(15)
    for (const { refund, of } of refunds) {
      expect(of).toMatchObject({ kind: 'purchase', cents: refund.cents, shop: refund.shop })
      expect(daysBetween(of?.postedOn ?? '', refund.postedOn ?? '')).toBeGreaterThanOrEqual(4)
      expect(refund.authorizedAt > addDays(of?.postedOn ?? '', 0)).toBe(true)
    }
  })

  test('never fill a card beyond its room before it is paid', () => {
    for (const each of cycles) {
      const spending = { ...each, roomCents: 40_000 }
      const before = addDays(each.paidOn, -1)
      expect(postedCentsBy(spending, before)).toBeLessThanOrEqual(40_000)
    }
  })
})
