/**
 * MX's own widget over the mx face, beside its way from the search to connected: what it shows of members as they stand, and what
 * else a user does in it. The numbers are those of the contract's acceptance list. contract: mx-connect/states §9
 */
import type { Page } from 'playwright-core'
import { describe } from 'vitest'
import { shoot } from '../setup/browser.js'
import {
  atBank,
  byTest,
  expectConnected,
  expectTrouble,
  goOn,
  logIn,
  PATIENT,
  pick,
  searchFor,
  widgetTest as test,
  useWidgets,
} from '../setup/mx-widget.js'

const widgets = useWidgets()

describe.concurrent('23 · a member that its user comes back to', () => {
  /** Puts a member where its user finds it, and opens the widget there, for one status after the other. */
  async function standing(code: 'mxbank' | 'mx_bank_oauth' = 'mxbank') {
    const { userGuid, guid } = await widgets.newMember(code)
    const settings = { current_member_guid: guid }
    const put = (status: number) =>
      widgets.backEnd('PUT', `/simulate/members/${guid}`, { member: { connection_status: status } })
    const find = async () => (await widgets.backEnd('GET', `/users/${userGuid}/members/${guid}`)).member
    const { page, comeBack } = await widgets.open({ userGuid, settings })
    await expectConnected(page)
    const at = async (status: number) => {
      await put(status)
      await comeBack()
    }
    return { page, at, find }
  }

  test('and that is in trouble shows which', async ({ expect }) => {
    const { page, at, find } = await standing()
    const titles = new Map([
      [1, 'New credentials needed'],
      [5, 'Account is locked'],
      [7, 'Your attention is needed'],
      [9, 'Connection maintenance'],
      [10, 'Connection maintenance'],
      [11, 'Connection discontinued'],
      [12, 'Closed account'],
      [13, 'Something went wrong'],
      [14, 'Connection failed'],
      [16, 'Connection disabled'],
      [17, 'New credentials needed'],
      [20, 'New credentials needed'],
    ])
    for (const [status, title] of titles) {
      await at(status)
      await expectTrouble(page, title)
      expect(await find()).toMatchObject({ connection_status: status, is_being_aggregated: false })
    }
  })

  test('and that waits for a job is connected by one', async ({ expect }) => {
    const { page, at, find } = await standing()
    for (const status of [0, 4, 8, 15, 18, 19]) {
      await at(status)
      await expectConnected(page)
      expect(await find()).toMatchObject({ connection_status: 6 })
    }
  })

  test('and that waits for its user asks', async ({ expect }) => {
    const { page, at, find } = await standing()
    await at(3)
    await page.locator('input').first().fill('correct')
    await goOn(page)
    await expectConnected(page)
    await at(2)
    await page.getByText('Incorrect Credentials').first().waitFor()
    await logIn(page, 'right')
    await expectConnected(page)
    expect(await find()).toMatchObject({ connection_status: 6 })
  })

  test('and that never came back from the pages of its bank is sent there', async ({ expect }) => {
    const userGuid = await widgets.newUser()
    const made = await widgets.backEnd('POST', `/users/${userGuid}/members`, {
      member: { institution_code: 'mx_bank_oauth', is_oauth: true },
    })
    const { guid } = made.member
    const put = (status: number) =>
      widgets.backEnd('PUT', `/simulate/members/${guid}`, { member: { connection_status: status } })
    await put(20)
    await put(21)
    const { page } = await widgets.open({ userGuid, settings: { current_member_guid: guid } })
    await page.getByText('Go to log in').waitFor()
    await atBank(page, 'Approve')
    await expectConnected(page)
    const { members } = await widgets.backEnd('GET', `/users/${userGuid}/members`)
    expect(members).toMatchObject([{ guid, connection_status: 6 }])
  })
})

describe.concurrent('a login that takes long', () => {
  test('26 · says so after a while, and connects', async ({ expect }) => {
    const { page, messages } = await widgets.open({ settings: { current_institution_code: 'mxbank' } })
    await logIn(page, 'SLOW')
    const steps = async () =>
      (await messages()).map(({ metadata }: { metadata?: { current?: string } }) => metadata?.current)
    await expect.poll(steps, { timeout: 45_000 }).toContain('timeOut')
    await widgets.backEnd('POST', '/simulate/clock', { advance: 'PT70S' })
    await expectConnected(page)
  })
})

