import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../../test/setup/database.js'
import { createTeamKey, sharedEnvironment } from '../../../test/setup/method-api.js'
import { runClearspan } from '../../../test/setup/server.js'

let database: FreshDatabase
let environment: Readonly<Record<string, string>>
beforeAll(async () => {
  database = await freshDatabase()
  environment = sharedEnvironment(database)
  await createTeamKey('acme', environment)
})
afterAll(() => database.close())

const teams = (...args: readonly string[]) => runClearspan(['teams', ...args], environment)

/** What the command says is settled. */
async function settled(...args: readonly string[]): Promise<unknown> {
  const { code, output } = await teams(...args)
  expect(code, output).toBe(0)
  return JSON.parse(output.slice(output.indexOf('{')))
}

const SETTLED = {
  products: { restricted: ['credit_score'], noAccountConsent: true },
  method: {
    version: '2025-07-04',
    shape2024: 'late',
    accounts: { autoVerify: false, trustedRoutingNumbers: ['021000021', '062103000'], directLiabilities: true },
    entities: { newAccountsAwaitConsent: true },
    payments: { maximumCents: 25_000, operatorFeeCents: 0, suspendsWindows: true, companiesMaySend: false },
    verification: { byo_kyc: false, method_verified: true, without: ['sna', 'kba'] },
  },
  hosted: { origins: ['https://app.example.com', 'http://localhost:3000'] },
  moneykit: { redirectOrigins: ['https://app.example.com'] },
}

test('a team is shown, restricted, allowed and settled from the terminal', async () => {
  expect(await settled('show', 'acme')).toEqual({})
  await settled('restrict', 'acme', '--product', 'credit_score')
  expect(await settled('restrict', 'acme', '--product', 'payoff')).toEqual({
    products: { restricted: ['credit_score', 'payoff'] },
  })
  await settled('allow', 'acme', '--product', 'payoff')
  await settled('set', 'acme', '--byo-kyc', 'on', '--account-consent', 'off', '--without', 'sna,kba')
  await settled('set', 'acme', '--wire-version', '2025-07-04', '--shape2024', 'late', '--byo-kyc', 'off')
  await settled('set', 'acme', '--auto-verify', 'off', '--direct-liabilities', 'on', '--method-verified', 'on')
  await settled('set', 'acme', '--new-account-consent', 'on')
  await settled('set', 'acme', '--trusted-routing-numbers', '021000021,062103000')
  await settled('set', 'acme', '--payment-maximum', '25000', '--operator-fee', '0', '--payment-quota', '7')
  await settled('set', 'acme', '--suspend-windows', 'on', '--companies-may-send', 'off', '--payment-quota', '')
  await settled('set', 'acme', '--redirect-origins', 'https://app.example.com')
  await settled('set', 'acme', '--hosted-origins', 'https://app.example.com,http://localhost:3000')
  expect((await teams('show', 'acme')).output).toContain('Team acme (development)')
  expect(await settled('show', 'acme')).toEqual(SETTLED)
}, 120_000)

test.each<[string, readonly string[], RegExp]>([
  ['a team that is none', ['show', 'nobody'], /clearspan: No team has this name in this environment\./],
  ['another environment of it', ['show', 'acme', '--environment', 'sandbox'], /clearspan: No team has this name/],
  [
    'a product that is none',
    ['restrict', 'acme', '--product', 'horoscope'],
    /clearspan: The command has "horoscope"\. Use any of: connect/,
  ],
  [
    'a product that is none to give back',
    ['allow', 'acme', '--product', 'horoscope'],
    /clearspan: The command has "horoscope"/,
  ],
  ['no product', ['restrict', 'acme'], /Missing required argument: --product/],
  [
    'a method that is none',
    ['set', 'acme', '--without', 'tarot'],
    /clearspan: acme\.method\.verification\.without has "tarot"/,
  ],
  [
    'a routing number that is none',
    ['set', 'acme', '--trusted-routing-numbers', '123456789'],
    /clearspan: acme\.method\.accounts\.trustedRoutingNumbers has "123456789", which is no ABA number\./,
  ],
  [
    'a fee that is no number',
    ['set', 'acme', '--operator-fee', 'much'],
    /clearspan: method\.payments\.operatorFeeCents must be integer\. docs\/teams\.md shows/,
  ],
  [
    'an instant that is none',
    ['set', 'acme', '--live-since', 'tomorrow'],
    /clearspan: method\.payments\.liveSince must match/,
  ],
  [
    'an origin with a path',
    ['set', 'acme', '--redirect-origins', 'https://app.example.com/oauth'],
    /clearspan: moneykit\.redirectOrigins\.0 must match pattern/,
  ],
  [
    'an origin that no browser would send',
    ['set', 'acme', '--hosted-origins', 'https://app.example.com:443'],
    /clearspan: acme\.hosted\.origins has "https:\/\/app\.example\.com:443"\. Write scheme, host and port alone\./,
  ],
  ['half a yes', ['set', 'acme', '--byo-kyc', 'maybe'], /maybe/],
])('%s is a sentence and exit code 1', async (_, args, sentence) => {
  const { code, output } = await teams(...args)
  expect([code, output]).toEqual([1, expect.stringMatching(sentence)])
})

test('what was refused has settled nothing', async () => {
  expect(await settled('show', 'acme')).toEqual(SETTLED)
})
