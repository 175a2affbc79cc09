/** Whatever is asked, in whatever order: no consumer, session or account moves as its table forbids. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { transitions as accountMoves } from '../../src/core/accounts/transitions.js'
import { runAllDue } from '../../src/core/clock/clock.js'
import { transitions as consumerMoves } from '../../src/core/consumers/transitions.js'
import { transitions as sessionMoves } from '../../src/core/verification/transitions.js'
import { type App, openApp, type Wire } from '../setup/app.js'
import { PHONE_SESSION, questionedKevin } from '../setup/cast.js'

const MINUTE_MS = 60_000
const HISTORIES = 25
const STEPS_MAX = 14

let app: App
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())

type Sessions = readonly Wire[]
type Step = (id: string) => Promise<unknown>

const post = (path: (id: string) => string, body: object): Step => {
  return (id) => app.call('POST', path(id), { body, version: '2025-12-01' })
}
const sessionsOf = (id: string) => `/entities/${id}/verification_sessions`
const listed = async (id: string) => (await app.call('GET', sessionsOf(id))).data as unknown as Sessions

/** An answer to the newest session of a method, right or wrong. */
const answer = (method: string, isRight: boolean): Step => {
  return async (id) => {
    const session = (await listed(id)).find((each) => each.method === method)
    if (!session) return
    const given = {
      sms: { sms_code: isRight ? '884134' : '000000' },
      sna: {},
      kba: { answers: isRight ? rightAnswers(session) : [] },
    }
    const body = { type: session.type, method, ...given }
    await app.call('PUT', `${sessionsOf(id)}/${session.id}`, { body })
  }
}

function rightAnswers({ kba }: Wire): readonly object[] {
  return (kba?.questions ?? []).map(({ id, answers }: Wire) => ({
    question_id: id,
    answer_id: answers.find(({ text }: Wire) => text.endsWith('(Correct)')).id,
  }))
}

const steps: Readonly<Record<string, Step>> = {
  'begin by sms': post(sessionsOf, { type: 'phone', method: 'sms', sms: {} }),
  'begin by sna': post(sessionsOf, { type: 'phone', method: 'sna', sna: {} }),
  'vouch for the phone': post(sessionsOf, PHONE_SESSION),
  'begin by questions': post(sessionsOf, { type: 'identity', method: 'kba', kba: {} }),
  'tell the code': answer('sms', true),
  'tell a wrong code': answer('sms', false),
  'have the phone confirmed': answer('sna', true),
  'answer the questions': answer('kba', true),
  'answer the questions wrongly': answer('kba', false),
  connect: post((id) => `/entities/${id}/connect`, {}),
  'withdraw consent': post((id) => `/entities/${id}/consent`, { type: 'withdraw' }),
  'grant consent': post((id) => `/entities/${id}/consent`, { type: 'grant' }),
  'say who it is again': (id) => {
    const individual = { first_name: 'Kevin', last_name: 'Doyle', phone: '+15121231112', dob: '1997-03-18' }
    return app.call('PUT', `/entities/${id}`, { body: { individual } })
  },
  'wait six minutes': async () => app.clock.advance(6 * MINUTE_MS),
  'let time do its work': () => runAllDue(app.due),
}

// Chance alone would seldom get far.
const BEGINNINGS: readonly (readonly string[])[] = [
  [],
  ['vouch for the phone'],
  ['vouch for the phone', 'begin by questions', 'answer the questions', 'connect'],
]

const tables: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  consumer: consumerMoves,
  verification_session: sessionMoves,
  account: accountMoves,
}

// Between them they make every move that the last expectation names.
const FULL_LIVES: [string[]][] = [
  [['vouch for the phone', 'begin by questions', 'answer the questions', 'connect', 'withdraw consent']],
  [['begin by sms', 'tell a wrong code']],
]

interface Told {
  readonly resource: string
  readonly was: string
  readonly is: string
}

/** Every move that was recorded, of whatever has a table. */
async function moves(): Promise<readonly Told[]> {
  const { rows } = await app.fresh.database.pool.query(
    `select distinct resource, before->>'status' as was, after->>'status' as is from events
     where topic like '%.updated' and resource = any($1) and before->>'status' <> after->>'status'`,
    [Object.keys(tables)],
  )
  return rows
}

test('no history of requests moves anything as its table forbids', { timeout: 120_000 }, async () => {
  const wandering = fc.array(fc.constantFrom(...Object.keys(steps)), { minLength: 4, maxLength: STEPS_MAX })
  const history = fc.tuple(fc.constantFrom(...BEGINNINGS), wandering).map((parts) => parts.flat())
  await fc.assert(
    fc.asyncProperty(history, async (names) => {
      const { id } = await questionedKevin(app).enter()
      for (const name of names) {
        await steps[name]?.(id)
        await expectTrue(id)
      }
      const illegal = (await moves()).filter(({ resource, was, is }) => !tables[resource]?.[was]?.includes(is))
      expect(illegal).toEqual([])
    }),
    { numRuns: HISTORIES, examples: FULL_LIVES },
  )
  // The histories went somewhere: what they were to try has happened in some of them.
  expect(await moves()).toEqual(
    expect.arrayContaining([
      { resource: 'consumer', was: 'incomplete', is: 'active' },
      { resource: 'consumer', was: 'active', is: 'disabled' },
      { resource: 'account', was: 'active', is: 'disabled' },
      { resource: 'verification_session', was: 'in_progress', is: 'verified' },
      { resource: 'verification_session', was: 'in_progress', is: 'failed' },
    ]),
  )
})

/** What must hold of an entity at any moment. */
async function expectTrue(id: string): Promise<void> {
  const { data: entity } = await app.call('GET', `/entities/${id}`)
  const sessions = await listed(id)
  for (const { status, error } of sessions) expect(error === null).toBe(status !== 'failed')
  if (entity.status === 'disabled') return expect([entity.type, entity.individual]).toEqual([null, null])
  const { phone, identity } = entity.verification
  expect(entity.status).toBe(phone.verified && identity.verified ? 'active' : 'incomplete')
  for (const [type, { verified, latest_verification_session: latest }] of Object.entries({ phone, identity })) {
    const ofType = sessions.filter((session) => session.type === type)
    expect(latest).toBe(ofType[0]?.id ?? null)
    if (verified) expect(ofType.some(({ status }) => status === 'verified')).toBe(true)
  }
}
