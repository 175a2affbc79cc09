import { afterAll, beforeAll, expect, test } from 'vitest'
import { type App, openApp } from '../../test/setup/app.js'
import { Problem } from './problem.js'

let app: App
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())

test('a seed document makes teams with their settings, and planting it again changes nothing', async () => {
  const settings = {
    products: { restricted: ['credit_score'] },
    method: { version: '2025-07-04', verification: { byo_kyc: true, without: ['sna'] } },
  }
  const document = {
    teams: [
      { name: 'acme', settings },
      { name: 'acme', environment: 'sandbox' },
    ],
  }
  for (const _ of [1, 2]) {
    await app.admin.seed(document)
    expect((await app.admin.showTeam({ name: 'acme', environment: 'development' })).settings).toEqual(settings)
    expect((await app.admin.showTeam({ name: 'acme', environment: 'sandbox' })).settings).toEqual({})
  }
})

test('what a document says of a team replaces what was settled', async () => {
  await app.admin.seed({ teams: [{ name: 'blue', settings: { products: { noAccountConsent: true } } }] })
  await app.admin.seed({ teams: [{ name: 'blue', settings: { products: { restricted: ['payoff'] } } }] })
  const { settings } = await app.admin.showTeam({ name: 'blue', environment: 'development' })
  expect(settings).toEqual({ products: { restricted: ['payoff'] } })
})

test('people can be planted with teams or without', async () => {
  const personas = [{ phone: '+15125550177', first_name: 'Ada' }]
  expect(await app.admin.seed({ team: 'red', personas })).toBe('Team red now knows 1 more or renewed personas.')
  expect(await app.admin.seed({ team: 'red', personas, teams: [{ name: 'red' }] })).toContain('1 teams')
})

const team = (settings: object) => ({ teams: [{ name: 'acme' }, { name: 'wrong', settings }] })
test.each<[string, object, RegExp]>([
  ['a name that is no text', { teams: [{ name: 7 }] }, /^teams\.0\.name must be string/],
  ['a team without a name', { teams: [{}] }, /^teams\.0 must have required properties name\./],
  [
    'an unknown environment',
    { teams: [{ name: 'a', environment: 'moon' }] },
    /^teams\.0\.environment must be one of: development, sandbox, production/,
  ],
  [
    'a member of a team that is none',
    { teams: [{ name: 'a', colour: 'red' }] },
    /^teams\.0\.colour is not a member that is known here/,
  ],
  ['a setting that is none', team({ products: { forbidden: [] } }), /^teams\.1\.settings\.products\.forbidden is not/],
  [
    'a setting of the wrong kind',
    team({ products: { restricted: 'payoff' } }),
    /^teams\.1\.settings\.products\.restricted must be array/,
  ],
  [
    'a product that is none',
    team({ products: { restricted: ['horoscope'] } }),
    /^teams\.1\.settings\.products\.restricted has "horoscope"\. Use any of: connect, /,
  ],
  [
    'a method that is none',
    team({ method: { verification: { without: ['tarot'] } } }),
    /^teams\.1\.settings\.method\.verification\.without has "tarot"/,
  ],
  [
    'a version that is not served',
    team({ method: { version: '2020-12-06' } }),
    /^teams\.1\.settings\.method\.version has "2020-12-06"/,
  ],
  ['a strange member of the document', { people: [] }, /^people is not/],
  ['a persona without a phone', { personas: [{}] }, /^personas\.0 must have required properties phone\./],
])('%s is a problem that names the member, and nothing is planted', async (_, document, sentence) => {
  const planted = app.admin.seed(document)
  await expect(planted).rejects.toThrow(sentence)
  await expect(planted).rejects.toBeInstanceOf(Problem)
  await expect(app.admin.showTeam({ name: 'wrong', environment: 'development' })).rejects.toThrow('No team')
})
