/** Subscriptions of an entity through an official client. Contract: method/entities §9, dev-fixtures §3.1. */
import { expect, test } from 'vitest'
import { KEVIN } from '../setup/method-api.js'
import type { Release } from '../setup/sdk.js'
import { entitySubscription } from './entity-shapes.js'
import { connectedKevin, expectRefusal, type Visit } from './visit.js'

export function subscriptionPromises(release: Release, visit: () => Visit): void {
  test('an entity is enrolled, shows its enrolments, and leaves one', async () => {
    const { client, typed } = visit()
    const { entityId } = await connectedKevin(visit())
    const { subscriptions } = typed.entities(entityId)
    expect(await subscriptions.list()).toStrictEqual([])
    const connect = await subscriptions.create('connect')
    const credit_score = await subscriptions.create('credit_score')
    expect(connect).toStrictEqual(entitySubscription(release, 'connect'))
    expect(credit_score).toStrictEqual(entitySubscription(release, 'credit_score'))
    expect(await subscriptions.retrieve(connect.id)).toStrictEqual(connect)
    expect(await subscriptions.list()).toStrictEqual({ connect, credit_score })
    expect(await client.entities.retrieve(entityId)).toMatchObject({
      subscriptions: expect.arrayContaining(['connect', 'credit_score']),
      available_subscriptions: release === '1.1.6' ? [] : ['attribute'],
      restricted_subscriptions: [],
    })
    const ended = await subscriptions.delete(connect.id)
    expect(ended).toStrictEqual({
      ...entitySubscription(release, 'connect'),
      id: connect.id,
      status: 'inactive',
      created_at: connect.created_at,
    })
    expect(await subscriptions.retrieve(connect.id)).toStrictEqual(ended)
    expect(await subscriptions.list()).toStrictEqual({ credit_score })
    const renewed = await subscriptions.create('connect')
    expect(renewed).toStrictEqual(entitySubscription(release, 'connect'))
    expect(renewed.id).not.toBe(connect.id)
  })

  test('nobody is enrolled twice, unverified, or in what does not exist', async () => {
    const { typed } = visit()
    const connected = typed.entities((await connectedKevin(visit())).entityId).subscriptions
    await connected.create('credit_score')
    await expectRefusal(release, 'SUBSCRIPTION_DUPLICATE', connected.create('credit_score'))
    await expectRefusal(release, 'NOT_FOUND', connected.retrieve('sub_unknown'), 404)
    const { id } = await typed.entities.create({ type: 'individual', individual: KEVIN.individual })
    const unverified = typed.entities(id).subscriptions
    await expectRefusal(release, 'PRODUCT_CAPABILITY_RESTRICTED', unverified.create('connect'))
    expect(await unverified.list()).toStrictEqual([])
  })
}
