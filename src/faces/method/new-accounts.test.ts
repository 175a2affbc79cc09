/** Accounts that a caller describes. Contract: method/accounts §1.3–§1.5, §1.8; dev-fixtures-accounts F.5. */

import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, openApp, type Wire } from '../../../test/setup/app.js'
import {
  IDENTITY_SESSION,
  kevin,
  type Person,
  PHONE_SESSION,
  register,
  stranger,
  topicsOf,
} from '../../../test/setup/cast.js'
import { openSubscriber } from '../../../test/setup/subscriber.js'
import { takeAccount } from '../../core/accounts/accounts.js'
import type { Ctx, Writing } from '../../core/ctx.js'
import { disableAccount } from '../../core/disabling/disabling.js'
import type { AccountId } from '../../core/ids.js'
import { enrol, getSubscription } from '../../core/subscriptions/subscriptions.js'
import { changeSettings, type TeamSettings } from '../../core/teams/teams.js'
import { inTx } from '../../db/database.js'

let app: App
let holder: Person
beforeAll(async () => {
  app = await openApp()
  holder = await stranger(app).enter()
})
afterAll(() => app.close())

const BANK = { routing: '062103000', number: '123456789', type: 'checking' }
const CARD = { mch_id: 'mch_302086', account_number: '4936494462408721' }
const add = (body: object, call = {}) =>
  app.call('POST', '/accounts', { body: { holder_id: holder.id, ...body }, ...call })
const addAch = (members: object = {}, call = {}) => add({ ach: { ...BANK, ...members } }, call)
const read = (id: string, call = {}) => app.call('GET', `/accounts/${id}`, call)

async function teamWith(settings: TeamSettings, environment: 'development' | 'production' = 'development') {
  const keys = await app.newTeam()
  await changeSettings(app.base, { name: keys.team, environment }, () => settings)
  return { key: keys[environment], keys }
}

