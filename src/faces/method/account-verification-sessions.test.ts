/** Contract: method/accounts §12; dev-fixtures-accounts F.3. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, openApp, type Wire } from '../../../test/setup/app.js'
import { kevin, stranger, topicsOf } from '../../../test/setup/cast.js'
import { changeSettings } from '../../core/teams/teams.js'
import type { Network } from '../../network/port.js'

let app: App
/** A team whose deposit accounts are not proven by themselves. */
let key: string
let keys: Awaited<ReturnType<App['newTeam']>>
beforeAll(async () => {
  app = await openApp()
  keys = await app.newTeam()
  key = keys.development
  await changeSettings(app.base, { name: keys.team, environment: 'development' }, () => ({
    method: { accounts: { autoVerify: false } },
  }))
})
afterAll(() => app.close())

let numbers = 712_300
async function checking(call = { key }, number = String(numbers++)): Promise<Wire> {
  const { id } = await stranger(app).as(call).enter()
  const ach = { routing: '021000021', number, type: 'checking' }
  return (await app.call('POST', '/accounts', { ...call, body: { holder_id: id, ach } })).data
}
async function card(liability: object = { mch_id: 'mch_302086', number: '4936494462408721' }): Promise<Wire> {
  const { id } = await stranger(app).as({ key }).enter()
  return (await app.call('POST', '/accounts', { key, body: { holder_id: id, liability } })).data
}
const path = (account: Wire) => `/accounts/${account.id}/verification_sessions`
const begin = (account: Wire, type: string, call = {}) =>
  app.call('POST', path(account), { key, version: '2024-04-04-late', body: { type }, ...call })
const put = (account: Wire, session: Wire, body: object, call = {}) =>
  app.call('PUT', `${path(account)}/${session.id}`, { key, body, ...call })
const retrieve = async (account: Wire) => (await app.call('GET', `/accounts/${account.id}`, { key })).data
const amountsOf = async (account: Wire, session: Wire) =>
  (await app.call('GET', `${path(account)}/${session.id}/amounts`, { key })).data.amounts as readonly number[]

/** A session whose deposits have arrived. */
async function deposited(account: Wire): Promise<Wire> {
  const { data } = await begin(account, 'micro_deposits')
  app.clock.advance(5000)
  await app.drain()
  return (await app.call('GET', `${path(account)}/${data.id}`, { key })).data
}

/** Does what is due while deposits are answered so; the world's own banks take those of every account. */
async function drainWith(answer: Awaited<ReturnType<Network['sendMicroDeposits']>>): Promise<void> {
  const network = app.base.network as { sendMicroDeposits: Network['sendMicroDeposits'] }
  const own = network.sendMicroDeposits
  network.sendMicroDeposits = async () => answer
  await app.drain().finally(() => {
    network.sendMicroDeposits = own
  })
}

