/**
 * MX's own widget, as it is published, over the mx face: from the search to what each login leads to. The numbers are those of the
 * contract's acceptance list. contract: mx-connect/states §9
 */
import type { Page } from 'playwright-core'
import { test as bareTest, describe, expect, type TestContext } from 'vitest'
import { expectAccessible, ownPages, shoot } from '../setup/browser.js'
import { expectConnected, expectTrouble, goOn, logIn, pick, useWidgets } from '../setup/mx-widget.js'

const widgets = useWidgets()
/** Most run beside each other, to wait together. */
const test = (name: string, options: { readonly timeout: number }, body: (context: TestContext) => Promise<void>) =>
  bareTest(name, options, ownPages(body))
const LONG = 60_000
const PATIENT = { timeout: 20_000 }
const byTest = (name: string) => `[data-test="${name}"]`

async function attempt(password: string, settings: object = {}) {
  const opened = await widgets.open({ settings })
  await pick(opened.page)
  await logIn(opened.page, password)
  return opened
}

describe.concurrent('logging in', () => {
  test('1 · from the search to connected, and back', { timeout: LONG }, async ({ expect }) => {
    const { page, heard, messages, backEnd, userGuid } = await widgets.open({ size: 'phone' })
    await page.locator(byTest('Clearspan-Bank-tile')).waitFor()
    await shoot(page, 'mx-search')
    await page.locator(byTest('Clearspan-Bank-tile')).click()
    await page.locator('#LOGIN').waitFor()
    await shoot(page, 'mx-credentials')
    await logIn(page, 'anything')
    await expectConnected(page)
    await shoot(page, 'mx-connected')
    const [member] = (await backEnd('GET', '/members')).members
    expect(member).toMatchObject({ connection_status: 6, institution_code: 'mxbank' })
    expect(await messages()).toContainEqual({
      mx: true,
      type: 'mx/connect/memberConnected',
      metadata: expect.objectContaining({ member_guid: member.guid, user_guid: userGuid }),
    })
    await page.locator(byTest('done-button')).click()
    await page.locator(byTest('search-input')).locator('visible=true').first().waitFor()
    expect(await heard()).toContain('mx/connect/backToSearch')
    // Whoever is connected there is not offered the same again among the popular ones.
    expect(await page.locator(byTest('Clearspan-Bank-tile')).count()).toBe(0)
  })

  test('2 · a question: wrong, then right', { timeout: LONG }, async () => {
    const { page } = await attempt('challenge')
    await page.locator('input').first().fill('nonsense')
    await goOn(page)
    await expectTrouble(page, 'Incorrect information')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.locator('input').first().fill('correct')
    await goOn(page)
    await expectConnected(page)
  })

  test('2 · two questions at once, and another one after that', { timeout: LONG }, async () => {
    const { page } = await attempt('challenge2')
    await page.locator('input').nth(1).waitFor()
    await page.locator('input').nth(0).fill('correct')
    await page.locator('input').nth(1).fill('token')
    await goOn(page)
    await page.getByText('Enter the code we sent you').first().waitFor()
    await page.locator('input').first().fill('1234')
    await goOn(page)
    await expectConnected(page)
  })

  test('3 · options', { timeout: LONG }, async () => {
    const { page } = await attempt('options')
    await page.locator(`${byTest('correct')} input`).check({ force: true })
    await goOn(page)
    await expectConnected(page)
  })

  test('4 · what is written in a picture', { timeout: LONG }, async () => {
    const { page } = await attempt('image')
    await page.locator('img[src^="data:image"]').first().waitFor()
    await page.locator('input').first().fill('correct')
    await goOn(page)
    await expectConnected(page)
  })

  test('5 · one of two pictures', { timeout: LONG }, async () => {
    const { page } = await attempt('image_options')
    await page.getByAltText('correct').click()
    await page.getByRole('button', { name: 'Continue' }).click()
    await expectConnected(page)
  })

  test('6 · a code', { timeout: LONG }, async () => {
    const { page } = await attempt('token')
    await page.getByText('Enter the code we sent you').first().waitFor()
    await page.locator('input').first().fill('correct')
    await goOn(page)
    await expectConnected(page)
  })

  test('7 · one account of several', { timeout: LONG }, async () => {
    const { page } = await attempt('select_account', { mode: 'verification' })
    await page.getByText('Account selection').first().waitFor()
    await page.locator('input[type="radio"]').first().check({ force: true })
    await goOn(page)
    await expectConnected(page)
  })

  test('8 · a wrong password, corrected', { timeout: LONG }, async ({ expect }) => {
    const { page, heard } = await attempt('INVALID')
    await page.getByText('Incorrect Credentials').first().waitFor({ timeout: 20_000 })
    await logIn(page, 'right')
    await expectConnected(page)
    expect(await heard()).toEqual(expect.arrayContaining(['mx/connect/memberError', 'mx/connect/updateCredentials']))
  })

  for (const [password, title] of Object.entries({
    LOCKED: 'Account is locked',
    SERVER_ERROR: 'Connection failed',
    IMPEDED: 'Your attention is needed',
    PREVENTED: 'New credentials needed',
    NO_ACCOUNTS: 'No accounts found',
    MAINTENANCE: 'Maintenance in progress',
  })) {
    test(`9 · ${password}: ${title}`, { timeout: LONG }, async () => {
      const { page } = await attempt(password)
      await expectTrouble(page, title)
    })
  }

  test('10 · the same login once more updates the member that is there', { timeout: LONG }, async ({ expect }) => {
    const { page, backEnd } = await attempt('anything')
    await expectConnected(page)
    await page.locator(byTest('done-button')).click()
    await pick(page)
    await logIn(page, 'another')
    await expectConnected(page)
    expect((await backEnd('GET', '/members')).members).toHaveLength(1)
  })

  test('11 · a member that cannot be made, and a server that cannot be reached', { timeout: LONG }, async ({
    expect,
  }) => {
    const { page, heard } = await attempt('HTTP_500')
    await page.locator(byTest('credentials-error-message-box')).waitFor()
    expect(await heard()).toContain('mx/connect/createMemberError')
    await page.context().setOffline(true)
    await logIn(page, 'anything')
    await page.locator(byTest('credentials-error-message-box')).waitFor()
    await page.context().setOffline(false)
    await logIn(page, 'anything')
    await expectConnected(page)
  })

  test('20 · two jobs where identity is wanted, 21 · one where they are combined', { timeout: LONG }, async ({
    expect,
  }) => {
    const { page, backEnd } = await attempt('anything', { include_identity: true })
    await expectConnected(page)
    const [member] = (await backEnd('GET', '/members')).members
    expect((await backEnd('GET', `/members/${member.guid}/account_owners`)).account_owners.length).toBeGreaterThan(0)

    const combined = await attempt('anything', { data_request: { products: ['account_verification', 'transactions'] } })
    await expectConnected(combined.page)
    const [other] = (await combined.backEnd('GET', '/members')).members
    const { job } = await combined.backEnd('GET', `/jobs/${other.most_recent_job_guid}`)
    expect(job).toMatchObject({ job_type: 11, status: 6 })
  })

  test('22 · use cases are kept', { timeout: LONG }, async ({ expect }) => {
    const { page, backEnd } = await attempt('anything', { use_cases: ['MONEY_MOVEMENT'] })
    await expectConnected(page)
    expect((await backEnd('GET', '/members')).members[0].use_cases).toEqual(['MONEY_MOVEMENT'])
  })

  test('27 · looks that fail now and then', { timeout: LONG }, async ({ expect }) => {
    const { page } = await attempt('FLAKY')
    // The first look after the job must not fail: that one ends the widget.
    await page
      .locator(`${byTest('connected-header')}, .panel`)
      .first()
      .waitFor({ timeout: 40_000 })
    expect(await page.locator(byTest('connected-header')).count()).toBe(1)
  })
})