describe('a deposit account', () => {
  it('is shown whole, its number in clear, and is proven at once in development', async () => {
    const { data } = await addAch({ number: '4410098263', type: 'savings' })
    expect(data).toEqual({
      id: expect.stringMatching(/^acc_\w{13}$/),
      holder_id: holder.id,
      status: 'active',
      type: 'ach',
      ach: { routing: '062103000', number: '4410098263', type: 'savings' },
      latest_verification_session: expect.stringMatching(/^avf_\w{13}$/),
      products: ['payment'],
      restricted_products: [],
      error: null,
      metadata: null,
      created_at: app.clock.now(),
      updated_at: app.clock.now(),
    })
    expect((await read(data.id)).data).toEqual(data)
    const { data: shown } = await read(`${data.id}?expand=latest_verification_session`)
    expect(shown.latest_verification_session).toEqual({
      id: data.latest_verification_session,
      account_id: data.id,
      status: 'verified',
      type: 'auto_verify',
      error: null,
      auto_verify: {},
      created_at: app.clock.now(),
      updated_at: app.clock.now(),
    })
    const list = await app.call('GET', `/accounts?holder_id=${holder.id}&type=ach`)
    expect(list.data).toContainEqual(data)
  })

  it('is told to webhooks with the last four of its number only', async () => {
    const subscriber = await openSubscriber()
    for (const type of ['account.create', 'account_verification_session.create', 'product.create']) {
      await app.call('POST', '/webhooks', { body: { type, url: subscriber.url, expand_event: true } })
    }
    const { data } = await addAch({ number: '998877665' })
    await app.drain()
    const told = subscriber.received.map(({ body }) => body)
    await subscriber.close()
    const { id, latest_verification_session: session } = data
    expect(told.find(({ type }) => type === 'account.create')).toMatchObject({
      id,
      path: `/accounts/${id}`,
      event: { data: { ...data, ach: { ...data.ach, number: 'xxxxx7665' } } },
    })
    expect(told.find(({ type }) => type === 'account_verification_session.create')).toEqual({
      id: session,
      type: 'account_verification_session.create',
      path: `/accounts/${id}/verification_sessions/${session}`,
    })
    expect(told.filter(({ type }) => type === 'product.create')).not.toEqual([])
  })

  it('keeps the name of its bank, from the routing directory', async () => {
    const { data } = await addAch({ number: '31' })
    const { team } = await app.ctx()
    const { rows } = await app.fresh.database.pool.query(
      `select bank_name, mask, number_mark from accounts where team_id = $1 and id = $2`,
      [team.id, data.id.slice(4)],
    )
    expect(rows).toEqual([
      { bank_name: expect.stringMatching(/\w/), mask: '31', number_mark: expect.stringMatching(/^[0-9a-f]{40}$/) },
    ])
  })

  it('is one account of its holder however often, and by how many at once, it is described', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => addAch({ number: '77001122' })))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    const [first] = answers
    const sessions = await app.call('GET', `/accounts/${first?.data.id}/verification_sessions`)
    expect(sessions.data).toHaveLength(1)
    const other = await stranger(app).enter()
    const theirs = await add({ holder_id: other.id, ach: { ...BANK, number: '77001122' } })
    expect(theirs.data.id).not.toBe(first?.data.id)
  })

  it.each([
    ['a routing number of eight digits', { routing: '06210300' }, 'ach.routing'],
    ['a routing number with a wrong check digit', { routing: '123456789' }, 'ach.routing'],
    ['a routing number of zeros', { routing: '000000000' }, 'ach.routing'],
    ['no account number', { number: '' }, 'ach.number'],
    ['an account number of eighteen digits', { number: '123456789012345678' }, 'ach.number'],
    ['letters in its number', { number: '12a' }, 'ach.number'],
    ['an unknown type', { type: 'current' }, 'ach.type'],
  ])('with %s is refused, and the message names the member', async (_, members, member) => {
    const { status, error } = await addAch(members)
    expect([status, error.sub_type]).toEqual([400, 'INVALID_REQUEST'])
    expect(error.message).toMatch(new RegExp(`^${member.replace('.', '\\.')} `))
  })

  it.each([
    ['neither ach nor liability', {}],
    ['both ach and liability', { ach: BANK, liability: CARD }],
    ['another type than its member', { type: 'liability', ach: BANK }],
    ['a type that is not offered', { type: 'clearing', clearing: { type: 'single_use' } }],
    ['a debit card', { debit_card: { number: '4111111111111111' } }],
  ])('in a body with %s is refused', async (_, body) => {
    const { status, error } = await add(body)
    expect([status, error.sub_type]).toEqual([400, 'INVALID_REQUEST'])
  })

  it('agrees with the type that is named', async () => {
    expect((await add({ type: 'ach', ach: { ...BANK, number: '5151' } }, { version: '2025-12-01' })).status).toBe(200)
  })

  it('keeps metadata of less than a kilobyte', async () => {
    const { data } = await add({ ach: { ...BANK, number: '9001' }, metadata: { nickname: 'rent' } })
    expect(data.metadata).toEqual({ nickname: 'rent' })
    const { error } = await add({ ach: { ...BANK, number: '9002' }, metadata: { a: 'x'.repeat(1024) } })
    expect(error.sub_type).toBe('MAX_ACCOUNT_METADATA_SIZE_EXCEEDED')
  })

  it('needs a proof of its own where the team has settled that', async () => {
    const { key } = await teamWith({ method: { accounts: { autoVerify: false } } })
    const { id } = await stranger(app).as({ key }).enter()
    const { data } = await add({ holder_id: id, ach: BANK }, { key })
    expect([data.latest_verification_session, data.products, data.restricted_products]).toEqual([null, [], ['payment']])
  })

  it('needs a proof of its own in production, and none in sandbox', async () => {
    for (const [environment, products] of [
      ['sandbox', ['payment']],
      ['production', []],
    ] as const) {
      const key = app.keys[environment]
      const { id } = await stranger(app).as({ key }).enter()
      expect((await add({ holder_id: id, ach: BANK }, { key })).data.products).toEqual(products)
    }
  })

  it('of a bank that the team trusts is proven by that, before anything else', async () => {
    const accounts = { autoVerify: false, trustedRoutingNumbers: ['021000021'] }
    const { key } = await teamWith({ method: { accounts } })
    const { id } = await stranger(app).as({ key }).enter()
    const ach = { ...BANK, routing: '021000021' }
    const { data } = await add({ holder_id: id, ach }, { key })
    const path = `/accounts/${data.id}/verification_sessions/${data.latest_verification_session}`
    expect((await app.call('GET', path, { key })).data).toMatchObject({
      type: 'trusted_provisioner',
      status: 'verified',
      trusted_provisioner: {},
    })
  })

  it('shows nothing but its end once consent is withdrawn, and can be described anew', async () => {
    const { data } = await addAch({ number: '660044' })
    const body = { type: 'withdraw', reason: 'holder_withdrew_consent' }
    const { data: withdrawn } = await app.call('POST', `/accounts/${data.id}/consent`, { body })
    expect(withdrawn).toEqual({
      id: data.id,
      holder_id: holder.id,
      status: 'disabled',
      type: null,
      ach: null,
      products: [],
      restricted_products: [],
      error: {
        type: 'ACCOUNT_DISABLED',
        sub_type: 'ACCOUNT_CONSENT_WITHDRAWN',
        code: 11004,
        message: 'Account was disabled due to consent withdrawal.',
      },
      metadata: null,
      created_at: data.created_at,
      updated_at: app.clock.now(),
    })
    expect((await addAch({ number: '660044' })).data.id).not.toBe(data.id)
  })
})

