/** Every way to be refused, and how the wire says it. Contract: method/conventions §6, §7, §18. */
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, openApp, type Reply, type Wire } from '../../../test/setup/app.js'
import {
  IDENTITY_SESSION,
  kevin,
  PHONE_SESSION,
  provenCard,
  questionedKevin,
  register,
  stranger,
} from '../../../test/setup/cast.js'
import { addChecking, addLinked, type Payer, pay, payer } from '../../../test/setup/money.js'
import { changeSettings, type TeamSettings } from '../../core/teams/teams.js'
import { inTx } from '../../db/database.js'
import { errorRows, httpErrors } from './errors.js'

let app: App
beforeAll(async () => {
  app = await openApp({}, { movePatienceMs: 200 })
})
afterAll(() => app.close())

type Raise = () => Promise<Reply>

const get = (path: string) => app.call('GET', path)
const post = (path: string, body?: object, headers: Record<string, string> = {}) =>
  app.call('POST', path, { headers, ...(body ? { body } : {}) })
const put = (path: string, body: object) => app.call('PUT', path, { body })

async function individual(members: object = {}): Promise<string> {
  return (await post('/entities', { type: 'individual', individual: members })).data.id
}
async function corporation(): Promise<string> {
  return (await post('/entities', { type: 'corporation', corporation: { name: 'Blue Heron' } })).data.id
}
const person = (members: object): Raise => {
  return () => post('/entities', { type: 'individual', individual: members })
}

/** A session of three questions, and its address. */
async function questions(): Promise<string> {
  const { id } = await questionedKevin(app).phoned().enter()
  const { data } = await post(`/entities/${id}/verification_sessions`, IDENTITY_SESSION)
  return `/entities/${id}/verification_sessions/${data.id}`
}
const answers = (given: readonly object[]) => ({ ...IDENTITY_SESSION, kba: { answers: given } })

/** A session by sms and an answer to it. */
async function bySms(code: string) {
  const id = await individual({ phone: '+15125550123' })
  const sessions = `/entities/${id}/verification_sessions`
  const { data } = await post(sessions, { type: 'phone', method: 'sms', sms: {} })
  return { path: `${sessions}/${data.id}`, answer: { type: 'phone', method: 'sms', sms: { sms_code: code } } }
}

const BANK = { routing: '062103000', number: '123456789', type: 'checking' }
const checking = async (members: object = {}, holder_id?: string) =>
  post('/accounts', { holder_id: holder_id ?? (await individual()), ach: { ...BANK, ...members } })
const debt = async (liability: object = { mch_id: 'mch_3', number: '1' }) =>
  post('/accounts', { holder_id: await individual(), liability })

async function disabled(id: string): Promise<void> {
  await sql`update accounts set status = 'disabled', status_reason = 'invalid_details'
    where id = ${id.slice('acc_'.length)}`.execute(app.fresh.db)
}

/** A session by the full number of a debt. */
async function standard(liability?: object): Promise<string> {
  const path = `/accounts/${(await debt(liability)).data.id}/verification_sessions`
  return `${path}/${(await post(path, { type: 'standard' })).data.id}`
}

/** A session by micro-deposits, in a team whose accounts need one. */
async function deposits() {
  const call = { key: (await teamWith({ method: { accounts: { autoVerify: false } } })).development }
  const { id } = await stranger(app).as(call).enter()
  const { data } = await app.call('POST', '/accounts', { ...call, body: { holder_id: id, ach: BANK } })
  const sessions = `/accounts/${data.id}/verification_sessions`
  const session = await app.call('POST', sessions, { ...call, body: { type: 'micro_deposits' } })
  return { path: `${sessions}/${session.data.id}`, call }
}

async function teamWith(settings: TeamSettings) {
  const keys = await app.newTeam()
  await changeSettings(app.base, { name: keys.team, environment: 'development' }, () => settings)
  return keys
}

/** Kevin, who pays his card from a checking account; in a team of its own where something is settled for it. */
async function refusedPayment(
  members: (payer: Payer, call: { key: string }) => object | Promise<object>,
  settings?: TeamSettings,
  environment: 'development' | 'sandbox' = 'development',
): Promise<Reply> {
  const keys = settings ? await teamWith(settings) : app.keys
  const call = { key: keys[environment] }
  const kevins = await payer(app, undefined, call)
  const { checking: source, card: destination } = kevins
  const body = { amount: 100, source, destination, description: 'Refused', ...(await members(kevins, call)) }
  return app.call('POST', '/payments', { ...call, body })
}
const settledPayments = (payments: object) => ({ method: { payments } }) as TeamSettings

const COMPANY = {
  type: 'corporation',
  corporation: {
    name: 'Blue Heron Roasters, LLC',
    dba: 'Blue Heron',
    ein: '820415567',
    owners: [{ first_name: 'Ada', last_name: 'Own' }],
  },
  address: { line1: '400 Harbor St', city: 'Boise', state: 'ID', zip: '83702' },
}

