/** Every screen of the link page as people see it, on a phone and on a desk; their pictures are in docs/screens/link. */
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { expectAccessible, shoot, useBrowser } from '../setup/browser.js'
import { expectScreen, frameOf, logIn, typeLogin, useCustomerApp } from '../setup/launcher.js'
import { backEndOf } from '../setup/linking.js'
import { useServer } from '../setup/served.js'

const browser = useBrowser()
const server = useServer()
const app = useCustomerApp(() => server.url)
const backEnd = backEndOf(server, app)

describe.each(['desktop', 'phone'] as const)('on a %s', (size) => {
  const look = async (page: Page, name: string) => {
    await expectAccessible(await frameOf(page))
    await shoot(page, `link/${name}-${size}`)
  }
  const launch = async (more: Readonly<Record<string, unknown>> = {}) => {
    const page = await browser.page({ size })
    const frame = await app.launch(page, {
      token: await backEnd.session(more),
      options: { __applicationName: 'Ledgerline' },
    })
    return { page, frame }
  }

  test('finding a bank, and logging in', async () => {
    const { page, frame } = await launch({ connect_features: { connect_manually: true } })
    await frame.getByRole('heading', { name: 'Popular banks' }).waitFor()
    await look(page, 'finder')
    await frame.getByRole('searchbox').fill('a bank that nobody has')
    await frame.getByText('No bank is called').waitFor()
    await look(page, 'finder-nothing')
    await frame.getByRole('searchbox').fill('')
    await frame.getByRole('button', { name: 'Credentials Bank' }).click()
    await frame.getByLabel('Username').waitFor()
    await look(page, 'credentials')
    await frame.getByRole('button', { name: 'Trouble logging in?' }).click()
    await look(page, 'help')
    await frame.getByRole('button', { name: 'Back to the login' }).click()
    await typeLogin(frame, { user: 'user_good', password: 'wrong' })
    await frame.getByRole('alert').waitFor()
    await look(page, 'credentials-wrong')
    expect(browser.complaints(page)).toEqual([])
  })

  test('allowing, choosing, and the end', async () => {
    const { page, frame } = await launch()
    await logIn(frame, { user: 'user_good' })
    await expectScreen(frame, 'What Ledgerline may see')
    await look(page, 'permissions')
    await frame.getByRole('button', { name: 'Allow' }).click()
    await expectScreen(frame, 'Choose your accounts')
    await look(page, 'accounts')
    await frame.getByRole('button', { name: 'Close' }).click()
    await look(page, 'leave')
    await frame.getByRole('button', { name: 'Keep going' }).click()
    await frame.getByRole('button', { name: 'Connect', exact: true }).click()
    await expectScreen(frame, 'You are connected')
    await look(page, 'success')
    expect(browser.complaints(page)).toEqual([])
  })

  test.each([
    ['user_mfa_device', 'otp-device'],
    ['user_mfa', 'otp'],
    ['user_questions', 'questions'],
    ['user_image', 'image'],
    ['user_image_options', 'image-options'],
    ['user_down', 'error'],
  ])('%s', async (user, name) => {
    const { page, frame } = await launch()
    await logIn(frame, { user })
    await frame.locator('[data-screen^="answers"], [data-screen="error"]').waitFor()
    await look(page, name)
  })

  test('the page of an institution of its own, and waiting for it', async () => {
    const { page, frame } = await launch({ institution_id: 'moneykit-oauth-bank' })
    await expectScreen(frame, 'Log in at OAuth Bank')
    await look(page, 'oauth')
    const opening = page.waitForEvent('popup')
    await frame.getByRole('button', { name: 'Continue to OAuth Bank' }).click()
    const bank = await opening
    await expectScreen(frame, 'Waiting for OAuth Bank…')
    await look(page, 'oauth-waiting')
    await bank.getByRole('heading', { name: 'Log in to OAuth Bank' }).waitFor()
    await expectAccessible(bank)
    await shoot(bank, `link/bank-login-${size}`)
    await bank.getByLabel('Username').fill('user_good')
    await bank.getByLabel('Password', { exact: true }).fill('pass_good')
    await bank.getByRole('button', { name: 'Log in', exact: true }).click()
    await bank.getByRole('heading', { name: 'Share your accounts?' }).waitFor()
    await expectAccessible(bank)
    await shoot(bank, `link/bank-consent-${size}`)
    expect([...browser.complaints(page), ...browser.complaints(bank)]).toEqual([])
  })
})
