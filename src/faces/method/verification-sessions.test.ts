/** Proof of phones and identities. Contract: method/entities §2, conventions §18.3, §19.4, dev-fixtures §3.3. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type App, type Call, type Keys, openApp, type Wire } from '../../../test/setup/app.js'
import { IDENTITY_SESSION, kevin, PHONE_SESSION, questionedKevin, stranger } from '../../../test/setup/cast.js'
import { runAllDue } from '../../core/clock/clock.js'
import type { Environment } from '../../core/teams/teams.js'
import { changeSettings } from '../../core/teams/teams.js'
import { recordServerSession, type ServerSession } from '../../core/verification/verification.js'
import { inTx } from '../../db/database.js'
import type { Version } from './versions/versions.js'

const MINUTE_MS = 60_000
const NOBODY = 'ent_fRkTdETCDWCA8'
const NO_SESSION = 'evf_fRkTdETCDWCA8'

let app: App
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())

type Made = Pick<Call, 'key' | 'version'>
const SMS = { type: 'phone', method: 'sms', sms: {} }
const SNA = { type: 'phone', method: 'sna', sna: {} }

const sessionsOf = (id: string) => `/entities/${id}/verification_sessions`
const begin = (id: string, body: object, call: Made = {}) => app.call('POST', sessionsOf(id), { ...call, body })
const answer = (session: Wire, body: object, call: Made = {}) =>
  app.call('PUT', `${sessionsOf(session.entity_id)}/${session.id}`, { ...call, body })
const retrieve = (session: Wire, call: Made = {}) =>
  app.call('GET', `${sessionsOf(session.entity_id)}/${session.id}`, call)
const code = (digits: string) => ({ ...SMS, sms: { sms_code: digits } })
const verificationOf = async (id: string) => (await app.call('GET', `/entities/${id}`)).data.verification

/** What the keys of a session are, besides the one its method names. */
const KEYS = ['id', 'entity_id', 'method', 'status', 'type', 'error', 'created_at', 'updated_at']
const expectKeys = (session: Wire, ...more: readonly string[]) =>
  expect(Object.keys(session).sort()).toEqual([...KEYS, ...more].sort())

async function teamWith(verification: object, environment: Environment = 'development'): Promise<Keys> {
  const keys = await app.newTeam()
  await changeSettings(app.base, { name: keys.team, environment }, () => ({ method: { verification } }))
  return keys
}