/** A card on which its institution says that nothing is owed. */
async function paidOffCard(call: { readonly key: string }): Promise<string> {
  const card = { mch_id: 'mch_302086', account_number: '5555444433332222', balance: 0 }
  const own = await register(app, { phone: '+15125550252', liabilities: [card] }, call)
  const [account] = (await own.verified().connected().enter()).accounts
  await app.call('POST', `/accounts/${account?.id}/balances`, call)
  await app.drain()
  return account?.id
}

/** A card that its institution knows nothing of any more. */
async function forgottenCard(): Promise<string> {
  const phone = '+15125550253'
  const own = await register(app, { phone, liabilities: [{ mch_id: 'mch_302086' }] })
  const [account] = (await own.verified().connected().enter()).accounts
  await register(app, { phone, liabilities: [] })
  return account?.id
}

/** A payment that waits for its window. */
async function waitingPayment() {
  const { person, checking: source, card: destination } = await payer(app)
  return { person, source, ...(await pay(app, { source, destination })) } as Wire
}

/** A payment whose reversal waits for approval, by its path. */
async function reversal(): Promise<string> {
  const { id } = await waitingPayment()
  const move = (body: object) => post(`/simulate/payments/${id}`, body)
  await move({ status: 'processing' })
  await move({ status: 'sent' })
  const { data } = await move({ status: 'reversal_required', error_code: 10001 })
  return `/payments/${id}/reversals/${data.reversal_id}`
}

async function withoutKeys(raise: Raise): Promise<Reply> {
  await sql`alter table keyed_requests rename to keyed_requests_away`.execute(app.fresh.db)
  try {
    return await raise()
  } finally {
    await sql`alter table keyed_requests_away rename to keyed_requests`.execute(app.fresh.db)
  }
}

/** A first request holds the key, and ends without an answer while a second one waits. */
async function besideOneThatDies(raise: Raise, key: string): Promise<Reply> {
  const { team } = await app.ctx()
  const until = new Date(Date.parse(app.clock.now()) + 60_000).toISOString()
  await sql`insert into keyed_requests (team_id, face, key, status, lease_until, created_at)
    values (${team.id}, 'method', ${key}, 'running', ${until}, ${until})`.execute(app.fresh.db)
  const second = raise()
  // Real time: the second one has to be waiting, which nothing but time shows.
  await sleep(100)
  await sql`delete from keyed_requests where key = ${key}`.execute(app.fresh.db)
  return second
}

