/** The launcher from npm, unmodified, on a page of another site: a person links a bank, and the app reads it. */
import { describe, expect, test } from 'vitest'
import { expectAccessible, useBrowser } from '../setup/browser.js'
import {
  allowAll,
  ending,
  expectScreen,
  frameOf,
  logIn,
  success,
  typeLogin,
  useCustomerApp,
} from '../setup/launcher.js'
import { backEndOf } from '../setup/linking.js'
import { useServer } from '../setup/served.js'

const browser = useBrowser()
const server = useServer()
const app = useCustomerApp(() => server.url)
const backEnd = backEndOf(server, app)

describe('a link', () => {
  test('ends with a token that the app exchanges, and the accounts that were chosen', async () => {
    const page = await browser.page()
    const frame = await app.launch(page, { token: await backEnd.session() })
    await expectScreen(frame, 'Connect your bank')
    await frame.getByRole('searchbox').fill('credent')
    await expectScreen(frame, 'Connect your bank')
    await frame.getByRole('heading', { name: 'Banks found' }).waitFor()
    await logIn(frame, { user: 'user_good' })
    await expectScreen(frame, 'What demo may see')
    await frame.getByLabel('Transactions').uncheck()
    await frame.getByRole('button', { name: 'Allow' }).click()
    await frame.getByRole('checkbox').first().uncheck()
    await frame.getByRole('button', { name: 'Connect', exact: true }).click()
    await expectScreen(frame, 'You are connected')
    await frame.getByRole('button', { name: 'Done' }).click()
    const [token, institution, linkId] = (await success(app, page)) as [string, Record<string, unknown>, string]
    expect(institution).toMatchObject({
      id: 'moneykit-creds-bank',
      name: 'Credentials Bank',
      country: 'US',
      color: expect.stringMatching(/^#/),
      search_group: 'primary',
    })
    await expect.poll(() => page.locator('#moneykit-connect-frame').count()).toBe(0)
    const { link_id: exchanged, link } = await backEnd.exchange(token)
    expect(exchanged).toBe(linkId)
    expect(Object.keys(link.products)).toEqual(['accounts', 'account_numbers', 'identity'])
    const { accounts } = (await backEnd.ask('GET', `/links/${linkId}/accounts`)).body
    const ids = (list: readonly { readonly account_id: string }[]) => list.map(({ account_id }) => account_id)
    expect(ids(institution.selectedAccounts as [])).toEqual(ids(accounts))
    expect(accounts.length).toBeGreaterThan(0)
    expect(browser.complaints(page)).toEqual([])
  })

  test('tells the app of each thing that happens, and of nothing that was typed', async () => {
    const page = await browser.page()
    const frame = await app.launch(page, { token: await backEnd.session() })
    await frame.getByRole('searchbox').fill('cred')
    await frame.getByRole('heading', { name: 'Banks found' }).waitFor()
    await logIn(frame, { user: 'user_good' })
    await allowAll(frame)
    const [, institution] = await success(app, page)
    expect(await app.eventNames(page)).toEqual([
      'open',
      '→ Finder',
      'search_institution',
      'select_institution',
      '→ Connecting',
      '→ Credentials',
      'submit_credentials',
      '→ Connecting',
      '→ Permissions',
      'submit_permissions',
      '→ Accounts',
      'submit_accounts',
      '→ Connecting',
      '→ Success',
      'success',
    ])
    const events = (await app.told(page)).flatMap((entry) => (entry.call === 'event' ? [entry.event] : []))
    expect(events.find(({ name }) => name === 'search_institution')?.properties).toEqual({ search_term: 'cred' })
    expect(events[0]?.meta).toEqual({
      link_type: 'link',
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      link_session_id: expect.stringMatching(/^[\da-f-]{36}$/),
    })
    expect(events.at(-1)?.meta).toMatchObject({
      institution_id: 'moneykit-creds-bank',
      institution_name: 'Credentials Bank',
    })
    expect(JSON.stringify(events)).not.toContain('pass_good')
    const screens = (institution as { trackedScreens: { tag: string; name: string; duration: number }[] })
      .trackedScreens
    expect(screens.map(({ name }) => name)).toContain('Permissions')
    expect(screens.every(({ duration }) => duration >= 0)).toBe(true)
  })

  test('of an institution that is settled begins there, and one without a login needs only consent', async () => {
    const page = await browser.page()
    const token = await backEnd.session({ institution_id: 'moneykit-instant-bank' })
    const frame = await app.launch(page, { token })
    await expectScreen(frame, 'What demo may see')
    await allowAll(frame)
    expect((await success(app, page))[1]).toMatchObject({ id: 'moneykit-instant-bank' })
    expect(await app.eventNames(page)).not.toContain('→ Finder')
  })

  test('goes on where it stopped when the app is opened again', async () => {
    const page = await browser.page()
    const token = await backEnd.session()
    const frame = await app.launch(page, { token })
    await logIn(frame, { user: 'user_mfa' })
    await expectScreen(frame, 'Enter your code')
    const again = await app.launch(page, { token })
    await expectScreen(again, 'Enter your code')
    await again.getByLabel('Enter the code we sent you').fill('1234')
    await again.getByRole('button', { name: 'Continue' }).click()
    await allowAll(again)
    expect(await success(app, page)).toHaveLength(3)
  })
})

describe('what institutions ask after the password', () => {
  const CORRECT = 'correct'

  test.each([
    { user: 'user_mfa', field: 'Enter the code we sent you', answer: '1234', event: 'submit_otp' },
    { user: 'user_question', field: 'What was the name of your first pet?', answer: CORRECT, event: 'submit_mfa' },
    { user: 'user_image', field: 'Type what is written in the picture', answer: CORRECT, event: 'submit_mfa' },
  ])('$user types an answer', async ({ user, field, answer, event }) => {
    const page = await browser.page({ size: 'phone' })
    const frame = await app.launch(page, { token: await backEnd.session() })
    await logIn(frame, { user })
    await frame.getByLabel(field).waitFor()
    await expectAccessible(await frameOf(page))
    await frame.getByLabel(field).fill(answer)
    await frame.getByRole('button', { name: 'Continue' }).click()
    await allowAll(frame)
    await success(app, page)
    expect(await app.eventNames(page)).toContain(event)
  })

  test('two questions at once, of which none may be left out', async () => {
    const page = await browser.page()
    const frame = await app.launch(page, { token: await backEnd.session() })
    await logIn(frame, { user: 'user_questions' })
    await frame.getByLabel('What was the name of your first pet?').fill(CORRECT)
    await frame.getByRole('button', { name: 'Continue' }).click()
    await frame.getByText('Enter an answer.').waitFor()
    await frame.getByLabel('In which street did you grow up?').fill(CORRECT)
    await frame.getByRole('button', { name: 'Continue' }).click()
    await allowAll(frame)
    expect(await success(app, page)).toHaveLength(3)
  })

  test('where to send a code, then the code', async () => {
    const page = await browser.page()
    const frame = await app.launch(page, { token: await backEnd.session() })
    await logIn(frame, { user: 'user_mfa_device' })
    await expectScreen(frame, 'Where should your code go?')
    await expectAccessible(await frameOf(page))
    await frame.getByLabel('Text message').check()
    await frame.getByRole('button', { name: 'Continue' }).click()
    await frame.getByLabel('Enter the code we sent you').fill('1234')
    await frame.getByRole('button', { name: 'Continue' }).click()
    await allowAll(frame)
    await success(app, page)
    const names = await app.eventNames(page)
    expect(names.filter((name) => name.startsWith('submit_otp') || name.startsWith('→ OTP'))).toEqual([
      '→ OTP Device',
      'submit_otp_device',
      '→ OTP',
      'submit_otp',
    ])
  })

  test('which of two pictures it was', async () => {
    const page = await browser.page()
    const frame = await app.launch(page, { token: await backEnd.session() })
    await logIn(frame, { user: 'user_image_options' })
    await frame.getByLabel('correct').check()
    await frame.getByRole('button', { name: 'Continue' }).click()
    await allowAll(frame)
    expect(await success(app, page)).toHaveLength(3)
    expect(browser.complaints(page)).toEqual([])
  })

  test('a wrong answer leads back to the login, which says so', async () => {
    const page = await browser.page()
    const frame = await app.launch(page, { token: await backEnd.session() })
    await logIn(frame, { user: 'user_mfa' })
    await frame.getByLabel('Enter the code we sent you').fill('9999')
    await frame.getByRole('button', { name: 'Continue' }).click()
    await frame.getByText('That answer was not right').waitFor()
    await typeLogin(frame, { user: 'user_good', password: 'pass_good' })
    await allowAll(frame)
    expect(await success(app, page)).toHaveLength(3)
  })
})

describe('what goes wrong', () => {
  test('a wrong password is said where it can be typed again, and works when it is right', async () => {
    const page = await browser.page()
    const frame = await app.launch(page, { token: await backEnd.session() })
    await logIn(frame, { user: 'user_good', password: 'wrong' })
    await frame.getByText('Credentials Bank did not accept this.').waitFor()
    await expectAccessible(await frameOf(page))
    const error = (await app.told(page)).find((entry) => entry.call === 'event' && entry.event.name === 'error')
    expect(error).toMatchObject({
      event: { properties: { error_id: 'invalid_credentials', request_id: expect.any(String) } },
    })
    await typeLogin(frame, { user: 'user_good', password: 'pass_good' })
    await allowAll(frame)
    expect(await success(app, page)).toHaveLength(3)
  })

  test('an institution that is down can be tried again, and once it is up the link is made', async () => {
    const page = await browser.page()
    const token = await backEnd.session({ customer_user: { id: 'waits-for-a-bank' } })
    const down = (fault: string | null) => backEnd.ask('POST', '/simulate/institutions/moneykit-creds-bank', { fault })
    const frame = await app.launch(page, { token })
    await frame.getByRole('searchbox').waitFor()
    await down('institution_down')
    await logIn(frame, { user: 'user_good' })
    await frame.getByText('Credentials Bank is not answering right now.').waitFor()
    await expectAccessible(await frameOf(page))
    await down(null)
    await frame.getByRole('button', { name: 'Try again' }).click()
    await typeLogin(frame, { user: 'user_good', password: 'pass_good' })
    await allowAll(frame)
    expect(await success(app, page)).toHaveLength(3)
  })

  test('closing after an error tells the app which it was', async () => {
    const page = await browser.page()
    const frame = await app.launch(page, { token: await backEnd.session() })
    await logIn(frame, { user: 'user_locked' })
    const said = frame.getByText('Credentials Bank needs you to do something first.')
    await said.waitFor()
    const displayed = await said.textContent()
    await frame.getByRole('button', { name: 'Close' }).last().click()
    expect(await ending(app, page)).toEqual({
      call: 'exit',
      error: {
        error_id: 'user_setup_required',
        displayed_message: displayed,
        request_id: expect.stringMatching(/^req/),
      },
    })
    expect((await app.eventNames(page)).slice(-2)).toEqual(['→ Error', 'exit'])
  })

  test('after an obstacle the person can choose another bank', async () => {
    const page = await browser.page()
    const frame = await app.launch(page, { token: await backEnd.session() })
    await logIn(frame, { user: 'user_no_accounts' })
    await frame.getByRole('button', { name: 'Choose another bank' }).click()
    await frame.getByRole('button', { name: 'Instant Bank' }).click()
    await allowAll(frame)
    expect((await success(app, page))[1]).toMatchObject({ id: 'moneykit-instant-bank' })
  })

  test('a person who simply leaves is no error, and is asked first once they have logged in', async () => {
    const page = await browser.page()
    const frame = await app.launch(page, { token: await backEnd.session() })
    expect(await app.storedToken(page)).not.toBeNull()
    await logIn(frame, { user: 'user_good' })
    await expectScreen(frame, 'What demo may see')
    await frame.getByRole('button', { name: 'Close' }).click()
    await frame.getByRole('dialog', { name: 'Leave without connecting?' }).waitFor()
    await expectAccessible(await frameOf(page))
    await page.keyboard.press('Escape')
    await frame.getByRole('button', { name: 'Close' }).click()
    await frame.getByRole('button', { name: 'Leave', exact: true }).click()
    expect(await ending(app, page)).toEqual({ call: 'exit', error: null })
    expect(await app.storedToken(page)).toBeNull()
    await expect.poll(() => page.locator('#moneykit-connect-frame').count()).toBe(0)
  })

  test('a token that is none, one that was used and one that is too old say only that', async () => {
    const page = await browser.page()
    const used = await backEnd.session()
    const finished = await app.launch(page, { token: used })
    await finished.getByRole('button', { name: 'Instant Bank' }).click()
    await allowAll(finished)
    await success(app, page)
    const old = await backEnd.session()
    await backEnd.advanceClock('PT61M')
    for (const [token, errorId] of [
      ['aaa.bbb.ccc', 'session_invalid'],
      [used, 'session_completed'],
      [old, 'session_expired'],
    ] as const) {
      const frame = await app.launch(page, { token })
      await expectScreen(frame, 'That did not work')
      await expectAccessible(await frameOf(page))
      await frame.getByRole('button', { name: 'Close' }).last().click()
      expect(await ending(app, page)).toMatchObject({ call: 'exit', error: { error_id: errorId } })
    }
  })

  test('a session that ends while somebody types ends the page', async () => {
    const page = await browser.page()
    const frame = await app.launch(page, { token: await backEnd.session() })
    await frame.getByRole('button', { name: 'Credentials Bank' }).click()
    await frame.getByLabel('Username').waitFor()
    await backEnd.advanceClock('PT61M')
    await typeLogin(frame, { user: 'user_good', password: 'pass_good' })
    await frame.getByText('This session has expired.').waitFor()
    await frame.getByRole('button', { name: 'Close' }).last().click()
    expect(await ending(app, page)).toMatchObject({ error: { error_id: 'session_expired' } })
  })
})
