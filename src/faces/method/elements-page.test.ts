/** What an element's page asks of the server, and is answered; how it looks is tried in a browser. Contract: method/entities §12.5. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type App, openApp, type Wire } from '../../../test/setup/app.js'
import { kevin, register } from '../../../test/setup/cast.js'

let app: App
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())

const KEVIN = { first_name: 'Kevin', last_name: 'Doyle', phone: '+15121231111' }
const TERMS = {
  payout_amount_min: 1,
  minimum_loan_amount: 4_000_000,
  payout_residual_amount_max: 100,
  loan_details_requested_amount: 4_100_000,
  loan_details_requested_rate: 7.9,
  loan_details_requested_term: 36,
  loan_details_requested_monthly_payment: 13_150,
}

async function newToken(body: object): Promise<string> {
  return (await app.call('POST', '/elements/token', { body })).data.element_token
}

const connectFor = (individual: object, connect: object = {}) => ({
  type: 'connect',
  connect: { products: ['balance'], entity: { type: 'individual', individual }, ...connect },
})

/** A page that was opened, as a program sees it. */
async function openPage(body: object) {
  const token = await newToken(body)
  const ask = async (path: string, payload: object, secret = '') => {
    const answer = await app.http.inject({
      method: 'POST',
      url: `/connect/elements/api/${path}`,
      headers: { authorization: `Bearer ${token}`, 'x-element-page': secret },
      payload,
    })
    expect(answer.headers['cache-control']).toBe('no-store')
    return { status: answer.statusCode, ...(answer.json() as Wire) } as Wire
  }
  const opened = await ask('open', {})
  const act = (action: object) => ask('act', action, opened.pageSecret)
  return {
    token,
    opened,
    act,
    results: async () => (await app.call('GET', `/elements/token/${token}/results`)).data,
    /** Through the Auth step, for somebody of whom all that is needed is known. */
    async authenticated() {
      await act({ type: 'continue', step: 'intro' })
      await act({ type: 'code', code: '123456' })
      await act({ type: 'continue', step: 'consent' })
      return act({ type: 'continue', step: 'auth_success' })
    },
  }
}

const flawOf = ({ status, flaw }: Wire) => [status, flaw?.code]

describe('a choice', () => {
  test('is of accounts that are shown, and of one where one is to be chosen', async () => {
    const page = await openPage(connectFor(KEVIN, { account_filters: { selection_type: 'single' } }))
    const { screen } = await page.authenticated()
    const ids = screen.accounts.map(({ id }: Wire) => id)
    expect(ids.length).toBeGreaterThan(1)
    const choose = (accountIds: readonly string[]) => page.act({ type: 'choose', accountIds, wantsRemainder: false })
    expect(flawOf(await choose([]))).toEqual([200, 'element_flow.no_account'])
    expect(flawOf(await choose(['fRkTdETCDWCA8']))).toEqual([200, 'element_flow.no_account'])
    expect(flawOf(await choose([ids[0], 'no id']))).toEqual([200, 'element_flow.no_account'])
    expect(flawOf(await choose(ids.slice(0, 2)))).toEqual([200, 'element_flow.one_account'])
    expect((await choose([ids[1]])).screen).toMatchObject({ step: 'empty', accounts: [{ id: ids[1] }] })
  })

  test('of debts to pay is within the loan, and enough for one', async () => {
    const { data: entity } = await app.call('POST', '/entities', { body: { type: 'individual', individual: KEVIN } })
    const body = { type: 'balance_transfer', entity_id: entity.id, balance_transfer: TERMS }
    const page = await openPage(body)
    const { screen } = await page.authenticated()
    const choose = (accounts: readonly Wire[], wantsRemainder = false) =>
      page.act({ type: 'choose', accountIds: accounts.map(({ id }) => id), wantsRemainder })
    const all: readonly Wire[] = screen.accounts
    const owed = (accounts: readonly Wire[]) => accounts.reduce((sum, { balanceCents }) => sum + balanceCents, 0)
    expect(owed(all)).toBeGreaterThan(TERMS.loan_details_requested_amount)
    expect(flawOf(await choose(all))).toEqual([200, 'element_flow.loan_exceeded'])
    const [first] = all
    expect(flawOf(await choose(first ? [first] : []))).toEqual([200, 'element_flow.loan_too_small'])
  })
})

