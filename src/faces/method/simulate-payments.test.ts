/** Contract: method/simulate §1; payments §1.6, §1.12, §2. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, openApp, type Wire } from '../../../test/setup/app.js'
import { proveCard, register } from '../../../test/setup/cast.js'
import { accountNumber, addChecking, addLinked, type Payer, passTo, pay, payer } from '../../../test/setup/money.js'
import { checkLedger } from '../../core/payments/payments.js'
import { changeSettings } from '../../core/teams/teams.js'

let app: App
let kevin: Payer
beforeAll(async () => {
  app = await openApp()
  kevin = await payer(app)
})
afterAll(() => app.close())

type Call = Parameters<App['call']>[2]
const move = (id: string, body: object, call: Call = {}) =>
  app.call('POST', `/simulate/payments/${id}`, { ...call, body })
const steps = (...statuses: readonly string[]) =>
  statuses.map((status) => {
    const [to = '', error_code] = status.split(' ')
    return error_code ? { status: to, error_code } : { status: to }
  })

/** A payment to the card, or to another checking account, moved step by step; returns it after the last one. */
async function moved(destination: 'card' | 'checking', ...statuses: readonly string[]): Promise<Wire> {
  const target = destination === 'card' ? kevin.card : (await addChecking(app, kevin.person.id)).id
  const { id: source } = await addChecking(app, kevin.person.id)
  let payment = await pay(app, { source, destination: target })
  for (const step of steps(...statuses)) {
    const reply = await move(payment.id, step, { version: '2024-04-04-late' })
    if (reply.status !== 200) throw new Error(`${JSON.stringify(step)}: ${reply.text}`)
    payment = reply.data
  }
  return payment
}