describe.concurrent('what else a user does', () => {
  test('14 · disconnects, once the server lets it', async ({ expect }) => {
    const { userGuid, guid } = await widgets.newMember()
    await widgets.backEnd('PUT', `/simulate/members/${guid}`, { member: { connection_status: 2 } })
    const { page, heard, backEnd } = await widgets.open({ userGuid, settings: { current_member_guid: guid } })
    await page.getByText('Disconnect this institution').click(PATIENT)
    await page.route('**/mx/members/*', (route) =>
      route.request().method() === 'DELETE' ? route.abort() : route.continue(),
    )
    const disconnect = async () => {
      await page.locator('input[type="radio"]').first().check({ force: true })
      await page.locator(byTest('disconnect-button')).click()
    }
    await disconnect()
    await page.locator(byTest('disconnect-error-header')).waitFor()
    expect((await backEnd('GET', '/members')).members).toHaveLength(1)
    await page.unroute('**/mx/members/*')
    await page.locator(byTest('disconnect-ok-button')).click()
    await page.getByText('Disconnect this institution').click(PATIENT)
    await disconnect()
    await expect.poll(heard, PATIENT).toContain('mx/connect/memberDeleted')
    expect((await backEnd('GET', '/members')).members).toEqual([])
  })

  test('15 · describes an account, and another one', async ({ expect }) => {
    const { page, backEnd } = await widgets.open()
    for (const name of ['Under the mattress', 'In the garden']) {
      await searchFor(page, 'nobody has this name')
      await page.locator(byTest('add-account-manually-button')).click()
      await page.getByText('Cash', { exact: true }).first().click()
      await page.locator('#user_name').fill(name)
      await page.locator('#balance').fill('12.50')
      await page.locator(byTest('save-manual-account-button')).click()
      await page.locator(byTest('manual-success-done-button')).click()
    }
    const { accounts } = await backEnd('GET', '/accounts')
    expect(accounts.map(({ user_name }: { user_name: string }) => user_name)).toEqual([
      'Under the mattress',
      'In the garden',
    ])
  })

  test('16 · writes to the team', async ({ expect }) => {
    const { userGuid, guid } = await widgets.newMember()
    await widgets.backEnd('PUT', `/simulate/members/${guid}`, { member: { connection_status: 5 } })
    const { page, backEnd } = await widgets.open({ userGuid, settings: { current_member_guid: guid } })
    await expectTrouble(page, 'Account is locked')
    await page.getByText('Get help').first().click()
    await page.locator('#issueDescription').fill('My bank')
    await page.locator('#issueDetails').fill('It says that it is locked.')
    await page.getByRole('button', { name: 'Continue' }).click()
    await expect
      .poll(async () => (await backEnd('GET', '/support_tickets')).support_tickets, PATIENT)
      .toMatchObject([{ title: 'My bank', message: 'It says that it is locked.' }])
  })

  test('17 · searches: more, nothing, by number, and a search that fails', async ({ expect }) => {
    const { page } = await widgets.open()
    const search = page.locator(byTest('search-input')).locator('visible=true').first()
    await search.fill('bank')
    const rows = page.locator('[data-test$="-row"]')
    await expect.poll(() => rows.count(), PATIENT).toBe(25)
    await page.locator(byTest('load-more-institutions-button')).click()
    await expect.poll(() => rows.count(), PATIENT).toBeGreaterThan(25)
    await search.fill('222000118')
    await expect.poll(() => rows.count(), PATIENT).toBe(2)
    await search.fill('nobody has this name')
    await expect.poll(() => rows.count(), PATIENT).toBe(0)
    await page.context().route('**/mx/institutions?*', (route) => route.abort())
    await search.fill('clearspan')
    await page
      .getByText(/isn.t working/i)
      .first()
      .waitFor()
  })

  test('19 · verifies a member that is there already', async ({ expect }) => {
    const { userGuid, guid } = await widgets.newMember()
    const { page, backEnd } = await widgets.open({ userGuid, settings: { mode: 'verification' } })
    await page.locator(byTest('connect-account-row')).first().click()
    await expectConnected(page)
    expect((await backEnd('GET', `/members/${guid}/account_numbers`)).account_numbers.length).toBeGreaterThan(0)
  })

  test('25 · is told of an institution that lacks what is wanted', async () => {
    const settings = { current_institution_code: 'clearspan_cu', data_request: { products: ['identity_verification'] } }
    const { page } = await widgets.open({ settings })
    await page.getByText('Feature not available').first().waitFor()
  })

  test('24 · a member that is not there, and an institution that is none', async () => {
    const member = await widgets.open({ settings: { current_member_guid: 'MBR-nobody' } })
    await member.page
      .getByText(/couldn.t find that connection/)
      .first()
      .waitFor()
    const institution = await widgets.open({ settings: { current_institution_code: 'nobody' } })
    await institution.page.getByText(/Oops/).first().waitFor()
  })

  test('28 · in Spanish, and in the French of Canada', async ({ expect }) => {
    for (const [language, word] of [
      ['es', /Selecciona|institución/i],
      ['fr-ca', /institution|sélectionn/i],
    ] as const) {
      const { page } = await widgets.open({ settings: { language } })
      await page.getByText(word).first().waitFor()
      expect(await page.locator('html').getAttribute('lang')).toBe(language)
    }
  })

  test('29 · with every other host blocked it works, and asks no other for anything but the client’s logo', async ({
    expect,
  }) => {
    const foreign: string[] = []
    const { page } = await widgets.open({
      prepare: (opened) =>
        opened.context().route(
          (url) => url.origin !== widgets.url,
          (route) => {
            foreign.push(route.request().url())
            return route.abort()
          },
        ),
    })
    await pick(page)
    await logIn(page, 'anything')
    await expectConnected(page)
    expect(foreign.filter((url) => !url.includes('/oauth_logos/'))).toEqual([])
  })

  test('a session that is over says so', async () => {
    const { page } = await widgets.open()
    await page.goto(`${widgets.url}/mx/connect?token=nonsense&debug=1`)
    await page.getByRole('heading', { name: 'Your session has ended' }).waitFor()
    await shoot(page, 'mx-expired')
  })

  test('30 · is told that a page is too narrow, and that is kept', async ({ expect }) => {
    // The widget takes any other name for that of a real product, where it says nothing.
    const { page, backEnd } = await widgets.open({ size: 'tiny', host: 'localhost' })
    await page.getByText('Unsupported Resolution').waitFor()
    const [kept] = await Promise.all([
      page.waitForResponse((answer) => answer.url().endsWith('/mx/user_profile')),
      page.getByRole('button', { name: 'Dismiss' }).click(),
    ])
    expect(kept.status()).toBe(200)
    await page.getByText('Unsupported Resolution').waitFor({ state: 'detached' })
    const { user_profile } = await kept.json()
    expect(Date.parse(user_profile.too_small_modal_dismissed_at)).toBeGreaterThan(0)
    expect(await backEnd('GET', '/members')).toMatchObject({ members: [] })
  })
})

