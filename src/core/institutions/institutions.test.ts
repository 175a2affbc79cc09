import { afterAll, beforeAll, expect, test } from 'vitest'
import { type App, openApp } from '../../../test/setup/app.js'
import { bankOfRoutingNumber, getMerchant, loadCatalogue } from './institutions.js'

let app: App
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())

test('the bank of a routing number is the one of the directory of December 2018', async () => {
  expect(await bankOfRoutingNumber(app.base, '021000021')).toMatchObject({ name: expect.stringMatching(/JPMORGAN/i) })
  expect(await bankOfRoutingNumber(app.base, '123456789')).toBeNull()
})

test('loading the catalogue again changes nothing', async () => {
  const before = await getMerchant(app.base, 302086)
  const rows = async () =>
    (await app.fresh.database.pool.query('select xmin::text from merchants order by number')).rows
  const versions = await rows()
  await loadCatalogue(app.base)
  expect(await getMerchant(app.base, 302086)).toEqual(before)
  expect(await rows()).toEqual(versions)
})