describe('a simulated payment', () => {
  it.each<['card' | 'checking', readonly string[], object]>([
    ['card', ['processing'], { status: 'processing', source_status: 'processing', destination_trace_id: null }],
    [
      'card',
      ['processing', 'sent'],
      { status: 'sent', destination_payment_method: 'electronic', source_status: 'settled' },
    ],
    ['card', ['processing', 'sent', 'posted', 'settled'], { status: 'settled', reversal_id: null }],
    ['card', ['processing', 'sent', 'cashed'], { status: 'cashed', destination_payment_method: 'paper' }],
    ['card', ['canceled'], { status: 'canceled', error: null }],
    ['card', ['failed 10003'], { status: 'failed', source_trace_id: null, error: { code: 10003 } }],
    [
      'card',
      ['processing', 'failed 10001'],
      { status: 'failed', destination_status: 'canceled', error: { code: 10001 } },
    ],
    [
      'card',
      ['processing', 'sent', 'failed 10009'],
      { status: 'failed', source_status: 'settled', error: { code: 10009 } },
    ],
    [
      'card',
      ['processing', 'sent', 'failed 10010'],
      { status: 'failed', destination_status: 'failed', error: { code: 10010 } },
    ],
    [
      'card',
      ['processing', 'sent', 'reversal_required 10001'],
      { status: 'reversal_required', source_status: 'failed' },
    ],
    ['card', ['processing', 'sent', 'posted', 'reversal_processing 10001'], { status: 'reversal_processing' }],
    [
      'card',
      ['processing', 'sent', 'reversal_required 10001', 'reversal_processing'],
      { status: 'reversal_processing' },
    ],
    [
      'card',
      ['processing', 'sent', 'reversal_processing 10001', 'settled'],
      { status: 'settled', error: { code: 10001 } },
    ],
    ['checking', ['processing', 'sent', 'reversal_processing 10001', 'reversed'], { status: 'reversed' }],
    [
      'checking',
      ['processing', 'sent', 'posted', 'settled', 'reversal_required 10001'],
      { status: 'reversal_required' },
    ],
  ])('to a %s goes by %j', async (destination, statuses, expected) => {
    expect(await moved(destination, ...statuses)).toMatchObject(expected)
  })

  it('shows no more than the early shape knows', async () => {
    const { id } = await moved('card', 'processing', 'sent', 'posted', 'settled')
    const { data } = await app.call('GET', `/payments/${id}`)
    expect(data).toMatchObject({ status: 'sent', destination_status: 'sent', fund_status: 'sent' })
    expect(data).not.toHaveProperty('destination_payment_method')
    const { data: newest } = await app.call('GET', `/payments/${id}?expand[]=source`, { version: '2025-12-01' })
    expect(newest).toMatchObject({
      status: 'settled',
      fund_status: 'posted',
      reversal_account: null,
      payment_instrument: null,
    })
    expect(newest.source.holder_id).toBe(kevin.person.id)
  })

  it('takes a code as a number too, and without the code that a failure needs is refused', async () => {
    const { id } = await moved('card', 'processing')
    const codes = [{}, { error_code: null }, { error_code: 10004 }, { error_code: 1 }, { error_code: 'many' }]
    for (const code of codes)
      expect((await move(id, { status: 'failed', ...code })).error.sub_type).toBe('INVALID_REQUEST')
    expect((await move(id, { status: 'failed', error_code: 10001 })).data.status).toBe('failed')
    const sent = await moved('card', 'processing', 'sent')
    // Only the destination can refuse what was sent to it.
    expect((await move(sent.id, { status: 'failed', error_code: 10001 })).status).toBe(400)
  })

  it.each([
    ['card', [], ['pending', 'sent', 'posted', 'settled', 'cashed', 'reversed', 'reversal_required 10001']],
    ['card', ['processing'], ['processing', 'pending', 'canceled', 'posted', 'settled', 'reversal_required 10001']],
    ['card', ['processing', 'sent'], ['sent', 'settled', 'canceled', 'reversed']],
    ['card', ['processing', 'sent', 'reversal_processing 10001'], ['reversed', 'failed 10001', 'sent']],
    ['checking', ['processing', 'sent', 'reversal_processing 10001'], ['settled']],
    ['card', ['processing', 'sent', 'reversal_processing 10001', 'settled'], ['reversal_required 10001']],
    ['card', ['canceled'], ['processing', 'canceled']],
  ] as const)('to a %s that went by %j goes nowhere else', async (destination, statuses, others) => {
    const { id } = await moved(destination, ...statuses)
    for (const body of steps(...others)) expect((await move(id, body)).error.sub_type).toBe('INVALID_REQUEST')
  })

  it('exists only in development', async () => {
    const call = { key: app.keys.sandbox, body: {} }
    expect((await app.call('POST', '/simulate/payments/pmt_fRkTdETCDWCA8', call)).error).toMatchObject({
      code: 403,
      sub_type: 'FORBIDDEN',
    })
    expect((await move('pmt_fRkTdETCDWCA8', { status: 'sent' })).status).toBe(404)
  })

  it.each([
    ['10002', 'source', 11003, 12001],
    ['10003', 'source', 11001, null],
    ['10005', 'source', 11003, 12001],
    ['10007', 'source', 11001, null],
  ])('that fails with %s disables its %s', async (code, side, accountCode, entityCode) => {
    const own = await payer(app)
    const made = await pay(app, { source: own.checking, destination: own.card })
    await move(made.id, { status: 'processing' })
    await move(made.id, { status: 'failed', error_code: code })
    const { data: account } = await app.call('GET', `/accounts/${made[side]}`)
    expect([account.status, account.error?.code]).toEqual(['disabled', accountCode])
    const { data: entity } = await app.call('GET', `/entities/${own.person.id}`)
    expect(entity.error?.code ?? null).toBe(entityCode)
  })

  it.each([
    ['10006', 'PAYMENT_UNAUTHORIZED_DESTINATION', 11003, 12001],
    ['10008', 'PAYMENT_INVALID_DESTINATION_ACCOUNT', 11001, null],
    ['10009', 'PAYMENT_REJECTED_BY_DESTINATION_INSTITUTION', null, null],
    ['10010', 'PAYMENT_REJECTED_INVALID_AMOUNT', null, null],
  ])('whose push fails with %s, %s, bears on its destination and no other', async (code, sub_type, account, entity) => {
    const [payee, source] = [await payer(app), (await addChecking(app, kevin.person.id)).id]
    const made = await pay(app, { source, destination: payee.checking })
    await move(made.id, { status: 'processing' })
    await move(made.id, { status: 'sent' })
    const { data } = await move(made.id, { status: 'failed', error_code: code })
    expect(data.error).toMatchObject({ type: 'PAYMENT_FAILED', code: Number(code), sub_type })
    const codeAt = async (path: string) => (await app.call('GET', path)).data.error?.code ?? null
    const touched = [`/accounts/${payee.checking}`, `/entities/${payee.person.id}`, `/accounts/${source}`]
    expect(await Promise.all(touched.map(codeAt))).toEqual([account, entity, null])
  })

  it('that finds too little money three times in sixty days disables its source', async () => {
    const { id: source } = await addChecking(app, kevin.person.id)
    const status = async () => (await app.call('GET', `/accounts/${source}`)).data.status
    for (const before of ['active', 'active', 'active']) {
      expect(await status()).toBe(before)
      const { id } = await pay(app, { source, destination: kevin.card })
      await move(id, { status: 'processing' })
      await move(id, { status: 'failed', error_code: 10001 })
    }
    expect(await status()).toBe('disabled')
  })

  it('is told with its reversal and whom it disables', async () => {
    await moved('card', 'processing', 'sent', 'reversal_processing 10001')
    await app.drain()
    const { team } = await app.ctx()
    const { rows } = await app.fresh.database.pool.query(
      `select topic from events where team_id = $1 and topic like 'payment%' order by created_at desc limit 5`,
      [team.id],
    )
    expect(rows.map(({ topic }) => topic)).toEqual([
      'payment.updated',
      'payment_reversal.created',
      'payment.updated',
      'payment.updated',
      'payment.created',
    ])
  })

  it('leaves a ledger that is whole', async () => {
    await app.drain()
    const { findings, payments, entries } = await checkLedger(await app.ctx())
    expect(findings).toEqual([])
    expect([payments, entries].every((count) => count > 20)).toBe(true)
  })
})

