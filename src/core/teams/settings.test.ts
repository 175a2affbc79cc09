import { afterAll, beforeAll, expect, test } from 'vitest'
import { type App, openApp } from '../../../test/setup/app.js'
import { isProductRestricted, mayAskAccountConsent, withoutProduct, withProduct } from './settings.js'
import { changeSettings, createKeyring, getTeam } from './teams.js'

let app: App
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())

test('a product is taken away once, however often, and given back', () => {
  const without = withoutProduct(withoutProduct(withoutProduct({}, 'payoff'), 'balance'), 'payoff')
  expect(without).toEqual({ products: { restricted: ['balance', 'payoff'] } })
  expect(isProductRestricted({ settings: without }, 'payoff')).toBe(true)
  expect(isProductRestricted({ settings: withProduct(without, 'payoff') }, 'payoff')).toBe(false)
  expect(isProductRestricted({ settings: withProduct({}, 'payoff') }, 'payoff')).toBe(false)
})

test('taking a product leaves everything else that was settled', () => {
  const settings = { products: { noAccountConsent: true }, method: { version: '2025-07-04' } }
  expect(withProduct(withoutProduct(settings, 'payoff'), 'payoff')).toEqual({
    products: { noAccountConsent: true, restricted: [] },
    method: { version: '2025-07-04' },
  })
})

test('a team that nothing was settled for may use everything', () => {
  expect(isProductRestricted({ settings: {} }, 'connect')).toBe(false)
  expect(mayAskAccountConsent({ settings: {} })).toBe(true)
  expect(mayAskAccountConsent({ settings: { products: { noAccountConsent: true } } })).toBe(false)
})

test('what is settled reaches a server that knows the key within a second', async () => {
  const { team, development: secret } = await app.newTeam()
  const wanted = { name: team, environment: 'development' } as const
  let nowMs = 0
  const keyring = createKeyring(app.base, { refusesDemoKey: false, readMs: () => nowMs })
  const isRestricted = async () => {
    const known = await keyring.read(secret)
    return known && isProductRestricted(known, 'payoff')
  }
  expect(await isRestricted()).toBe(false)
  await changeSettings(app.base, wanted, (settings) => withoutProduct(settings, 'payoff'))
  nowMs = 1000
  expect(await isRestricted()).toBe(true)
  await changeSettings(app.base, wanted, (settings) => withProduct(settings, 'payoff'))
  nowMs = 2000
  expect(await isRestricted()).toBe(false)
})

test('changes at the same time are all kept', async () => {
  const { team } = await app.newTeam()
  const wanted = { name: team, environment: 'development' } as const
  const products = ['balance', 'payoff', 'update', 'connect', 'identity']
  await Promise.all(
    products.map((product) => changeSettings(app.base, wanted, (settings) => withoutProduct(settings, product))),
  )
  expect((await getTeam(app.base, wanted)).settings.products?.restricted).toEqual(products.toSorted())
})

test('a team that does not exist is refused, and not made', async () => {
  const wanted = { name: 'nobody', environment: 'sandbox' } as const
  const unknown = expect.objectContaining({ code: 'team.not_found' })
  await expect(changeSettings(app.base, wanted, (settings) => settings)).rejects.toEqual(unknown)
  await expect(getTeam(app.base, wanted)).rejects.toEqual(unknown)
})