describe('a described debt', () => {
  it('of the fixtures is shown as each version’s clients compare it', async () => {
    const { data } = await add({ liability: CARD })
    expect(data).toMatchObject({
      holder_id: holder.id,
      status: 'active',
      type: 'liability',
      liability: {
        mch_id: 'mch_302086',
        mask: '8721',
        ownership: 'unknown',
        fingerprint: null,
        type: 'credit_card',
        name: 'Chase Sapphire Reserve',
      },
      latest_verification_session: null,
      balance: null,
      update: null,
      card_brand: null,
      subscriptions: [],
      error: null,
      metadata: null,
    })
    const nameAt = async (version: string) => (await read(data.id, { version })).data.liability
    expect((await nameAt('2024-04-04-late')).name).toBe('Chase Credit Card')
    expect(await nameAt('2025-07-04')).toMatchObject({ name: 'Chase Sapphire Reserve', sub_type: 'flexible_spending' })
    expect((await nameAt('2025-12-01')).name).toBe('Chase Sapphire Reserve')
  })

  it.each([
    ['mch_304444', '6720443305', 'student_loans'],
    ['mch_300503', '456637152', 'auto_loan'],
    ['mch_309067', '5142211993', 'mortgage'],
  ])('at %s has data behind it', async (mch_id, number, type) => {
    const { data } = await add({ liability: { mch_id, number } })
    expect(data.liability).toMatchObject({
      mch_id,
      type,
      mask: number.slice(-4),
      ownership: 'unknown',
      fingerprint: null,
    })
    const balance = await app.call('POST', `/accounts/${data.id}/balances`)
    await app.drain()
    const path = `/accounts/${data.id}/balances/${balance.data.id}`
    expect((await app.call('GET', path)).data).toMatchObject({ status: 'completed', amount: expect.any(Number) })
  })

  it('that nobody outside knows is an account all the same', async () => {
    const { data } = await add({ liability: { mch_id: 'mch_3', account_number: '123456789' } })
    expect(data.status).toBe('active')
    expect(data.liability).toMatchObject({ mask: '6789', type: 'credit_card', name: 'American Express - Credit Cards' })
    expect(data.products).toContain('payment')
    expect(data.products).not.toContain('update')
  })

  it('is one account of its holder, however often it is described', async () => {
    const other = await stranger(app).enter()
    const body = { holder_id: other.id, liability: CARD }
    const answers = await Promise.all(Array.from({ length: 10 }, () => add(body)))
    expect(new Set(answers.map(({ data }) => data.id)).size).toBe(1)
    const unknown = { holder_id: other.id, liability: { mch_id: 'mch_3', number: '123456789' } }
    expect((await add(unknown)).data.id).toBe((await add(unknown)).data.id)
  })

  it('that a connect found is that account', async () => {
    const person = await kevin(app).verified().connected().enter()
    const liability = { mch_id: 'mch_302086', account_number: '5555555555551580' }
    const { data } = await add({ holder_id: person.id, liability })
    expect(data).toEqual(person.account('mch_302086'))
  })

  it('is not found a second time by a later connect', async () => {
    const person = await kevin(app).verified().enter()
    const liability = { mch_id: 'mch_302086', account_number: '5555555555551580' }
    const { data } = await add({ holder_id: person.id, liability })
    await app.call('POST', `/entities/${person.id}/connect`)
    await app.drain()
    const path = `/accounts?holder_id=${person.id}&liability.mch_id=mch_302086`
    const chase = (await app.call('GET', path)).data as unknown as readonly Wire[]
    expect(chase.map(({ id }) => id)).toEqual([data.id])
  })

  it.each([
    ['no merchant', { mch_id: 'mch_999999', number: '1' }, 'INVALID_MERCHANT_ID'],
    ['what is no merchant’s id', { mch_id: 'chase', number: '1' }, 'INVALID_MERCHANT_ID'],
    ['no number', { mch_id: 'mch_3' }, 'INVALID_ACCOUNT_NUMBER'],
    ['two numbers', { mch_id: 'mch_3', number: '1', account_number: '1' }, 'INVALID_ACCOUNT_NUMBER'],
    ['a number with a dash', { mch_id: 'mch_3', number: '1-2' }, 'INVALID_ACCOUNT_NUMBER'],
    ['a number of 33 digits', { mch_id: 'mch_3', number: '1'.repeat(33) }, 'INVALID_ACCOUNT_NUMBER'],
    [
      'a month that is none',
      { mch_id: 'mch_3', number: '1', credit_card: { exp_month: '13', exp_year: '2030' } },
      'INVALID_REQUEST',
    ],
    [
      'a card’s expiry at a mortgage',
      { mch_id: 'mch_309067', number: '1', credit_card: { exp_month: '12', exp_year: '2030' } },
      'INVALID_ACCOUNT_DETAILS',
    ],
  ])('with %s is refused', async (_, liability, subType) => {
    const { status, error } = await add({ liability })
    expect([status, error.sub_type]).toEqual([400, subType])
  })

  it('needs a right check digit outside development, if it is a card', async () => {
    const key = app.keys.sandbox
    const { id } = await stranger(app).as({ key }).enter()
    const at = (mch_id: string, number: string) => add({ holder_id: id, liability: { mch_id, number } }, { key })
    expect((await at('mch_3', '371449635398432')).error.sub_type).toBe('INVALID_ACCOUNT_NUMBER')
    expect((await at('mch_3', '371449635398431')).status).toBe(200)
    expect((await at('mch_309067', '1112')).status).toBe(200)
  })

  it('is for teams that may, in production', async () => {
    const liability = { mch_id: 'mch_3', number: '371449635398431' }
    const denied = { key: app.keys.production }
    const { id } = await stranger(app).as(denied).enter()
    expect((await add({ holder_id: id, liability }, denied)).error.sub_type).toBe('TEAM_CAPABILITY_RESTRICTED')
    const { key } = await teamWith({ method: { accounts: { directLiabilities: true } } }, 'production')
    const allowed = await stranger(app).as({ key }).enter()
    expect((await add({ holder_id: allowed.id, liability }, { key })).status).toBe(200)
  })
})