describe('micro-deposits', () => {
  it('wait until they were sent, and prove the account by their amounts in any order', async () => {
    const account = await checking()
    const { data: session } = await begin(account, 'micro_deposits')
    expect(session).toEqual({
      id: expect.stringMatching(/^avf_\w{13}$/),
      account_id: account.id,
      status: 'pending',
      type: 'micro_deposits',
      error: null,
      micro_deposits: { amounts: [] },
      created_at: app.clock.now(),
      updated_at: app.clock.now(),
    })
    expect((await retrieve(account)).latest_verification_session).toBe(session.id)
    const [one = 0, other = 0] = await amountsOf(account, session)
    for (const amount of [one, other]) expect(amount >= 20 && amount <= 99).toBe(true)
    expect(one).not.toBe(other)
    const early = await put(account, session, { micro_deposits: { amounts: [one, other] } })
    expect([early.status, early.error.sub_type]).toEqual([400, 'INVALID_REQUEST'])

    await app.drain()
    expect((await app.call('GET', `${path(account)}/${session.id}`, { key })).data.status).toBe('pending')
    app.clock.advance(5000)
    await app.drain()
    expect((await app.call('GET', `${path(account)}/${session.id}`, { key })).data.status).toBe('in_progress')

    const { data: verified } = await put(account, session, { micro_deposits: { amounts: [other, one] } })
    expect(verified).toEqual({
      ...session,
      status: 'verified',
      micro_deposits: { amounts: [other, one] },
      updated_at: app.clock.now(),
    })
    expect((await retrieve(account)).products).toEqual(['payment'])
    expect((await app.call('GET', path(account), { key })).data).toEqual([verified])
    const shown = await app.call('GET', `/accounts/${account.id}?expand[]=latest_verification_session`, { key })
    expect(shown.data.latest_verification_session).toEqual(verified)
    expect((await begin(account, 'micro_deposits')).error.sub_type).toBe('EXISTING_VERIFIED_SESSION')
    const again = await put(account, session, { micro_deposits: { amounts: [one, other] } })
    expect(again.error.sub_type).toBe('EXISTING_VERIFIED_SESSION')
  })

  it('with wrong amounts are refused, counted, and failed at the fifth', async () => {
    const account = await checking()
    const session = await deposited(account)
    const wrong = { micro_deposits: { amounts: [1, 2] } }
    for (let attempt = 1; attempt <= 5; attempt++) {
      const { data } = await app.call('GET', `${path(account)}/${session.id}`, { key })
      expect(data.status).toBe('in_progress')
      const { status, error } = await put(account, session, wrong)
      expect([status, error.sub_type]).toEqual([400, 'INVALID_VERIFICATION_AMOUNTS'])
    }
    const { data } = await app.call('GET', `${path(account)}/${session.id}`, { key })
    expect(data).toMatchObject({
      status: 'failed',
      micro_deposits: { amounts: [1, 2] },
      error: {
        type: 'ACCOUNT_VERIFICATION_SESSION_FAILED',
        code: 16004,
        sub_type: 'VERIFICATION_SESSION_ATTEMPT_LIMIT_REACHED',
        message: 'The maximum number of attempts has been reached for this account verification session.',
      },
    })
    const sixth = await put(account, session, wrong)
    expect(sixth.error.sub_type).toBe('VERIFICATION_SESSION_ATTEMPT_LIMIT_REACHED')
    expect((await retrieve(account)).restricted_products).toEqual(['payment'])
    expect((await begin(account, 'micro_deposits')).status).toBe(200)
  })

  it('wrong under one idempotency key are counted once and answered the same', async () => {
    const account = await checking()
    const session = await deposited(account)
    const wrong = { micro_deposits: { amounts: [1, 2] } }
    const headers = { 'idempotency-key': `wrong ${session.id}` }
    const first = await put(account, session, wrong, { headers })
    for (let again = 0; again < 6; again++) {
      const reply = await put(account, session, wrong, { headers })
      expect([reply.status, reply.text, reply.headers['idem-status']]).toEqual([400, first.text, 'replayed'])
    }
    const { data } = await app.call('GET', `${path(account)}/${session.id}`, { key })
    expect(data.status).toBe('in_progress')
  })

  it('wrong ten times at once are counted to the limit and no further', async () => {
    const account = await checking()
    const session = await deposited(account)
    const wrong = { micro_deposits: { amounts: [1, 2] } }
    const replies = await Promise.all(Array.from({ length: 10 }, () => put(account, session, wrong)))
    const told = replies.map(({ error }) => error.sub_type).sort()
    expect(told.filter((subType) => subType === 'INVALID_VERIFICATION_AMOUNTS')).toHaveLength(5)
    expect(told.filter((subType) => subType === 'VERIFICATION_SESSION_ATTEMPT_LIMIT_REACHED')).toHaveLength(5)
  })

  it('that the bank returns fail the session and disable the account', async () => {
    const account = await checking({ key }, '0000')
    const { data: session } = await begin(account, 'micro_deposits')
    app.clock.advance(5000)
    await app.drain()
    expect((await app.call('GET', `${path(account)}/${session.id}`, { key })).data).toMatchObject({
      status: 'failed',
      error: { code: 16003, sub_type: 'MICRO_DEPOSITS_FAILED' },
    })
    expect(await retrieve(account)).toMatchObject({
      status: 'disabled',
      products: [],
      restricted_products: [],
      error: { code: 11001, sub_type: 'ACCOUNT_INVALID_DETAILS' },
    })
    expect((await begin(account, 'micro_deposits')).error.sub_type).toBe('INVALID_REQUEST')
  })

  it('that cannot be sent now are sent later', async () => {
    const account = await checking()
    const { data: session } = await begin(account, 'micro_deposits')
    app.clock.advance(5000)
    await drainWith({ ok: false, reason: 'unreachable' })
    const status = async () => (await app.call('GET', `${path(account)}/${session.id}`, { key })).data.status
    expect(await status()).toBe('pending')
    app.clock.advance(5 * 60_000)
    await app.drain()
    expect(await status()).toBe('in_progress')
  })

  it('take until the next business morning in production', async () => {
    const production = { key: app.keys.production }
    const account = await checking(production)
    const { data: session } = await begin(account, 'micro_deposits', production)
    const status = async () => (await app.call('GET', `${path(account)}/${session.id}`, production)).data.status
    app.clock.advance(3_600_000)
    await app.drain()
    expect(await status()).toBe('pending')
    app.clock.advance(4 * 86_400_000)
    await app.drain()
    expect(await status()).toBe('in_progress')
    for (const prefix of ['', '/simulate']) {
      const { status: code, error } = await app.call(
        'GET',
        `${prefix}${path(account)}/${session.id}/amounts`,
        production,
      )
      expect([code, error.sub_type]).toEqual([403, 'FORBIDDEN'])
    }
  })

  it('are told apart from other types by those who ask for amounts', async () => {
    const account = await checking()
    const { data } = await begin(account, 'plaid')
    const simulated = await app.call('GET', `/simulate${path(account)}/${data.id}/amounts`, { key })
    expect([simulated.status, simulated.error.sub_type]).toEqual([400, 'INVALID_REQUEST'])
  })
})

