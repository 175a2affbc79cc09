/** What only release 2.1.1 can ask. Contract: method/dev-fixtures §3.2 [N211]. */
import { expect, test } from 'vitest'
import type { Wire } from '../../src/faces/method/versions/versions.js'
import { completed, connectedKevin, expectRefusal, id, instant, sorted, type Visit, verifiedKevin } from './visit.js'

export function newestPromises(visit: () => Visit<'2.1.1'>): void {
  test('a connect that need not wait is pending first', async () => {
    const { client, typed } = visit()
    const { id: entityId } = await verifiedKevin(visit())
    const connects = typed.entities(entityId).connect
    const pending = await connects.create({}, {}, { prefer: 'respond-async' })
    expect(pending).toStrictEqual({
      id: id('cxn'),
      entity_id: entityId,
      status: 'pending',
      accounts: null,
      requested_products: [],
      requested_subscriptions: [],
      error: null,
      created_at: instant,
      updated_at: instant,
    })
    const done = await completed(() => connects.retrieve(pending.id))
    const listed = await client.accounts.list({ holder_id: entityId })
    const accounts = expect.any(Array)
    expect(done).toStrictEqual({ ...pending, status: 'completed', accounts, updated_at: instant })
    expect(sorted(done.accounts ?? [])).toStrictEqual(sorted(listed.map((account) => account.id)))
  })

  test('a token for Opal is made', async () => {
    const { id: entity_id } = await verifiedKevin(visit())
    const token = await visit().typed.opal.token.create({
      mode: 'identity_verification',
      entity_id,
      identity_verification: { skip_pii: ['ssn_4'] },
    })
    expect(token).toStrictEqual({
      token: expect.stringMatching(/^otkn_[0-9A-Za-z]{32}$/),
      valid_until: instant,
      session_id: id('osess'),
    })
  })

  test('the next connect finds the accounts that were simulated', async () => {
    const { typed } = visit()
    const { entityId } = await connectedKevin(visit())
    const behaviors = ['new_credit_card_account', 'new_student_loan_account'] as const
    const answer: unknown = await typed.simulate
      .entities(entityId)
      .connect(entityId)
      .create({ behaviors: [...behaviors] })
    expect(answer).toBeNull()
    const { accounts }: Wire = await typed.entities(entityId).connect.create({}, { expand: ['accounts'] })
    const types = (accounts as readonly Wire[]).map(({ liability }) => liability.type)
    expect(sorted(types)).toStrictEqual(['credit_card', 'student_loans'])
  })

  test('the next attributes count the soft inquiry that was simulated', async () => {
    const { typed } = visit()
    const { entityId } = await connectedKevin(visit())
    const SOFT = 'credit_health_soft_inquiries'
    const counted = async () => {
      const { attributes }: Wire = await typed.entities(entityId).attributes.create({ attributes: [SOFT] })
      return attributes[SOFT].value as number
    }
    await expectRefusal(
      '2.1.1',
      'SIMULATION_RESTRICTED_MISSING_PRODUCT_REQUEST',
      typed.simulate
        .entities(entityId)
        .attributes(entityId)
        .create({ behaviors: ['new_soft_inquiry'] }),
    )
    const before = await counted()
    await typed.simulate
      .entities(entityId)
      .attributes(entityId)
      .create({ behaviors: ['new_soft_inquiry'] })
    expect(await counted()).toBe(before + 1)
    expect(await counted()).toBe(before + 1)
  })
}