describe('by sms', () => {
  test('a code is sent, and any six digits but zeros prove the phone in development', async () => {
    const { id } = await stranger(app).enter()
    const begun = await begin(id, SMS)
    expectKeys(begun.data, 'sms')
    expect(begun.data).toMatchObject({ status: 'in_progress', type: 'phone', method: 'sms', sms: {}, error: null })
    expect((await verificationOf(id)).phone).toMatchObject({
      verified: false,
      latest_verification_session: begun.data.id,
    })
    app.clock.advance(1000)
    const { data } = await answer(begun.data, code('884134'))
    expect(data).toEqual({
      ...begun.data,
      status: 'verified',
      sms: { timestamp: app.clock.now() },
      updated_at: app.clock.now(),
    })
    expect((await retrieve(data)).data).toEqual(data)
    expect((await verificationOf(id)).phone).toMatchObject({ verified: true, methods: [] })
  })

  test.each([
    ['2024-04-04', 'VERIFICATION_SESSION_FAILED_INCORRECT_SMS_CODE'],
    ['2025-12-01', 'VERIFICATION_SESSION_INCORRECT_SMS_CODE'],
  ] as const)('a wrong code fails the session once and for all, said at %s as %s', async (version, subType) => {
    const { id } = await stranger(app).enter()
    const begun = await begin(id, SMS)
    const { status, data } = await answer(begun.data, code('000000'), { version })
    expect(status).toBe(200)
    expect(data).toMatchObject({ status: 'failed', sms: {} })
    expect(data.error).toEqual({
      type: 'VERIFICATION_SESSION_FAILED',
      code: 19002,
      sub_type: subType,
      message: 'The SMS code inputted is invalid. Please re-initiate the verification process.',
    })
    const again = await answer(begun.data, code('884134'))
    expect(again.error).toMatchObject({ code: 400, sub_type: 'VERIFICATION_SESSION_FAILED_INCORRECT_SMS_CODE' })
    expect((await verificationOf(id)).phone.verified).toBe(false)
  })

  test('outside development only the code that the phone got proves it', async () => {
    const call = { key: app.keys.sandbox }
    const first = (await begin((await stranger(app).as(call).enter()).id, SMS, call)).data
    const second = (await begin((await stranger(app).as(call).enter()).id, SMS, call)).data
    const ctx = await app.ctx(app.keys, 'sandbox')
    const texts = await ctx.network.stage?.messages(ctx.team.id, '+15125550123')
    const [newest = '', older = ''] = texts?.map(({ text }) => /\d{6}/.exec(text)?.[0] ?? '') ?? []
    expect((await answer(second, code(newest), call)).data.status).toBe('verified')
    const wrong = older === '123456' ? '654321' : '123456'
    expect((await answer(first, code(wrong), call)).data).toMatchObject({ status: 'failed', error: { code: 19002 } })
  })

  test('the code can be read in development while the session waits for it', async () => {
    const { id } = await stranger(app).enter()
    const { data } = await begin(id, SMS)
    const path = `/simulate${sessionsOf(id)}/${data.id}/code`
    const { sms_code } = (await app.call('GET', path)).data
    const ctx = await app.ctx()
    const [text] = (await ctx.network.stage?.messages(ctx.team.id, '+15125550123')) ?? []
    expect(text?.text).toContain(sms_code)
    expect((await app.call('GET', path, { key: app.keys.sandbox })).status).toBe(403)
    expect((await app.call('GET', path.replace(data.id, NO_SESSION))).status).toBe(404)
    await answer(data, code(sms_code))
    expect(await app.call('GET', path)).toMatchObject({ status: 404, refusal: 'verification.no_code' })
  })

  test('a code that is no code costs no attempt', async () => {
    const { data } = await begin((await stranger(app).enter()).id, SMS)
    for (const body of [code('12345'), code('1234567'), code('abcdef'), { ...SMS, sms: {} }, { ...SMS, sms: null }]) {
      expect((await answer(data, body)).error).toMatchObject({ code: 400, sub_type: 'INVALID_REQUEST' })
    }
    expect((await answer(data, code('123456'))).data.status).toBe('verified')
  })
})

describe('by silent network authentication', () => {
  const open = (url: string, query = '') => app.call('GET', `${url.split('/method')[1]}${query}`, { key: null })

  test('two links are given, and in development the phone counts as proven without opening one', async () => {
    const { id } = await stranger(app).enter()
    const begun = await begin(id, SNA)
    expectKeys(begun.data, 'sna')
    const link = new RegExp(`^http://127\\.0\\.0\\.1:4000/method/sna/${begun.data.id}/sna_vrf_\\w{13}$`)
    expect(begun.data.sna.urls).toEqual([expect.stringMatching(link), expect.stringMatching(link)])
    const { data } = await answer(begun.data, SNA)
    expect(data).toMatchObject({ status: 'verified', sna: begun.data.sna, error: null })
    expect((await open(data.sna.urls[0])).status).toBe(200)
  })

  test('a phone that the network does not confirm fails the session', async () => {
    const begun = (await begin((await stranger(app).enter()).id, SNA)).data
    expect((await open(begun.sna.urls[1], '?result=fail')).status).toBe(200)
    expect((await retrieve(begun)).data).toEqual(begun)
    const { data } = await answer(begun, SNA)
    expect(data.error).toEqual({
      type: 'VERIFICATION_SESSION_FAILED',
      code: 19003,
      sub_type: 'VERIFICATION_SESSION_FAILED_SNA',
      message: "The entity's phone couldn't be verified through SNA. Please re-initiate the verification process.",
    })
    expect(data).toMatchObject({ status: 'failed', sna: begun.sna })
    expect((await answer(begun, SNA)).error.sub_type).toBe('VERIFICATION_SESSION_FAILED_SNA')
  })

  test('outside development a phone has to open a link, and cannot choose to fail', async () => {
    const call = { key: app.keys.sandbox }
    const unopened = (await begin((await stranger(app).as(call).enter()).id, SNA, call)).data
    expect((await answer(unopened, SNA, call)).data).toMatchObject({ status: 'failed', error: { code: 19003 } })
    const opened = (await begin((await stranger(app).as(call).enter()).id, SNA, call)).data
    await open(opened.sna.urls[0], '?result=fail')
    expect((await answer(opened, SNA, call)).data.status).toBe('verified')
  })

  test('links open five times together, whoever opens them', async () => {
    const { data } = await begin((await stranger(app).enter()).id, SNA)
    const [first, second] = data.sna.urls
    const openings = await Promise.all([first, second, first, second, first, second].map((url) => open(url)))
    expect(openings.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 400])
    expect(openings.find(({ status }) => status === 400)?.error.sub_type).toBe('VERIFICATION_SESSION_FAILED_SNA')
  })

  test('a link that was never given leads nowhere', async () => {
    const { data } = await begin((await stranger(app).enter()).id, SNA)
    const [url] = data.sna.urls
    for (const wrong of [url.replace(data.id, NO_SESSION), `${url.slice(0, -13)}fRkTdETCDWCA8`]) {
      expect((await open(wrong)).status).toBe(404)
    }
  })
})

