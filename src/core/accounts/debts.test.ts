/** Debts when nobody outside can be asked. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type App, openApp } from '../../../test/setup/app.js'
import { stranger } from '../../../test/setup/cast.js'
import type { Network } from '../../network/port.js'
import { checkNewDebt } from './accounts.js'

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
