/** Subscriptions of accounts and what is bought with cards, through an official client. Contract: method/dev-fixtures-accounts F.3. */
import { beforeAll, expect, test } from 'vitest'
import type { Wire } from '../../src/faces/method/versions/versions.js'
import type { Release } from '../setup/sdk.js'
import {
  type Connected,
  completed,
  connectedKevin,
  expectRefusal,
  id,
  instant,
  isEarly,
  type Visit,
  verifiedKevin,
} from './visit.js'

const TIMES = { created_at: instant, updated_at: instant }

export function transactionPromises(release: Release, visit: () => Visit): void {
  const shape = (name: string, status = 'active') => ({
    id: id('sub'),
    name,
    status,
    ...(isEarly(release) ? {} : { payload: null }),
    latest_request_id: null,
    ...TIMES,
  })
  // The early shape knew it by its plural.
  const transactions = isEarly(release) ? 'transactions' : 'transaction'
  let kevin: Connected
  beforeAll(async () => {
    kevin = await connectedKevin(visit())
  })

  test('an account is enrolled, shows its enrolments, and leaves one', async () => {
    const { subscriptions } = visit().client.accounts(kevin.card.id)
    expect(await subscriptions.list()).toStrictEqual([])
    const update = await subscriptions.create('update')
    expect(update).toStrictEqual(shape('update'))
    const snapshot = await subscriptions.create('update.snapshot')
    expect(snapshot).toStrictEqual(shape('update.snapshot'))
    expect(await subscriptions.retrieve(update.id)).toStrictEqual(update)
    expect(await subscriptions.list()).toStrictEqual({ update, 'update.snapshot': snapshot })
    const ended = await subscriptions.delete(update.id)
    expect(ended).toStrictEqual({ ...shape('update', 'inactive'), id: update.id, created_at: update.created_at })
    expect(await subscriptions.list()).toStrictEqual({ 'update.snapshot': snapshot })
    await expectRefusal(release, 'SUBSCRIPTION_DUPLICATE', subscriptions.create('update.snapshot'))
    await expectRefusal(release, 'SUBSCRIPTION_NOT_FOUND', subscriptions.create('luck'))
    await expectRefusal(release, 'PRODUCT_CAPABILITY_RESTRICTED', subscriptions.create(transactions))
    await expectRefusal(release, 'NOT_FOUND', subscriptions.retrieve('sub_unknown'), 404)
  })

  test('what is simulated on a proven card is the newest of its transactions', async () => {
    const { client } = visit()
    const card = await provenCard()
    const simulated = client.simulate.accounts(card.id).transactions
    await expectRefusal(release, 'SIMULATION_RESTRICTED_MISSING_SUBSCRIPTION', simulated.create())
    expect(await client.accounts(card.id).transactions.list()).toStrictEqual([])
    expect(await client.accounts(card.id).subscriptions.create(transactions)).toStrictEqual(shape(transactions))
    const bought = await simulated.create()
    const [first] = await client.accounts(card.id).transactions.list()
    expect(bought).toStrictEqual(isEarly(release) ? authorized(card.id) : posted(card.id))
    expect(first).toStrictEqual(isEarly(release) ? { ...bought, status: 'cleared', updated_at: instant } : bought)
    expect(await client.accounts(card.id).transactions.retrieve(bought.id)).toStrictEqual(first)
    const whole = await client.accounts.retrieve(card.id, { expand: [transactions] })
    expect(whole[transactions]).toStrictEqual([first])
  })

  /** The card on which the suite of each release simulates. */
  async function provenCard(): Promise<Wire> {
    const { client } = visit()
    const filter = { holder_id: kevin.entityId, 'liability.mch_id': 'mch_311289' }
    const card = isEarly(release) ? kevin.card : (await client.accounts.list(filter))[0]
    if (!card) throw new Error('Connect found no second card.')
    const { verificationSessions } = client.accounts(card.id)
    const [type, proof] = isEarly(release)
      ? ['pre_auth', { exp_month: '03', exp_year: '2028', billing_zip_code: '78758', cvv: '878' }]
      : ['network', { exp_month: '09', exp_year: '2028', billing_zip_code: '78758', cvv: '539' }]
    const session = await verificationSessions.create({ type })
    expect(await verificationSessions.update(session.id, { [String(type)]: proof })).toMatchObject({
      status: 'verified',
    })
    return card
  }

  // The first release asked for nothing with a connect.
  if (isEarly(release)) return

  test('a connect that asks for a product and a subscription is pending, and brings both', async () => {
    const { client } = visit()
    const { id: entityId } = await verifiedKevin(visit())
    const connects = client.entities(entityId).connect
    const requested = { requested_products: ['card_brand'], requested_subscriptions: ['update'] }
    const pending = await connects.create({ products: ['card_brand'], subscriptions: ['update'] })
    expect(pending).toMatchObject({ status: 'pending', accounts: null, ...requested })
    const done = await completed(() => connects.retrieve(pending.id))
    expect(done).toStrictEqual({ ...pending, status: 'completed', accounts: expect.any(Array), updated_at: instant })
    const filter = { holder_id: entityId, 'liability.mch_id': 'mch_302086' }
    const [card] = await client.accounts.list(filter)
    expect(card).toMatchObject({ card_brand: id('cbrd'), subscriptions: ['update'] })
    const brand = await completed(() => client.accounts(card?.id).cardBrands.retrieve(card?.card_brand))
    expect(brand.brands[0].id).toBe('pdt_15_brd_1')
  })
}

function authorized(accountId: string): Wire {
  return {
    id: id('txn'),
    account_id: accountId,
    merchant: expect.objectContaining({ name: expect.any(String), category_code: expect.stringMatching(/^\d{4}$/) }),
    network: 'visa',
    network_data: null,
    amount: expect.any(Number),
    currency: 'USD',
    billing_amount: expect.any(Number),
    billing_currency: 'USD',
    status: 'auth',
    error: null,
    ...TIMES,
  }
}

function posted(accountId: string): Wire {
  return {
    id: id('txn'),
    account_id: accountId,
    status: 'posted',
    descriptor: expect.any(String),
    merchant: null,
    merchant_category_code: '5182',
    amount: expect.any(Number),
    auth_amount: expect.any(Number),
    currency_code: 'USD',
    transaction_amount: expect.any(Number),
    transaction_auth_amount: expect.any(Number),
    transaction_currency_code: 'USD',
    transacted_at: instant,
    posted_at: instant,
    voided_at: null,
    original_txn_id: null,
    ...TIMES,
  }
}
