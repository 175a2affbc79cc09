/** What the official clients were promised about events. Contract: method/dev-fixtures-accounts F.8. */
import { expect, test } from 'vitest'
import type { Release } from '../setup/sdk.js'
import { connectedKevin, id, instant, type Visit } from './visit.js'

export function eventPromises(release: Release, visit: () => Visit): void {
  test('what was simulated is the newest event of its type, or of its resource', async () => {
    const { client } = visit()
    const { entityId } = await connectedKevin(visit())
    const { creditScores, attributes } = client.entities(entityId)
    await creditScores.create()
    await attributes.create({ attributes: ['credit_health_credit_card_usage'] })
    const wanted = [
      ['account.opened', 'account'],
      ['attribute.credit_health_credit_card_usage.increased', 'attribute'],
      ['credit_score.increased', 'credit_score'],
    ] as const
    for (const [type, resource_type] of wanted) {
      await client.simulate.events.create({ type, entity_id: entityId })
      const [event] = await client.events.list({ type })
      if (!event) throw new Error(`${release} lists no ${type}.`)
      expect(event).toStrictEqual({
        id: id('evt'),
        type,
        resource_id: expect.any(String),
        resource_type,
        data: expect.any(Object),
        diff: { before: resource_type === 'account' ? null : expect.any(Object), after: expect.any(Object) },
        created_at: instant,
        updated_at: instant,
      })
      expect(await client.events.retrieve(event.id)).toStrictEqual(event)
    }
    const [account] = await client.accounts.list({ holder_id: entityId, status: 'active' })
    if (!account) throw new Error('Kevin has no open account.')
    await client.simulate.events.create({ type: 'account.closed', account_id: account.id })
    const [closed] = await client.events.list({ resource_id: account.id })
    expect(closed).toMatchObject({ type: 'account.closed', resource_type: 'account', resource_id: account.id })
  })
}
