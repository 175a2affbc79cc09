/** Whatever is said to prove accounts, in whatever order: no session and no account moves as its table forbids. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { transitions as sessionMoves } from '../../src/core/account-verification/transitions.js'
import { transitions as accountMoves } from '../../src/core/accounts/transitions.js'
import { changeSettings } from '../../src/core/teams/teams.js'
import { type App, type Call, openApp, type Wire } from '../setup/app.js'
import { kevin, stranger } from '../setup/cast.js'

const HISTORIES = 25
const STEPS_MAX = 12
const DAY_MS = 86_400_000

let app: App
let by: Pick<Call, 'key'>
beforeAll(async () => {
  app = await openApp()
  const keys = await app.newTeam()
  by = { key: keys.development }
  const team = { name: keys.team, environment: 'development' } as const
  await changeSettings(app.base, team, () => ({ method: { accounts: { autoVerify: false } } }))
})
afterAll(() => app.close())

type Step = (account: string) => Promise<unknown>

const sessionsOf = (account: string) => `/accounts/${account}/verification_sessions`
const listed = async (account: string) =>
  (await app.call('GET', sessionsOf(account), by)).data as unknown as readonly Wire[]
const begin =
  (type: string): Step =>
  (account) =>
    app.call('POST', sessionsOf(account), { ...by, body: { type } })

/** Something said in the newest session of a type. */
const say =
  (type: string, given: (path: string) => object | Promise<object>): Step =>
  async (account) => {
    const session = (await listed(account)).find((each) => each.type === type)
    if (!session) return
    const path = `${sessionsOf(account)}/${session.id}`
    await app.call('PUT', path, { ...by, body: { [type]: await given(path) } })
  }

const rightAmounts = async (path: string) => (await app.call('GET', `/simulate${path}/amounts`, by)).data
const BALANCES = { available: 100, current: 110, iso_currency_code: 'USD', limit: null, unofficial_currency_code: null }

const anywhere: Readonly<Record<string, Step>> = {
  'wait a day': async () => app.clock.advance(DAY_MS),
  'let time do its work': () => app.drain(),
  'withdraw consent': (account) => app.call('POST', `/accounts/${account}/consent`, { ...by, body: WITHDRAWAL }),
}
const WITHDRAWAL = { type: 'withdraw', reason: 'holder_withdrew_consent' }

const ofBanks: Readonly<Record<string, Step>> = {
  ...anywhere,
  'begin by deposits': begin('micro_deposits'),
  'begin by plaid': begin('plaid'),
  'tell the amounts': say('micro_deposits', rightAmounts),
  'tell wrong amounts': say('micro_deposits', () => ({ amounts: [1, 2] })),
  'show what plaid says': say('plaid', () => ({ balances: BALANCES, transactions: [{ amount: 1 }] })),
  'show nothing of plaid': say('plaid', () => ({ balances: {}, transactions: [] })),
}
const ofCards: Readonly<Record<string, Step>> = {
  ...anywhere,
  'begin by pre_auth': begin('pre_auth'),
  'begin by number': begin('standard'),
  'tell the CVV': say('pre_auth', () => ({ cvv: '878' })),
  'tell a wrong CVV': say('pre_auth', () => ({ cvv: '111' })),
  'tell a wrong number': say('standard', () => ({ number: '4111111111111111' })),
  'tell the number': say('standard', () => ({ number: '5555555555551580' })),
}

let numbers = 10_000
/** A deposit account; the banks send deposits to numbers that end in 0002 back. */
async function bank(ending: string): Promise<string> {
  const { id } = await stranger(app).as(by).enter()
  const ach = { routing: '062103000', number: `${numbers++}${ending}`, type: 'checking' }
  return (await app.call('POST', '/accounts', { ...by, body: { holder_id: id, ach } })).data.id
}
const card = async () => (await kevin(app).as(by).verified().connected().enter()).account('mch_302086').id as string

const beginnings = [
  { make: () => bank('1111'), steps: ofBanks, opening: ['begin by deposits', 'let time do its work', 'wait a day'] },
  { make: () => bank('0002'), steps: ofBanks, opening: ['begin by deposits', 'wait a day', 'let time do its work'] },
  { make: card, steps: ofCards, opening: ['begin by pre_auth'] },
]

// Between them they make every move that the last expectation names.
const FULL_LIVES: [(typeof beginnings)[number], string[]][] = beginnings.map((beginning) => [
  beginning,
  [
    'let time do its work',
    ...Array(5).fill('tell wrong amounts'),
    ...Array(5).fill('tell a wrong CVV'),
    'begin by plaid',
    'show what plaid says',
    'begin by number',
    'tell the number',
    'withdraw consent',
  ],
])

async function moves(): Promise<readonly { resource: string; was: string; is: string }[]> {
  const { rows } = await app.fresh.database.pool.query(
    `select distinct resource, before->>'status' as was, after->>'status' as is from events
     where topic like '%.updated' and resource = any($1) and before->>'status' <> after->>'status'`,
    [Object.keys(tables)],
  )
  return rows
}
const tables: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  account: accountMoves,
  account_verification_session: sessionMoves,
}

test('no history of proofs moves an account or a session as its table forbids', { timeout: 120_000 }, async () => {
  const history = fc
    .constantFrom(...beginnings)
    .chain((beginning) =>
      fc.tuple(
        fc.constant(beginning),
        fc.array(fc.constantFrom(...Object.keys(beginning.steps)), { minLength: 3, maxLength: STEPS_MAX }),
      ),
    )
  await fc.assert(
    fc.asyncProperty(history, async ([{ make, steps, opening }, names]) => {
      const account = await make()
      for (const name of [...opening, ...names]) {
        await steps[name]?.(account)
        await expectTrue(account)
      }
      const illegal = (await moves()).filter(({ resource, was, is }) => !tables[resource]?.[was]?.includes(is))
      expect(illegal).toEqual([])
    }),
    { numRuns: HISTORIES, examples: FULL_LIVES.map((life) => [life]) },
  )
  expect(await moves()).toEqual(
    expect.arrayContaining([
      { resource: 'account', was: 'active', is: 'disabled' },
      { resource: 'account_verification_session', was: 'pending', is: 'in_progress' },
      { resource: 'account_verification_session', was: 'pending', is: 'verified' },
      { resource: 'account_verification_session', was: 'pending', is: 'failed' },
      { resource: 'account_verification_session', was: 'in_progress', is: 'failed' },
    ]),
  )
})

/** What must hold of an account at any moment. */
async function expectTrue(id: string): Promise<void> {
  const { data: account } = await app.call('GET', `/accounts/${id}`, by)
  const sessions = await listed(id)
  for (const { status, error } of sessions) expect(error === null).toBe(status !== 'failed')
  const proven = sessions.filter(({ status }) => status === 'verified')
  expect(sessions.filter(({ status }) => status === 'pending' || status === 'in_progress').length).toBeLessThan(2)
  if (account.status === 'disabled') return expect([...account.products, ...account.restricted_products]).toEqual([])
  expect(account.latest_verification_session).toBe(sessions[0]?.id ?? null)
  const gated = account.type === 'ach' ? 'payment' : 'sensitive'
  expect(account.products.includes(gated)).toBe(proven.length > 0)
  expect(account.restricted_products.includes(gated)).toBe(proven.length === 0)
}
