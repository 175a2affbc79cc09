import { describe, expect, test } from 'vitest'
import { aBill, aCard, aLoan, aStudentLoan } from '../../../../test/setup/terms.js'
import { addDays } from './calendar.js'
import { standingAt } from './life.js'
import { paymentsOf } from './payments.js'
import type { Terms } from './terms.js'

const FROM = '2024-03-01'
const days = Array.from({ length: 500 }, (_, index) => addDays(FROM, index))
const to = days.at(-1) ?? ''

describe('payments', () => {
  test.each<[string, Terms]>([
    ['a revolving card', aCard({ habit: 'revolver' })],
    ['a card paid in full', aCard({ habit: 'transactor' })],
    ['a card whose holder stopped paying', aCard({ stoppedPayingOn: '2024-09-10' })],
    ['a card that was closed', aCard({ closedOn: '2024-09-10' })],
    ['a loan', aLoan({})],
    ['a loan that ends', aLoan({ termMonths: 20 })],
    ['a loan whose balance stays', aLoan({ steadyBalanceCents: 700_000 })],
    ['a student loan', aStudentLoan({})],
    ['a monthly bill', aBill({})],
  ])('of %s are the last payments that its standings tell of, day by day', (_, terms) => {
    const told = days.flatMap((day) => {
      const { lastPayment } = standingAt(terms, day, [])
      return lastPayment && lastPayment.on >= FROM ? [lastPayment] : []
    })
    const distinct = [...new Map(told.map((payment) => [payment.on, payment])).values()]
    expect(paymentsOf(terms, { from: FROM, to })).toEqual(distinct)
    expect(distinct.length).toBeGreaterThan(2)
  })

  test('of a span and of the next one are those of both together', () => {
    for (const terms of [aCard({}), aLoan({}), aStudentLoan({}), aBill({})]) {
      const middle = addDays(FROM, 200)
      const parts = [
        ...paymentsOf(terms, { from: FROM, to: middle }),
        ...paymentsOf(terms, { from: addDays(middle, 1), to }),
      ]
      expect(parts).toEqual(paymentsOf(terms, { from: FROM, to }))
    }
  })
})