const PLAID = {
  balances: { available: 100, current: 110.5, iso_currency_code: 'USD', limit: null, unofficial_currency_code: null },
  transactions: [{ account_id: 'BxBXxLj1m4HMXBm9WZZmCWVbPjX16EHwv99vp', amount: 72.1, name: 'Tectra Inc' }],
}
const MX = { account: { guid: 'ACT-1', balance: 1000, available_balance: 900 }, transactions: [{ amount: 61.11 }] }
const TELLER = {
  balances: { account_id: 'acc_ns9gkibeia6ad0rr6s00q', available: '93011.13', ledger: '93011.13', links: {} },
  transactions: [{ amount: '86.46', status: 'pending' }],
}

describe('a session by what a provider says', () => {
  it.each([
    ['plaid', PLAID, { balances: {}, transactions: [] }],
    ['mx', MX, { account: {}, transactions: [] }],
    ['teller', TELLER, { balances: {}, transactions: [] }],
  ])('such as %s, is verified at once and shows what was handed in, unchanged', async (type, documents, empty) => {
    const account = await checking()
    const { data: session } = await begin(account, type)
    expect(session).toMatchObject({ status: 'pending', type, [type]: empty })
    const { data } = await put(account, session, { [type]: documents })
    expect(data).toEqual({ ...session, status: 'verified', [type]: documents, updated_at: app.clock.now() })
    expect((await app.call('GET', `${path(account)}/${session.id}`, { key })).data).toEqual(data)
    expect((await retrieve(account)).products).toEqual(['payment'])
  })

  it.each([
    ['plaid', { ...PLAID, balances: { available: null, current: null } }],
    ['plaid', { ...PLAID, balances: { available: 'much', current: 1 } }],
    ['plaid', { ...PLAID, transactions: [{ name: 'without an amount' }] }],
    ['mx', { ...MX, account: {} }],
    ['teller', { ...TELLER, balances: { ...TELLER.balances, ledger: 1 } }],
    ['teller', { ...TELLER, balances: { available: '1.00', ledger: '1.00' } }],
  ])('such as %s, has failed when that cannot be so', async (type, documents) => {
    const account = await checking()
    const { data: session } = await begin(account, type)
    expect((await put(account, session, { [type]: documents })).data).toMatchObject({
      status: 'failed',
      error: { code: 16002, sub_type: 'INVALID_DETAILS' },
    })
    const again = await put(account, session, { [type]: documents })
    expect([again.status, again.error.sub_type]).toEqual([400, 'INVALID_REQUEST'])
    expect((await retrieve(account)).restricted_products).toEqual(['payment'])
  })

  it('needs balances and transactions', async () => {
    const account = await checking()
    const { data: session } = await begin(account, 'plaid')
    for (const body of [{}, { mx: MX }, { plaid: { balances: {} } }, { plaid: { ...PLAID, transactions: {} } }]) {
      const { status, error } = await put(account, session, body)
      expect([status, error.sub_type]).toEqual([400, 'INVALID_REQUEST'])
    }
  })

  it.each([
    ['an account', ({ id }: Wire) => `/accounts/${id}/consent`, 'holder_withdrew_consent'],
    ['its holder', ({ holder_id }: Wire) => `/entities/${holder_id}/consent`, 'entity_withdrew_consent'],
  ])('is forgotten when the consent of %s is withdrawn', async (_, consentOf, reason) => {
    const account = await checking()
    const { data: session } = await begin(account, 'plaid')
    await put(account, session, { plaid: PLAID })
    const body = { type: 'withdraw', reason }
    expect((await app.call('POST', consentOf(account), { key, body })).status).toBe(200)
    const { data } = await app.call('GET', `${path(account)}/${session.id}`, { key })
    expect(data.plaid).toEqual({ balances: {}, transactions: [] })
    const { rows } = await sql`select 1 from account_verification_sessions
      where id = ${session.id.slice(4)} and secret_sealed is not null`.execute(app.fresh.db)
    expect(rows).toEqual([])
  })
})