describe('what the page says', () => {
  test('does nothing where it is about another screen, and twice is as once', async () => {
    const page = await openPage(connectFor({ ...KEVIN, phone: null }))
    const stale = [
      { type: 'code', code: '123456' },
      { type: 'continue', step: 'consent' },
      { type: 'continue', step: 'success' },
      { type: 'details', step: 'phone', phone: '+15121231111' },
      { type: 'choose', accountIds: [], wantsRemainder: false },
      { type: 'put_off', which: 'all' },
      { type: 'choose_again' },
      { type: 'retry' },
      { type: 'resend' },
    ]
    for (const action of stale) expect((await page.act(action)).screen.step).toBe('intro')
    const both = await Promise.all([1, 2].map(() => page.act({ type: 'continue', step: 'intro' })))
    expect(both.map(({ screen }) => screen.step)).toEqual(['phone', 'phone'])
    const types = (await page.results()).events.map(({ type }: Wire) => type)
    expect(types).toEqual(['open', 'AUTH_INTRO_OPEN', 'AUTH_INTRO_CONTINUE', 'AUTH_PHONE_OPEN'])
  })

  test.each<[string, object, string]>([
    ['a phone that is none', { type: 'details', step: 'phone', phone: '123' }, 'consumer.invalid_phone'],
    ['a phone abroad', { type: 'details', step: 'phone', phone: '+4915112345678' }, 'consumer.invalid_phone'],
  ])('is refused for %s, and the screen stays', async (_, action, code) => {
    const page = await openPage(connectFor({ ...KEVIN, phone: null }))
    await page.act({ type: 'continue', step: 'intro' })
    expect(flawOf(await page.act(action))).toEqual([200, code])
    expect((await page.act({ type: 'retry' })).screen.step).toBe('phone')
  })

  test.each<[string, unknown]>([
    ['no action', {}],
    ['an unknown one', { type: 'verify' }],
    ['a code of letters', { type: 'code', code: 'abcdef' }],
    ['amounts that cannot be', { type: 'amounts', amountsCents: [0, 1.5] }],
    ['a list', []],
  ])('is refused for %s', async (_, action) => {
    const page = await openPage(connectFor(KEVIN))
    const { status } = await page.act(action as object)
    expect(status).toBe(400)
    expect((await page.results()).events).toHaveLength(2)
  })
})

test('the team’s own word for a phone is taken where the team may give it', async () => {
  const said = { ...KEVIN, phone_verification_type: 'sms', phone_verification_timestamp: '2026-03-01T00:00:00.000Z' }
  const page = await openPage(connectFor(said))
  expect((await page.act({ type: 'continue', step: 'intro' })).screen.step).toBe('consent')
  const { entity_id: id } = await page.results()
  const { data } = await app.call('GET', `/entities/${id}/verification_sessions`)
  expect((data as unknown as Wire[]).map(({ type, element }) => [type, element.timestamp])).toEqual([
    ['identity', undefined],
    ['phone', '2026-03-01T00:00:00.000Z'],
  ])
  const team = { name: app.keys.team, environment: 'development' } as const
  await app.admin.changeTeam(team, (settings) => ({ ...settings, method: { verification: { without: ['byo_sms'] } } }))
  const asked = await openPage(connectFor(said))
  expect((await asked.act({ type: 'continue', step: 'intro' })).screen.step).toBe('phone_code')
  await app.admin.changeTeam(team, () => ({}))
})

test('a code that is too old is replaced, and the person is told so', async () => {
  const page = await openPage(connectFor(KEVIN))
  await page.act({ type: 'continue', step: 'intro' })
  app.clock.advance(10 * 60_000)
  const { screen } = await page.act({ type: 'code', code: '123456' })
  expect(screen).toMatchObject({ step: 'phone_code', note: 'code_expired', codesLeft: 3 })
  expect((await page.act({ type: 'code', code: '123456' })).screen.step).toBe('consent')
})

test('whoever is verified already is asked for consent alone', async () => {
  const { id } = await kevin(app).verified().enter()
  const page = await openPage({ type: 'connect', entity_id: id, connect: { products: ['balance'] } })
  expect((await page.act({ type: 'continue', step: 'intro' })).screen.step).toBe('consent')
})

test('whose file is frozen has nothing to choose, and the element succeeds with that', async () => {
  await register(app, { phone: '+15125550188', liabilities: [], credit_frozen: true })
  const page = await openPage(connectFor({ first_name: 'Ada', last_name: 'Own', phone: '+15125550188' }))
  expect((await page.authenticated()).screen).toMatchObject({ step: 'empty', accounts: [] })
  expect((await page.act({ type: 'continue', step: 'empty' })).screen).toBeNull()
  expect(await page.results()).toMatchObject({ authenticated: true, accounts: [], cxn_id: expect.any(String) })
})