describe.concurrent('18 · micro-deposits', () => {
  const settings = { mode: 'verification' }
  const ann = { first_name: 'Ann', last_name: 'Lee', email: 'ann.lee@example.com' }

  /** Made by a back end, for somebody who comes back. */
  async function begun(more: object = {}) {
    const userGuid = await widgets.newUser()
    const { micro_deposit } = await widgets.backEnd('POST', `/users/${userGuid}/micro_deposits`, {
      micro_deposit: { ...ann, ...more },
    })
    const guid: string = micro_deposit.guid
    const find = async () => (await widgets.backEnd('GET', `/users/${userGuid}/micro_deposits/${guid}`)).micro_deposit
    return { userGuid, guid, find, settings: { ...settings, current_microdeposit_guid: guid } }
  }

  async function arrived(accountNumber: string) {
    const made = await begun({ account_number: accountNumber, account_type: 1, routing_number: '091000019' })
    await widgets.backEnd('PUT', `/simulate/micro_deposits/${made.guid}`, { micro_deposit: { status: 2 } })
    return { ...made, ...(await widgets.open(made)) }
  }

  async function tell(page: Page, one: string, two: string) {
    await page.locator(byTest('amount-1-input')).fill(one, PATIENT)
    await page.locator(byTest('amount-2-input')).fill(two)
    await page.getByRole('button', { name: 'Continue' }).click()
    // The answer to the last ones must not be taken for the answer to these.
    await page.getByText('Verifying').first().waitFor()
  }

  async function wantThem(page: Page) {
    await searchFor(page, 'nobody has this name')
    await page.locator(byTest('connect-account-numbers-button')).click()
  }

  const next = (page: Page) => page.locator(byTest('continue-button')).click()

  async function sayAccount(page: Page, accountNumber: string, isNamed: boolean) {
    await page.locator(byTest('routing-number-input')).fill('091000019')
    await next(page)
    await page.getByText('Connect your institution with account numbers').waitFor()
    await next(page)
    await page.locator(byTest('account-number-input')).fill(accountNumber)
    await page.locator(byTest('confirm-account-number-input')).fill(accountNumber)
    await next(page)
    if (!isNamed) {
      await page.locator(byTest('first-name-input')).fill(ann.first_name)
      await page.locator(byTest('last-name-input')).fill(ann.last_name)
      await page.locator(byTest('email-input')).fill(ann.email)
      await next(page)
    }
    await page.locator(byTest('confirm-button')).click()
  }

  test('are asked for: of a blocked bank, of an account that is corrected, and they come', async ({ expect }) => {
    const { page, heard, backEnd, messages } = await widgets.open({ settings })
    await wantThem(page)
    await page.locator(byTest('routing-number-input')).fill('111000025')
    await next(page)
    await expect.poll(heard, PATIENT).toContain('mx/connect/microdeposits/blockedRoutingNumber')
    await sayAccount(page, '4000000011', false)
    await page.getByRole('button', { name: 'Edit details' }).click()
    await sayAccount(page, '3333000011', false)
    await page.getByRole('heading', { name: 'Check back soon' }).waitFor()
    const sent = (await messages()).find(({ type }: { type: string }) => type.endsWith('/detailsSubmitted'))
    const { micro_deposit } = await backEnd('GET', `/micro_deposits/${sent.metadata.microdeposit_guid}`)
    expect(micro_deposit).toMatchObject({ status: 1, account_number: '*****0011', ...ann })
  })

  test('that a back end began need no names', async ({ expect }) => {
    const { userGuid, find, settings } = await begun()
    const { page } = await widgets.open({ userGuid, settings })
    await wantThem(page)
    await sayAccount(page, '3333000012', true)
    await page.getByRole('heading', { name: 'Check back soon' }).waitFor()
    expect(await find()).toMatchObject({ status: 1, account_number: '*****0012', ...ann })
  })

  test('are told wrongly, then rightly', async ({ expect }) => {
    const { page, heard, find } = await arrived('3333000037')
    await tell(page, '0.01', '0.02')
    await page
      .getByText(/incorrect/i)
      .first()
      .waitFor(PATIENT)
    await tell(page, '0.03', '0.07')
    await expect.poll(heard, PATIENT).toContain('mx/connect/microdeposits/verified')
    expect(await find()).toMatchObject({ status: 3 })
  })

  test('are told wrongly three times', async ({ expect }) => {
    const { page, find } = await arrived('3333000137')
    for (const left of [2, 1]) {
      await tell(page, '0.01', '0.02')
      await page
        .getByText(/incorrect/i)
        .first()
        .waitFor(PATIENT)
      expect(await find()).toMatchObject({ status: 5, attempts_left: left })
    }
    await tell(page, '0.01', '0.02')
    await page.getByText('too many failed attempts').first().waitFor(PATIENT)
    expect(await find()).toMatchObject({ status: 6, attempts_left: 0 })
  })
})
