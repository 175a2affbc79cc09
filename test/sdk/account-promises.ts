/** Accounts and their data through an official client. Contract: method/dev-fixtures §5–§7, accounts §1, §2, §6. */

import { beforeAll, expect, test } from 'vitest'
import type { Wire } from '../../src/faces/method/versions/versions.js'
import type { Release } from '../setup/sdk.js'
import { AMERICAN_EXPRESS, cardUpdate, chaseCard } from './account-shapes.js'
import { type Connected, completed, connectedKevin, id, instant, sorted, type Visit } from './visit.js'

export function accountPromises(release: Release, visit: () => Visit): void {
  let kevin: Connected
  let all: readonly Wire[]

  beforeAll(async () => {
    kevin = await connectedKevin(visit())
    all = await visit().client.accounts.list({ holder_id: kevin.entityId })
  })

  test('the card that connect found has exactly the shape its suite compares with', async () => {
    const { client } = visit()
    expect(kevin.card).toStrictEqual(chaseCard(release, kevin.entityId))
    expect(await client.accounts.retrieve(kevin.card.id)).toStrictEqual(kevin.card)
  })

  test('every filter of the account list leaves exactly the accounts it names', async () => {
    const { client } = visit()
    const today = kevin.card.created_at.slice(0, 10)
    const nextDay = new Date(Date.parse(today) + 86_400_000).toISOString().slice(0, 10)
    const filters: readonly (readonly [object, (account: Wire) => boolean])[] = [
      [{}, () => true],
      [{ status: 'active' }, () => true],
      [{ status: 'closed' }, () => false],
      [{ type: 'liability' }, () => true],
      [{ type: 'ach' }, () => false],
      [{ 'liability.mch_id': 'mch_311289' }, ({ liability }) => liability.mch_id === 'mch_311289'],
      [{ 'liability.type': 'credit_card' }, ({ liability }) => liability.type === 'credit_card'],
      [{ 'liability.type': 'auto_loan' }, ({ liability }) => liability.type === 'auto_loan'],
      [{ 'liability.ownership': 'primary' }, ({ liability }) => liability.ownership === 'primary'],
      [{ 'liability.ownership': 'joint' }, () => false],
      [{ from_date: today, to_date: nextDay }, () => true],
      [{ from_date: nextDay }, () => false],
    ]
    for (const [filter, isMeant] of filters) {
      const found = await client.accounts.list({ holder_id: kevin.entityId, ...filter })
      const meant = all.filter(isMeant)
      expect(sorted(found.map((account) => account.id)), JSON.stringify(filter)).toStrictEqual(
        sorted(meant.map((account) => account.id)),
      )
      expect(found.last_response.pagination.total_count).toBe(meant.length)
    }
  })

  test('the loan of the fixtures stands first for its type and merchant', async () => {
    const { client } = visit()
    const mch_id = release === '1.1.6' ? 'mch_2347' : 'mch_311130'
    const filter = { holder_id: kevin.entityId, 'liability.type': 'auto_loan', 'liability.mch_id': mch_id }
    expect(await client.accounts.list(filter)).toMatchObject([{ liability: { mch_id, type: 'auto_loan' } }])
  })

  test('a balance is pending at first, then the amount of the fixtures', async () => {
    const { client } = visit()
    const { balances } = client.accounts(kevin.card.id)
    const pending = await balances.create()
    const common = { id: id('bal'), account_id: kevin.card.id, error: null, created_at: instant, updated_at: instant }
    expect(pending).toStrictEqual({ ...common, status: 'pending', amount: null })
    const done = await completed(() => balances.retrieve(pending.id))
    expect(done).toStrictEqual({ ...common, id: pending.id, status: 'completed', amount: 1866688 })
    expect(done.created_at).toBe(pending.created_at)
    expect(await balances.list()).toStrictEqual([done])
    expect(await client.accounts.retrieve(kevin.card.id, { expand: ['balance'] })).toMatchObject({ balance: done })
  })

  test('an update is empty at first, then exactly the table of the fixtures', async () => {
    const { client } = visit()
    const { updates } = client.accounts(kevin.card.id)
    const pending = await updates.create()
    expect(pending).toStrictEqual(cardUpdate(release, kevin.card.id, 'pending'))
    const done = await completed(() => updates.retrieve(pending.id))
    expect(done).toStrictEqual(cardUpdate(release, kevin.card.id, 'completed'))
    const listed = await updates.list()
    expect(listed[0]).toStrictEqual(done)
    expect(sorted(listed.map((update) => update.source))).toStrictEqual(['direct', 'direct', 'snapshot'])
    const shown = await client.accounts.retrieve(kevin.card.id, { expand: ['update'] })
    expect(shown.update).toStrictEqual(done)
  })

  test('a merchant is known key by key, and found by the id of another provider', async () => {
    const { client } = visit()
    expect(await client.merchants.retrieve('mch_3')).toStrictEqual(AMERICAN_EXPRESS)
    const [first] = await client.merchants.list({ 'provider_id.plaid': 'ins_10' })
    expect(first).toStrictEqual({
      ...AMERICAN_EXPRESS,
      id: 'mch_300485',
      name: 'American Express Credit Card',
      logo: 'https://static.methodfi.com/mch_logos/mch_300485.png',
      provider_ids: { ...AMERICAN_EXPRESS.provider_ids, dpp: ['7929257', '120', '18391555', ...DPP_REST] },
      account_number_formats: ['#'.repeat(15)],
    })
    for (const mch_id of ['mch_301761', 'mch_302086', 'mch_2347', 'mch_311130', 'mch_311289']) {
      expect((await client.merchants.retrieve(mch_id)).id).toBe(mch_id)
    }
  })
}

const DPP_REST = AMERICAN_EXPRESS.provider_ids.dpp.slice(1)
