/** Getting into the console of a server that others can reach. */
import { expect, test, vi } from 'vitest'
import { expectAccessible, shoot, useBrowser } from '../setup/browser.js'
import { useServer } from '../setup/served.js'
import { runClearspan } from '../setup/server.js'

vi.setConfig({ testTimeout: 90_000 })
const browser = useBrowser()
const server = useServer({ HOST: '0.0.0.0' })

test('the password that the command line made lets in, and no other does', async () => {
  const { output } = await runClearspan(['console', 'password'], server.environment)
  const password = output.split('\n', 1)[0] ?? ''
  expect(password.length).toBeGreaterThanOrEqual(12)
  const page = await browser.page({ size: 'phone' })
  // Browsers keep cookies that need HTTPS for this name without it.
  await page.goto(`http://localhost:${new URL(server.url).port}/dashboard`)
  const field = page.getByRole('textbox', { name: 'Password' })
  await field.fill('not the password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('That is not the password.').waitFor()
  await expectAccessible(page)
  await shoot(page, 'console/password-phone')
  await field.fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { level: 1, name: 'There is no team yet' }).waitFor()
  await expectAccessible(page)
  await page.getByLabel('Name of the team').fill('first')
  await page.getByRole('button', { name: 'Make a team' }).click()
  await page.getByRole('heading', { level: 1, name: 'API keys' }).waitFor()
  const [cookie] = await page.context().cookies()
  expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Strict', path: '/dashboard' })
})

test('a short password is refused', async () => {
  const { code, output } = await runClearspan(['console', 'password', '--stdin'], server.environment)
  expect([code, output]).toEqual([1, expect.stringContaining('12 to 200 characters')])
})