describe("by the caller's own word", () => {
  test('a phone is proven by any past time, given back byte for byte', async () => {
    const { data } = await begin((await stranger(app).enter()).id, PHONE_SESSION)
    expectKeys(data, 'byo_sms')
    expect(data).toMatchObject({ status: 'verified', byo_sms: PHONE_SESSION.byo_sms })
  })

  const inMinutes = (minutes: number) => new Date(Date.parse(app.clock.now()) + minutes * MINUTE_MS).toISOString()

  test.each([
    ['six minutes ahead', () => inMinutes(6)],
    ['some day', () => 'yesterday'],
    ['null', () => null],
    ['no time at all', () => undefined],
  ])('a phone is not proven at %s', async (_, timestamp) => {
    const { id } = await stranger(app).enter()
    const { error } = await begin(id, { ...PHONE_SESSION, byo_sms: { timestamp: timestamp() } })
    expect(error).toMatchObject({ code: 400, sub_type: 'INVALID_REQUEST' })
  })

  test("a caller's clock may be a little ahead", async () => {
    const body = { ...PHONE_SESSION, byo_sms: { timestamp: inMinutes(4) } }
    expect((await begin((await stranger(app).enter()).id, body)).data.status).toBe('verified')
  })

  test('an identity is proven only for a team that was approved', async () => {
    const KYC = { type: 'identity', method: 'byo_kyc', byo_kyc: {} }
    const { id } = await questionedKevin(app).phoned().enter()
    expect((await begin(id, KYC)).error.sub_type).toBe('UNAUTHORIZED_VERIFICATION_METHOD')
    const call = { key: (await teamWith({ byo_kyc: true })).development }
    const approved = await questionedKevin(app).as(call).phoned().enter()
    expect(approved.entity.verification.identity.methods).toEqual(['element', 'kba', 'byo_kyc'])
    const { data } = await begin(approved.id, KYC, call)
    expectKeys(data, 'byo_kyc')
    expect(data).toMatchObject({ status: 'verified', byo_kyc: { authenticated: true } })
    expect((await app.call('GET', `/entities/${approved.id}`, call)).data.status).toBe('active')
  })
})