describe('money sent to a payment instrument', () => {
  const version = '2025-12-01'
  let call: { readonly key: string; readonly version: typeof version }
  let keys: Awaited<ReturnType<App['newTeam']>>
  beforeAll(async () => {
    keys = await app.newTeam()
    const granted = { products: { granted: ['payment_instrument'] } }
    await changeSettings(app.base, { name: keys.team, environment: 'development' }, () => granted)
    call = { key: keys.development, version }
  })

  const send = (id: string, body: object, by: Call = call) =>
    app.call('POST', `/simulate/payments/payment_instruments/${id}`, { ...by, body })
  const retrieve = async (id: string) => (await app.call('GET', `/payments/${id}`, call)).data
  const owed = async (card: string) => {
    const { data } = await app.call('POST', `/accounts/${card}/balances`, call)
    await app.drain()
    return (await app.call('GET', `/accounts/${card}/balances/${data.id}`, call)).data.amount
  }

  async function instrument(type = 'inbound_achwire_payment'): Promise<Wire> {
    const person = await register(app, { phone: '+15125550171', liabilities: [OWED_CARD] }, call)
    const [card] = (await person.verified().connected().enter()).accounts
    await proveCard(app, card?.id, call)
    return (await app.call('POST', `/accounts/${card?.id}/payment_instruments`, { ...call, body: { type } })).data
  }
  const OWED_CARD = { mch_id: 'mch_302086', account_number: '5555444433332222', balance: 400_00, credit_limit: 900_00 }

  it('is a payment without a source that goes the way of others, and is owed no more', async () => {
    const { id, account_id } = await instrument()
    expect(await owed(account_id)).toBe(400_00)
    const { data } = await send(id, { amount: 150_00 })
    expect(data).toMatchObject({
      source: null,
      destination: account_id,
      payment_instrument: id,
      amount: 150_00,
      status: 'sent',
      fund_status: 'sent',
      source_status: 'settled',
      source_trace_id: null,
      destination_status: 'sent',
      reversal_account: null,
    })
    await app.drain()
    expect(await owed(account_id)).toBe(250_00)
    const from = Date.parse(app.clock.now())
    for (let day = 1; day <= 5; day++) await passTo(app, new Date(from + day * 86_400_000).toISOString())
    expect(await retrieve(data.id)).toMatchObject({ status: 'settled', payment_instrument: id, source: null })
    const { data: older } = await app.call('GET', `/payments/${data.id}`, { ...call, version: '2025-07-04' })
    expect(older).not.toHaveProperty('payment_instrument')
    const { data: event } = await app.call('GET', `/events?resource_id=${data.id}`, call)
    const types = (event as unknown as readonly Wire[]).map(({ type }) => type)
    expect(types).toEqual(['payment.update', 'payment.update', 'payment.update', 'payment.create'])
    expect(await proof()).toEqual([])
  })

  it('goes back where it came from when it is refused, and can be had back by nobody', async () => {
    const { id } = await instrument()
    const { data } = await send(id, { amount: 10_00 })
    for (const status of ['reversal_required', 'reversal_processing']) {
      expect((await move(data.id, { status, error_code: 10001 }, call)).error.sub_type).toBe('INVALID_REQUEST')
    }
    const { data: failed } = await move(data.id, { status: 'failed', error_code: 10009 }, call)
    expect(failed).toMatchObject({ status: 'failed', destination_status: 'failed', reversal_id: null })
    expect((await app.call('GET', `/payments/${data.id}/reversals`, call)).data).toEqual([])
    expect(await proof()).toEqual([])
  })

  it('needs an open instrument of that type, an amount, and a development key', async () => {
    const { id, account_id } = await instrument()
    for (const amount of [0, -1, 1.5, '100', undefined, 100_000_001]) {
      expect((await send(id, { amount })).error.sub_type).toBe('INVALID_REQUEST')
    }
    const card = await instrument('card')
    expect((await send(card.id, { amount: 100 })).error.sub_type).toBe('INVALID_REQUEST')
    for (const unknown of ['pmt_inst_fRkTdETCDWCA8', account_id, 'nothing']) {
      expect((await send(unknown, { amount: 100 })).status).toBe(404)
    }
    expect((await send(id, {}, { key: keys.sandbox, version })).error).toMatchObject({
      code: 403,
      sub_type: 'FORBIDDEN',
    })
    expect((await send(id, { amount: 100 }, { version })).status).toBe(404)
    await app.call('DELETE', `/accounts/${account_id}/payment_instruments/${id}`, call)
    expect((await send(id, { amount: 100 })).error.sub_type).toBe('INVALID_REQUEST')
  })

  async function proof() {
    await app.drain()
    return (await checkLedger(await app.ctx(keys))).findings
  }
})