describe('a card', () => {
  const chaseOf = async () => (await kevin(app).as({ key }).verified().connected().enter()).account('mch_302086')
  const RIGHT = { exp_month: '03', exp_year: '2028', billing_zip_code: '78758', cvv: '878' }
  const UNCHECKED = {
    billing_zip_code: 'xxxxx',
    billing_zip_code_check: null,
    cvv: null,
    cvv_check: null,
    exp_check: null,
    exp_month: 'xx',
    exp_year: 'xxxx',
    number: 'xxxxxxxxxxxxxxxx',
    pre_auth_check: null,
  }
  const PASSED = {
    ...UNCHECKED,
    cvv: 'xxx',
    billing_zip_code_check: 'pass',
    cvv_check: 'pass',
    exp_check: 'pass',
    pre_auth_check: 'pass',
  }

  it('of the fixtures is proven by pre_auth exactly as its suites compare', async () => {
    const account = await chaseOf()
    const { data: session } = await begin(account, 'pre_auth')
    expect(session).toEqual({
      id: session.id,
      account_id: account.id,
      status: 'pending',
      type: 'pre_auth',
      error: null,
      pre_auth: UNCHECKED,
      created_at: app.clock.now(),
      updated_at: app.clock.now(),
    })
    const { data } = await put(account, session, { pre_auth: RIGHT })
    expect(data).toEqual({ ...session, status: 'verified', pre_auth: PASSED, updated_at: app.clock.now() })
    const after = await retrieve(account)
    expect(after.products).toContain('sensitive')
    expect(after.restricted_products).toEqual([])
    expect((await begin(account, 'instant')).error.sub_type).toBe('EXISTING_VERIFIED_SESSION')
    expect((await begin(account, 'network')).status).toBe(200)
  })

  it('with a wrong CVV may be tried again with that alone', async () => {
    const account = await chaseOf()
    const { data: session } = await begin(account, 'pre_auth')
    const { data: wrong } = await put(account, session, { pre_auth: { ...RIGHT, cvv: '111' } })
    expect(wrong).toMatchObject({ status: 'pending', error: null })
    expect(wrong.pre_auth).toEqual({ ...PASSED, cvv_check: 'fail', pre_auth_check: 'fail' })
    const missing = await put(account, session, { pre_auth: { exp_month: '03' } })
    expect([missing.status, missing.error.message]).toEqual([400, 'pre_auth.cvv must be given.'])
    const { data } = await put(account, session, { pre_auth: { cvv: '878' } })
    expect([data.status, data.pre_auth]).toEqual(['verified', PASSED])
  })

  it('with a wrong expiry may be tried again with the part of it that was wrong', async () => {
    const account = await card({ mch_id: 'mch_3', number: '371449635398431' })
    const { data: session } = await begin(account, 'instant')
    const old = await put(account, session, { instant: { exp_month: '09', exp_year: '2020' } })
    expect(old.data).toMatchObject({ status: 'pending', instant: { exp_check: 'fail' } })
    expect((await put(account, session, { instant: {} })).error.message).toBe('instant.exp_month must be given.')
    expect((await put(account, session, { instant: { exp_year: '2028' } })).data.status).toBe('verified')
  })

  it('with a CVV wrong five times has failed its session', async () => {
    const account = await chaseOf()
    const { data: session } = await begin(account, 'pre_auth')
    const attempts: string[] = []
    for (const cvv of ['111', '112', '113', '114', '115']) {
      const { status, data } = await put(account, session, { pre_auth: { ...RIGHT, cvv } })
      expect(status).toBe(200)
      attempts.push(data.status)
    }
    expect(attempts).toEqual(['pending', 'pending', 'pending', 'pending', 'failed'])
    const { data } = await app.call('GET', `${path(account)}/${session.id}`, { key })
    expect(data.error).toMatchObject({ code: 16004 })
  })

  it('takes back what it showed masked', async () => {
    const account = await chaseOf()
    const { data: session } = await begin(account, 'pre_auth')
    const masked = {
      number: 'xxxxxxxxxxxxxxxx',
      exp_month: 'xx',
      exp_year: 'xxxx',
      billing_zip_code: 'xxxxx',
      cvv: '878',
    }
    expect((await put(account, session, { pre_auth: masked })).data.status).toBe('verified')
  })

  it('whose number is refused has failed its session', async () => {
    const account = await chaseOf()
    const { data: session } = await begin(account, 'pre_auth')
    const { data } = await put(account, session, { pre_auth: { ...RIGHT, number: '4111111111111111' } })
    expect(data).toMatchObject({ status: 'failed', error: { code: 16002, sub_type: 'INVALID_DETAILS' } })
  })

  it.each([
    ['pre_auth', { exp_month: '13' }],
    ['pre_auth', { exp_year: '28' }],
    ['pre_auth', { cvv: '12' }],
    ['pre_auth', { billing_zip_code: '1' }],
    ['pre_auth', { number: '12' }],
  ])('by %s with a malformed member is refused: %j', async (type, member) => {
    const account = await card()
    const { data: session } = await begin(account, type)
    const { status, error } = await put(account, session, { [type]: { ...RIGHT, ...member } })
    expect([status, error.sub_type]).toEqual([400, 'INVALID_REQUEST'])
  })

  it('that a caller described says itself what is missing', async () => {
    const account = await card({ mch_id: 'mch_3', number: '371449635398431' })
    const { data: session } = await begin(account, 'instant')
    expect(session.instant).toEqual({ exp_year: null, exp_month: null, exp_check: null, number: 'xxxxxxxxxxxxxxxx' })
    const { error } = await put(account, session, { instant: { exp_month: '09' } })
    expect(error.message).toBe('instant.exp_year must be given.')
    const old = await put(account, session, { instant: { exp_month: '01', exp_year: '2020' } })
    expect(old.data).toMatchObject({ status: 'pending', instant: { exp_check: 'fail' } })
    const { data } = await put(account, session, { instant: { exp_month: '09', exp_year: '2028' } })
    expect(data).toMatchObject({
      status: 'verified',
      instant: { exp_year: 'xxxx', exp_month: 'xx', exp_check: 'pass', number: 'xxxxxxxxxxxxxxxx' },
    })
  })

  it('by its full number alone is proven by standard', async () => {
    const account = await chaseOf()
    const { data: session } = await begin(account, 'standard')
    expect(session.standard).toEqual({ number: null })
    const { data } = await put(account, session, { standard: { number: '5555555555551580' } })
    expect(data).toMatchObject({ status: 'verified', standard: { number: 'xxxxxxxxxxxxxxxx' } })
  })

  it('by network has a check of that name', async () => {
    const person = await kevin(app).as({ key }).verified().connected().enter()
    const account = person.account('mch_311289')
    const { data: session } = await begin(account, 'network')
    expect(session.network).toHaveProperty('network_check', null)
    const right = { exp_month: '09', exp_year: '2028', billing_zip_code: '78758', cvv: '539' }
    const { data } = await put(account, session, { network: right })
    expect(data).toMatchObject({ status: 'verified', network: { network_check: 'pass', cvv: 'xxx' } })
  })
})

