/** Accounts that callers add when nobody outside can be asked. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type App, openApp } from '../../../test/setup/app.js'
import { stranger } from '../../../test/setup/cast.js'
import type { Network } from '../../network/port.js'
import { checkNewClearingAccount, checkNewDebitCard, checkNewDebt } from './accounts.js'

let app: App
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())

test('a debt is not added while the network cannot say whether it knows it', async () => {
  const { id } = await stranger(app).enter()
  const ctx = await app.ctx()
  const network: Network = { ...ctx.network, locateDebt: async () => ({ ok: false, reason: 'unreachable' }) }
  const input = {
    consumerId: id.slice('ent_'.length),
    merchantNumber: 3,
    accountNumber: '1',
    card: null,
    metadata: null,
  }
  await expect(checkNewDebt({ ...ctx, network }, input)).rejects.toMatchObject({ code: 'account.network_unreachable' })
})

test('a clearing account and a debit card are not added while the bank or the issuer is silent', async () => {
  const { id } = await stranger(app).enter()
  const ctx = await app.ctx()
  const silent = async () => ({ ok: false, reason: 'unreachable' }) as const
  const network: Network = { ...ctx.network, openClearingAccount: silent, debitCard: silent }
  const common = { consumerId: id.slice('ent_'.length), metadata: null }
  const asked = [
    () => checkNewClearingAccount({ ...ctx, network }, { ...common, use: 'multi_use' }),
    () => checkNewDebitCard({ ...ctx, network }, { ...common, number: '4000056655665556', card: {} }),
  ]
  for (const ask of asked) await expect(ask()).rejects.toMatchObject({ code: 'account.network_unreachable' })
})