describe('a team', () => {
  it('that approves by itself has its reversals begin at once', async () => {
    const keys = await app.newTeam()
    const name = { name: keys.team, environment: 'development' } as const
    await changeSettings(app.base, name, () => ({ method: { payments: { automaticReversals: true } } }))
    const call = { key: keys.development }
    const own = await payer(app, '9001', call)
    const { id } = await pay(app, { source: own.checking, destination: own.card }, call)
    const at = Date.parse(app.clock.now())
    for (let day = 1; day <= 8; day++) await passTo(app, new Date(at + day * 86_400_000).toISOString())
    const [reversal] = (await app.call('GET', `/payments/${id}/reversals`, call)).data as unknown as Wire[]
    expect(reversal?.status).not.toBe('pending_approval')
  })

  it('whose windows are suspended sees nothing move by itself, until they open again', async () => {
    const keys = await app.newTeam()
    const name = { name: keys.team, environment: 'development' } as const
    const suspend = (suspendsWindows: boolean) =>
      changeSettings(app.base, name, () => ({ method: { payments: { suspendsWindows } } }))
    await suspend(true)
    const call = { key: keys.development }
    const own = await payer(app, undefined, call)
    const { id } = await pay(app, { source: own.checking, destination: own.card }, call)
    const status = async () => (await app.call('GET', `/payments/${id}`, call)).data.status
    const later = (days: number) => new Date(Date.parse(app.clock.now()) + days * 86_400_000).toISOString()
    await passTo(app, later(7))
    expect(await status()).toBe('pending')
    await suspend(false)
    await passTo(app, later(4))
    expect(await status()).toBe('processing')
  })

  it('cancels what the source has too little for by the time of its window', async () => {
    const keys = await app.newTeam()
    const name = { name: keys.team, environment: 'development' } as const
    await changeSettings(app.base, name, () => ({ method: { accounts: { autoVerify: false } } }))
    const call = { key: keys.development }
    const own = await payer(app, undefined, call)
    const source = await addLinked(app, own.person.id, 80, call)
    const made = [
      await pay(app, { source, destination: own.card }, call),
      await pay(app, { source, destination: own.card }, call),
    ]
    await passTo(app, new Date(Date.parse(app.clock.now()) + 4 * 86_400_000).toISOString())
    const after = await Promise.all(made.map(async ({ id }) => (await app.call('GET', `/payments/${id}`, call)).data))
    expect(after.map(({ status }) => status).sort()).toEqual(['canceled', 'processing'])
    expect(after.find(({ status }) => status === 'canceled')?.error).toMatchObject({
      code: 10004,
      type: 'PAYMENT_CANCELED',
      sub_type: 'PAYMENT_INSUFFICIENT_FUNDS',
    })
  })

  it('may make as many payments in a month as are settled for it, and dry runs use up none', async () => {
    const keys = await app.newTeam()
    const name = { name: keys.team, environment: 'development' } as const
    await changeSettings(app.base, name, () => ({ method: { payments: { monthlyQuota: 1 } } }))
    const call = { key: keys.development }
    const { checking: source, card: destination } = await payer(app, undefined, call)
    const body = { amount: 5000, source, destination, description: 'Quota' }
    const dry = await app.call('POST', '/payments', { ...call, body: { ...body, dry_run: true } })
    expect(dry.data).toMatchObject({ status: 'pending', created_at: app.clock.now() })
    expect((await app.call('GET', `/payments/${dry.data.id}`, call)).status).toBe(404)
    expect((await app.call('POST', '/payments', { ...call, body })).status).toBe(200)
    for (const dry_run of [true, false]) {
      const { error } = await app.call('POST', '/payments', { ...call, body: { ...body, dry_run } })
      expect(error.sub_type).toBe('MAX_REQUEST_LIMIT')
    }
    const list = await app.call('GET', '/payments?status=pending', call)
    expect([list.headers['pagination-total-count'], list.data.length]).toEqual(['1', 1])
  })
})