/** While another process has its turn to move the clock, and takes longer than anyone waits. */
async function besideAnotherMove(raise: Raise): Promise<Reply> {
  const { team } = await app.ctx()
  return inTx(app.fresh.db, async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`team_clocks:${team.id}`}, 0))`.execute(tx)
    return raise()
  })
}

async function closedAccount(): Promise<string> {
  const phone = '+15125550190'
  await post('/simulate/personas', {
    personas: [{ phone, kba_recognized: true, liabilities: [{ mch_id: 'mch_302086', closed: true }] }],
  })
  const id = await individual({ first_name: 'Ada', last_name: 'Paid', phone })
  await post(`/entities/${id}/verification_sessions`, PHONE_SESSION)
  await post(`/entities/${id}/verification_sessions`, IDENTITY_SESSION)
  return (await post(`/entities/${id}/connect`)).data.accounts[0]
}

const TRANSACTIONS = { mode: 'transactions', transactions: {} }

/** How each refusal comes about; a sentence for those that no request can bring about, only a product's map can show. */
const ways: Readonly<Record<keyof typeof errorRows, Raise | string>> = {
  'account.not_found': () => get('/accounts/acc_fRkTdETCDWCA8'),
  'card_product.not_found': () => get('/card_products/pdt_999999'),
  'account.debts_not_allowed': async () => {
    const key = app.keys.production
    const { id } = await stranger(app).as({ key }).enter()
    return app.call('POST', '/accounts', { key, body: { holder_id: id, liability: { mch_id: 'mch_3', number: '1' } } })
  },
  'account.disabled': async () => {
    const { data } = await checking()
    await disabled(data.id)
    return put(`/accounts/${data.id}`, {})
  },
  'account.existing_disabled': async () => {
    const { data } = await checking({ number: '4242' })
    await disabled(data.id)
    return checking({ number: '4242' }, data.holder_id)
  },
  'account.holder_disabled': async () => {
    const id = await individual()
    await post(`/entities/${id}/consent`, { type: 'withdraw', reason: 'entity_withdrew_consent' })
    return checking({}, id)
  },
  'account.invalid_bank_account': () => checking({ routing: '123456789' }),
  'account.invalid_details': () =>
    debt({ mch_id: 'mch_309067', number: '1', credit_card: { exp_month: '01', exp_year: '2030' } }),
  'account.invalid_number': () => debt({ mch_id: 'mch_3' }),
  'account.metadata_too_large': async () =>
    post('/accounts', { holder_id: await individual(), ach: BANK, metadata: { a: 'x'.repeat(1024) } }),
  'account.network_unreachable': 'the simulated network is always there; core/accounts has its test',
  'account.unknown_holder': () => checking({}, 'ent_fRkTdETCDWCA8'),
  'account.unknown_merchant': () => debt({ mch_id: 'mch_999999', number: '1' }),
  'account_verification.account_inactive': async () => {
    const { data } = await debt()
    await disabled(data.id)
    return post(`/accounts/${data.id}/verification_sessions`, { type: 'standard' })
  },
  'account_verification.already_verified': async () => {
    const { data } = await checking()
    return post(`/accounts/${data.id}/verification_sessions`, { type: 'plaid' })
  },
  'account_verification.ended': async () => {
    const session = await standard({ mch_id: 'mch_309067', number: '5142211993' })
    await put(session, { standard: { number: '1' } })
    return put(session, { standard: { number: '1' } })
  },
  'account_verification.mismatch': async () => put(await standard(), {}),
  'account_verification.network_unreachable':
    'the simulated network is always there; core/account-verification has its test',
  'account_verification.no_amounts': async () => get(`${await standard()}/amounts`),
  'account_verification.not_found': async () =>
    get(`/accounts/${(await checking()).data.id}/verification_sessions/avf_fRkTdETCDWCA8`),
  'account_verification.not_ready': async () => {
    const { path, call } = await deposits()
    return app.call('PUT', path, { ...call, body: { micro_deposits: { amounts: [20, 21] } } })
  },
  'account_verification.too_many_attempts': async () => {
    const { path, call } = await deposits()
    app.clock.advance(5000)
    await app.drain()
    const wrong = () => app.call('PUT', path, { ...call, body: { micro_deposits: { amounts: [1, 2] } } })
    for (let attempt = 0; attempt < 5; attempt++) await wrong()
    return wrong()
  },
  'account_verification.type_not_supported': async () =>
    post(`/accounts/${(await debt()).data.id}/verification_sessions`, { type: 'plaid' }),
  'account_verification.unfinished_session': async () => {
    const session = await standard()
    return post(session.slice(0, session.lastIndexOf('/')), { type: 'standard' })
  },
  'account_verification.wrong_amounts':
    'the request is answered so after its attempt was counted; account-verification-sessions.test has it',
  'clock.backwards': () => post('/simulate/clock', { set: '2020-01-01T00:00:00Z' }),
  'clock.busy': () => besideAnotherMove(() => post('/simulate/clock', { advance: 1 })),
  'clock.forbidden': 'this face refuses everything below /simulate outside development first; core/clock has its test',
  'clock.invalid_duration': () => post('/simulate/clock', { advance: 'tomorrow' }),
  'clock.too_far': () => post('/simulate/clock', { advance: 'P11Y' }),
  'consent.account_already_granted': async () => grantAccount((await debt()).data.id),
  'consent.account_erased': async () => {
    const { accounts } = await kevin(app).verified().connected().enter()
    const id = accounts[0]?.id ?? ''
    await post(`/accounts/${id}/consent`, { type: 'withdraw', reason: 'holder_withdrew_consent' })
    return grantAccount(id)
  },
  'consent.account_already_withdrawn': async () => {
    const { accounts } = await kevin(app).verified().connected().enter()
    const path = `/accounts/${accounts[0]?.id}/consent`
    await post(path, { type: 'withdraw', reason: 'holder_withdrew_consent' })
    return post(path, { type: 'withdraw', reason: 'holder_withdrew_consent' })
  },
  'consent.already_granted': async () =>
    app.call('POST', `/entities/${await individual()}/consent`, { body: { type: 'grant' }, version: '2025-12-01' }),
  'consent.already_withdrawn': async () => {
    const path = `/entities/${await individual()}/consent`
    await post(path, { type: 'withdraw', reason: 'entity_withdrew_consent' })
    return post(path, { type: 'withdraw', reason: 'entity_withdrew_consent' })
  },
  'consent.account_payment_in_progress': async () => {
    const { source } = await waitingPayment()
    return post(`/accounts/${source}/consent`, { type: 'withdraw', reason: 'holder_withdrew_consent' })
  },
  'consent.payments_in_progress': async () => {
    const { person } = await waitingPayment()
    return post(`/entities/${person.id}/consent`, { type: 'withdraw', reason: 'entity_withdrew_consent' })
  },
  'consumer.already_set': async () => {
    const id = await individual({ first_name: 'Kevin' })
    return put(`/entities/${id}`, { individual: { first_name: 'Calvin' } })
  },
  'consumer.awaits_consent': async () => {
    const asking = { method: { entities: { newAccountsAwaitConsent: true } } }
    const call = { key: (await teamWith(asking)).development }
    const { id } = await kevin(app).as(call).verified().connected().enter()
    await app.call('POST', '/simulate/events', { ...call, body: { type: 'account.opened', entity_id: id } })
    const body = { individual: { email: 'kevin@example.com' } }
    return app.call('PUT', `/entities/${id}`, { ...call, body })
  },
  'consumer.disabled': async () => {
    const id = await individual()
    await sql`update consumers set status = 'disabled', status_reason = 'invalid_details'
      where id = ${id.slice('ent_'.length)}`.execute(app.fresh.db)
    return put(`/entities/${id}`, { individual: { first_name: 'Kevin' } })
  },
  'consumer.duplicate_details': async () => {
    const { development: key } = await teamWith({ method: { entities: { uniquePhones: true } } })
    const body = { type: 'individual', individual: { phone: '+15125550123' } }
    await app.call('POST', '/entities', { key, body })
    return app.call('POST', '/entities', { key, body })
  },
  'consumer.restricted_details': async () => {
    const { development: key } = await teamWith({ method: { entities: { allowedPhones: ['+15121231111'] } } })
    return app.call('POST', '/entities', { key, body: { type: 'individual', individual: { phone: '+15125550123' } } })
  },
  'consumer.invalid_details': person({ dob: '2030-01-01' }),
  'consumer.invalid_email': person({ email: 'nowhere' }),
  'consumer.invalid_phone': person({ phone: '12' }),
  'consumer.invalid_ssn': person({ ssn: '666112222' }),
  'consumer.invalid_ssn4': person({ ssn_4: '0000' }),
  'consumer.metadata_too_large': () => post('/entities', { type: 'individual', metadata: { a: 'x'.repeat(1024) } }),
  'consumer.not_found': () => get('/entities/ent_fRkTdETCDWCA8'),
  'consumer.wrong_kind': async () => put(`/entities/${await individual()}`, { corporation: { name: 'Blue Heron' } }),
  'element_flow.one_account': 'a choice on a page, not a request of this face; elements-page.test has it',
  'element_flow.no_account': 'a choice on a page, not a request of this face; elements-page.test has it',
  'element_flow.loan_too_small': 'a choice on a page, not a request of this face; elements-page.test has it',
  'element_flow.loan_exceeded': 'a choice on a page, not a request of this face; elements-page.test has it',
  'element.account_not_found': async () =>
    post('/elements/token', {
      type: 'connect',
      entity_id: await individual(),
      connect: { accounts: ['acc_fRkTdETCDWCA8'] },
    }),
  'element.expired_token': 'pages open tokens, not requests of this face; core/sessions has its test',
  'element.invalid_consumer': async () =>
    post('/elements/token', { type: 'connect', entity_id: await corporation(), connect: {} }),
  'element.invalid_image': async () =>
    post('/elements/token', { type: 'connect', entity_id: await individual(), team_logo: 'ftp://x', connect: {} }),
  'element.not_found': () => get(`/elements/token/pk_elem_${'a'.repeat(32)}/results`),
  'element.session_inactive': async () => {
    const amounts = [
      'payout_amount_min',
      'minimum_loan_amount',
      'payout_residual_amount_max',
      'loan_details_requested_amount',
    ]
    const terms = [
      'loan_details_requested_rate',
      'loan_details_requested_term',
      'loan_details_requested_monthly_payment',
    ]
    const balance_transfer = Object.fromEntries([...amounts, ...terms].map((name) => [name, 100]))
    const { data } = await post('/elements/token', {
      type: 'balance_transfer',
      entity_id: await individual(),
      balance_transfer,
    })
    const path = `/elements/sessions/${data.element_session_id}`
    await put(path, { balance_transfer: { payout_status: 'released' } })
    return put(path, { balance_transfer: { loan_details_approved_amount: 1 } })
  },
  'element.session_not_found': () => get('/elements/sessions/elem_sess_fRkTdETCDWCA8'),
  'element.unknown_token': 'pages open tokens, not requests of this face; core/sessions has its test',
  'merchant.conflicting_filters': () => get('/merchants?provider_id.plaid=ins_10&provider_id.mx=amex'),
  'merchant.not_found': () => get('/merchants/mch_999999999'),
  'opal.account_not_found': async () =>
    post('/opal/token', {
      mode: 'account_verification',
      entity_id: await individual(),
      account_verification: { account_id: 'acc_fRkTdETCDWCA8' },
    }),
  'opal.expired_token': async () => {
    const { token } = (await post('/opal/token', { ...TRANSACTIONS, entity_id: await individual() })).data
    await app.call('DELETE', '/opal/token', { key: token })
    return app.call('GET', '/opal/token', { key: token })
  },
  'opal.invalid_consumer': async () => post('/opal/token', { ...TRANSACTIONS, entity_id: await corporation() }),
  'opal.session_completed': 'flows complete sessions, not requests of this face; core/opal has its test',
  'opal.session_not_found': () => post('/opal/token', { ...TRANSACTIONS, session_id: 'osess_fRkTdETCDWCA8' }),
  'opal.session_of_another_mode': async () => {
    const { session_id } = (await post('/opal/token', { ...TRANSACTIONS, entity_id: await individual() })).data
    return post('/opal/token', { mode: 'connect', session_id })
  },
  'opal.unknown_token': () => app.call('GET', '/opal/events', { key: 'otkn_nobody' }),
  'payment.amount_not_cents': () => refusedPayment(() => ({ amount: '5000' })),
  'payment.amount_out_of_range': () => refusedPayment(() => ({ amount: 99 })),
  'payment.amount_over_limit': () => refusedPayment(() => ({ amount: 101 }), {}, 'sandbox'),
  'payment.destination_before_live': () => {
    const live = new Date(Date.parse(app.clock.now()) + 60_000).toISOString()
    return refusedPayment(
      async ({ person }, call) => {
        app.clock.advance(60_000)
        return { source: (await addChecking(app, person.id, undefined, call)).id }
      },
      settledPayments({ liveSince: live }),
    )
  },
  'payment.destination_holder_inactive': () => refusedPayment(async () => ({ destination: (await debt()).data.id })),
  'payment.destination_not_payable': () =>
    refusedPayment(
      async ({ person }, call) => {
        const source = await addLinked(app, person.id, 10, call)
        return { source, destination: (await addChecking(app, person.id, undefined, call)).id }
      },
      { method: { accounts: { autoVerify: false } } },
    ),
  'payment.error_code_missing': async () =>
    post(`/simulate/payments/${(await waitingPayment()).id}`, { status: 'failed' }),
  'payment.insufficient_funds': () =>
    refusedPayment(async ({ person }, call) => ({ amount: 1001, source: await addLinked(app, person.id, 10, call) }), {
      method: { accounts: { autoVerify: false } },
    }),
  'payment.invalid_description': () => refusedPayment(() => ({ description: 'eleven long' })),
  'payment.invalid_fee': () => refusedPayment(() => ({ fee: { type: 'total', amount: 100 } })),
  'payment.invalid_move': async () => post(`/simulate/payments/${(await waitingPayment()).id}`, { status: 'sent' }),
  'payment.invalid_reversal_account': async () => {
    const { checking: source, card: destination } = await payer(app)
    const body = { amount: 100, source, destination, description: 'Refused', reversal_account: destination }
    return app.call('POST', '/payments', { body, version: '2025-12-01' })
  },
  'payment.metadata_too_large': () => refusedPayment(() => ({ metadata: { a: 'x'.repeat(1024) } })),
  'payment.not_an_inbound_instrument': async () => {
    const call = { key: (await teamWith({ products: { granted: ['payment_instrument'] } })).development }
    const { id } = await provenCard(app, call)
    const body = { type: 'card' }
    const { data } = await app.call('POST', `/accounts/${id}/payment_instruments`, {
      ...call,
      body,
      version: '2025-07-04',
    })
    return app.call('POST', `/simulate/payments/payment_instruments/${data.id}`, { ...call, body: { amount: 1 } })
  },
  'payment.not_found': () => get('/payments/pmt_fRkTdETCDWCA8'),
  'payment.not_pending': async () => {
    const { id } = await waitingPayment()
    await app.call('DELETE', `/payments/${id}`)
    return app.call('DELETE', `/payments/${id}`)
  },
  'payment.nothing_owed': () => refusedPayment(async (_, call) => ({ destination: await paidOffCard(call) })),
  'payment.quota_used_up': () => refusedPayment(() => ({}), settledPayments({ monthlyQuota: 0 })),
  'payment.reversal_not_awaiting': async () => {
    const path = await reversal()
    await put(path, { status: 'pending' })
    return put(path, { status: 'pending' })
  },
  'payment.reversal_not_found': async () => get(`/payments/${(await waitingPayment()).id}/reversals/rvs_fRkTdETCDWCA8`),
  'payment.same_account': () => refusedPayment(({ checking: destination }) => ({ destination })),
  'payment.source_before_live': () =>
    refusedPayment(() => ({}), settledPayments({ liveSince: '2030-01-01T00:00:00.000Z' })),
  'payment.source_holder_inactive': () => refusedPayment(async () => ({ source: (await checking()).data.id })),
  'payment.source_holder_may_not_send': () =>
    refusedPayment(
      async (_, call) => {
        const { data } = await app.call('POST', '/entities', { ...call, body: COMPANY })
        return { source: (await addChecking(app, data.id, undefined, call)).id }
      },
      settledPayments({ companiesMaySend: false }),
    ),
  'payment.source_is_liability': () => refusedPayment(({ card: source }) => ({ source })),
  'payment.source_not_linked': () => refusedPayment(() => ({}), settledPayments({ linkedSourcesOnly: true })),
  'payment.source_not_verified': () => refusedPayment(() => ({}), { method: { accounts: { autoVerify: false } } }),
  'payment.single_use_source_used': () =>
    refusedPayment(async ({ person, card: destination }, call) => {
      const body = { holder_id: person.id, clearing: { type: 'single_use' } }
      const { data } = await app.call('POST', '/accounts', { ...call, version: '2025-12-01', body })
      await pay(app, { source: data.id, destination }, call)
      return { source: data.id }
    }),
  'payment.unknown_destination': () => refusedPayment(() => ({ destination: 'acc_fRkTdETCDWCA8' })),
  'payment.unknown_source': () => refusedPayment(() => ({ source: 'acc_fRkTdETCDWCA8' })),
  'product.account_unverified': async () => {
    const { account } = await kevin(app).verified().connected().enter()
    return post(`/accounts/${account('mch_302086').id}/sensitive`, { expand: ['credit_card.number'] })
  },
  'product.detail_of_another_type': async () =>
    post(`/accounts/${(await provenCard(app)).id}/sensitive`, { expand: ['mortgage.number'] }),
  'product.no_card_brand': async () => post(`/accounts/${await forgottenCard()}/card_brands`),
  'product.connect_required': async () => {
    const { id } = await kevin(app).verified().enter()
    return post(`/entities/${id}/attributes`)
  },
  'product.consumer_inactive': async () => post(`/entities/${await individual()}/connect`),
  'product.details_missing': async () => post(`/entities/${await individual()}/identities`),
  'product.consent_unavailable': async () => {
    const keys = await teamWith({ products: { noAccountConsent: true } })
    const { id } = await kevin(app).as({ key: keys.development }).verified().enter()
    return app.call('POST', `/entities/${id}/connect`, { key: keys.development })
  },
  'product.individuals_only': async () => post(`/entities/${await corporation()}/connect`),
  'product.not_found': async () => get(`/entities/${await individual()}/products/prd_fRkTdETCDWCA8`),
  'product.no_identities': async () => post(`/entities/${(await stranger(app).enter()).id}/identities`),
  'product.team_restricted': async () => {
    const keys = await teamWith({ products: { restricted: ['credit_score'] } })
    const { id } = await kevin(app).as({ key: keys.development }).verified().enter()
    return app.call('POST', `/entities/${id}/credit_scores`, { key: keys.development })
  },
  'product.unavailable': async () => post(`/accounts/${await closedAccount()}/balances`),
  'request.invalid': () => get('/entities?expand=everything'),
  'request.keys_unavailable': () =>
    withoutKeys(() => post('/entities', { type: 'individual' }, { 'idempotency-key': 'without keys' })),
  'request.still_running': () =>
    besideOneThatDies(() => post('/entities', { type: 'individual' }, { 'idempotency-key': 'beside' }), 'beside'),
  'request.unknown_cursor': () => get('/entities?page_cursor=ent_fRkTdETCDWCA8'),
  'retrieval.not_found': async () => get(`/entities/${await individual()}/connect/cxn_fRkTdETCDWCA8`),
  'simulation.cannot_happen': async () =>
    post('/simulate/events', { type: 'credit_score.increased', entity_id: await individual() }),
  'simulation.forbidden': () => app.call('GET', '/simulate/personas', { key: app.keys.sandbox }),
  'simulation.invalid_persona': () => post('/simulate/personas', { personas: [{ phone: 'nobody' }] }),
  'simulation.not_subscribed': async () => {
    const { account } = await kevin(app).verified().connected().enter()
    return post(`/simulate/accounts/${account('mch_302086').id}/card_brands`, { brand_id: 'pdt_15_brd_1' })
  },
  'simulation.nothing_requested': async () =>
    post(`/simulate/entities/${await individual()}/connect`, { behaviors: ['new_mortgage_account'] }),
  'simulation.too_many': async () => {
    const { id } = await kevin(app).verified().connected().enter()
    return post(`/simulate/entities/${id}/connect`, { behaviors: Array(6).fill('new_mortgage_account') })
  },
  'simulation.unknown_brand': async () => {
    const { account } = await kevin(app).verified().connected().enter()
    const { id } = account('mch_302086')
    await sql`update accounts set verified_at = now() where id = ${id.slice('acc_'.length)}`.execute(app.fresh.db)
    const late = { 'user-agent': 'Method-Node/v1.2.6' }
    await post(`/accounts/${id}/subscriptions`, { enroll: 'card_brand' }, late)
    return post(`/simulate/accounts/${id}/card_brands`, { brand_id: 'pdt_999_brd_1' })
  },
  'subscription.duplicate': async () => {
    const { id } = await kevin(app).verified().enter()
    await post(`/entities/${id}/subscriptions`, { enroll: 'connect' })
    return post(`/entities/${id}/subscriptions`, { enroll: 'connect' })
  },
  'subscription.not_found': async () => get(`/entities/${await individual()}/subscriptions/sub_fRkTdETCDWCA8`),
  'subscription.restricted': async () => post(`/entities/${await individual()}/subscriptions`, { enroll: 'connect' }),
  'subscription.team_restricted': async () => {
    const keys = await teamWith({ products: { restricted: ['credit_score'] } })
    const { id } = await kevin(app).as({ key: keys.development }).verified().enter()
    return app.call('POST', `/entities/${id}/subscriptions`, {
      key: keys.development,
      body: { enroll: 'credit_score' },
    })
  },
  'subscription.unavailable': async () => {
    const keys = await teamWith({ products: { noAccountConsent: true } })
    const { id } = await kevin(app).as({ key: keys.development }).verified().enter()
    return app.call('POST', `/entities/${id}/subscriptions`, { key: keys.development, body: { enroll: 'connect' } })
  },
  'subscription.unknown': async () => post(`/entities/${await individual()}/subscriptions`, { enroll: 'luck' }),
  'team.key_not_found': 'keys are managed by commands, not by requests',
  'team.not_found': 'teams are managed by commands, not by requests',
  'team.unknown_key': () => app.call('GET', '/ping', { key: null }),
  'transaction.not_found': async () => {
    const { accounts } = await kevin(app).verified().connected().enter()
    return get(`/accounts/${accounts[0]?.id}/transactions/txn_fRkTdETCDWCA8`)
  },
  'verification.already_verified': async () => {
    const { id } = await kevin(app).phoned().enter()
    return post(`/entities/${id}/verification_sessions`, PHONE_SESSION)
  },
  'verification.expired': async () => {
    const session = await questions()
    app.clock.advance(10 * 60_000)
    return put(session, answers([]))
  },
  'verification.failed_code': async () => {
    const { path, answer } = await bySms('000000')
    await put(path, answer)
    return put(path, answer)
  },
  'verification.failed_sna': async () => {
    const id = await individual({ phone: '+15125550123' })
    const path = `/entities/${id}/verification_sessions`
    const { data } = await post(path, { type: 'phone', method: 'sna', sna: {} })
    await get(`${data.sna.urls[0].split('/method')[1]}?result=fail`)
    await put(`${path}/${data.id}`, { type: 'phone', method: 'sna', sna: {} })
    return put(`${path}/${data.id}`, { type: 'phone', method: 'sna', sna: {} })
  },
  'verification.links_used_up': async () => {
    const id = await individual({ phone: '+15125550123' })
    const { data } = await post(`/entities/${id}/verification_sessions`, { type: 'phone', method: 'sna', sna: {} })
    const link = data.sna.urls[0].split('/method')[1]
    for (let opened = 0; opened < 5; opened++) await get(link)
    return get(link)
  },
  'verification.no_code': async () => {
    const { path, answer } = await bySms('123456')
    await put(path, answer)
    return get(`/simulate${path}/code`)
  },
  'verification.text_not_sent': 'the simulated network never fails to send; core/verification has its test',
  'verification.too_many_attempts': async () => {
    const keys = await teamWith({ method: { verification: { phone_sessions_per_day: 1 } } })
    const call = { key: keys.development }
    const { id } = await stranger(app).as(call).enter()
    const body = { type: 'phone', method: 'sms', sms: {} }
    await app.call('POST', `/entities/${id}/verification_sessions`, { ...call, body })
    return app.call('POST', `/entities/${id}/verification_sessions`, { ...call, body })
  },
  'verification.failed_answer': async () => {
    const session = await questions()
    await put(session, answers([]))
    return put(session, answers([]))
  },
  'verification.future_timestamp': async () => {
    const timestamp = '2100-01-01T00:00:00.000Z'
    const id = await individual({ phone: '+15125550123' })
    return post(`/entities/${id}/verification_sessions`, { ...PHONE_SESSION, byo_sms: { timestamp } })
  },
  'verification.individuals_only': async () =>
    post(`/entities/${await corporation()}/verification_sessions`, PHONE_SESSION),
  'verification.method_not_allowed': async () =>
    post(`/entities/${await individual()}/verification_sessions`, { type: 'phone', method: 'element' }),
  'verification.mismatch': async () => put(await questions(), PHONE_SESSION),
  'verification.no_match': async () => {
    const { id } = await stranger(app).phoned().enter()
    return post(`/entities/${id}/verification_sessions`, IDENTITY_SESSION)
  },
  'verification.no_phone': async () => post(`/entities/${await individual()}/verification_sessions`, PHONE_SESSION),
  'verification.not_found': async () => get(`/entities/${await individual()}/verification_sessions/evf_fRkTdETCDWCA8`),
  'verification.phone_first': async () => {
    const { id } = await kevin(app).enter()
    return post(`/entities/${id}/verification_sessions`, IDENTITY_SESSION)
  },
  'event.not_found': () => get('/events/evt_fRkTdETCDWCA8'),
  'webhook.invalid_url': () => post('/webhooks', { type: 'entity.create', url: 'ftp://example.com' }),
  'webhook.metadata_too_large': () =>
    post('/webhooks', { type: 'entity.create', url: 'https://example.com', metadata: { a: 'x'.repeat(1024) } }),
  'report.metadata_too_large': () =>
    post('/reports', { type: 'payments.created.current', metadata: { note: 'x'.repeat(1024) } }),
  'report.processing': async () => {
    const { data } = await app.call('POST', '/reports', {
      version: '2025-07-04',
      headers: { prefer: 'respond-async' },
      body: { type: 'payments.created.current' },
    })
    return get(`/reports/${data.id}/download`)
  },
  'report.not_found': () => get('/reports/rpt_4444444444444'),
  'signing_key.not_found': () => get('/method_jwks/mthd_jwk_4444444444444'),
  'webhook.not_found': () => get('/webhooks/whk_fRkTdETCDWCA8'),
}

const GRANTS = new Set<string>(['consent.already_granted', 'consent.account_already_granted', 'consent.account_erased'])

function grantAccount(id: string) {
  return app.call('POST', `/accounts/${id}/consent`, { body: { type: 'grant' }, version: '2025-12-01' })
}

describe('the refusal', () => {
  const raisable = Object.entries(ways).flatMap(([code, raise]) =>
    typeof raise === 'string' ? [] : [[code as keyof typeof errorRows, raise] as const],
  )

  it.each(raisable)('%s is raised by a request and answered as its row says', async (code, raise) => {
    const { refusal, status, error } = await raise()
    // Consent is granted at 2025-12-01 only, where a broken rule is 422.
    const row = GRANTS.has(code) ? { ...errorRows[code], status: 422 } : errorRows[code]
    expect({ refusal, status, type: error.type, subType: error.sub_type }).toEqual({
      refusal: code,
      status: row.status,
      type: row.type,
      subType: row.subType,
    })
  })

  it('is listed here, whichever it is', () => {
    expect(Object.keys(ways).sort()).toEqual(Object.keys(errorRows).sort())
  })
})

describe('what HTTP itself refuses', () => {
  const raised: Readonly<Record<keyof typeof httpErrors, Raise>> = {
    badRequest: () => post('/entities', {}),
    notFound: () => get('/nowhere'),
    methodNotAllowed: () => app.call('DELETE', '/entities'),
    tooLarge: () => post('/entities', { padding: 'x'.repeat(1_000_001) }),
    unsupportedMediaType: () => app.call('POST', '/entities', { text: 'a', headers: { 'content-type': 'text/plain' } }),
    internal: () => withoutAccounts(() => get('/accounts')),
    unavailable: () => withoutAnswer(() => get('/accounts')),
  }

  it.each(Object.entries(raised))('%s is answered as its row says', async (name, raise) => {
    const { status, error } = await raise()
    const row = httpErrors[name as keyof typeof httpErrors]
    expect({ status, type: error.type, subType: error.sub_type }).toEqual({
      status: row.status,
      type: row.type,
      subType: row.subType,
    })
  })

  it('an unexpected error tells nothing of what is inside', async () => {
    const { text } = await withoutAccounts(() => get('/accounts'))
    expect(text).not.toMatch(/relation|select|accounts|src\//i)
  })
})

describe('a message', () => {
  it('names the member as the wire spells it', async () => {
    const messageOf = async (raise: Raise) => (await raise()).error.message
    expect(await messageOf(person({ first_name: '' }))).toMatch(/^individual\.first_name must /)
    expect(await messageOf(person({ ssn: '111223333', ssn_4: '3333' }))).toMatch(/^individual\.ssn and /)
    expect(await messageOf(() => post('/entities', { type: 'individual', address: { zip: '1' } }))).toMatch(
      /^address\.zip must /,
    )
    const owners = [{}, { address: { state: 'Texas' } }]
    expect(await messageOf(() => post('/entities', { type: 'corporation', corporation: { owners } }))).toMatch(
      /^corporation\.owners\[1\]\.address\.state must /,
    )
    expect(await messageOf(() => post('/entities', { type: 'individual', individual: { dob: 7 } }))).toMatch(
      /^individual\.dob must /,
    )
    expect(await messageOf(() => get('/entities?page=0'))).toMatch(/^page must /)
    const body = { personas: [{ phone: '+15125550191', liabilities: [{ mch_id: 'mch_3', balance: -1 }] }] }
    expect(await messageOf(() => post('/simulate/personas', body))).toContain('personas[0].liabilities[0].balance')
  })

  it('is the literal one where the wire has one', async () => {
    expect((await person({ ssn: '1' })()).error.message).toBe(
      'The provided SSN is invalid. Verify your request and try again.',
    )
    expect((await person({ ssn_4: '1' })()).error.message).toBe(
      'The provided SSN4 is invalid. Verify your request and try again.',
    )
    const forbidden = await app.call('POST', '/simulate/personas', {
      body: { personas: [] },
      key: app.keys.production,
    })
    expect(forbidden.error).toEqual({
      type: 'INVALID_REQUEST',
      code: 403,
      sub_type: 'FORBIDDEN',
      message: "Your authorization token is valid. However, you're unauthorized to access the requested resource.",
    })
  })
})

async function withoutAccounts(raise: Raise): Promise<Reply> {
  await sql`alter table accounts rename to accounts_away`.execute(app.fresh.db)
  try {
    return await raise()
  } finally {
    await sql`alter table accounts_away rename to accounts`.execute(app.fresh.db)
  }
}

/** Cuts the database connection of a request while it waits for its answer. */
async function withoutAnswer(raise: Raise): Promise<Reply> {
  return inTx(app.fresh.db, async (tx) => {
    await sql`lock table accounts in access exclusive mode`.execute(tx)
    const cut = raise()
    for (let isCut = false; !isCut; ) {
      const { rows } = await sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`.execute(tx)
      isCut = rows.length > 0
    }
    return cut
  })
}