describe('by questions', () => {
  const right = (questions: readonly Wire[]) =>
    questions.map(({ id, answers }) => ({
      question_id: id,
      answer_id: answers.find(({ text }: Wire) => text.endsWith(' (Correct)')).id,
    }))
  const asked = async () => (await begin((await questionedKevin(app).phoned().enter()).id, IDENTITY_SESSION)).data
  const answers = (given: unknown) => ({ ...IDENTITY_SESSION, kba: { answers: given } })

  test('a person whom the bureau recognises is asked none', async () => {
    const { data } = await begin((await kevin(app).phoned().enter()).id, IDENTITY_SESSION)
    expectKeys(data, 'kba')
    expect(data).toMatchObject({ status: 'verified', kba: { questions: [], authenticated: true }, error: null })
  })

  test('three right answers in any order prove the identity', async () => {
    const session = await asked()
    expect(session).toMatchObject({ status: 'in_progress', kba: { authenticated: false } })
    expect(session.kba.questions).toHaveLength(3)
    const { data } = await answer(session, answers(right(session.kba.questions).reverse()))
    expect(data).toMatchObject({ status: 'verified', kba: { questions: [], authenticated: true }, error: null })
    expect((await app.call('GET', `/entities/${session.entity_id}`)).data.status).toBe('active')
  })

  test.each([
    [
      'a wrong one',
      (given: readonly object[], session: Wire) => [
        ...given.slice(1),
        { question_id: session.kba.questions[0].id, answer_id: session.kba.questions[0].answers[4].id },
      ],
    ],
    ['a missing one', (given: readonly object[]) => given.slice(1)],
    ['an unknown one', (given: readonly object[]) => [...given.slice(1), { question_id: 'qtn_x', answer_id: 'ans_x' }]],
    ['none', () => []],
  ] as const)('%s among the answers fails the session', async (_, spoil) => {
    const session = await asked()
    const { status, data } = await answer(session, answers(spoil(right(session.kba.questions), session)))
    expect(status).toBe(200)
    expect(data).toMatchObject({ status: 'failed', kba: { questions: [], authenticated: false } })
    expect(data.error).toEqual({
      type: 'VERIFICATION_SESSION_FAILED',
      code: 19004,
      sub_type: 'VERIFICATION_SESSION_FAILED_INVALID_ANSWER',
      message:
        'Invalid entity identity answer. An answer is either missing or invalid. Please re-initiate the verification process.',
    })
    const again = await answer(session, answers(right(session.kba.questions)))
    expect(again.error.sub_type).toBe('VERIFICATION_SESSION_FAILED_INVALID_ANSWER')
  })

  test('one answer outside a list is a list of one', async () => {
    const session = await asked()
    const [first] = right(session.kba.questions)
    expect((await answer(session, { ...IDENTITY_SESSION, kba: first })).data.error.code).toBe(19004)
  })
})

describe('by the server itself', () => {
  const TOKEN = 'pk_elem_EqeGbmkY9trECdkUQRgVNFBhrtqcHhBy'
  const record = async (id: string, made: Omit<ServerSession, 'consumerId'>) => {
    const ctx = await app.ctx()
    const consumerId = id.slice('ent_'.length) as ServerSession['consumerId']
    const session = await inTx(ctx.db, (tx) => recordServerSession({ ...ctx, db: tx, tx }, { ...made, consumerId }))
    return (await app.call('GET', `${sessionsOf(id)}/evf_${session.id}`)).data
  }
  const verifiedAt = '2024-11-04T16:40:12.735Z'
  const detail = { method: 'element', token: TOKEN, verifiedAt, questions: [], isAuthenticated: true } as const

  test('an embedded page proves phone and identity, which makes the entity active', async () => {
    const { id } = await questionedKevin(app).enter()
    const phone = await record(id, { channel: 'phone', detail })
    expectKeys(phone, 'element')
    expect(phone.element).toEqual({ element_token: TOKEN, type: 'auth', timestamp: verifiedAt })
    const identity = await record(id, { channel: 'identity', detail })
    expect(identity.element).toEqual({ element_token: TOKEN, type: 'auth', questions: [], authenticated: true })
    expect((await app.call('GET', `/entities/${id}`)).data.status).toBe('active')
    expect((await answer(phone, { type: 'phone', method: 'element' })).error.sub_type).toBe(
      'UNAUTHORIZED_VERIFICATION_METHOD',
    )
  })

  test('details proven before need nothing, and show nothing', async () => {
    const { id } = await stranger(app).enter()
    const session = await record(id, { channel: 'phone', detail: { method: 'method_verified' } })
    expectKeys(session)
    expect(session).toMatchObject({ method: 'method_verified', status: 'verified', error: null })
  })

  test.each(['element', 'opal', 'method_verified'])('%s cannot be asked for', async (method) => {
    const { id } = await stranger(app).enter()
    for (const type of ['phone', 'identity']) {
      expect((await begin(id, { type, method })).error.sub_type).toBe('UNAUTHORIZED_VERIFICATION_METHOD')
    }
  })
})

