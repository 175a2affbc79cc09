/** Consent taken back through an official client. Contract: method/entities §1.14, accounts §1.8, dev-fixtures §3.1, §6. */
import { expect, test } from 'vitest'
import type { Release } from '../setup/sdk.js'
import { withdrawnAccount } from './account-shapes.js'
import { withdrawnEntity } from './entity-shapes.js'
import { connectedKevin, expectRefusal, sorted, type Visit } from './visit.js'

export function consentPromises(release: Release, visit: () => Visit): void {
  test('an entity that withdraws its consent keeps exactly ten keys, and none of its accounts stays', async () => {
    const { client, typed } = visit()
    const { entityId, connect } = await connectedKevin(visit())
    const before = await client.entities.retrieve(entityId)
    const of = typed.entities(entityId)
    const subscription = await of.subscriptions.create('connect')
    const withdrawn = await typed.entities.withdrawConsent(entityId)
    expect(withdrawn).toStrictEqual(withdrawnEntity(before))
    expect(await client.entities.retrieve(entityId)).toStrictEqual(withdrawn)
    const accounts = await client.accounts.list({ holder_id: entityId })
    expect(sorted(accounts.map((account) => account.id))).toStrictEqual(sorted(connect.accounts))
    for (const account of accounts) expect(account).toStrictEqual(withdrawnAccount(account))
    expect(await of.subscriptions.list()).toStrictEqual([])
    expect(await of.subscriptions.retrieve(subscription.id)).toMatchObject({ status: 'inactive' })

    const individual = { email: 'kevin.doyle@gmail.com' }
    await expectRefusal(release, 'ENTITY_CONSENT_ALREADY_WITHDRAWN', typed.entities.withdrawConsent(entityId))
    await expectRefusal(release, 'ENTITY_UPDATE_DISABLED', typed.entities.update(entityId, { individual }))
    await expectRefusal(release, 'PRODUCT_UNAVAILABLE', of.connect.create())
  })

  test('an account that consent is withdrawn from keeps exactly fourteen keys, and the others stay as they were', async () => {
    const { client, typed } = visit()
    const { entityId, card } = await connectedKevin(visit())
    const others = async () => {
      const accounts = await client.accounts.list({ holder_id: entityId })
      return accounts.filter((account) => account.id !== card.id)
    }
    const before = await others()
    const withdrawn = await typed.accounts.withdrawConsent(card.id, {
      type: 'withdraw',
      reason: 'holder_withdrew_consent',
    })
    expect(withdrawn).toStrictEqual(withdrawnAccount(card))
    expect(await client.accounts.retrieve(card.id)).toStrictEqual(withdrawn)
    expect(await others()).toStrictEqual(before)
    expect(await client.entities.retrieve(entityId)).toMatchObject({ status: 'active', error: null })
    await expectRefusal(release, 'ACCOUNT_CONSENT_ALREADY_WITHDRAWN', typed.accounts.withdrawConsent(card.id))
  })
}