describe('a list of payments', () => {
  it('is narrowed by each filter', async () => {
    const own = await payer(app)
    const { id: other } = await addChecking(app, own.person.id, accountNumber('5555').slice(-4))
    const toCard = await pay(app, { source: own.checking, destination: own.card })
    const toOther = await pay(app, { source: own.checking, destination: other })
    const fromOther = await pay(app, { source: other, destination: own.card })
    await move(toCard.id, { status: 'processing' })
    await move(toCard.id, { status: 'sent' })
    const { data: reversed } = await move(toCard.id, { status: 'reversal_required', error_code: 10001 })
    const found = async (query: string) =>
      ((await app.call('GET', `/payments?${query}`)).data as unknown as Wire[]).map(({ id }) => id)
    const all = [fromOther.id, toOther.id, toCard.id]
    expect(await found(`source=${own.checking}`)).toEqual([toOther.id, toCard.id])
    expect(await found(`destination=${own.card}&source_holder_id=${own.person.id}`)).toEqual([fromOther.id, toCard.id])
    expect(await found(`acc_id=${other}`)).toEqual([fromOther.id, toOther.id])
    expect(await found(`holder_id=${own.person.id}`)).toEqual(all)
    expect(await found(`destination_holder_id=${own.person.id}&type=standard`)).toEqual(all)
    expect(await found(`holder_id=${own.person.id}&type=clearing`)).toEqual([])
    expect(await found(`reversal_id=${reversed.reversal_id}`)).toEqual([toCard.id])
    expect(await found(`holder_id=${own.person.id}&status=reversal_required`)).toEqual([toCard.id])
    expect(await found('source=acc_nothing')).toEqual([])
    expect((await app.call('GET', '/payments?status=lost')).error.sub_type).toBe('INVALID_REQUEST')
  })
})