describe('a holder', () => {
  it.each(['ent_fRkTdETCDWCA8', 'nobody'])('that is none of the team’s is refused: %s', async (holder_id) => {
    for (const body of [{ ach: BANK }, { liability: CARD }]) {
      const { status, error } = await add({ holder_id, ...body })
      expect([status, error.sub_type]).toEqual([400, 'INVALID_HOLDER_ID'])
    }
    const { key } = { key: (await app.newTeam()).development }
    expect((await add({ ach: BANK }, { key })).error.sub_type).toBe('INVALID_HOLDER_ID')
  })

  it('who withdrew consent gets no accounts', async () => {
    const { id } = await stranger(app).enter()
    const body = { type: 'withdraw', reason: 'entity_withdrew_consent' }
    await app.call('POST', `/entities/${id}/consent`, { body })
    expect((await add({ holder_id: id, ach: BANK })).error.sub_type).toBe('INVALID_HOLDER_ID')
  })
})

describe('an update of an account', () => {
  const put = (id: string, body: object) => app.call('PUT', `/accounts/${id}`, { body, version: '2025-12-01' })
  const card = async () => (await add({ holder_id: (await stranger(app).enter()).id, liability: CARD })).data

  it('answers with nothing, and changes metadata', async () => {
    const { id } = await card()
    const { status, data } = await put(id, { metadata: { color: 'blue' } })
    expect([status, data]).toEqual([200, null])
    expect((await read(id)).data.metadata).toEqual({ color: 'blue' })
    await put(id, { liability: {} })
    expect((await read(id)).data.metadata).toEqual({ color: 'blue' })
  })

  it('with a new number shows its last four, and finds the account by it', async () => {
    const { id, holder_id } = await card()
    await put(id, { liability: { credit_card: { number: '4111111111111111' } } })
    expect((await read(id)).data.liability.mask).toBe('1111')
    const again = await add({ holder_id, liability: { ...CARD, account_number: '4111111111111111' } })
    expect(again.data.id).toBe(id)
  })

  it('with a new number is told as one, metadata alone is not', async () => {
    const keys = await app.newTeam()
    const call = { key: keys.development, version: '2025-12-01' } as const
    const person = await stranger(app).as(call).enter()
    const { data } = await app.call('POST', '/accounts', { ...call, body: { holder_id: person.id, liability: CARD } })
    const change = (body: object) => app.call('PUT', `/accounts/${data.id}`, { ...call, body })
    await change({ metadata: { color: 'blue' } })
    expect((await topicsOf(app, keys)).at(-1)).toBe('account.updated')
    await change({ liability: { credit_card: { number: '4111111111111111' } } })
    expect((await topicsOf(app, keys)).slice(-2)).toEqual(['account.updated', 'account.number_updated'])
  })

  it.each([
    ['of a card and of a mortgage', { credit_card: { number: '1' }, mortgage: property() }, 400],
    ['of half an expiry', { credit_card: { expiration_month: '04' } }, 400],
    ['of a mortgage for a card', { mortgage: property() }, 422],
    ['of a number that is none', { credit_card: { number: '-' } }, 422],
  ])('%s is refused', async (_, liability, status) => {
    expect((await put((await card()).id, { liability })).status).toBe(status)
  })

  it('of a mortgage takes the address of its house', async () => {
    const { data } = await add({ liability: { mch_id: 'mch_309067', number: '5142211993' } })
    expect((await put(data.id, { liability: { mortgage: property() } })).status).toBe(200)
  })

  it('is refused for a disabled account', async () => {
    const { data } = await addAch({ number: '880011' })
    await disable(data.id)
    expect((await put(data.id, { metadata: {} })).status).toBe(400)
  })
})

