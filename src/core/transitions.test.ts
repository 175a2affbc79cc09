/** The lives of things: what may follow what, and that nothing else does. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, openApp } from '../../test/setup/app.js'
import { IDENTITY_SESSION, kevin, questionedKevin, register } from '../../test/setup/cast.js'
import {
  ACCOUNT_SESSION_STATUSES,
  transitions as accountSessions,
  assertMove as assertAccountSessionMove,
} from './account-verification/transitions.js'
import { ACCOUNT_STATUSES, transitions as accounts, assertMove as assertAccountMove } from './accounts/transitions.js'
import { CONSUMER_STATUSES, transitions as consumers, statusAfter } from './consumers/transitions.js'
import {
  assertMove as assertPaymentMove,
  assertReversalMove,
  PAYMENT_STATUSES,
  transitions as payments,
  REVERSAL_STATUSES,
  reversalTransitions,
} from './payments/transitions.js'
import { assertMove, SESSION_STATUSES, transitions as sessions } from './verification/transitions.js'

const lives = {
  // A disabled one may be disabled once more, for the stronger reason of a withdrawn consent.
  account: { statuses: ACCOUNT_STATUSES, transitions: accounts, again: ['disabled'], ends: [] },
  account_verification_session: {
    statuses: ACCOUNT_SESSION_STATUSES,
    transitions: accountSessions,
    again: [],
    ends: ['verified', 'failed'],
  },
  consumer: { statuses: CONSUMER_STATUSES, transitions: consumers, again: ['disabled'], ends: [] },
  payment: {
    statuses: PAYMENT_STATUSES,
    transitions: payments,
    again: [],
    ends: ['canceled', 'cashed', 'failed', 'reversed'],
  },
  payment_reversal: {
    statuses: REVERSAL_STATUSES,
    transitions: reversalTransitions,
    again: [],
    ends: ['failed', 'sent'],
  },
  verification_session: { statuses: SESSION_STATUSES, transitions: sessions, again: [], ends: ['verified', 'failed'] },
} as const

describe.each(Object.entries(lives))('the life of a %s', (_, { statuses, transitions, again, ends }) => {
  const table = transitions as Readonly<Record<string, readonly string[]>>

  it('is told for every status, and leads only to statuses', () => {
    expect(Object.keys(table).sort()).toEqual([...statuses].sort())
    for (const [from, targets] of Object.entries(table)) {
      for (const to of targets) expect(statuses).toContain(to)
      expect(targets.includes(from)).toBe((again as readonly string[]).includes(from))
    }
  })

  it('ends where it should', () => {
    expect(
      Object.keys(table)
        .filter((status) => table[status]?.length === 0)
        .sort(),
    ).toEqual([...ends].sort())
  })
})

describe('a status', () => {
  it('of a consumer is reached only as its table has it', () => {
    const details = {
      corporation: { name: 'n', dba: null, ein: '1', owners: [{} as never] },
      address: { line1: 'l' } as never,
    }
    for (const status of CONSUMER_STATUSES) {
      const reached = [
        statusAfter.completion({ kind: 'corporation', status, ...details }),
        statusAfter.verification({ status, phoneVerifiedAt: 'x', identityVerifiedAt: 'x' }),
      ]
      for (const to of reached) expect(to === status || consumers[status].includes(to)).toBe(true)
    }
    expect(statusAfter.verification({ status: 'incomplete', phoneVerifiedAt: 'x', identityVerifiedAt: null })).toBe(
      'incomplete',
    )
    expect(statusAfter.completion({ kind: 'individual', status: 'incomplete', ...details })).toBe('incomplete')
  })

  it('of a session moves only as its table has it', () => {
    for (const from of SESSION_STATUSES) {
      for (const to of SESSION_STATUSES) {
        if (sessions[from].includes(to)) expect(() => assertMove(from, to)).not.toThrow()
        else expect(() => assertMove(from, to)).toThrow(`cannot go from ${from} to ${to}`)
      }
    }
  })

  it('of an account’s session, and of an account, moves only as its table has it', () => {
    for (const from of ACCOUNT_SESSION_STATUSES) {
      for (const to of ACCOUNT_SESSION_STATUSES) {
        if (accountSessions[from].includes(to)) expect(() => assertAccountSessionMove(from, to)).not.toThrow()
        else expect(() => assertAccountSessionMove(from, to)).toThrow(`cannot go from ${from} to ${to}`)
      }
    }
    expect(() => assertPaymentMove('pending', 'sent')).toThrow('cannot go from pending to sent')
    expect(() => assertReversalMove('sent', 'failed')).toThrow('cannot go from sent to failed')
    expect(() => assertAccountMove('closed', 'disabled')).not.toThrow()
    expect(() => assertAccountMove('disabled', 'active')).toThrow('cannot go from disabled to active')
  })
})

describe('a history', () => {
  let app: App
  beforeAll(async () => {
    app = await openApp()
  })
  afterAll(() => app.close())

  it('of events has no step that no table has', async () => {
    await kevin(app).verified().connected().enter()
    const { id } = await questionedKevin(app).phoned().enter()
    const path = `/entities/${id}/verification_sessions`
    const { data } = await app.call('POST', path, { body: IDENTITY_SESSION })
    await app.call('PUT', `${path}/${data.id}`, { body: { ...IDENTITY_SESSION, kba: { answers: [] } } })
    const overdue = await app.call('POST', path, { body: IDENTITY_SESSION })
    app.clock.advance(600_000)
    await app.call('GET', `${path}/${overdue.data.id}`)
    const card = { mch_id: 'mch_302086', account_number: '5555444433332222', balance: 1000 }
    const own = await register(app, { phone: '+15125550251', liabilities: [card] })
    const person = await own.verified().connected().enter()
    await register(app, { phone: '+15125550251', liabilities: [{ ...card, balance: 0, closed: true }] })
    await app.call('POST', `/entities/${person.id}/connect`)
    const { rows } = await sql<{ resource: string; before: string; after: string }>`
      select distinct resource, before->>'status' as before, after->>'status' as after from events
      where before is not null and before->>'status' <> after->>'status'`.execute(app.fresh.db)
    const steps = rows.filter(({ resource }) => resource in lives)
    for (const { resource, before, after } of steps) {
      const { transitions } = lives[resource as keyof typeof lives]
      expect((transitions as Readonly<Record<string, readonly string[]>>)[before]).toContain(after)
    }
    expect(steps.map(({ resource, after }) => `${resource} ${after}`).sort()).toEqual([
      'account closed',
      'consumer active',
      'verification_session failed',
    ])
  })
})
