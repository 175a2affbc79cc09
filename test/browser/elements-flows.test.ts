/** The other kinds of elements, and everything that may go wrong on the way through one. */
import { beforeAll, describe, expect, test } from 'vitest'
import type { Wire } from '../../src/faces/method/versions/versions.js'
import { useBrowser } from '../setup/browser.js'
import { register } from '../setup/cast.js'
import {
  connectFor,
  elementRuns,
  elementsApi,
  KEVIN,
  lastOf,
  QUESTIONED,
  useElementsHost,
} from '../setup/elements-host.js'
import { walkOf } from '../setup/elements-walk.js'
import { useListeningApp } from '../setup/listening.js'

const browser = useBrowser()
const server = useListeningApp()
const host = useElementsHost(server)
const customer = elementsApi(server, () => server.app.keys.development)
const { begin, ended } = elementRuns({ browser, host, customer })

const CARDS = { account_filters: { selection_type: 'single', liability_types: ['credit_card'] } }
const TRANSFER = {
  payout_amount_min: 30_000,
  minimum_loan_amount: 150_000,
  payout_residual_amount_max: 48_000,
  loan_details_requested_amount: 2_500_000,
  loan_details_requested_rate: 7.9,
  loan_details_requested_term: 36,
  loan_details_requested_monthly_payment: 78_200,
}

// Bank accounts are to be proven. Servers know of it within a second, which passes before the first that is added.
beforeAll(async () => {
  const { admin, keys } = server.app
  await admin.changeTeam({ name: keys.team, environment: 'development' }, (settings) => ({
    ...settings,
    method: { accounts: { autoVerify: false } },
  }))
})

const SIZES = ['phone', 'desktop'] as const

