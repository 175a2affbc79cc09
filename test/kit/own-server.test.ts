import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { type OwnClearspan, startClearspan } from '../../clients/testing/src/index.js'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
// The first one also fills the template of all others.
const PATIENCE_MS = 120_000
const CARD = { mch_id: 'mch_302086', balance: 50_000, interest_rate_percentage: 19.9 }

describe.each([{ inProcess: false }, { inProcess: true }])('a server of one’s own, in process: $inProcess', (how) => {
  let clearspan: OwnClearspan
  beforeAll(async () => {
    clearspan = await startClearspan({ installation: ROOT, databaseUrl: inject('clusterUrl'), ...how })
  }, PATIENCE_MS)
  afterAll(() => clearspan.close())

  test('teams know nothing of each other', async () => {
    const [one, other] = await Promise.all([clearspan.team(), clearspan.team()])
    await one.connectedPerson(await one.persona({ liabilities: [CARD] }))
    expect(await one.ask('GET', '/accounts')).toHaveLength(1)
    expect(await other.ask('GET', '/accounts')).toEqual([])
    await other.clock.advance('P1D')
    expect(Date.parse(await other.clock.now()) - Date.parse(await one.clock.now())).toBeGreaterThan(86_000_000)
  })

  test('a restored snapshot has what was there, and a reset server nothing', { timeout: PATIENCE_MS }, async () => {
    const team = await clearspan.team()
    const { entityId } = await team.connectedPerson()
    const snapshot = await clearspan.snapshot()
    const { id: later } = await team.ask<{ id: string }>('POST', '/entities', { type: 'individual', individual: {} })

    await clearspan.restore(snapshot)
    expect(await team.ask('GET', '/entities')).toMatchObject([{ id: entityId }])
    await expect(team.ask('GET', `/entities/${later}`)).rejects.toMatchObject({ status: 404 })

    await clearspan.reset()
    await expect(team.ask('GET', '/entities')).rejects.toMatchObject({ status: 401 })
    expect(await (await clearspan.team()).ask('GET', '/entities')).toEqual([])

    await clearspan.restore(snapshot)
    expect(await team.ask('GET', '/entities')).toMatchObject([{ id: entityId }])
  })

  test('a webhook is expected with what causes it, and one that never comes is missed by name', async () => {
    const team = await clearspan.team()
    const told = await team.webhooks.expect('entity.create', {
      cause: () => team.ask('POST', '/entities', { type: 'individual', individual: {} }),
    })
    const [entity] = await team.ask<{ id: string }[]>('GET', '/entities')
    expect(told.body).toMatchObject({ id: entity?.id, type: 'entity.create', path: `/entities/${entity?.id}` })
    await expect(team.webhooks.expect('entity.update', { timeoutMs: 50 })).rejects.toThrow('entity.create')
  })
})

test('what is settled for a team holds for it', { timeout: PATIENCE_MS }, async () => {
  const clearspan = await startClearspan({ installation: ROOT, databaseUrl: inject('clusterUrl') })
  try {
    const team = await clearspan.team({ settings: { method: { entities: { uniquePhones: true } } } })
    const persona = await team.persona()
    await team.connectedPerson(persona)
    await expect(team.connectedPerson(persona)).rejects.toThrow('has this phone number')
    await expect(clearspan.team({ settings: { method: { unheard: true } } })).rejects.toThrow('unheard')
  } finally {
    await clearspan.close()
  }
})

test('a server that cannot start says why', { timeout: PATIENCE_MS }, async () => {
  const settings = { CLEARSPAN_POOL_SIZE: 'many' }
  const starting = startClearspan({ installation: ROOT, databaseUrl: inject('clusterUrl'), settings })
  await expect(starting).rejects.toThrow('CLEARSPAN_POOL_SIZE must be a whole number')
})

test('what requires the kit as CommonJS gets the same functions', () => {
  const required = createRequire(import.meta.url)('../../clients/testing/dist/index.cjs')
  expect(Object.keys(required).sort()).toEqual(['ClearspanError', 'connectClearspan', 'startClearspan'])
})
