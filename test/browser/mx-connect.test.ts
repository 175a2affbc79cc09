/**
 * MX's own widget, as it is published, over the mx face: from the search to what each login leads to. The numbers are those of the
 * contract's acceptance list; those that are not here are in mx-connect-views.test.ts. contract: mx-connect/states §9
 */
import { describe } from 'vitest'
import { expectAccessible, shoot } from '../setup/browser.js'
import {
  atBank,
  byTest,
  expectConnected,
  expectTrouble,
  goOn,
  logIn,
  PATIENT,
  pick,
  settled,
  widgetTest as test,
  useWidgets,
} from '../setup/mx-widget.js'

const widgets = useWidgets()

/** Logs in at once: the way through the search is walked by others. */
async function attempt(password: string, settings: object = {}) {
  const opened = await widgets.open({ settings: { current_institution_code: 'mxbank', ...settings } })
  await logIn(opened.page, password)
  return opened
}

describe.concurrent('logging in', () => {
  test('1 · from the search to connected, and back', async ({ expect }) => {
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

  test('2 · a question: wrong, then right', async () => {
    const { page } = await attempt('challenge')
    await page.locator('input').first().fill('nonsense')
    await goOn(page)
    await expectTrouble(page, 'Incorrect information')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.locator('input').first().fill('correct')
    await goOn(page)
    await expectConnected(page)
  })

  test('2 · two questions at once, and another one after that', async () => {
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

  test('3 · options', async () => {
    const { page } = await attempt('options')
    await page.locator(`${byTest('correct')} input`).check({ force: true })
    await goOn(page)
    await expectConnected(page)
  })

  test('4 · what is written in a picture', async () => {
    const { page } = await attempt('image')
    await page.locator('img[src^="data:image"]').first().waitFor()
    await page.locator('input').first().fill('correct')
    await goOn(page)
    await expectConnected(page)
  })

  test('5 · one of two pictures', async () => {
    const { page } = await attempt('image_options')
    await page.getByAltText('correct').click()
    await page.getByRole('button', { name: 'Continue' }).click()
    await expectConnected(page)
  })

  test('6 · a code', async () => {
    const { page } = await attempt('token')
    await page.getByText('Enter the code we sent you').first().waitFor()
    await page.locator('input').first().fill('correct')
    await goOn(page)
    await expectConnected(page)
  })

  test('7 · one account of several', async () => {
    const { page } = await attempt('select_account', { mode: 'verification' })
    await page.getByText('Account selection').first().waitFor()
    await page.locator('input[type="radio"]').first().check({ force: true })
    await goOn(page)
    await expectConnected(page)
  })

  test('8 · a wrong password, corrected', async ({ expect }) => {
    const { page, heard } = await attempt('INVALID')
    await page.getByText('Incorrect Credentials').first().waitFor({ timeout: 20_000 })
    await logIn(page, 'right')
    await expectConnected(page)
    expect(await heard()).toEqual(expect.arrayContaining(['mx/connect/memberError', 'mx/connect/updateCredentials']))
  })

  test('9 · logins that lead nowhere say why', async () => {
    const { page, comeBack } = await widgets.open({ settings: { current_institution_code: 'mxbank' } })
    for (const [password, title] of Object.entries({
      LOCKED: 'Account is locked',
      SERVER_ERROR: 'Connection failed',
      IMPEDED: 'Your attention is needed',
      PREVENTED: 'New credentials needed',
      NO_ACCOUNTS: 'No accounts found',
      MAINTENANCE: 'Maintenance in progress',
    })) {
      await logIn(page, password, `user of ${password}`)
      await expectTrouble(page, title)
      await comeBack()
    }
  })

  test('10 · the same login once more updates the member that is there', async ({ expect }) => {
    const { userGuid } = await widgets.newMember()
    const { page, backEnd } = await widgets.open({ userGuid })
    await pick(page)
    await logIn(page, 'another')
    await expectConnected(page)
    expect((await backEnd('GET', '/members')).members).toHaveLength(1)
  })

  test('11 · a member that cannot be made, and a server that cannot be reached', async ({ expect }) => {
    const { page, heard } = await attempt('HTTP_500')
    const box = page.locator(byTest('credentials-error-message-box'))
    await box.waitFor()
    expect(await heard()).toContain('mx/connect/createMemberError')
    await page.locator('#PASSWORD').fill('HTTP_400')
    const [refused] = await Promise.all([
      page.waitForResponse((answer) => answer.url().endsWith('/mx/members') && answer.request().method() === 'POST'),
      page.locator(byTest('credentials-continue')).click(),
    ])
    expect(refused.status()).toBe(400)
    await box.waitFor()
    await page.context().setOffline(true)
    await logIn(page, 'anything')
    await page.locator(byTest('credentials-error-message-box')).waitFor()
    await page.context().setOffline(false)
    await logIn(page, 'anything')
    await expectConnected(page)
  })

  test('20 · two jobs where identity is wanted, 21 · one where they are combined', async ({ expect }) => {
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

  test('22 · use cases are kept', async ({ expect }) => {
    const { page, backEnd } = await attempt('anything', { use_cases: ['MONEY_MOVEMENT'] })
    await expectConnected(page)
    expect((await backEnd('GET', '/members')).members[0].use_cases).toEqual(['MONEY_MOVEMENT'])
  })

  test('27 · looks that fail now and then', async ({ expect }) => {
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

  const AT_PAGES = { current_institution_code: 'mx_bank_oauth' }

  test('12 · approved, which connects and closes the window', async ({ expect }) => {
    const { page, heard } = await widgets.open()
    await pick(page, NAME)
    const bank = await atBank(page, 'Approve')
    await expectConnected(page)
    expect(await heard()).toContain('mx/connect/oauthRequested')
    await expect.poll(() => bank.isClosed(), PATIENT).toBe(true)
  })

  test('12 · each way in which it fails, tried again and approved with a question', async ({ expect }) => {
    const { page, messages } = await widgets.open({ settings: AT_PAGES })
    const reasons = async () =>
      (await messages())
        .filter(({ type }: { type: string }) => type === 'mx/connect/oauthError')
        .map(({ metadata }: { metadata: { error_reason: string } }) => metadata.error_reason)
    const expected: string[] = []
    for (const [button, reason, text] of [
      ['Cancel', 'CANCELLED', /declined/],
      ['Wrong login', 'DENIED', /problem logging in/],
      ['Needs attention', 'IMPEDED', /attention is needed/],
      ['Bank error', 'PROVIDER_ERROR', /come back later/],
      ['Server error', 'SERVER_ERROR', /Oops! There was an error/],
      ['Session error', 'SESSION_ERROR', /Oops! There was an error/],
    ] as const) {
      await atBank(page, button)
      expected.push(reason)
      await expect.poll(reasons, PATIENT).toEqual(expected)
      await page.getByText(text).first().waitFor()
      await page.getByRole('button', { name: 'Try again' }).click()
    }
    await atBank(page, 'Approve', 'challenge')
    await page.locator('input').first().fill('correct', PATIENT)
    await goOn(page)
    await expectConnected(page)
  })

  test('12 · a window that the user closes is opened anew', async ({ expect }) => {
    const { page, backEnd } = await widgets.open({ settings: AT_PAGES })
    const [bank] = await Promise.all([page.waitForEvent('popup'), goOn(page)])
    await bank.close()
    // Until it has another address the widget offers the old one, which leads nowhere any more.
    const [begun] = await Promise.all([
      page.waitForResponse('**/oauth_window_uri'),
      page.getByRole('button', { name: 'Try again' }).click(),
    ])
    await begun.finished()
    await page.evaluate(settled)
    await atBank(page, 'Approve')
    await expectConnected(page)
    expect((await backEnd('GET', '/members')).members).toHaveLength(1)
  })

  test('13 · a member that is connected is sent there again', async ({ expect }) => {
    const { userGuid, guid } = await widgets.newMember('mx_bank_oauth')
    const settings = { current_member_guid: guid, update_credentials: true }
    const { page, backEnd } = await widgets.open({ userGuid, settings })
    await atBank(page, 'Approve')
    await expectConnected(page)
    expect((await backEnd('GET', '/members')).members).toHaveLength(1)
  })

  test('our page of a bank can be used by everybody', async () => {
    const { page } = await widgets.open({ settings: AT_PAGES })
    const [bank] = await Promise.all([page.waitForEvent('popup'), goOn(page)])
    await bank.getByRole('button', { name: 'Approve' }).waitFor()
    await expectAccessible(bank)
    await shoot(bank, 'mx-bank')
  })

  test('12 · a bank that approves at once is not too quick', async () => {
    const { page } = await widgets.open({
      settings: AT_PAGES,
      prepare: (opened) =>
        opened.context().route('**/mx/oauth/authorize?*', (route) => {
          const url = new URL(route.request().url())
          if (route.request().method() !== 'GET') return route.continue()
          return route.continue({ url: `${url.href}&auto=approve&delay_ms=0` })
        }),
    })
    await Promise.all([page.waitForEvent('popup'), goOn(page)])
    await expectConnected(page)
  })
})
