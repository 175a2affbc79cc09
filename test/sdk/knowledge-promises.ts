/** Credit scores, identities, vehicles and products of an entity. Contract: method/dev-fixtures §3.1, §3.4, §4. */
import { beforeAll, expect, test } from 'vitest'
import { KEVIN } from '../setup/method-api.js'
import type { Release } from '../setup/sdk.js'
import { creditScore, entityProduct, TWO_KEVINS, VEHICLES } from './entity-shapes.js'
import {
  type Connected,
  completed,
  connectedKevin,
  expectRefusal,
  id,
  instant,
  type Visit,
  verifiedKevin,
} from './visit.js'

export function knowledgePromises(release: Release, visit: () => Visit): void {
  let kevin: Connected
  const newEntity = async (individual: object) => {
    const { typed } = visit()
    const { id: entityId } = await typed.entities.create({ type: 'individual', individual })
    return { entityId, of: typed.entities(entityId) }
  }

  beforeAll(async () => {
    kevin = await connectedKevin(visit())
  })

  test('a credit score is pending at first, then one score of Equifax with its factors', async () => {
    const { creditScores } = visit().typed.entities(kevin.entityId)
    const pending = await creditScores.create()
    expect(pending).toStrictEqual(creditScore(kevin.entityId, 'pending'))
    const done = await completed(() => creditScores.retrieve(pending.id))
    expect(done).toStrictEqual({ ...creditScore(kevin.entityId, 'completed'), created_at: pending.created_at })
    expect(await creditScores.list()).toStrictEqual([done])
    const entity = await visit().client.entities.retrieve(kevin.entityId, { expand: ['credit_score'] })
    expect(entity.credit_score).toStrictEqual(done)
  })

  test('a phone number with two people has two identities, without any verification', async () => {
    const { entityId, of } = await newEntity({ ...KEVIN.individual, phone: '+16505551115' })
    const made = await of.identities.create()
    expect(made).toStrictEqual({
      id: id('idn'),
      entity_id: entityId,
      status: 'completed',
      identities: TWO_KEVINS,
      error: null,
      created_at: instant,
      updated_at: instant,
    })
    expect(await of.identities.retrieve(made.id)).toStrictEqual(made)
    expect(await of.identities.list()).toStrictEqual([made])
    const entity = await visit().client.entities.retrieve(entityId)
    expect(entity).toMatchObject({ status: 'incomplete', verification: { identity: { matched: false } } })
  })

  test('a matched person has one identity', async () => {
    const { of } = await newEntity(KEVIN.individual)
    expect((await of.identities.create()).identities).toStrictEqual([{ ...TWO_KEVINS[0], phone: '+15121231111' }])
  })

  test('the person with vehicles has exactly theirs, once connected', async () => {
    const { entityId } = await connectedKevin(visit(), '+15121231122')
    const { vehicles } = visit().typed.entities(entityId)
    const made = await vehicles.create()
    expect(made).toStrictEqual({
      id: id('evhl'),
      entity_id: entityId,
      status: 'completed',
      vehicles: VEHICLES,
      error: null,
      created_at: instant,
      updated_at: instant,
    })
    expect(await vehicles.retrieve(made.id)).toStrictEqual(made)
    expect(await vehicles.list()).toStrictEqual([made])
  })

  test('the products name what was last asked of each', async () => {
    const { entityId, connect } = await connectedKevin(visit())
    const of = visit().typed.entities(entityId)
    const score = await of.creditScores.create()
    await completed(() => of.creditScores.retrieve(score.id))
    const asked = { connect: connect.id, credit_score: score.id, identity: (await of.identities.create()).id }
    const products = await of.products.list()
    for (const [name, latest] of Object.entries(asked)) {
      expect(products).toHaveProperty(name, entityProduct(release, name, latest))
    }
  })

  test('what is not verified, connected or known refuses what needs it', async () => {
    const { typed } = visit()
    const unverified = await newEntity(KEVIN.individual)
    await expectRefusal(release, 'ENTITY_VERIFICATION_MISSING', unverified.of.creditScores.create())
    const { id: verified } = await verifiedKevin(visit())
    await expectRefusal(release, 'PRODUCT_RESTRICTED_CONNECT_REQUIRED', typed.entities(verified).vehicles.create())
    const nameless = await newEntity({})
    await expectRefusal(release, 'PRODUCT_RESTRICTED', nameless.of.identities.create())
    const stranger = await newEntity({ first_name: 'Ada', last_name: 'Nowhere', phone: '+15125550123' })
    await expectRefusal(release, 'NO_IDENTITIES_FOUND', stranger.of.identities.create())
    const { creditScores } = typed.entities(kevin.entityId)
    await expectRefusal(release, 'NOT_FOUND', creditScores.retrieve('crs_unknown'), 404)
  })
}
