/** The lives of sessions, consumers and accounts, as tables. Contract: method/entities §1.7, §2; accounts §1.3. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { transitions as accountMoves } from '../accounts/transitions.js'
import {
  assertMove as assertConsumerMove,
  transitions as consumerMoves,
  statusAfter,
} from '../consumers/transitions.js'
import { assertMove, SESSION_STATUSES, transitions } from './transitions.js'

const CONSUMER_STATUSES = ['incomplete', 'active', 'disabled'] as const
const instant = fc.constantFrom(null, '2026-03-10T15:00:00.000Z')
const address = { line1: '1 Main Street', line2: null, city: null, state: null, zip: null }
const owner = { firstName: null, lastName: null, phone: null, email: null, dob: null, address }

describe('a verification session', () => {
  test('never leaves an end', () => {
    expect([transitions.verified, transitions.failed]).toEqual([[], []])
  })

  test('moves as its table says and not otherwise', () => {
    const status = fc.constantFrom(...SESSION_STATUSES)
    fc.assert(
      fc.property(status, status, (from, to) => {
        const move = () => assertMove(from, to)
        if (transitions[from].includes(to)) expect(move).not.toThrow()
        else expect(move).toThrow(/cannot go/)
      }),
    )
  })
})

describe('a consumer', () => {
  test('moves as its table says and not otherwise', () => {
    const status = fc.constantFrom(...CONSUMER_STATUSES)
    fc.assert(
      fc.property(status, status, (from, to) => {
        const move = () => assertConsumerMove(from, to)
        if (consumerMoves[from].includes(to)) expect(move).not.toThrow()
        else expect(move).toThrow(/cannot go/)
      }),
    )
  })

  test('gets nowhere its table forbids, whatever was verified or filled in', () => {
    const facts = fc.record({
      kind: fc.constantFrom('individual' as const, 'corporation' as const),
      status: fc.constantFrom(...CONSUMER_STATUSES),
      phoneVerifiedAt: instant,
      identityVerifiedAt: instant,
      address: fc.constant(address),
      corporation: fc.constantFrom(null, { name: 'Blue Heron', dba: null, ein: '820415567', owners: [owner] }),
    })
    fc.assert(
      fc.property(facts, (consumer) => {
        for (const to of [statusAfter.verification(consumer), statusAfter.completion(consumer)]) {
          if (to !== consumer.status) expect(consumerMoves[consumer.status]).toContain(to)
          if (consumer.status === 'disabled') expect(to).toBe('disabled')
        }
        expect(consumerMoves.disabled).toContain(statusAfter.grant(consumer))
        expect(consumerMoves[consumer.status]).toContain('disabled')
      }),
    )
  })

  test('is active only with both proofs', () => {
    fc.assert(
      fc.property(instant, instant, (phoneVerifiedAt, identityVerifiedAt) => {
        const after = statusAfter.verification({ status: 'incomplete', phoneVerifiedAt, identityVerifiedAt })
        expect(after === 'active').toBe(phoneVerifiedAt !== null && identityVerifiedAt !== null)
        expect(statusAfter.grant({ phoneVerifiedAt, identityVerifiedAt })).toBe(after)
      }),
    )
  })
})

test('a disabled account stays disabled', () => {
  expect(accountMoves.disabled).toEqual(['disabled'])
})