describe.each(SIZES)('on a %s', (size) => {
  test('an auth element ends where the person is known', async () => {
    const { id } = await customer.post('/entities', { type: 'individual', individual: KEVIN })
    const run = await begin({ type: 'auth', entity_id: id, team_name: 'Acme', auth: {} }, { size })
    const { walk } = run
    await walk.goOn('intro')
    await walk.code()
    await walk.consent()
    await walk.at('auth_success')
    await walk.done()
    const { results, heard } = await ended(run)
    expect(results).toMatchObject({ authenticated: true, cxn_id: expect.stringMatching(/^cxn_/), accounts: [] })
    expect(heard.find(({ type }) => type === 'success')?.payload).toEqual({
      op: 'success',
      element_type: 'auth',
      authenticated: true,
      cxn_id: results.cxn_id,
    })
  })

  test('a balance transfer plans which debts are paid, within the loan', async () => {
    const { id } = await customer.post('/entities', { type: 'individual', individual: KEVIN })
    const { element_token: token, element_session_id: sessionId } = await customer.post('/elements/token', {
      type: 'balance_transfer',
      entity_id: id,
      team_name: 'Acme',
      balance_transfer: TRANSFER,
    })
    const run = await begin(token, { size })
    const { walk } = run
    await walk.at('intro')
    expect(await walk.says()).toContain('You asked to borrow $25,000.00 at 7.9% for 36 months, $782.00 a month.')
    await walk.press('Continue')
    await walk.code()
    await walk.consent()
    await walk.goOn('auth_success')
    await walk.at('accounts')
    await walk.press('Choose all')
    await walk.press('Continue')
    await expect.poll(walk.says).toContain('These are more than the loan.')
    await walk.press('Choose none')
    await walk.press('Continue')
    await expect.poll(walk.says).toContain('Choose at least one account.')
    await walk.frame.getByRole('checkbox', { name: /Pay up to \$480\.00/ }).check()
    await walk.choose('Chase')
    await walk.at('empty')
    await walk.done()
    const { results } = await ended(run)
    const { balance_transfer: kept } = await customer.get(`/elements/sessions/${sessionId}`)
    const paid = kept.payout_accounts[results.accounts[0]]
    expect(paid).toBeGreaterThan(TRANSFER.payout_amount_min)
    expect(kept).toMatchObject({
      auth_session_completed: true,
      is_first_pass: false,
      remainder_opt_in: true,
      payout_accounts: { [results.accounts[0]]: paid },
      payout_creditor_amount: paid,
      payout_residual_amount: TRANSFER.payout_residual_amount_max,
      payout_status: 'pending_accounts',
      payout_ids: {},
    })
  })

  test('wrong codes are replaced by new ones, until there are no more', async () => {
    const run = await begin(connectFor(KEVIN), { size })
    const { walk } = run
    await walk.goOn('intro')
    await walk.at('phone_code')
    await walk.press('Send a new code')
    await expect.poll(walk.says).toContain('A new code is on its way.')
    for (let code = 2; code <= 5; code++) {
      await expect.poll(() => walk.frame.getByRole('textbox', { name: 'Code' }).inputValue()).toBe('')
      await walk.fill('Code', '000000')
      if (code < 5) await expect.poll(walk.says).toContain('That code was not right')
    }
    await walk.at('auth_failure')
    expect(await walk.says()).toContain('The codes did not match.')
    await walk.done()
    const { results, types } = await ended(run)
    expect(types.filter((type) => type.startsWith('AUTH_PHONE'))).toEqual([
      'AUTH_PHONE_VERIFY_OPEN',
      'AUTH_PHONE_VERIFY_RESEND_CODE',
      ...Array(4).fill('AUTH_PHONE_VERIFY_SUBMIT'),
    ])
    const sessions = await customer.get(`/entities/${results.entity_id}/verification_sessions`)
    expect(sessions.map(({ status }: { status: string }) => status)).toEqual([
      ...Array(4).fill('failed'),
      'in_progress',
    ])
  })

  test('wrong answers lead to other questions, and after three times to the end', async () => {
    const run = await begin(connectFor(QUESTIONED), { size })
    const { walk } = run
    await walk.goOn('intro')
    await walk.code()
    await walk.at('questions')
    await walk.press('Continue')
    await expect.poll(walk.says).toContain('Answer every question.')
    for (const turn of [1, 2, 3]) {
      const first = await walk.frame.locator('section.question input').first().getAttribute('name')
      await walk.questions('Incorrect')
      if (turn < 3) {
        await expect.poll(walk.says).toContain('Here are other questions.')
        await expect
          .poll(() => walk.frame.locator('section.question input').first().getAttribute('name'))
          .not.toBe(first)
      }
    }
    await walk.at('auth_failure')
    await walk.done()
    const { types, results } = await ended(run)
    expect(types.filter((type) => type.startsWith('AUTH_SECQ'))).toEqual([
      'AUTH_SECQ_OPEN',
      ...Array(3).fill('AUTH_SECQ_INCORRECT_TRY_AGAIN'),
    ])
    expect(results.authenticated).toBe(false)
  })

  test('who leaves is asked once, and the customer hears of it', async () => {
    const run = await begin(connectFor(KEVIN), { size })
    const { walk } = run
    await walk.goOn('intro')
    await walk.code()
    await walk.consent()
    await walk.goOn('auth_success')
    await walk.at('accounts')
    await walk.press('Why these accounts?')
    await walk.frame.getByRole('dialog').getByText('With your consent we looked').waitFor()
    await walk.press('Got it')
    await walk.press('Close')
    await walk.press('Stay')
    await walk.close()
    const { results, types } = await ended(run)
    expect(types.slice(-5)).toEqual([
      'AVF_ACCOUNT_LIST_OPEN',
      'AVF_LEARN_MORE_OPEN',
      'AVF_LEARN_MORE_CLOSE',
      'AVF_ACCOUNT_LIST_CLOSE',
      'exit',
    ])
    expect(results).toMatchObject({ authenticated: true, accounts: [] })
  })

  test('accounts that are not proven are not connected, and others can be chosen', async () => {
    const run = await begin(connectFor(KEVIN, { products: ['sensitive'], ...CARDS }), { size })
    const { walk } = run
    await walk.goOn('intro')
    await walk.code()
    await walk.consent()
    await walk.goOn('auth_success')
    await walk.choose('Chase')
    await walk.at('account')
    await walk.press('Skip all')
    await walk.at('error')
    expect(await walk.says()).toContain('Your accounts could not be verified')
    await walk.press('Choose other accounts')
    await walk.choose('Chase')
    for (let attempt = 1; attempt <= 5; attempt++) {
      await walk.card('111')
      if (attempt < 5) await expect.poll(walk.says).toContain(`Attempts left: ${5 - attempt}`)
    }
    await walk.at('error')
    await walk.close()
    const { results, types } = await ended(run)
    expect(types).toContain('AVF_SKIP_ALL')
    expect(types.filter((type) => type === 'AVF_ERROR')).toHaveLength(2)
    expect(results).toMatchObject({ authenticated: true, accounts: [] })
  })

  test('two small deposits prove a bank account', async () => {
    const { app } = server
    const { id } = await customer.post('/entities', { type: 'individual', individual: KEVIN })
    const account = await customer.post('/accounts', {
      holder_id: id,
      ach: { routing: '062103000', number: '123456789', type: 'checking' },
    })
    const body = { type: 'connect', entity_id: id, connect: { products: ['payment'], accounts: [account.id] } }
    const run = await begin(body, { size })
    const { walk } = run
    await walk.goOn('intro')
    await walk.code()
    await walk.consent()
    await walk.goOn('auth_success')
    await walk.choose('6789')
    await walk.at('deposits')
    app.clock.advance(10_000)
    await app.drain()
    await walk.at('amounts')
    const sessions = `/accounts/${account.id}/verification_sessions`
    const [session] = (await customer.get(sessions)) as unknown as readonly [Wire]
    const { amounts } = await customer.get(`/simulate${sessions}/${session.id}/amounts`)
    const tell = async ([first, second]: readonly number[]) => {
      await walk.fill('First amount in cents', String(first))
      await walk.fill('Second amount in cents', String(second))
      await walk.press('Verify')
    }
    await tell([1, 2])
    await expect.poll(walk.says).toContain('Those were not the amounts. Attempts left: 4.')
    await tell(amounts)
    await walk.at('success')
    await walk.done()
    const { results } = await ended(run)
    expect(results.accounts).toEqual([account.id])
    expect((await customer.get(`/accounts/${account.id}`)).products).toContain('payment')
  })

  test('whose file is empty has no accounts to choose', async () => {
    await register(server.app, { phone: '+15125550177', liabilities: [] })
    const run = await begin(connectFor({ first_name: 'Ada', last_name: 'Own', phone: '+15125550177' }), { size })
    const { walk } = run
    await walk.goOn('intro')
    await walk.code()
    await walk.consent()
    await walk.goOn('auth_success')
    await walk.at('empty')
    expect(await walk.says()).toContain('No accounts found')
    await walk.done()
    const { results } = await ended(run)
    expect(lastOf(results, 'success')?.metadata.accounts).toEqual([])
  })

  test('what the team may not use any more ends the element with an error', async () => {
    const { app } = server
    const team = { name: app.keys.team, environment: 'development' } as const
    const run = await begin(connectFor(KEVIN, { products: ['payoff'] }), { size })
    await app.admin.changeTeam(team, (settings) => ({ ...settings, products: { restricted: ['payoff'] } }))
    const { walk } = run
    await walk.goOn('intro')
    await walk.code()
    await walk.at('consent')
    app.clock.advance(2_000)
    await walk.press('Agree and continue')
    await expect.poll(() => run.page.locator('#method-elements-modal-id').count()).toBe(0)
    await app.admin.changeTeam(team, ({ products: _, ...settings }) => settings)
    const results = await customer.results(run.token)
    expect(lastOf(results, 'error')?.metadata).toMatchObject({
      op: 'error',
      element_type: 'connect',
      type: 'INVALID_REQUEST',
      sub_type: 'TEAM_CAPABILITY_RESTRICTED',
      code: 400,
    })
    expect((await host.heard(run.page)).filter(({ callback }) => callback === 'onError')).toEqual([
      { callback: 'onError', type: 'error', payload: lastOf(results, 'error')?.metadata },
    ])
    await run.page.context().close()
  })

  test('a token that was used, is too old, or was never made opens nothing', async () => {
    const used = await customer.token(connectFor(KEVIN))
    const old = await customer.token(connectFor(KEVIN))
    const first = await begin(used, { size })
    await first.walk.at('intro')
    server.app.clock.advance(30 * 60_000)
    const unknown = `pk_elem_${'4'.repeat(32)}`
    for (const [token, subType] of [
      [used, 'EXPIRED_TOKEN'],
      [old, 'EXPIRED_TOKEN'],
      [unknown, 'INVALID_TOKEN'],
    ] as const) {
      const page = await browser.page({ size })
      await host.visit(page)
      await host.open(page, token)
      await expect.poll(async () => (await host.heard(page)).map(({ callback }) => callback)).toContain('onError')
      const [error] = await host.heard(page)
      expect(error).toMatchObject({
        callback: 'onError',
        payload: { op: 'error', element_type: 'unknown', type: 'INVALID_REQUEST', sub_type: subType, code: 400 },
      })
      expect(await page.locator('#method-elements-modal-id').count()).toBe(0)
      await page.context().close()
    }
    // Who opens it by itself is told, too.
    const alone = await browser.page({ size })
    await alone.goto(`${server.url}/connect/elements?token=${old}&event_channel=message`)
    await (await walkOf(alone)).at('expired')
    expect(await alone.getByRole('heading').textContent()).toBe('This link is no longer valid')
    await alone.context().close()
    expect(typeof (await customer.results(old)).entity_id).toBe('string')
    await first.page.context().close()
  })

  test('a lost connection loses nothing', async () => {
    const run = await begin(connectFor(KEVIN), { size })
    const { walk, page } = run
    await walk.at('intro')
    await page.context().setOffline(true)
    await walk.press('Continue')
    await expect.poll(walk.says).toContain('You are offline.')
    await page.context().setOffline(false)
    await walk.at('phone_code')
    await page.route('**/api/act', (route) => route.abort(), { times: 1 })
    await walk.fill('Code', '123456')
    await expect.poll(walk.says).toContain('We could not reach the server.')
    await walk.press('Try again')
    await walk.at('consent')
    await walk.close()
    expect((await customer.results(run.token)).authenticated).toBe(false)
    await page.context().close()
  })

  test('a server that takes its time is waited for, and the person is told so', async () => {
    const page = await browser.page({ size })
    await page.clock.install()
    let answer = () => {}
    const isAnswered = new Promise<void>((resolve) => {
      answer = resolve
    })
    await page.route('**/api/open', async (route) => {
      await isAnswered
      await route.continue()
    })
    await host.visit(page)
    const token = await customer.token(connectFor(KEVIN))
    await host.open(page, token)
    const walk = await walkOf(page)
    await walk.at('opening')
    await page.clock.fastForward(6_000)
    await expect.poll(walk.says).toContain('Still working.')
    answer()
    await walk.at('intro')
    await page.context().close()
  })

  test('a reload goes on where the person was', async () => {
    const token = await customer.token(connectFor(KEVIN))
    const run = await begin(token, { size })
    const { walk, page } = run
    await walk.goOn('intro')
    await walk.at('phone_code')
    const before = (await customer.results(token)).events.length
    await walk.frame.evaluate(() => (globalThis as unknown as { location: { reload(): void } }).location.reload())
    await walk.at('phone_code')
    expect((await customer.results(token)).events).toHaveLength(before)
    await walk.code()
    await walk.at('consent')
    await page.context().close()
  })
})
