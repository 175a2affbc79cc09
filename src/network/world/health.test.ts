import { describe, expect, test } from 'vitest'
import { aCard, aLoan, ordinary } from '../../../test/setup/terms.js'
import { healthOf } from './health.js'
import type { CardTerms, FlatTerms, LoanTerms } from './life/terms.js'

const loan = aLoan({})
const card = aCard({ steadyBalanceCents: 100_000 })
const collection: FlatTerms = { ...ordinary, kind: 'flat', type: 'collection', amountCents: 50_000 }
const health = (terms: LoanTerms | CardTerms | FlatTerms, day: string) => healthOf({ terms, movements: [] }, day)

describe('the health of a debt', () => {
  test('that is paid is current, and says nothing of delinquency', () => {
    const healthy = { delinquentDays: null, delinquentOutcome: null, delinquentCents: null }
    expect(health(loan, '2025-03-01')).toMatchObject({ ...healthy, standing: 'current', utilizationPercent: null })
    expect(health(card, '2025-03-01')).toMatchObject({ ...healthy, standing: 'current', utilizationPercent: 33.3 })
  })

  test.each([
    ['2025-03-01', null, null],
    ['2025-03-02', 30, 2],
    ['2025-04-01', 60, 3],
    ['2025-05-01', 90, 4],
    ['2025-06-01', 120, 5],
    ['2026-06-01', 120, 17],
  ])('whose holder stopped paying is on %s delinquent by %s days', (day, days, missed) => {
    const stopped = health({ ...loan, stoppedPayingOn: '2025-01-01' }, day)
    expect(stopped.standing).toBe(days === null ? 'current' : 'delinquent')
    expect(stopped.delinquentDays).toBe(days)
    expect(stopped.delinquentCents).toBe(missed === null ? null : missed * 38_666)
  })

  test('that was closed unpaid, or went to a collection agency, is written off', () => {
    const closed = { ...card, closedOn: '2025-01-01', closingBalanceCents: 80_000 }
    const writtenOff = { standing: 'charged_off', delinquentOutcome: 'charged_off', delinquentDays: 120 }
    expect(health(closed, '2025-02-01')).toMatchObject({
      ...writtenOff,
      delinquentCents: 80_000,
      utilizationPercent: null,
    })
    expect(health(collection, '2025-02-01')).toMatchObject({ ...writtenOff, delinquentCents: 50_000 })
    expect(health({ ...collection, closedOn: '2025-01-01' }, '2025-02-01').standing).toBe('closed')
  })
})
