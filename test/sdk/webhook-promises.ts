/** Webhooks made through an official client, and what arrives at their address. Contract: method/webhooks-events §1, §2. */

import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { KEVIN } from '../setup/method-api.js'
import type { Release } from '../setup/sdk.js'
import { openSubscriber, type Subscriber } from '../setup/subscriber.js'
import { entityProductNames } from './entity-shapes.js'
import { completed, connectedKevin, id, instant, type Visit } from './visit.js'

const AUTH_TOKEN = 'a tokén of the receiver'
const HMAC_SECRET = 'a secret of the receiver'

export function webhookPromises(release: Release, visit: () => Visit): void {
  let subscriber: Subscriber

  beforeAll(async () => {
    subscriber = await openSubscriber()
  })
  afterAll(() => subscriber.close())

  test('a webhook is made, listed, retrieved and deleted, and never shows its token', async () => {
    const { client } = visit()
    const wanted = { type: 'payment.update', url: 'https://dev.methodfi.com', auth_token: AUTH_TOKEN }
    const made = await client.webhooks.create(wanted)
    expect(made).toStrictEqual({
      id: id('whk'),
      type: 'payment.update',
      url: 'https://dev.methodfi.com',
      metadata: null,
      expand_event: false,
      ...(release === '1.1.6' ? {} : { status: 'active', error: null }),
      created_at: instant,
      updated_at: instant,
    })
    expect(await client.webhooks.retrieve(made.id)).toStrictEqual(made)
    expect(await client.webhooks.list()).toContainEqual(made)
    expect(await client.webhooks.delete(made.id)).toBeNull()
    expect((await client.webhooks.list()).map((webhook) => webhook.id)).not.toContain(made.id)
    await expect(client.webhooks.retrieve(made.id)).rejects.toMatchObject({ sub_type: 'NOT_FOUND' })
  })

  const listen = async (types: readonly string[]) => {
    for (const type of types) {
      await visit().client.webhooks.create({
        type,
        url: subscriber.url,
        auth_token: AUTH_TOKEN,
        hmac_secret: HMAC_SECRET,
      })
    }
  }
  const expectTold = async (told: readonly object[]) => {
    const payloads = () => subscriber.received.map(({ body }) => body)
    await expect.poll(payloads, { timeout: 10_000, interval: 30 }).toEqual(expect.arrayContaining([...told]))
    for (const { headers, text } of subscriber.received) {
      expect(headers['content-type']).toBe('application/json')
      expect(headers.authorization).toBe(Buffer.from(AUTH_TOKEN).toString('base64'))
      const timestamp = headers['method-webhook-timestamp']
      expect(Math.abs(Date.now() / 1000 - Number(timestamp))).toBeLessThan(60)
      const signature = createHmac('sha256', HMAC_SECRET).update(`${timestamp}:${text}`).digest('hex')
      expect(headers['method-webhook-signature']).toBe(signature)
    }
  }
  const event = id('evt')

  test('what happens to an entity and its accounts arrives where it was asked for, with the token', async () => {
    const { client } = visit()
    await listen(['entity.update', 'connect.create', 'account.create', 'balance.update', 'update.update'])
    const { entityId, connect, card } = await connectedKevin(visit())
    const { balances, updates } = client.accounts(card.id)
    const balance = await balances.create()
    const update = await updates.create()
    await completed(() => balances.retrieve(balance.id))
    await completed(() => updates.retrieve(update.id))
    await expectTold([
      { id: entityId, type: 'entity.update', path: `/entities/${entityId}`, event },
      { id: connect.id, type: 'connect.create', path: `/entities/${entityId}/connect/${connect.id}`, event },
      ...connect.accounts.map((account: string) => ({
        id: account,
        type: 'account.create',
        path: `/accounts/${account}`,
        event,
      })),
      { id: balance.id, type: 'balance.update', path: `/accounts/${card.id}/balances/${balance.id}` },
      { id: update.id, type: 'update.update', path: `/accounts/${card.id}/updates/${update.id}` },
    ])
  })

  test('what is learned of an entity arrives too, and that it withdrew its consent', async () => {
    const { typed } = visit()
    const types = ['entity_verification_session.update', 'product.create', 'credit_score.create', 'credit_score.update']
    await listen([...types, 'attribute.create', 'identity.create', 'subscription.create', 'subscription.update'])
    const { id: entityId } = await typed.entities.create({ type: 'individual', individual: KEVIN.individual })
    const of = typed.entities(entityId)
    const session = await of.verificationSessions.create({ type: 'phone', method: 'sms', sms: {} })
    await of.verificationSessions.update(session.id, { type: 'phone', method: 'sms', sms: { sms_code: '884134' } })
    await of.verificationSessions.create({ type: 'identity', method: 'kba', kba: {} })
    const connect = await of.connect.create()
    const score = await of.creditScores.create()
    await completed(() => of.creditScores.retrieve(score.id))
    // The early release takes no argument, and its successors need one.
    const attribute = await of.attributes.create({ attributes: ['credit_health_credit_age'] })
    const identity = await of.identities.create()
    const subscription = await of.subscriptions.create('connect')
    await listen(['account.update'])
    await typed.entities.withdrawConsent(entityId)

    const at = `/entities/${entityId}`
    const told = (type: string, resource: { readonly id: string }, path: string) => ({
      id: resource.id,
      type,
      path: `${at}/${path}/${resource.id}`,
    })
    await expectTold([
      told('entity_verification_session.update', session, 'verification_sessions'),
      { ...told('credit_score.create', score, 'credit_scores'), event },
      { ...told('credit_score.update', score, 'credit_scores'), event },
      { ...told('attribute.create', attribute, 'attributes'), event },
      told('identity.create', identity, 'identities'),
      told('subscription.create', subscription, 'subscriptions'),
      told('subscription.update', subscription, 'subscriptions'),
      ...(connect.accounts ?? []).map((account) => ({
        id: account,
        type: 'account.update',
        path: `/accounts/${account}`,
        event,
      })),
    ])
    const products = () => subscriber.received.filter(({ body }) => body.path.startsWith(`${at}/products/`))
    const count = entityProductNames(release).length
    await expect.poll(() => products().length, { timeout: 10_000, interval: 30 }).toBe(count)
    for (const { body } of products()) {
      const path = `${at}/products/${body.id}`
      expect(body).toStrictEqual({ id: id('prd'), type: 'product.create', path })
    }
  })
}