describe.concurrent('at the pages of an institution', () => {
  const NAME = 'Clearspan Bank (OAuth)'

  async function atBank(page: Page, button: string, password?: string) {
    const [bank] = await Promise.all([page.context().waitForEvent('page'), goOn(page)])
    if (password) await bank.locator('#password').fill(password)
    await bank.getByRole('button', { name: button }).click()
    return bank
  }

  test('12 · approved, which connects and closes the window', { timeout: LONG }, async ({ expect }) => {
    const { page, heard } = await widgets.open()
    await pick(page, NAME)
    const bank = await atBank(page, 'Approve')
    await expectConnected(page)
    expect(await heard()).toContain('mx/connect/oauthRequested')
    await expect.poll(() => bank.isClosed(), PATIENT).toBe(true)
  })

  test('12 · cancelled, then tried again and approved with a question', { timeout: LONG }, async ({ expect }) => {
    const { page, messages } = await widgets.open()
    await pick(page, NAME)
    await atBank(page, 'Cancel')
    await page
      .getByText(/declined/)
      .first()
      .waitFor({ timeout: 20_000 })
    await page.getByRole('button', { name: 'Try again' }).click()
    await atBank(page, 'Approve', 'challenge')
    await page.locator('input').first().fill('correct', { timeout: 20_000 })
    await goOn(page)
    await expectConnected(page)
    const error = (await messages()).find(({ type }: { type: string }) => type === 'mx/connect/oauthError')
    expect(error.metadata).toMatchObject({ error_reason: 'CANCELLED', member_guid: expect.stringMatching(/^MBR-/) })
  })

  test('13 · a member that is connected is sent there again', { timeout: LONG }, async ({ expect }) => {
    const { page, userGuid, backEnd } = await widgets.open()
    await pick(page, NAME)
    const bank = await atBank(page, 'Approve')
    await expectConnected(page)
    await expect.poll(() => bank.isClosed(), PATIENT).toBe(true)
    const [member] = (await backEnd('GET', '/members')).members
    const settings = { current_member_guid: member.guid, update_credentials: true }
    const again = await widgets.open({ userGuid, settings })
    await atBank(again.page, 'Approve')
    await expectConnected(again.page)
    expect((await backEnd('GET', '/members')).members).toHaveLength(1)
  })

  test('our page of a bank can be used by everybody', { timeout: LONG }, async () => {
    const { page } = await widgets.open()
    await pick(page, NAME)
    const [bank] = await Promise.all([page.context().waitForEvent('page'), goOn(page)])
    await bank.getByRole('button', { name: 'Approve' }).waitFor()
    await expectAccessible(bank)
    await shoot(bank, 'mx-bank')
  })

  test('12 · a bank that approves at once is not too quick', { timeout: LONG }, async () => {
    const { page } = await widgets.open({
      prepare: (opened) =>
        opened.context().route('**/mx/oauth/authorize?*', (route) => {
          const url = new URL(route.request().url())
          if (route.request().method() !== 'GET') return route.continue()
          return route.continue({ url: `${url.href}&auto=approve&delay_ms=0` })
        }),
    })
    await pick(page, NAME)
    await Promise.all([page.context().waitForEvent('page'), goOn(page)])
    await expectConnected(page)
  })
})