describe('a disabled account', () => {
  it('has a reason, no products and no subscriptions, and is not described anew', async () => {
    const { data } = await add({ holder_id: (await stranger(app).enter()).id, liability: CARD })
    const ownerId = data.id.slice('acc_'.length)
    const subscription = await inTeam((ctx) =>
      enrol(ctx, { ownerKind: 'account', ownerId, name: 'update', payload: null }),
    )
    expect((await read(data.id)).data.subscriptions).toEqual(['update'])
    await disable(data.id)
    expect((await read(data.id)).data).toMatchObject({
      status: 'disabled',
      products: [],
      restricted_products: [],
      subscriptions: [],
      available_subscriptions: [],
      error: { type: 'ACCOUNT_DISABLED', code: 11001, sub_type: 'ACCOUNT_INVALID_DETAILS' },
    })
    const ended = await getSubscription(await app.ctx(), {
      ownerKind: 'account',
      ownerId,
      subscriptionId: subscription.id,
    })
    expect(ended.status).toBe('inactive')
    const again = await add({ holder_id: data.holder_id, liability: CARD })
    expect(again.error.sub_type).toBe('EXISTING_ACCOUNT_DISABLED')
  })
})

function property() {
  return { address_street: '1 Elm', address_city: 'Boise', address_state: 'ID', address_zip: '83702' }
}

async function inTeam<T>(work: (ctx: Ctx<Writing>) => Promise<T>): Promise<T> {
  const ctx = await app.ctx()
  return inTx(ctx.db, (tx) => work({ ...ctx, db: tx, tx }))
}

async function disable(id: string): Promise<void> {
  const accountId = id.slice('acc_'.length) as AccountId
  await inTeam(async (ctx) => disableAccount(ctx, await takeAccount(ctx, accountId), 'invalid_details'))
}

describe('a debt that nobody outside told of when it was described', () => {
  it('is the one that a later connect finds under its number, and has its data from then on', async () => {
    const other = await register(app, {
      phone: '+15125550291',
      liabilities: [{ mch_id: 'mch_302086', account_number: '4111111111111111', balance: 5000 }],
    })
    const late = await other.enter()
    const early = { holder_id: late.id, liability: { mch_id: 'mch_302086', number: '4111111111111111' } }
    await sql`update consumers set person_ref = null where id = ${late.id.slice('ent_'.length)}`.execute(app.fresh.db)
    const { data: blind } = await app.call('POST', '/accounts', { body: early })
    expect(blind.products).toEqual(['payment', 'sensitive'])
    // Said once more, the details point to the person.
    await app.call('PUT', `/entities/${late.id}`, { body: { individual: { email: 'ada@example.com' } } })
    for (const session of [PHONE_SESSION, IDENTITY_SESSION]) {
      await app.call('POST', `/entities/${late.id}/verification_sessions`, { body: session })
    }
    const { data: connect } = await app.call('POST', `/entities/${late.id}/connect`)
    expect(connect.accounts).toEqual([])
    const { data: known } = await read(blind.id)
    expect(known.products).toEqual(['balance', 'update', 'payment', 'sensitive'])
    expect(known.id).toBe(blind.id)
  })
})
