/** What only release 2.1.1 can ask. Contract: method/dev-fixtures §3.2 [N211]. */
import { expect, test } from 'vitest'
import { completed, id, instant, sorted, type Visit, verifiedKevin } from './visit.js'

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
}
