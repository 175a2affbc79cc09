/** The launcher from npm, unmodified, on a page of another site: a person links a bank, and the app reads it. */
import { expect, test } from 'vitest'
import { useBrowser } from '../setup/browser.js'
import { ending, expectScreen, useCustomerApp } from '../setup/launcher.js'
import { backEndOf } from '../setup/linking.js'
import { useServer } from '../setup/served.js'

const browser = useBrowser()
const server = useServer()
const app = useCustomerApp(() => server.url)
const backEnd = backEndOf(server, app)

test('a person links a bank, and the app exchanges the token and reads the accounts', async () => {
  const page = await browser.page()
  const frame = await app.launch(page, { token: await backEnd.session() })
  await expectScreen(frame, 'Connect your bank')
  await frame.getByRole('button', { name: 'Credentials Bank' }).click()
  await frame.getByLabel('Username').fill('user_good')
  await frame.getByLabel('Password', { exact: true }).fill('pass_good')
  await frame.getByRole('button', { name: 'Log in', exact: true }).click()
  await expectScreen(frame, 'What demo may see')
  await frame.getByRole('button', { name: 'Allow' }).click()
  await expectScreen(frame, 'Choose your accounts')
  await frame.getByRole('button', { name: 'Connect', exact: true }).click()
  await expectScreen(frame, 'You are connected')
  await frame.getByRole('button', { name: 'Done' }).click()
  const told = await ending(app, page)
  if (told.call !== 'success') throw new Error(told.call)
  const [token, institution, linkId] = told.said as [string, Record<string, unknown>, string]
  expect(institution).toMatchObject({ id: 'moneykit-creds-bank', name: 'Credentials Bank', country: 'US' })
  await expect.poll(() => page.locator('#moneykit-connect-frame').count()).toBe(0)
  expect((await backEnd.exchange(token)).link_id).toBe(linkId)
  const accounts = (await backEnd.ask('GET', `/links/${linkId}/accounts`)).body.accounts
  expect((institution.selectedAccounts as { account_id: string }[]).map(({ account_id }) => account_id)).toEqual(
    accounts.map(({ account_id }: { account_id: string }) => account_id),
  )
  expect(browser.complaints(page)).toEqual([])
})
