/** What releases from 1.2 on can ask. Contract: method/dev-fixtures §3.2, §6 [N126, N211]. */
import { expect, test } from 'vitest'
import type { Wire } from '../../src/faces/method/versions/versions.js'
import { openSubscriber, type Subscriber } from '../setup/subscriber.js'
import { entityAttributes, entityProduct, entityProductNames, entitySubscription } from './entity-shapes.js'
import { connectedKevin, expectRefusal, sorted, type Visit, verifiedKevin } from './visit.js'

type LateRelease = '1.2.5' | '2.1.1'
const USAGE = 'credit_health_credit_card_usage'

export function latePromises(release: LateRelease, visit: () => Visit<LateRelease>): void {
  test('exactly the attributes that were asked for are told', async () => {
    const { client, typed } = visit()
    const { entityId } = await connectedKevin(visit())
    const { attributes } = typed.entities(entityId)
    const made = await attributes.create({ attributes: [USAGE] })
    expect(made).toStrictEqual(entityAttributes(entityId, { [USAGE]: expect.anything() }))
    expect(await attributes.retrieve(made.id)).toStrictEqual(made)
    expect(await attributes.list()).toStrictEqual([made])
    const entity = await client.entities.retrieve(entityId, { expand: ['attribute'] })
    expect(entity.attribute).toStrictEqual(made)
  })

  test('attributes need a connect first', async () => {
    const { id } = await verifiedKevin(visit())
    const { attributes } = visit().typed.entities(id)
    await expectRefusal(release, 'PRODUCT_RESTRICTED_CONNECT_REQUIRED', attributes.create({ attributes: [USAGE] }))
  })

  test('a subscription to attributes keeps what it was told to ask for', async () => {
    const { entityId } = await connectedKevin(visit())
    const { subscriptions } = visit().typed.entities(entityId)
    const payload = { attributes: { requested_attributes: [USAGE] } } as const
    const attribute = await subscriptions.create({
      enroll: 'attribute',
      payload: { attributes: { requested_attributes: [USAGE] } },
    })
    expect(attribute).toStrictEqual({ ...entitySubscription(release, 'attribute'), payload })
    const connect = await subscriptions.create({ enroll: 'connect' })
    expect(connect).toStrictEqual(entitySubscription(release, 'connect'))
    const credit_score = await subscriptions.create('credit_score')
    expect(await subscriptions.retrieve(attribute.id)).toStrictEqual(attribute)
    expect(await subscriptions.list()).toStrictEqual({ attribute, connect, credit_score })
    const ended = await subscriptions.delete(attribute.id)
    expect(ended).toStrictEqual({ ...attribute, status: 'inactive', updated_at: expect.any(String) })
  })

  test('a simulated credit score is the one that is read and listed', async () => {
    const { typed } = visit()
    const { id: entityId } = await verifiedKevin(visit())
    const { creditScores } = typed.entities(entityId)
    const made = await creditScores.create()
    const score = {
      score: 800,
      source: 'equifax',
      model: 'vantage_4',
      factors: [{ code: '00034', description: 'Total of all balances on bankcard or revolving accounts is too high' }],
      created_at: '2025-08-19T16:00:00.000Z',
    } satisfies Parameters<
      ReturnType<ReturnType<typeof typed.simulate.entities>['creditScores']>['create']
    >[0]['scores'][number]
    const simulated: Wire = await typed.simulate
      .entities(entityId)
      .creditScores(made.id)
      .create({ scores: [score] })
    expect(simulated).toStrictEqual({
      ...made,
      status: 'completed',
      scores: [score],
      updated_at: expect.any(String),
    })
    expect(await creditScores.retrieve(made.id)).toStrictEqual(simulated)
    expect(await creditScores.list()).toStrictEqual([simulated])
  })

  test('a connect is retrieved with its accounts in full', async () => {
    const { client, typed } = visit()
    const { entityId, connect } = await connectedKevin(visit())
    const whole: Wire = await typed.entities(entityId).connect.retrieve(connect.id, { expand: ['accounts'] })
    const accounts = await client.accounts.list({ holder_id: entityId })
    const byId = (some: readonly Wire[]) => [...some].sort((a, b) => a.id.localeCompare(b.id))
    expect(byId(whole.accounts)).toStrictEqual(byId(accounts))
  })

  test('the second card is proven through its network, as the suites do', async () => {
    const { client, typed } = visit()
    const { entityId } = await connectedKevin(visit())
    const [card] = await client.accounts.list({ holder_id: entityId, 'liability.mch_id': 'mch_311289' })
    const sessions = typed.accounts(card?.id).verificationSessions
    const begun = await sessions.create({ type: 'network' })
    const network = { exp_month: '09', exp_year: '2028', billing_zip_code: '78758', cvv: '539' }
    const ended: Wire = await client.accounts(card?.id).verificationSessions.update(begun.id, { network })
    expect(ended).toMatchObject({ status: 'verified', type: 'network', network: { network_check: 'pass' } })
    expect(await sessions.list()).toStrictEqual([ended])
    expect((await client.accounts.retrieve(card?.id)).available_subscriptions).toContain('transaction')
  })

  test('the products of the card are the documented ones', async () => {
    const { card } = await connectedKevin(visit())
    const products: Wire = await visit().typed.accounts(card.id).products.list()
    const names = (status: string) => sorted(Object.keys(products).filter((name) => products[name].status === status))
    expect(names('available')).toStrictEqual(['attribute', 'balance', 'card_brand', 'payment', 'update'])
    expect(names('unavailable')).toStrictEqual(['payoff'])
    expect(names('restricted')).toStrictEqual(['payment_instrument', 'sensitive', 'transaction'])
    const subscribable = Object.values(products).filter((product) => product.is_subscribable)
    expect(sorted(subscribable.map((product) => product.name))).toStrictEqual([
      'card_brand',
      'payment_instrument',
      'transaction',
      'update',
    ])
  })
}

/** Release 1.2.5 has the call, but only webhooks say the ids. Contract: method/entities §8. */
export function retrievableProductPromises(visit: () => Visit<'1.2.5'>): void {
  test('each product is retrieved by the id that a webhook told', async () => {
    const subscriber = await openSubscriber()
    try {
      await expectToldProducts(subscriber)
    } finally {
      await subscriber.close()
    }
  })

  async function expectToldProducts(subscriber: Subscriber): Promise<void> {
    const { typed } = visit()
    const webhook = await typed.webhooks.create({ type: 'product.create', url: subscriber.url })
    const { entityId, connect } = await connectedKevin(visit())
    const told = () =>
      subscriber.received.map(({ body }) => body).filter(({ path }) => path.startsWith(`/entities/${entityId}/`))
    const names = entityProductNames('1.2.5')
    await expect.poll(() => told().length, { timeout: 10_000, interval: 30 }).toBe(names.length)
    await typed.webhooks.delete(webhook.id)
    const { products } = typed.entities(entityId)
    const retrieved: readonly Wire[] = await Promise.all(told().map(({ id }) => products.retrieve(id)))
    expect(sorted(retrieved.map(({ name }) => name))).toStrictEqual(sorted(names))
    for (const product of retrieved) {
      const latest = product.name === 'connect' ? connect.id : null
      expect(product).toStrictEqual(entityProduct('1.2.5', product.name, latest))
    }
  }
}
