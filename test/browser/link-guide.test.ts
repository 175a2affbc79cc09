/** The programs of docs/link.md, as an app has them. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { useBrowser } from '../setup/browser.js'
import { allowAll, expectScreen, useCustomerApp } from '../setup/launcher.js'
import { backEndOf } from '../setup/linking.js'
import { useServer } from '../setup/served.js'

const browser = useBrowser()
const server = useServer()
const exchanged: string[] = []
const app = useCustomerApp(() => server.url, {
  // Two pages, each with its program.
  script: () => `const page = location.pathname === '/oauth' ? ${wrapped('oauth')} : ${wrapped('connect')}; page()`,
  async answer(path, body) {
    if (path === '/link-token') {
      return { link_session_token: await backEnd.session({ institution_id: 'moneykit-oauth-bank' }) }
    }
    exchanged.push((await backEnd.exchange(body)).link_id)
    return {}
  },
})
const backEnd = backEndOf(server, app)

function wrapped(name: string): string {
  const text = readFileSync(new URL(`../../docs/examples/link/${name}.js`, import.meta.url), 'utf8')
  const [, ...lines] = text.replaceAll('http://127.0.0.1:4000', server.url).split('\n')
  return `async () => { const { default: MoneyKit } = await import('@moneykit/connect')\n${lines.join('\n')} }`
}

test('a button of an app links a bank with a login of its own', async () => {
  const page = await browser.page()
  await page.goto(app.origin)
  await page.getByRole('button', { name: 'Connect a bank' }).click()
  const frame = page.frameLocator('#moneykit-connect-frame')
  await expectScreen(frame, 'Log in at OAuth Bank')
  const opening = page.waitForEvent('popup')
  await frame.getByRole('button', { name: 'Continue to OAuth Bank' }).click()
  const bank = await opening
  await bank.getByText('Let something else happen').click()
  await bank.getByRole('button', { name: 'Approve' }).click()
  await expectScreen(frame, 'What demo may see')
  await allowAll(frame)
  await expect.poll(() => exchanged.length).toBe(1)
  expect((await backEnd.ask('GET', `/links/${exchanged[0]}`)).body.state).toBe('connected')
})