describe.concurrent('what else a user does', () => {
  test('14 · disconnects', { timeout: LONG }, async ({ expect }) => {
    const { page, heard, backEnd } = await attempt('INVALID')
    await page.getByText('Disconnect this institution').click({ timeout: 20_000 })
    await page.locator('input[type="radio"]').first().check({ force: true })
    await page.locator(byTest('disconnect-button')).click()
    await expect.poll(heard, PATIENT).toContain('mx/connect/memberDeleted')
    expect((await backEnd('GET', '/members')).members).toEqual([])
  })

  test('15 · describes an account, and another one', { timeout: LONG }, async ({ expect }) => {
    const { page, backEnd } = await widgets.open()
    for (const name of ['Under the mattress', 'In the garden']) {
      await page.locator(byTest('search-input')).locator('visible=true').first().fill('nobody has this name')
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

  test('16 · writes to the team', { timeout: LONG }, async ({ expect }) => {
    const { page, backEnd } = await attempt('LOCKED')
    await expectTrouble(page, 'Account is locked')
    await page.getByText('Get help').first().click()
    await page.locator('#issueDescription').fill('My bank')
    await page.locator('#issueDetails').fill('It says that it is locked.')
    await page.getByRole('button', { name: 'Continue' }).click()
    await expect
      .poll(async () => (await backEnd('GET', '/support_tickets')).support_tickets, PATIENT)
      .toMatchObject([{ title: 'My bank', message: 'It says that it is locked.' }])
  })

  test('17 · searches: more, nothing, by number, and a search that fails', { timeout: LONG }, async ({ expect }) => {
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

  test('19 · verifies a member that is there already', { timeout: LONG }, async ({ expect }) => {
    const first = await attempt('anything')
    await expectConnected(first.page)
    const { page, backEnd } = await widgets.open({ userGuid: first.userGuid, settings: { mode: 'verification' } })
    await page.locator(byTest('connect-account-row')).first().click()
    await expectConnected(page)
    const [member] = (await backEnd('GET', '/members')).members
    expect((await backEnd('GET', `/members/${member.guid}/account_numbers`)).account_numbers.length).toBeGreaterThan(0)
  })

  test('25 · is told of an institution that lacks what is wanted', { timeout: LONG }, async () => {
    const settings = { current_institution_code: 'clearspan_cu', data_request: { products: ['identity_verification'] } }
    const { page } = await widgets.open({ settings })
    await page.getByText('Feature not available').first().waitFor()
  })

  test('24 · a member that is not there, and an institution that is none', { timeout: LONG }, async () => {
    const member = await widgets.open({ settings: { current_member_guid: 'MBR-nobody' } })
    await member.page
      .getByText(/couldn.t find that connection/)
      .first()
      .waitFor()
    const institution = await widgets.open({ settings: { current_institution_code: 'nobody' } })
    await institution.page.getByText(/Oops/).first().waitFor()
  })

  test('28 · in Spanish, and in the French of Canada', { timeout: LONG }, async ({ expect }) => {
    for (const [language, word] of [
      ['es', /Selecciona|institución/i],
      ['fr-ca', /institution|sélectionn/i],
    ] as const) {
      const { page } = await widgets.open({ settings: { language } })
      await page.getByText(word).first().waitFor()
      expect(await page.locator('html').getAttribute('lang')).toBe(language)
    }
  })
})

describe.concurrent('micro-deposits', () => {
  const settings = { mode: 'verification' }

  test('18 · are asked for in the widget', { timeout: LONG }, async ({ expect }) => {
    const { page, heard } = await widgets.open({ settings })
    await page.locator(byTest('search-input')).locator('visible=true').first().fill('nobody has this name')
    await page.locator(byTest('connect-account-numbers-button')).click()
    await page.locator(byTest('routing-number-input')).fill('111000025')
    await goOn(page).catch(() => page.getByRole('button', { name: 'Continue' }).click())
    await expect.poll(heard, PATIENT).toContain('mx/connect/microdeposits/blockedRoutingNumber')
  })

  test('18 · wrong amounts, then right ones', { timeout: LONG }, async ({ expect }) => {
    const userGuid = await widgets.newUser()
    const { micro_deposit } = await widgets.backEnd('POST', `/users/${userGuid}/micro_deposits`, {
      micro_deposit: {
        account_name: 'Checking',
        account_number: '3333000037',
        account_type: 1,
        routing_number: '091000019',
        first_name: 'Ann',
        last_name: 'Lee',
        email: 'ann.lee@example.com',
      },
    })
    const at = `/users/${userGuid}/micro_deposits/${micro_deposit.guid}`
    await expect.poll(async () => (await widgets.backEnd('GET', at)).micro_deposit.status, { timeout: 20_000 }).toBe(2)
    const { page, heard } = await widgets.open({
      userGuid,
      settings: { ...settings, current_microdeposit_guid: micro_deposit.guid },
    })
    const tell = async (one: string, two: string) => {
      await page.locator(byTest('amount-1-input')).fill(one, { timeout: 20_000 })
      await page.locator(byTest('amount-2-input')).fill(two)
      await page.getByRole('button', { name: 'Continue' }).click()
    }
    await tell('0.01', '0.02')
    await page
      .getByText(/incorrect/i)
      .first()
      .waitFor({ timeout: 20_000 })
    await tell('0.03', '0.07')
    await expect.poll(heard, { timeout: 20_000 }).toContain('mx/connect/microdeposits/verified')
  })
})

test('29 · with every other host blocked it works, and asks no other for anything but the client’s logo', {
  timeout: LONG,
}, async () => {
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

test('a session that is over says so', { timeout: LONG }, async () => {
  const { page } = await widgets.open()
  await page.goto(`${widgets.url}/mx/connect?token=nonsense&debug=1`)
  await page.getByRole('heading', { name: 'Your session has ended' }).waitFor()
  await shoot(page, 'mx-expired')
})
