/** Contract: method/entities §2. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, openApp, type Wire } from '../../../test/setup/app.js'
import {
  IDENTITY_SESSION,
  kevin,
  PHONE_SESSION,
  questionedKevin,
  somebody,
  stranger,
} from '../../../test/setup/cast.js'

let app: App
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())

const MINUTE_MS = 60_000
const base = (id: string) => `/entities/${id}/verification_sessions`
const begin = (id: string, body: object) => app.call('POST', base(id), { body })
const refused = (subType: string) => ({ status: 400, error: { type: 'INVALID_REQUEST', sub_type: subType } })
const entity = async (id: string) => (await app.call('GET', `/entities/${id}`)).data

describe('a phone session of the caller’s own', () => {
  it('is verified at once and gives back the time it was told, byte for byte', async () => {
    const { id } = await kevin(app).enter()
    const { data } = await begin(id, PHONE_SESSION)
    expect(data).toEqual({
      id: data.id,
      entity_id: id,
      byo_sms: { timestamp: '2021-09-01T00:00:00.000Z' },
      method: 'byo_sms',
      status: 'verified',
      type: 'phone',
      error: null,
      created_at: app.clock.now(),
      updated_at: app.clock.now(),
    })
    expect(await entity(id)).toMatchObject({
      status: 'incomplete',
      verification: { phone: { verified: true, latest_verification_session: data.id, methods: [] } },
    })
  })

  it.each(['2024-03-15', '2024-03-15T10:00:00+02:00', '2026-03-10T15:04:59.000Z'])(
    'may be of any time up to now: %s',
    async (timestamp) => {
      const { id } = await kevin(app).enter()
      expect((await begin(id, { ...PHONE_SESSION, byo_sms: { timestamp } })).data.byo_sms.timestamp).toBe(timestamp)
    },
  )

  it.each([{ timestamp: '2026-03-10T15:05:01.000Z' }, { timestamp: 'yesterday' }, { timestamp: 7 }, {}, undefined])(
    'is refused with a time that cannot be: %j',
    async (byo_sms) => {
      const { id } = await kevin(app).enter()
      expect(await begin(id, { type: 'phone', method: 'byo_sms', byo_sms })).toMatchObject(refused('INVALID_REQUEST'))
    },
  )

  it('works for a number no bureau knows', async () => {
    const { id } = await stranger(app).phoned().enter()
    expect((await entity(id)).verification.phone.verified).toBe(true)
  })
})

describe('a session is refused, the first reason first,', () => {
  const identity = (id: string) => begin(id, IDENTITY_SESSION)

  it('for a company', async () => {
    const { data } = await app.call('POST', '/entities', { body: { type: 'corporation', corporation: {} } })
    expect(await begin(data.id, { type: 'identity', method: 'element' })).toMatchObject(refused('INVALID_ENTITY_TYPE'))
  })

  it.each([
    ['phone', 'kba'],
    ['identity', 'byo_sms'],
    ['phone', 'element'],
    ['identity', 'opal'],
    ['phone', 'method_verified'],
    ['identity', 'byo_kyc'],
  ])('for a method that does not fit: %s by %s', async (type, method) => {
    const { id } = await kevin(app).verified().enter()
    const body = { type, method, [method]: method === 'byo_sms' ? PHONE_SESSION.byo_sms : {} }
    expect(await begin(id, body)).toMatchObject(refused('UNAUTHORIZED_VERIFICATION_METHOD'))
  })

  it('for what is verified already', async () => {
    const { id } = await kevin(app).verified().enter()
    expect(await begin(id, PHONE_SESSION)).toMatchObject(refused('EXISTING_VERIFIED_SESSION'))
    expect(await identity(id)).toMatchObject(refused('EXISTING_VERIFIED_SESSION'))
  })

  it('for an identity before the phone, also of somebody unmatched', async () => {
    for (const who of [kevin(app), stranger(app)]) {
      expect(await identity((await who.enter()).id)).toMatchObject(refused('MISSING_PHONE_VERIFICATION'))
    }
  })

  it('for an identity nobody matches', async () => {
    expect(await identity((await stranger(app).phoned().enter()).id)).toMatchObject(refused('MISSING_IDENTITY_MATCH'))
  })

  it('for a phone that is not there', async () => {
    const { data } = await app.call('POST', '/entities', { body: { type: 'individual', individual: {} } })
    expect(await begin(data.id, PHONE_SESSION)).toMatchObject(refused('INVALID_REQUEST'))
  })

  it.each([
    {},
    { type: 'phone' },
    { method: 'kba' },
    { type: 'face', method: 'kba' },
    { type: 'phone', method: 'fax' },
  ])('for a body like %j', async (body) => {
    const { id } = await kevin(app).enter()
    expect(await begin(id, body)).toMatchObject(refused('INVALID_REQUEST'))
  })
})

describe('an identity session', () => {
  it('of somebody the bureau recognises is verified without questions', async () => {
    const { id } = await kevin(app).phoned().enter()
    const { data } = await begin(id, IDENTITY_SESSION)
    expect(data).toMatchObject({ status: 'verified', kba: { questions: [], authenticated: true }, error: null })
    expect(await entity(id)).toMatchObject({ status: 'active' })
  })

  it('of others asks three questions with five answers, one of them right and labelled so', async () => {
    const { id } = await questionedKevin(app).phoned().enter()
    const { data } = await begin(id, IDENTITY_SESSION)
    expect(data).toMatchObject({ status: 'in_progress', type: 'identity', method: 'kba', error: null })
    expect(data.kba.authenticated).toBe(false)
    expect(data.kba.questions).toHaveLength(3)
    for (const question of data.kba.questions) {
      expect(question.id).toMatch(/^qtn_\w{13}$/)
      const texts = question.answers.map(({ text }: Wire) => text as string)
      expect(texts).toHaveLength(5)
      expect(texts.filter((text: string) => text.endsWith(' (Correct)'))).toHaveLength(1)
      expect(texts.filter((text: string) => text.endsWith(' (Incorrect)'))).toHaveLength(4)
      expect(texts[4]).toMatch(/^None of these /)
      for (const answer of question.answers) expect(answer.id).toMatch(/^ans_\w{13}$/)
    }
    expect(await entity(id)).toMatchObject({
      verification: { identity: { verified: false, latest_verification_session: data.id } },
    })
  })

  it('has fresh ids each time', async () => {
    const { id } = await questionedKevin(app).phoned().enter()
    const ids = async () =>
      JSON.stringify((await begin(id, IDENTITY_SESSION)).data.kba).match(/(qtn|ans)_\w{13}/g) ?? []
    const [first, second] = [await ids(), await ids()]
    expect(first).toHaveLength(18)
    expect(new Set([...first, ...second]).size).toBe(36)
  })

  it.each(['sandbox', 'production'] as const)('labels its answers outside production only: %s', async (environment) => {
    const key = app.keys[environment]
    const { id } = await somebody(app, '0001').as({ key }).phoned().enter()
    const { data } = await app.call('POST', base(id), { body: IDENTITY_SESSION, key })
    const labelled = JSON.stringify(data.kba).match(/\((Correct|Incorrect)\)/g) ?? []
    expect(labelled).toHaveLength(environment === 'production' ? 0 : 15)
  })
})

describe('an answer', () => {
  type Pick = (question: Wire) => Wire
  const right: Pick = ({ answers }) => answers.find(({ text }: Wire) => text.endsWith('(Correct)'))
  const wrong: Pick = ({ answers }) => answers.find(({ text }: Wire) => text.endsWith('(Incorrect)'))

  async function questioned() {
    const { id } = await questionedKevin(app).phoned().enter()
    const { data: session } = await begin(id, IDENTITY_SESSION)
    const path = `${base(id)}/${session.id}`
    return {
      id,
      session,
      path,
      questions: session.kba.questions as readonly Wire[],
      put: (body: object) => app.call('PUT', path, { body: { type: 'identity', method: 'kba', ...body } }),
    }
  }
  const answersTo = (questions: readonly Wire[], pick: Pick) =>
    questions.map((question) => ({ question_id: question.id, answer_id: pick(question).id }))

  it('that is right in everything verifies the session and with it the entity', async () => {
    const { id, session, questions, put } = await questioned()
    app.clock.advance(MINUTE_MS)
    const { data } = await put({ kba: { answers: answersTo([...questions].reverse(), right) } })
    expect(data).toEqual({
      ...session,
      kba: { questions: [], authenticated: true },
      status: 'verified',
      updated_at: app.clock.now(),
    })
    expect(await entity(id)).toMatchObject({
      status: 'active',
      verification: { identity: { verified: true, methods: [] } },
    })
  })

  it('that is wrong in one thing fails the session with a reason, and a new one may be begun', async () => {
    const { id, questions, put, path } = await questioned()
    const [first, ...rest] = answersTo(questions, right)
    const [wrongFirst] = answersTo(questions, wrong)
    const { status, data } = await put({ kba: { answers: [wrongFirst, ...rest] } })
    expect(first).not.toEqual(wrongFirst)
    expect(status).toBe(200)
    expect(data).toMatchObject({
      status: 'failed',
      kba: { questions: [], authenticated: false },
      error: {
        type: 'VERIFICATION_SESSION_FAILED',
        code: 19004,
        sub_type: 'VERIFICATION_SESSION_FAILED_INVALID_ANSWER',
        message:
          'Invalid entity identity answer. An answer is either missing or invalid. Please re-initiate the verification process.',
      },
    })
    expect((await app.call('GET', path)).data).toEqual(data)
    expect(await entity(id)).toMatchObject({ status: 'incomplete', verification: { identity: { verified: false } } })
    expect((await begin(id, IDENTITY_SESSION)).data.status).toBe('in_progress')
  })

  it.each([
    ['too few', (questions: readonly Wire[]) => answersTo(questions.slice(1), right)],
    ['none', () => []],
    [
      'one twice',
      (questions: readonly Wire[]) => answersTo([questions[0], questions[0], questions[1]] as Wire[], right),
    ],
    ['strange', () => [{ question_id: 'qtn_x', answer_id: 'ans_x' }]],
  ])('with %s answers fails the session', async (_, given) => {
    const { questions, put } = await questioned()
    expect((await put({ kba: { answers: given(questions) } })).data).toMatchObject({ status: 'failed' })
  })

  it('by itself, as some clients write it, is a list of one, too little for three questions', async () => {
    const { questions, put } = await questioned()
    const [alone] = answersTo(questions, right)
    expect((await put({ kba: alone })).data).toMatchObject({ status: 'failed', error: { code: 19004 } })
  })

  it('to a session that has failed is refused', async () => {
    const { questions, put } = await questioned()
    await put({ kba: { answers: [] } })
    expect(await put({ kba: { answers: answersTo(questions, right) } })).toMatchObject(
      refused('VERIFICATION_SESSION_FAILED_INVALID_ANSWER'),
    )
  })

  it('to a session that is verified is refused', async () => {
    const { questions, put } = await questioned()
    const body = { kba: { answers: answersTo(questions, right) } }
    await put(body)
    expect(await put(body)).toMatchObject(refused('EXISTING_VERIFIED_SESSION'))
  })

  it('given twice at once counts once', async () => {
    const { questions, put } = await questioned()
    const body = { kba: { answers: answersTo(questions, right) } }
    const answers = await Promise.all([put(body), put(body), put(body)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400])
  })

  it.each([
    [{ type: 'phone' }, 'INVALID_REQUEST'],
    [{ method: 'sms' }, 'INVALID_REQUEST'],
    [{}, 'INVALID_REQUEST'],
    [{ kba: {} }, 'INVALID_REQUEST'],
    [{ kba: { answers: 'all' } }, 'INVALID_REQUEST'],
  ])('that does not fit its session is refused and leaves it open: %j', async (body, subType) => {
    const { put, path } = await questioned()
    expect(await put(body)).toMatchObject(refused(subType))
    expect((await app.call('GET', path)).data.status).toBe('in_progress')
  })

  it('to a session that takes none is refused', async () => {
    const { id, entity: before } = await kevin(app).phoned().enter()
    const session = before.verification.phone.latest_verification_session
    expect(await app.call('PUT', `${base(id)}/${session}`, { body: PHONE_SESSION })).toMatchObject(
      refused('UNAUTHORIZED_VERIFICATION_METHOD'),
    )
  })

  it('to a session of somebody else is not found', async () => {
    const { session } = await questioned()
    const { id } = await kevin(app).enter()
    expect(await app.call('PUT', `${base(id)}/${session.id}`, { body: IDENTITY_SESSION })).toMatchObject({
      status: 404,
    })
    expect((await app.call('GET', `${base(id)}/${session.id}`)).status).toBe(404)
  })

  it('ten minutes late is refused, and the session has expired', async () => {
    const { questions, put, path } = await questioned()
    app.clock.advance(10 * MINUTE_MS)
    expect(await put({ kba: { answers: answersTo(questions, right) } })).toMatchObject(
      refused('VERIFICATION_SESSION_EXPIRED'),
    )
    expect((await app.call('GET', path)).data).toMatchObject({
      status: 'failed',
      error: {
        type: 'VERIFICATION_SESSION_FAILED',
        code: 19001,
        sub_type: 'VERIFICATION_SESSION_EXPIRED',
        message: 'The verification session has expired. Please re-initiate the verification process.',
      },
    })
  })

  it('a moment before ten minutes still counts', async () => {
    const { questions, put } = await questioned()
    app.clock.advance(10 * MINUTE_MS - 1)
    expect((await put({ kba: { answers: answersTo(questions, right) } })).data.status).toBe('verified')
  })
})

describe('a session', () => {
  it('that is read after ten minutes has expired, once, and a verified one has not', async () => {
    const { id, entity: before } = await questionedKevin(app).phoned().enter()
    const { data } = await begin(id, IDENTITY_SESSION)
    app.clock.advance(10 * MINUTE_MS)
    const first = await app.call('GET', `${base(id)}/${data.id}`)
    expect(first.data).toMatchObject({ status: 'failed', error: { code: 19001 }, updated_at: app.clock.now() })
    app.clock.advance(MINUTE_MS)
    expect((await app.call('GET', `${base(id)}/${data.id}`)).data).toEqual(first.data)
    const phone = before.verification.phone.latest_verification_session
    expect((await app.call('GET', `${base(id)}/${phone}`)).data.status).toBe('verified')
  })

  it('shows from 2025-12-01 on when it expires', async () => {
    const { id } = await kevin(app).enter()
    const { data } = await app.call('POST', base(id), { body: PHONE_SESSION, version: '2025-12-01' })
    expect(Date.parse(data.expired_at) - Date.parse(data.created_at)).toBe(10 * MINUTE_MS)
  })

  it('is listed newest first as it was when it was made', async () => {
    const { id } = await questionedKevin(app).enter()
    const phone = await begin(id, PHONE_SESSION)
    const identity = await begin(id, IDENTITY_SESSION)
    app.clock.advance(1000)
    const listed = await app.call('GET', base(id))
    expect(listed.data).toEqual([identity.data, phone.data])
    expect(listed.headers['pagination-total-count']).toBe('2')
  })
})