describe('a request for a session', () => {
  const corporation = async () =>
    (await app.call('POST', '/entities', { body: { type: 'corporation', corporation: {} } })).data.id
  const nameless = async () =>
    (await app.call('POST', '/entities', { body: { type: 'individual', individual: {} } })).data.id

  // In the order of the checks: each would also break a later rule.
  test.each([
    ['a company', corporation, { type: 'phone', method: 'kba' }, 'INVALID_ENTITY_TYPE'],
    [
      'a method of the other type',
      async () => (await kevin(app).verified().enter()).id,
      { type: 'identity', method: 'sms' },
      'UNAUTHORIZED_VERIFICATION_METHOD',
    ],
    ['a proven phone', async () => (await kevin(app).phoned().enter()).id, SMS, 'EXISTING_VERIFIED_SESSION'],
    [
      'a proven identity',
      async () => (await kevin(app).verified().enter()).id,
      IDENTITY_SESSION,
      'EXISTING_VERIFIED_SESSION',
    ],
    [
      'an identity before the phone',
      async () => (await stranger(app).enter()).id,
      IDENTITY_SESSION,
      'MISSING_PHONE_VERIFICATION',
    ],
    [
      'an identity of nobody',
      async () => (await stranger(app).phoned().enter()).id,
      IDENTITY_SESSION,
      'MISSING_IDENTITY_MATCH',
    ],
    ['a phone that is not known', nameless, SMS, 'INVALID_REQUEST'],
    ['a type that is none', nameless, { ...SMS, type: 'fax' }, 'INVALID_REQUEST'],
    ['a method that is none', nameless, { ...SMS, method: 'fax' }, 'INVALID_REQUEST'],
  ] as const)('for %s is refused', async (_, made, body, subType) => {
    const { status, error } = await begin(await made(), body)
    expect([status, error.sub_type]).toEqual([400, subType])
  })

  test('for an entity that does not exist is refused', async () => {
    expect((await begin(NOBODY, SMS)).status).toBe(404)
    expect((await app.call('GET', sessionsOf(NOBODY))).status).toBe(404)
  })

  test('is refused for a method that the team does without, which no list then names', async () => {
    const call = { key: (await teamWith({ without: ['sms', 'opal', 'byo_sms'] })).development }
    const { id, entity } = await stranger(app).as(call).enter()
    expect(entity.verification.phone.methods).toEqual(['element', 'sna'])
    expect((await begin(id, SMS, call)).error.sub_type).toBe('UNAUTHORIZED_VERIFICATION_METHOD')
    expect((await begin(id, SNA, call)).status).toBe(200)
  })

  test('may leave an older one open', async () => {
    const { id } = await stranger(app).enter()
    const older = (await begin(id, SMS)).data
    const newer = (await begin(id, SNA)).data
    expect((await app.call('GET', sessionsOf(id))).data).toEqual([newer, older])
    expect((await verificationOf(id)).phone.latest_verification_session).toBe(newer.id)
  })
})

describe('attempts', () => {
  test.each([
    ['sandbox', {}, 5],
    ['development', { phone_sessions_per_day: 2 }, 2],
  ] as const)('in %s with %o a phone has %i sessions a day', async (environment, settings, limit) => {
    const key = (await teamWith(settings, environment))[environment]
    const people = await Promise.all([0, 1].map(() => stranger(app).as({ key }).enter()))
    const [first, second] = people.map(({ id }) => id)
    for (let made = 0; made < limit; made++) {
      expect((await begin((made % 2 ? first : second) ?? '', SMS, { key })).status).toBe(200)
    }
    const refused = await begin(first ?? '', SMS, { key })
    expect(refused.error).toMatchObject({ code: 400, sub_type: 'ENTITY_PHONE_VERIFICATION_MAX_ATTEMPTS' })
    const other = await kevin(app).as({ key }).enter()
    expect((await begin(other.id, SMS, { key })).status).toBe(200)
    app.clock.advance(24 * 60 * MINUTE_MS + 1)
    expect((await begin(first ?? '', SMS, { key })).status).toBe(200)
  })

  test('of one phone at once do not slip past the limit', async () => {
    const { development: key } = await teamWith({ phone_sessions_per_day: 3 })
    const people = await Promise.all(Array.from({ length: 6 }, () => stranger(app).as({ key }).enter()))
    const answers = await Promise.all(people.map(({ id }) => begin(id, SMS, { key })))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3)
  })

  test('have no limit in development', async () => {
    const { id } = await stranger(app).enter()
    const answers = await Promise.all(Array.from({ length: 8 }, () => begin(id, SMS)))
    expect(answers.every(({ status }) => status === 200)).toBe(true)
  })
})