describe('a loan', () => {
  it('is proven by its full number, and by a wrong one not', async () => {
    const loan = { mch_id: 'mch_309067', number: '5142211993' }
    const account = await card(loan)
    const { data: first } = await begin(account, 'standard')
    expect((await put(account, first, { standard: { number: '5142211994' } })).data.error).toMatchObject({
      code: 16002,
    })
    const { data: second } = await begin(account, 'standard')
    expect((await put(account, second, { standard: { number: '5142211993' } })).data.status).toBe('verified')
  })
})

describe('a session', () => {
  it.each([
    ['an unknown type', 'telepathy', 'INVALID_REQUEST'],
    ['a type of the server’s own', 'auto_verify', 'INVALID_REQUEST'],
    ['a type that only later versions name', 'network', 'INVALID_REQUEST'],
    ['issuer', 'issuer', 'VERIFICATION_TYPE_NOT_SUPPORTED'],
    ['three_ds', 'three_ds', 'VERIFICATION_TYPE_NOT_SUPPORTED'],
    ['a card’s type', 'pre_auth', 'VERIFICATION_TYPE_NOT_SUPPORTED'],
    ['a debt’s type', 'standard', 'VERIFICATION_TYPE_NOT_SUPPORTED'],
  ])('of %s is refused for a deposit account', async (_, type, subType) => {
    const { status, error } = await begin(await checking(), type, { version: '2024-04-04' })
    expect([status, error.sub_type]).toEqual([400, subType])
  })

  it('of a deposit account’s type is refused for debts, and of a card’s for loans', async () => {
    const types = ['micro_deposits', 'plaid', 'mx', 'teller']
    for (const type of types) {
      expect((await begin(await card(), type)).error.sub_type).toBe('VERIFICATION_TYPE_NOT_SUPPORTED')
    }
    const loan = await card({ mch_id: 'mch_309067', number: '5142211993' })
    for (const type of ['instant', 'pre_auth', 'network']) {
      expect((await begin(loan, type)).error.sub_type).toBe('VERIFICATION_TYPE_NOT_SUPPORTED')
    }
    const newest = await begin(loan, 'auto_verify', { version: '2025-12-01' })
    expect([newest.status, newest.error.sub_type]).toEqual([422, 'VERIFICATION_TYPE_NOT_SUPPORTED'])
  })

  it('is one at a time, also of many asked for at once', async () => {
    const account = await checking()
    const replies = await Promise.all(Array.from({ length: 8 }, () => begin(account, 'plaid')))
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    const refused = replies.filter(({ status }) => status !== 200).map(({ error }) => error.sub_type)
    expect(new Set(refused)).toEqual(new Set(['EXISTING_VERIFICATION_SESSION']))
  })

  it('is not begun for an account proven from the start', async () => {
    const { id } = await stranger(app).enter()
    const ach = { routing: '021000021', number: '1', type: 'checking' }
    const { data } = await app.call('POST', '/accounts', { body: { holder_id: id, ach } })
    const { error } = await app.call('POST', path(data), { body: { type: 'micro_deposits' } })
    expect(error.sub_type).toBe('EXISTING_VERIFIED_SESSION')
  })

  it('is not begun a sixth time after five have failed', async () => {
    const account = await checking()
    for (let failed = 0; failed < 5; failed++) {
      const { data } = await begin(account, 'mx')
      await put(account, data, { mx: { account: {}, transactions: [] } })
    }
    expect((await begin(account, 'plaid')).error.sub_type).toBe('VERIFICATION_SESSION_ATTEMPT_LIMIT_REACHED')
  })

  it('cannot go on once the account is disabled', async () => {
    const account = await checking()
    const { data } = await begin(account, 'plaid')
    const body = { type: 'withdraw', reason: 'holder_withdrew_consent' }
    await app.call('POST', `/accounts/${account.id}/consent`, { key, body })
    expect((await put(account, data, { plaid: PLAID })).error.sub_type).toBe('INVALID_REQUEST')
    expect((await begin(account, 'plaid')).error.sub_type).toBe('INVALID_REQUEST')
  })

  it('of another account, or of nobody, is not found', async () => {
    const [account, other] = [await checking(), await checking()]
    const { data } = await begin(account, 'plaid')
    for (const wanted of [`${path(other)}/${data.id}`, `${path(account)}/avf_fRkTdETCDWCA8`]) {
      expect((await app.call('GET', wanted, { key })).status).toBe(404)
      expect((await app.call('PUT', wanted, { key, body: { plaid: PLAID } })).status).toBe(404)
    }
    expect((await app.call('GET', `${path(account)}/${data.id}`)).status).toBe(404)
    expect((await app.call('GET', path({ id: 'acc_fRkTdETCDWCA8' }), { key })).status).toBe(404)
  })

  it('is told of in events, and what it proved in one of the account', async () => {
    const own = await app.newTeam()
    const call = { key: own.development }
    const account = await checking(call)
    expect((await topicsOf(app, own)).slice(-2)).toEqual(['account.created', 'account_verification_session.created'])
    const { id } = await kevin(app).as(call).enter()
    const liability = { mch_id: 'mch_3', number: '1' }
    const { data } = await app.call('POST', '/accounts', { ...call, body: { holder_id: id, liability } })
    const begun = await begin(data, 'standard', call)
    await put(data, begun.data, { standard: { number: '1' } }, call)
    expect((await topicsOf(app, own)).slice(-3)).toEqual([
      'account_verification_session.created',
      'account_verification_session.updated',
      'account.updated',
    ])
    expect(account.status).toBe('active')
  })
})
