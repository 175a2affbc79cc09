/** Tokens for hosted pages, their results, and balance-transfer sessions. Contract: method/entities §12, dev-fixtures §8. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type App, type Call, openApp, type Wire } from '../../../test/setup/app.js'
import { kevin, type Person, somebody } from '../../../test/setup/cast.js'
import type { AccountId, RetrievalId } from '../../core/ids.js'
import { finishElement, noteAuthenticated, openElement, recordElementEvent } from '../../core/sessions/sessions.js'
import { inTx } from '../../db/database.js'

let app: App
let person: Person
let other: Person
let company: Wire
beforeAll(async () => {
  app = await openApp()
  person = await kevin(app).verified().connected().enter()
  other = await somebody(app, '0002').verified().connected().enter()
  company = (
    await app.call('POST', '/entities', { body: { type: 'corporation', corporation: { name: 'Blue Heron' } } })
  ).data
})
afterAll(() => app.close())

const TOKEN = /^pk_elem_[346789A-HJ-NP-RT-Ya-km-np-rtw-z]{32}$/
const UNKNOWN = 'pk_elem_46789ABCDEFGHJKLMNPQRTUVWXYabcde'

const transfer = {
  payout_amount_min: 30_000,
  minimum_loan_amount: 150_000,
  payout_residual_amount_max: 48_000,
  loan_details_requested_amount: 420_000,
  loan_details_requested_rate: 7.9,
  loan_details_requested_term: 36,
  loan_details_requested_monthly_payment: 13_150,
}

const create = (body: object, call: Call = {}) => app.call('POST', '/elements/token', { ...call, body })
const connectFor = (entity_id: string | undefined, connect: object = {}) => ({ type: 'connect', entity_id, connect })
const results = (token: string, call: Call = {}) => app.call('GET', `/elements/token/${token}/results`, call)

describe('a token', () => {
  test('comes alone, for a connect element as the official client asks for it', async () => {
    const { status, data } = await create({
      type: 'connect',
      entity_id: person.id,
      connect: {
        products: ['balance'],
        account_filters: { selection_type: 'multiple', liability_types: ['credit_card'] },
      },
    })
    expect(status).toBe(200)
    expect(data).toEqual({ element_token: expect.stringMatching(TOKEN) })
  })

  test.each<[string, (id: string) => object]>([
    ['legacy auth', (id) => ({ type: 'auth', entity_id: id, team_name: 'Acme', auth: {} })],
    [
      'every product, and card for card_brand',
      (id) =>
        connectFor(id, {
          products: ['balance', 'payoff', 'transactions', 'card_brand', 'update', 'sensitive', 'payment', 'card'],
        }),
    ],
    [
      'either spelling of student loans',
      (id) => connectFor(id, { account_filters: { liability_types: ['student_loan', 'student_loans', 'loan'] } }),
    ],
    ['accounts of the entity', (id) => connectFor(id, { accounts: person.accounts.map((account) => account.id) })],
    [
      'a name and pictures of the team',
      (id) => ({
        ...connectFor(id),
        team_name: 'Acme',
        team_logo: 'https://acme.example/logo.png',
        team_icon: null,
      }),
    ],
    [
      'members that are null',
      (id) => ({
        ...connectFor(id, { products: null, accounts: null, entity: null, account_filters: null }),
        element_session_id: null,
        balance_transfer: null,
      }),
    ],
    [
      'both an entity and details of one: the entity counts',
      (id) => connectFor(id, { entity: { type: 'individual', individual: { phone: 'nonsense' } } }),
    ],
  ])('is made with %s', async (_, bodyOf) => {
    const { status, data } = await create(bodyOf(person.id))
    expect(status).toBe(200)
    expect(Object.keys(data)).toEqual(['element_token'])
    expect((await results(data.element_token)).data.entity_id).toBe(person.id)
  })

  test('comes with its session for a balance transfer', async () => {
    const { data } = await create({ type: 'balance_transfer', entity_id: person.id, balance_transfer: transfer })
    expect(data).toEqual({
      element_token: expect.stringMatching(TOKEN),
      element_session_id: expect.stringMatching(/^elem_sess_\w{13}$/),
    })
  })

  test('makes the entity that it is given the details of', async () => {
    const individual = {
      first_name: 'Kevin',
      phone: '+15121231111',
      phone_verification_type: 'sms',
      phone_verification_timestamp: '2026-03-01T00:00:00.000Z',
      address: { zip: '78701' },
      ssn_4: '1111',
    }
    const { data } = await create(connectFor(undefined, { entity: { type: 'individual', individual } }))
    const { entity_id: id } = (await results(data.element_token)).data
    const { data: entity } = await app.call('GET', `/entities/${id}`)
    expect(entity).toMatchObject({
      type: 'individual',
      status: 'incomplete',
      individual: { first_name: 'Kevin', last_name: null, phone: '+15121231111', ssn_4: 'xxxx' },
      address: { zip: '78701' },
    })
  })

  test('makes an entity of nobody yet', async () => {
    const { data } = await create(connectFor(undefined, { entity: { type: 'individual', individual: {} } }))
    expect((await results(data.element_token)).data.entity_id).toMatch(/^ent_\w{13}$/)
  })

  test('is not made, nor its entity, when a detail is refused', async () => {
    const countOf = async () => Number((await app.call('GET', '/entities')).headers['pagination-total-count'])
    const before = await countOf()
    const { error } = await create(
      connectFor(undefined, { entity: { type: 'individual', individual: { phone: '123' } } }),
    )
    expect(error).toMatchObject({ code: 400, sub_type: 'INVALID_ENTITY_PHONE_NUMBER' })
    expect(await countOf()).toBe(before)
  })

  test('is the same one for a request that is repeated under its name', async () => {
    const headers = { 'idempotency-key': 'element-1' }
    const [first, second] = [
      await create(connectFor(person.id), { headers }),
      await create(connectFor(person.id), { headers }),
    ]
    expect(second.data).toEqual(first.data)
    expect(second.headers['idem-status']).toBe('replayed')
  })
})

describe('a request for a token is refused', () => {
  test.each<[string, () => object, RegExp]>([
    ['without a type', () => ({ entity_id: person.id, connect: {} }), /type/],
    ['of an unknown type', () => ({ ...connectFor(person.id), type: 'opal' }), /connect, auth, balance_transfer/],
    ['of type connect without connect', () => ({ type: 'connect', entity_id: person.id }), /^connect is required/],
    [
      'of type auth without auth',
      () => ({ type: 'auth', entity_id: person.id, team_name: 'Acme' }),
      /^auth is required/,
    ],
    ['of type auth without a team name', () => ({ type: 'auth', entity_id: person.id, auth: {} }), /^team_name/],
    ['without any entity', () => connectFor(undefined), /^entity_id or connect\.entity/],
    [
      'with accounts but no entity',
      () => connectFor(undefined, { accounts: [person.accounts[0]?.id], entity: { type: 'individual' } }),
      /^connect\.accounts/,
    ],
    [
      'for details of a company',
      () => connectFor(undefined, { entity: { type: 'corporation' } }),
      /connect\.entity\.type/,
    ],
    ['with an unknown product', () => connectFor(person.id, { products: ['identity'] }), /connect\.products\[0\]/],
    [
      'with an unknown liability type',
      () => connectFor(person.id, { account_filters: { liability_types: ['yacht'] } }),
      /liability_types\[0\]/,
    ],
    [
      'with an unknown selection',
      () => connectFor(person.id, { account_filters: { selection_type: 'some' } }),
      /selection_type/,
    ],
    ['with a script for a logo', () => ({ ...connectFor(person.id), team_logo: 'javascript:alert(1)' }), /^team_logo/],
    ['with no address for an icon', () => ({ ...connectFor(person.id), team_icon: 'icon.png' }), /^team_icon/],
    [
      'of type balance_transfer without its numbers',
      () => ({ type: 'balance_transfer', entity_id: person.id }),
      /^balance_transfer is required/,
    ],
    [
      'with a session for a connect element',
      () => ({ ...connectFor(person.id), element_session_id: 'elem_sess_346789ABCDEFG' }),
      /^element_session_id/,
    ],
    ...Object.keys(transfer).map((name): [string, () => object, RegExp] => [
      `of type balance_transfer without ${name}`,
      () => ({ type: 'balance_transfer', entity_id: person.id, balance_transfer: { ...transfer, [name]: undefined } }),
      new RegExp(name),
    ]),
    [
      'with an amount that is no number',
      () => ({
        type: 'balance_transfer',
        entity_id: person.id,
        balance_transfer: { ...transfer, minimum_loan_amount: '1' },
      }),
      /minimum_loan_amount/,
    ],
    [
      'with an amount below zero',
      () => ({
        type: 'balance_transfer',
        entity_id: person.id,
        balance_transfer: { ...transfer, minimum_loan_amount: -1 },
      }),
      /minimum_loan_amount/,
    ],
  ])('%s: INVALID_REQUEST', async (_, bodyOf, message) => {
    const { status, error } = await create(bodyOf())
    expect(status).toBe(400)
    expect(error).toMatchObject({ type: 'INVALID_REQUEST', sub_type: 'INVALID_REQUEST' })
    expect(error.message).toMatch(message)
  })

  test.each<[string, () => object]>([
    ['for an unknown entity', () => connectFor('ent_RbWady8jPiD3y')],
    ['for no id of an entity', () => connectFor('acc_RbWady8jPiD3y')],
    ['for an unknown account', () => connectFor(person.id, { accounts: ['acc_RbWady8jPiD3y'] })],
    ['for an account of another entity', () => connectFor(person.id, { accounts: [other.accounts[0]?.id] })],
    [
      'for one account of its own and one of another',
      () => connectFor(person.id, { accounts: [person.accounts[0]?.id, other.accounts[0]?.id] }),
    ],
    ['for an unknown session', () => ({ type: 'balance_transfer', element_session_id: 'elem_sess_346789ABCDEFG' })],
    ['for no id of a session', () => ({ type: 'balance_transfer', element_session_id: 'sess_346789ABCDEFG' })],
    ['of the type link, which is no more', () => ({ type: 'link', entity_id: person.id })],
  ])('%s: NOT_FOUND', async (_, bodyOf) => {
    const { status, error } = await create(bodyOf())
    expect(status).toBe(404)
    expect(error).toMatchObject({ type: 'INVALID_REQUEST', sub_type: 'NOT_FOUND' })
  })

  test("for another team's entity: NOT_FOUND", async () => {
    const foreign = await app.newTeam()
    expect((await create(connectFor(person.id), { key: foreign.development })).status).toBe(404)
    expect((await create(connectFor(person.id), { key: app.keys.sandbox })).status).toBe(404)
  })

  test('for a company or a disabled entity: INVALID_ENTITY', async () => {
    const gone = await somebody(app, '0004').verified().enter()
    await app.call('POST', `/entities/${gone.id}/consent`, {
      body: { type: 'withdraw', reason: 'entity_withdrew_consent' },
    })
    for (const id of [company.id, gone.id]) {
      const { status, error } = await create(connectFor(id))
      expect(status).toBe(400)
      expect(error).toMatchObject({ type: 'INVALID_REQUEST', sub_type: 'INVALID_ENTITY' })
    }
  })

  test('for a product that the team may not use: TEAM_CAPABILITY_RESTRICTED', async () => {
    const keys = await app.newTeam()
    const call = { key: keys.development }
    await app.admin.changeTeam({ name: keys.team, environment: 'development' }, () => ({
      products: { restricted: ['transaction', 'card_brand'] },
    }))
    const { id } = await kevin(app).as(call).enter()
    for (const word of ['transactions', 'card_brand', 'card']) {
      const { status, error } = await create(connectFor(id, { products: ['balance', word] }), call)
      expect(status).toBe(400)
      expect(error).toMatchObject({ type: 'INVALID_REQUEST', sub_type: 'TEAM_CAPABILITY_RESTRICTED' })
    }
    expect((await create(connectFor(id, { products: ['balance'] }), call)).status).toBe(200)
  })

  test('when the team may not ask for consent: ACCOUNT_CONSENT_UNAVAILABLE, but not to sign in', async () => {
    const keys = await app.newTeam()
    const call = { key: keys.development }
    await app.admin.changeTeam({ name: keys.team, environment: 'development' }, () => ({
      products: { noAccountConsent: true },
    }))
    const { id } = await kevin(app).as(call).enter()
    expect((await create(connectFor(id), call)).error.sub_type).toBe('ACCOUNT_CONSENT_UNAVAILABLE')
    expect((await create({ type: 'auth', entity_id: id, team_name: 'Acme', auth: {} }, call)).status).toBe(200)
  })

  test('for a rule of business with 422 from 2025-12-01 on', async () => {
    const { status, error } = await create(connectFor(company.id), { version: '2025-12-01' })
    expect([status, error.sub_type]).toEqual([422, 'INVALID_ENTITY'])
  })
})

describe('results', () => {
  test('of a fresh token are five members without news', async () => {
    const { data } = await create(connectFor(person.id))
    expect((await results(data.element_token)).data).toEqual({
      authenticated: false,
      cxn_id: null,
      accounts: [],
      entity_id: person.id,
      events: [],
    })
  })

  test('of a finished element name what was made and every step, also long after', async () => {
    const { data } = await create(connectFor(person.id, { products: ['balance'] }))
    const token = data.element_token
    const ctx = await app.ctx()
    const connectId = String(person.entity.connect).slice('cxn_'.length) as RetrievalId
    const wireIds = person.accounts.slice(0, 2).map(({ id }) => id as string)
    const accountIds = wireIds.map((id) => id.slice('acc_'.length)) as AccountId[]
    const moments = [app.clock.now()]
    const wait = (ms: number) => {
      app.clock.advance(ms)
      moments.push(app.clock.now())
    }
    const { element } = await openElement(ctx, token)
    wait(1300)
    await recordElementEvent(ctx, element.id, { type: 'AUTH_PHONE_OPEN' })
    wait(9000)
    await inTx(ctx.db, async (tx) => {
      await noteAuthenticated({ ...ctx, tx }, element.id, connectId)
      await finishElement({ ...ctx, tx }, element, accountIds)
    })
    wait(18)
    await recordElementEvent(ctx, element.id, { type: 'exit' })
    app.clock.advance(48 * 3_600_000)
    const about = { element_type: 'connect' }
    expect((await results(token)).data).toEqual({
      authenticated: true,
      cxn_id: person.entity.connect,
      accounts: wireIds,
      entity_id: person.id,
      events: [
        { type: 'open', metadata: { ...about, op: 'open' }, timestamp: moments[0] },
        { type: 'AUTH_PHONE_OPEN', metadata: null, timestamp: moments[1] },
        {
          type: 'success',
          metadata: { entity_id: person.id, accounts: wireIds, ...about, op: 'success' },
          timestamp: moments[2],
        },
        { type: 'exit', metadata: { ...about, op: 'exit' }, timestamp: moments[3] },
      ],
    })
  })

  test('of an element that failed say why, in the words of this wire', async () => {
    const { data } = await create(connectFor(person.id))
    const ctx = await app.ctx()
    const { element } = await openElement(ctx, data.element_token)
    const error = await openElement(ctx, data.element_token).catch((reason: Error & { code: string }) => reason)
    if (!('code' in error)) throw new Error('A used token opened a page.')
    await recordElementEvent(ctx, element.id, { type: 'error', code: error.code, message: error.message })
    expect((await results(data.element_token)).data.events[1]).toMatchObject({
      type: 'error',
      metadata: {
        op: 'error',
        element_type: 'connect',
        type: 'INVALID_REQUEST',
        sub_type: 'EXPIRED_TOKEN',
        message:
          'The public element token is no longer valid. Element tokens are short lived and can only be used once. Request a new element token and try your request again.',
        code: 400,
      },
    })
    const unknown = await openElement(ctx, UNKNOWN).catch((reason: Error & { code: string }) => reason)
    if (!('code' in unknown)) throw new Error('An unknown token opened a page.')
    await recordElementEvent(ctx, element.id, { type: 'error', code: unknown.code, message: unknown.message })
    expect((await results(data.element_token)).data.events[2].metadata).toMatchObject({
      sub_type: 'INVALID_TOKEN',
      code: 400,
    })
  })

  test('are not found for an unknown token, nor for that of another team or environment', async () => {
    const { data } = await create(connectFor(person.id))
    const foreign = await app.newTeam()
    const tries = [
      await results(UNKNOWN),
      await results('nonsense'),
      await results(data.element_token, { key: foreign.development }),
      await results(data.element_token, { key: app.keys.sandbox }),
    ]
    expect(tries.map(({ status, error }) => [status, error.sub_type])).toEqual(tries.map(() => [404, 'NOT_FOUND']))
  })

  test('are not for a browser: the token itself is no key', async () => {
    const { data } = await create(connectFor(person.id))
    const { status } = await results(data.element_token, { key: data.element_token })
    expect(status).toBe(401)
  })
})

describe('a balance-transfer session', () => {
  const begin = async () => {
    const { data } = await create({ type: 'balance_transfer', entity_id: person.id, balance_transfer: transfer })
    return data.element_session_id as string
  }
  const put = (id: string, balance_transfer: object) =>
    app.call('PUT', `/elements/sessions/${id}`, { body: { balance_transfer } })

  test('begins as the lender described it', async () => {
    const id = await begin()
    const now = app.clock.now()
    expect((await app.call('GET', `/elements/sessions/${id}`)).data).toEqual({
      id,
      type: 'balance_transfer',
      status: 'active',
      balance_transfer: {
        flow_type: 'default',
        remainder_opt_in: null,
        auth_session_completed: false,
        is_first_pass: true,
        payout_status: 'pending_accounts',
        payout_ids: {},
        payout_accounts: {},
        payout_residual_amount: null,
        payout_creditor_amount: null,
        ...transfer,
        loan_details_approved_amount: null,
        loan_details_approved_rate: null,
        loan_details_approved_term: null,
        loan_details_approved_monthly_payment: null,
        skip_intro: true,
      },
      created_at: now,
      updated_at: now,
    })
  })

  test('takes the approved loan piece by piece, answers with the new values and ignores strange members', async () => {
    const id = await begin()
    app.clock.advance(1000)
    const first = await put(id, {
      loan_details_approved_amount: 400_000,
      loan_details_approved_rate: 8.25,
      flow_type: 'penfed_dpo',
      skip_intro: false,
      strange: 1,
    })
    expect(first.data.updated_at).toBe(app.clock.now())
    expect(first.data.balance_transfer).toMatchObject({
      loan_details_approved_amount: 400_000,
      loan_details_approved_rate: 8.25,
      loan_details_approved_term: null,
      flow_type: 'default',
      skip_intro: true,
    })
    const { data } = await put(id, { loan_details_approved_term: 24, loan_details_approved_monthly_payment: 18_000 })
    expect(data.balance_transfer).toMatchObject({
      loan_details_approved_amount: 400_000,
      loan_details_approved_rate: 8.25,
      loan_details_approved_term: 24,
      loan_details_approved_monthly_payment: 18_000,
      payout_status: 'pending_accounts',
    })
    expect((await app.call('GET', `/elements/sessions/${id}`)).data).toEqual(data)
  })

  test('ends when its payouts are released, and then takes nothing and no token more', async () => {
    const id = await begin()
    const { data } = await put(id, { payout_status: 'released' })
    expect(data).toMatchObject({ status: 'inactive', balance_transfer: { payout_status: 'released' } })
    const late = await put(id, { loan_details_approved_amount: 1 })
    expect([late.status, late.error.sub_type, late.refusal]).toEqual([
      400,
      'INVALID_REQUEST',
      'element.session_inactive',
    ])
    const token = await create({ type: 'balance_transfer', element_session_id: id })
    expect([token.status, token.refusal]).toEqual([400, 'element.session_inactive'])
    expect((await app.call('GET', `/elements/sessions/${id}`)).data).toEqual(data)
  })

  test.each([
    ['text for an amount', { loan_details_approved_amount: '1' }],
    ['null for an amount', { loan_details_approved_amount: null }],
    ['text for a rate', { loan_details_approved_rate: 'low' }],
    ['a term of half a month', { loan_details_approved_term: 0.5 }],
    ['an unknown payout status', { payout_status: 'paid' }],
  ])('refuses %s', async (_, changes) => {
    const { status, error } = await put(await begin(), changes)
    expect([status, error.sub_type]).toEqual([400, 'INVALID_REQUEST'])
  })

  test('is continued by another token, for the same entity only', async () => {
    const id = await begin()
    const again = { type: 'balance_transfer', element_session_id: id }
    const { data } = await create(again)
    expect(data).toEqual({ element_token: expect.stringMatching(TOKEN), element_session_id: id })
    expect((await results(data.element_token)).data.entity_id).toBe(person.id)
    expect((await create({ ...again, entity_id: person.id, balance_transfer: transfer })).data.element_session_id).toBe(
      id,
    )
    expect((await create({ ...again, entity_id: other.id })).status).toBe(404)
  })

  test('is not found under an unknown id, nor by another team', async () => {
    const id = await begin()
    const foreign = { key: (await app.newTeam()).development }
    const body = { balance_transfer: {} }
    const tries = [
      await app.call('GET', '/elements/sessions/elem_sess_346789ABCDEFG'),
      await app.call('GET', `/elements/sessions/${id.replace('elem_sess', 'sess')}`),
      await app.call('GET', `/elements/sessions/${id}`, foreign),
      await app.call('PUT', `/elements/sessions/${id}`, { ...foreign, body }),
      await app.call('PUT', '/elements/sessions/elem_sess_346789ABCDEFG', { body }),
    ]
    expect(tries.map(({ status, error }) => [status, error.sub_type])).toEqual(tries.map(() => [404, 'NOT_FOUND']))
  })
})

test('public account tokens of the previous generation are not exchanged any more', async () => {
  const { status, error } = await app.call('POST', '/elements/accounts/exchange', { body: {} })
  expect([status, error.sub_type]).toEqual([404, 'NOT_FOUND'])
})