describe('an answer', () => {
  test.each([
    ['another type', { ...code('123456'), type: 'identity' }],
    ['another method', SNA],
    ['no answer in it', { type: 'phone', method: 'sms' }],
  ])('of %s is not one', async (_, body) => {
    const { data } = await begin((await stranger(app).enter()).id, SMS)
    expect((await answer(data, body)).error).toMatchObject({ code: 400, sub_type: 'INVALID_REQUEST' })
    expect((await retrieve(data)).data).toEqual(data)
  })

  test('to a proven session changes nothing', async () => {
    const { data } = await begin((await stranger(app).enter()).id, SMS)
    const proven = await answer(data, code('123456'))
    expect((await answer(data, code('000000'))).error.sub_type).toBe('EXISTING_VERIFIED_SESSION')
    expect((await retrieve(data)).data).toEqual(proven.data)
  })

  test("to the caller's own word is not awaited", async () => {
    const { data } = await begin((await stranger(app).enter()).id, PHONE_SESSION)
    expect((await answer(data, PHONE_SESSION)).error.sub_type).toBe('UNAUTHORIZED_VERIFICATION_METHOD')
  })

  test('to a session of somebody else finds none', async () => {
    const { data } = await begin((await stranger(app).enter()).id, SMS)
    const { id } = await stranger(app).enter()
    expect((await answer({ ...data, entity_id: id }, code('123456'))).status).toBe(404)
    expect((await answer({ ...data, entity_id: NOBODY }, code('123456'))).status).toBe(404)
    expect((await retrieve(data, { key: app.keys.sandbox })).status).toBe(404)
  })

  test('given twice at once counts once', async () => {
    const { data } = await begin((await stranger(app).enter()).id, SMS)
    const answers = await Promise.all([answer(data, code('123456')), answer(data, code('123456'))])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
  })
})

describe('after ten minutes', () => {
  const EXPIRED = {
    type: 'VERIFICATION_SESSION_FAILED',
    code: 19001,
    sub_type: 'VERIFICATION_SESSION_EXPIRED',
    message: 'The verification session has expired. Please re-initiate the verification process.',
  }
  const overdue = async (body: object = SMS) => {
    const { data } = await begin((await questionedKevin(app).enter()).id, body)
    app.clock.advance(10 * MINUTE_MS)
    return data
  }

  test('whoever reads a session sees that it has failed', async () => {
    const session = await overdue()
    const { data } = await retrieve(session)
    expect(data).toMatchObject({ status: 'failed', error: EXPIRED, updated_at: app.clock.now() })
    expect((await retrieve(session)).data).toEqual(data)
  })

  test('an answer comes too late, and the session has failed', async () => {
    const session = await overdue(SNA)
    for (let attempt = 0; attempt < 2; attempt++) {
      expect((await answer(session, SNA)).error.sub_type).toBe('VERIFICATION_SESSION_EXPIRED')
    }
    expect((await retrieve(session)).data).toMatchObject({ status: 'failed', error: EXPIRED })
  })

  test('sessions of every team fail by themselves, each with its event, and only those', async () => {
    const other = { key: (await app.newTeam()).development }
    const mine = (await begin((await stranger(app).enter()).id, SMS)).data
    const theirs = (await begin((await stranger(app).as(other).enter()).id, SNA, other)).data
    app.clock.advance(5 * MINUTE_MS)
    const later = (await begin((await stranger(app).enter()).id, SMS)).data
    app.clock.advance(5 * MINUTE_MS)
    await Promise.all([runAllDue(app.due), runAllDue(app.due)])
    for (const [session, call] of [
      [mine, {}],
      [theirs, other],
    ] as const) {
      const { data } = await app.call('GET', sessionsOf(session.entity_id), call)
      expect((data as unknown as readonly Wire[])[0]).toMatchObject({ status: 'failed', error: EXPIRED })
    }
    expect((await retrieve(later)).data).toEqual(later)
    const { rows } = await app.fresh.database.pool.query(
      `select before->>'status' as was, after->>'status' as is from events
       where topic = 'verification_session.updated' and resource_id = any($1)`,
      [[mine.id.slice(4), theirs.id.slice(4), later.id.slice(4)]],
    )
    expect(rows).toEqual([
      { was: 'in_progress', is: 'failed' },
      { was: 'in_progress', is: 'failed' },
    ])
  })

  test('the newest version says beforehand when that is', async () => {
    const { id } = await stranger(app).enter()
    const { data } = await begin(id, SMS, { version: '2025-12-01' as Version })
    expect(Date.parse(data.expired_at) - Date.parse(data.created_at)).toBe(10 * MINUTE_MS)
  })
})
