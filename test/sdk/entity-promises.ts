/** Consumers through an official client: made, found, verified, connected. Contract: method/dev-fixtures §3. */

import { expect, test } from 'vitest'
import { IDENTITY_SESSION, KEVIN, PHONE_SESSION } from '../setup/method-api.js'
import type { Release } from '../setup/sdk.js'
import { emptyEntity, entityProduct, entityProductNames } from './entity-shapes.js'
import { connectedKevin, id, instant, sorted, type Visit, verifiedKevin } from './visit.js'

export function entityPromises(release: Release, visit: () => Visit): void {
  test('an entity without details has exactly the shape its suite compares with, also when retrieved', async () => {
    const { client } = visit()
    const created = await client.entities.create({ type: 'individual', individual: {}, metadata: {} })
    expect(created).toStrictEqual(emptyEntity(release))
    expect(await client.entities.retrieve(created.id)).toStrictEqual(created)
    expect(sorted(created.restricted_products)).toStrictEqual(sorted(entityProductNames(release)))
    expect(sorted(created.restricted_subscriptions)).toStrictEqual(
      release === '1.1.6' ? ['connect', 'credit_score'] : ['attribute', 'connect', 'credit_score'],
    )
  })

  test('a name and a documented phone number match in the answer of the update itself', async () => {
    const { client } = visit()
    const { id: entityId } = await client.entities.create({ type: 'individual', individual: {}, metadata: {} })
    const updated = await client.entities.update(entityId, { individual: KEVIN.individual })
    const empty = emptyEntity(release)
    expect(updated).toStrictEqual({
      ...empty,
      id: entityId,
      individual: { ...empty.individual, ...KEVIN.individual },
      verification: { ...empty.verification, identity: { ...empty.verification.identity, matched: true } },
      products: ['identity'],
    })
    expect(updated.restricted_products).not.toContain('identity')
  })

  test('the list of entities begins with the newest', async () => {
    const { client } = visit()
    const older = await client.entities.create({ type: 'individual', individual: {} })
    const newer = await client.entities.create({ type: 'individual', individual: {} })
    const listed = await client.entities.list()
    expect(listed.slice(0, 2).map((entity) => entity.id)).toStrictEqual([newer.id, older.id])
    expect(listed[0]).toStrictEqual(newer)
  })

  test('phone and identity verify at once, and the entity is active', async () => {
    const { client } = visit()
    const { id: entityId } = await client.entities.create(KEVIN)
    const sessions = client.entities(entityId).verificationSessions
    const ends = { status: 'verified', error: null, created_at: instant, updated_at: instant }
    const phone = await sessions.create(PHONE_SESSION)
    expect(phone).toStrictEqual({ id: id('evf'), entity_id: entityId, ...PHONE_SESSION, ...ends })
    const identity = await sessions.create(IDENTITY_SESSION)
    expect(identity).toStrictEqual({
      id: id('evf'),
      entity_id: entityId,
      type: 'identity',
      method: 'kba',
      kba: { authenticated: true, questions: [] },
      ...ends,
    })
    expect(await sessions.list()).toStrictEqual([identity, phone])
    expect(await sessions.retrieve(phone.id)).toStrictEqual(phone)
    expect(await client.entities.retrieve(entityId)).toMatchObject({
      status: 'active',
      verification: {
        identity: { verified: true, matched: true, latest_verification_session: identity.id, methods: [] },
        phone: { verified: true, latest_verification_session: phone.id, methods: [] },
      },
    })
  })

  test('connect finds exactly the liabilities that the list of accounts shows', async () => {
    const { client } = visit()
    const { id: entityId } = await verifiedKevin(visit())
    const connects = client.entities(entityId).connect
    const made = await connects.create()
    expect(made).toStrictEqual({
      id: id('cxn'),
      entity_id: entityId,
      status: 'completed',
      accounts: expect.any(Array),
      ...(release === '1.1.6' ? {} : { requested_products: [], requested_subscriptions: [] }),
      error: null,
      created_at: instant,
      updated_at: instant,
    })
    const listed = await client.accounts.list({ holder_id: entityId, type: 'liability' })
    expect(made.accounts.length).toBeGreaterThan(0)
    expect(sorted(made.accounts)).toStrictEqual(sorted(listed.map((account) => account.id)))
    expect(await connects.retrieve(made.id)).toStrictEqual(made)
    expect(await connects.list()).toStrictEqual([made])
  })

  test('a second connect finds nothing new and makes no account', async () => {
    const { client } = visit()
    const { entityId, connect } = await connectedKevin(visit())
    const again = await client.entities(entityId).connect.create()
    expect(again).toMatchObject({ status: 'completed', accounts: [] })
    expect(await client.accounts.list({ holder_id: entityId })).toHaveLength(connect.accounts.length)
  })

  test('an entity is retrieved with its sessions and its connect in full', async () => {
    const { client } = visit()
    const { entityId, connect } = await connectedKevin(visit())
    const [identity, phone] = await client.entities(entityId).verificationSessions.list()
    const expand = ['connect', 'identity_latest_verification_session', 'phone_latest_verification_session']
    const entity = await client.entities.retrieve(entityId, { expand })
    expect(entity.connect).toStrictEqual(connect)
    expect(entity.verification.identity.latest_verification_session).toStrictEqual(identity)
    expect(entity.verification.phone.latest_verification_session).toStrictEqual(phone)
  })

  test('the products of a connected entity are the documented ones', async () => {
    const { client } = visit()
    const { entityId, connect } = await connectedKevin(visit())
    const latest = (name: string) => (name === 'connect' ? connect.id : null)
    expect(await client.entities(entityId).products.list()).toStrictEqual(
      Object.fromEntries(entityProductNames(release).map((name) => [name, entityProduct(release, name, latest(name))])),
    )
  })
}
