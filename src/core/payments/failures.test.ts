import { describe, expect, it, test } from 'vitest'
import { codeFor, consequenceOf, failureOf, PAYMENT_FAILURES, reversalFailureOf } from './failures.js'

// contract: conventions §19.1, §19.3; payments §1.6
test.each([
  ['pull', 'R01', 'insufficient_funds'],
  ['pull', 'R02', 'invalid_source_account'],
  ['pull', 'R03', 'invalid_source_account'],
  ['pull', 'R07', 'unauthorized_source'],
  ['pull', 'R10', 'unauthorized_source'],
  ['pull', 'R14', 'unauthorized_source'],
  ['pull', 'R29', 'unauthorized_source'],
  ['pull', 'R99', 'invalid_source_account'],
  ['push', 'R03', 'invalid_destination_account'],
  ['push', 'R10', 'unauthorized_destination'],
  ['push', 'R16', 'rejected_by_destination'],
  ['push', 'R23', 'rejected_amount'],
  ['push', 'R99', 'rejected_by_destination'],
] as const)('a %s that comes back with %s failed for %s', (leg, code, failure) => {
  expect(failureOf(leg, code)).toBe(failure)
})

test.each([
  ['R01', 'insufficient_funds'],
  ['R10', 'unauthorized'],
  ['R02', 'invalid_account'],
  ['R99', 'invalid_account'],
])('a reversal that comes back with %s failed for %s', (code, failure) => {
  expect(reversalFailureOf(code)).toBe(failure)
})

describe('a failure', () => {
  it.each([
    ['insufficient_funds', null],
    ['unfunded', null],
    ['rejected_by_destination', null],
    ['rejected_amount', null],
    ['unauthorized', { side: 'source', account: 'unauthorized_payment', holder: true }],
    ['unauthorized_source', { side: 'source', account: 'unauthorized_payment', holder: true }],
    ['unauthorized_destination', { side: 'destination', account: 'unauthorized_payment', holder: true }],
    ['invalid_account', { side: 'source', account: 'invalid_details', holder: false }],
    ['invalid_source_account', { side: 'source', account: 'invalid_details', holder: false }],
    ['invalid_destination_account', { side: 'destination', account: 'invalid_details', holder: false }],
  ] as const)('for %s disables %j', (failure, consequence) => {
    expect(consequenceOf(failure, null)).toEqual(consequence)
  })

  it.each([
    ['R02', 'bank_account_closed'],
    ['R03', 'invalid_details'],
    ['R16', 'invalid_state'],
    ['R20', 'invalid_state'],
  ])('by %s says what is wrong with the account: %s', (code, reason) => {
    expect(consequenceOf('invalid_source_account', code)?.account).toBe(reason)
    expect(consequenceOf('invalid_destination_account', code)?.account).toBe(reason)
  })

  it('can be rehearsed by a bank’s code', () => {
    for (const failure of PAYMENT_FAILURES) expect(codeFor(failure)).toMatch(/^R\d\d$/)
  })
})
