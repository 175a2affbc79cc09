/** Institutions with a login of their own: the way there, and every way back. */
import type { FrameLocator, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import type { Wire } from '../setup/app.js'
import { useBrowser } from '../setup/browser.js'
import { allowAll, ending, expectScreen, success, useCustomerApp } from '../setup/launcher.js'
import { backEndOf } from '../setup/linking.js'
import { useServer } from '../setup/served.js'

const browser = useBrowser()
const server = useServer()
const app = useCustomerApp(() => server.url)
const backEnd = backEndOf(server, app)

const atOAuthBank = { institution_id: 'moneykit-oauth-bank' }

async function openBank(page: Page, frame: FrameLocator): Promise<Page> {
  const opening = page.waitForEvent('popup')
  await frame.getByRole('button', { name: /Continue to OAuth Bank|Open the window again/ }).click()
  const bank = await opening
  await bank.getByRole('heading', { name: 'Log in to OAuth Bank' }).waitFor()
  return bank
}

async function signIn(bank: Page, user = 'user_good'): Promise<void> {
  await bank.getByLabel('Username').fill(user)
  await bank.getByLabel('Password', { exact: true }).fill('pass_good')
  await bank.getByRole('button', { name: 'Log in', exact: true }).click()
  await bank.getByRole('button', { name: 'Allow' }).click()
}

describe('in a window that the page opens', () => {
  test('a person logs in at the bank, and goes on where they were', async () => {
    const page = await browser.page()
    const frame = await app.launch(page, { token: await backEnd.session(atOAuthBank) })
    const bank = await openBank(page, frame)
    await signIn(bank)
    await expectScreen(frame, 'What demo may see')
    expect(bank.isClosed()).toBe(true)
    await allowAll(frame)
    const [token, institution, linkId] = (await success(app, page)) as [string, { id: string }, string]
    expect(institution.id).toBe('moneykit-oauth-bank')
    expect((await backEnd.exchange(token)).link_id).toBe(linkId)
    expect(await app.eventNames(page)).toContain('open_oauth')
  })

  test('the bank may ask more once the person is back', async () => {
    const page = await browser.page()
    const frame = await app.launch(page, { token: await backEnd.session(atOAuthBank) })
    await signIn(await openBank(page, frame), 'user_mfa')
    await frame.getByLabel('Enter the code we sent you').fill('1234')
    await frame.getByRole('button', { name: 'Continue' }).click()
    await allowAll(frame)
    expect(await success(app, page)).toHaveLength(3)
  })

  test('a person who denies can try again, and allow', async () => {
    const page = await browser.page()
    const frame = await app.launch(page, { token: await backEnd.session(atOAuthBank) })
    const bank = await openBank(page, frame)
    await bank.getByRole('button', { name: 'Cancel and go back' }).click()
    await frame.getByText('You did not give access at OAuth Bank.').waitFor()
    await frame.getByRole('button', { name: 'Try again' }).click()
    await expectScreen(frame, 'Log in at OAuth Bank')
    await signIn(await openBank(page, frame))
    await allowAll(frame)
    expect(await success(app, page)).toHaveLength(3)
  })

  test('a person who denies and leaves has told the app why', async () => {
    const page = await browser.page()
    const frame = await app.launch(page, { token: await backEnd.session(atOAuthBank) })
    const bank = await openBank(page, frame)
    await bank.getByLabel('Username').fill('user_good')
    await bank.getByLabel('Password', { exact: true }).fill('pass_good')
    await bank.getByRole('button', { name: 'Log in', exact: true }).click()
    await bank.getByRole('button', { name: 'Deny' }).click()
    await frame.getByText('You did not give access at OAuth Bank.').waitFor()
    await frame.getByRole('button', { name: 'Close' }).last().click()
    expect(await ending(app, page)).toMatchObject({ call: 'exit', error: { error_id: 'user_oauth_denied' } })
  })

  test.each([
    ['Bank error', 'is not answering right now'],
    ['Needs attention', 'needs you to do something first'],
    ['Server error', 'We can’t reach OAuth Bank'],
  ])('what else can happen there is said here: %s', async (mishap, said) => {
    const page = await browser.page()
    const frame = await app.launch(page, { token: await backEnd.session(atOAuthBank) })
    const bank = await openBank(page, frame)
    await bank.getByText('Let something else happen').click()
    await bank.getByRole('button', { name: mishap }).click()
    await frame.getByText(said).waitFor()
  })

  test('a window that is closed too early can be opened again', async () => {
    const page = await browser.page()
    const frame = await app.launch(page, { token: await backEnd.session(atOAuthBank) })
    const bank = await openBank(page, frame)
    await bank.close()
    await frame.getByText('The window was closed before you were done.').waitFor()
    await signIn(await openBank(page, frame))
    await expectScreen(frame, 'What demo may see')
  })
})

describe('in a window that has lost the one it came from', () => {
  test('the first window takes over, and the second one closes', async () => {
    const page = await browser.page()
    const frame = await app.launch(page, { token: await backEnd.session(atOAuthBank) })
    const bank = await openBank(page, frame)
    // As a bank does that wants nothing to do with its opener.
    await bank.evaluate('window.opener = null')
    await bank.addInitScript('window.opener = null')
    const closed = bank.waitForEvent('close')
    await signIn(bank)
    await closed
    await expectScreen(frame, 'What demo may see')
    await allowAll(frame)
    expect(await success(app, page)).toHaveLength(3)
  })

  test('and when the first one is gone, the flow ends in the second', async () => {
    const page = await browser.page()
    const frame = await app.launch(page, { token: await backEnd.session(atOAuthBank) })
    const bank = await openBank(page, frame)
    await bank.evaluate('window.opener = null')
    await bank.addInitScript('window.opener = null')
    await page.goto('about:blank')
    await signIn(bank)
    const second = bank.frameLocator('#moneykit-connect-frame')
    await expectScreen(second, 'What demo may see')
    await bank.reload()
    await expectScreen(second, 'What demo may see')
    await allowAll(second)
    expect(await success(app, bank)).toHaveLength(3)
  })

  test('where windows are blocked, the whole page goes to the bank and comes back', async () => {
    const page = await browser.page({ size: 'phone' })
    await page.addInitScript('window.open = () => null')
    const frame = await app.launch(page, { token: await backEnd.session(atOAuthBank) })
    await frame.getByRole('button', { name: 'Continue to OAuth Bank' }).click()
    await page.getByRole('heading', { name: 'Log in to OAuth Bank' }).waitFor()
    await signIn(page)
    const back = page.frameLocator('#moneykit-connect-frame')
    await expectScreen(back, 'What demo may see')
    await allowAll(back)
    expect(await success(app, page)).toHaveLength(3)
  })
})

describe('a way back that is not the person’s own', () => {
  const post = async (url: string, body: object, token = '') => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
    return { status: answer.status, body: (await answer.json()) as Wire }
  }
  const LOGIN = { kind: 'login', user_name: 'user_good', password: 'pass_good' }

  /** The address of the bank's page. */
  async function beginAtBank(token: string): Promise<string> {
    await post(`${server.url}/connect/link/institution`, { institution_id: null }, token)
    return (await post(`${server.url}/connect/link/login`, { credentials: {} }, token)).body.url
  }
  /** The address that the bank would lead to, without going there. */
  const finishAtBank = async (token: string): Promise<string> =>
    (await post(`${await beginAtBank(token)}/visit`, LOGIN)).body.back
  const stateOf = (address: string) => new URL(address).searchParams.get('state') ?? ''
  const comeBack = (token: string, redirectUrl: string) =>
    post(`${server.url}/connect/link/return`, { redirect_url: redirectUrl }, token)

  test('leads to the redirect_uri and nowhere else, as long as it is awaited', async () => {
    const token = await backEnd.session(atOAuthBank)
    const back = await finishAtBank(token)
    const wish = `${back}&redirect_uri=https://evil.example&next=javascript:alert(1)`
    const first = await fetch(wish, { redirect: 'manual' })
    expect(first.status).toBe(302)
    const { origin, pathname, searchParams } = new URL(first.headers.get('location') ?? '')
    expect(`${origin}${pathname}`).toBe(app.redirectUri)
    expect([...searchParams.keys()]).toEqual(['state'])
    expect((await comeBack(token, first.headers.get('location') ?? '')).body.kind).toBe('choose')
    const again = await fetch(back, { redirect: 'manual' })
    expect([again.status, again.headers.get('location')]).toEqual([400, null])
    expect(await comeBack(token, back)).toMatchObject({ status: 400, body: { error_id: 'wrong_step' } })
  })

  test.each([
    ['none', ''],
    ['one that nobody signed', 'state=aaa.bbb.ccc'],
    ['the token of a session', 'state=TOKEN'],
    ['two', 'state=a&state=b'],
  ])('with a state that is %s leads nowhere', async (_, query) => {
    const given = query.replace('TOKEN', await backEnd.session())
    const answer = await fetch(`${server.url}/connect/link/back?${given}`, { redirect: 'manual' })
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null])
  })

  test('does not let one person into what another has opened', async () => {
    const [mine, theirs] = [await backEnd.session(atOAuthBank), await backEnd.session(atOAuthBank)]
    const [, foreign] = [await finishAtBank(mine), await finishAtBank(theirs)]
    expect(await comeBack(mine, foreign)).toMatchObject({ status: 400, body: { error_id: 'session_invalid' } })
    expect((await comeBack(theirs, foreign)).body.kind).toBe('choose')
  })

  test('of an earlier visit is not the way back from a later one', async () => {
    const token = await backEnd.session(atOAuthBank)
    const earlier = await finishAtBank(token)
    const later = await finishAtBank(token)
    expect(stateOf(earlier)).not.toBe(stateOf(later))
    expect(await comeBack(token, earlier)).toMatchObject({ status: 400, body: { error_id: 'wrong_step' } })
    expect((await comeBack(token, later)).body.kind).toBe('choose')
  })

  test.each(['javascript:alert(1)', 'data:text/html,x', 'https://evil.example/back', 'https://app.example/?next=1'])(
    'is not taken as the redirect_uri of a session where it is %s and not the app’s',
    async (redirectUri) => {
      const answer = await backEnd.ask('POST', '/link-session', {
        customer_user: { id: 'user-with-an-odd-way-back' },
        redirect_uri: redirectUri,
      })
      // In development any origin of the web will do, so that only what is no address of a page is refused.
      expect(answer.status).toBe(redirectUri === 'https://evil.example/back' ? 201 : 422)
    },
  )

  test('a page that goes on with a foreign state says only that it cannot', async () => {
    const [mine, theirs] = [await backEnd.session(atOAuthBank), await backEnd.session(atOAuthBank)]
    await finishAtBank(mine)
    const foreign = await finishAtBank(theirs)
    const page = await browser.page()
    await app.launch(page, { token: mine })
    await page.goto(`${app.redirectUri}?state=${stateOf(foreign)}`)
    const frame = page.frameLocator('#moneykit-connect-frame')
    await expectScreen(frame, 'That did not work')
    await frame.getByRole('button', { name: 'Close' }).last().click()
    expect(await ending(app, page)).toMatchObject({ call: 'exit', error: { error_id: 'session_invalid' } })
  })

  test('the page of a bank waits for each once, for nobody unknown, and in nobody’s frame', async () => {
    const url = await beginAtBank(await backEnd.session(atOAuthBank))
    expect((await post(`${url}/visit`, { kind: 'refused', reason: 'bribed' })).status).toBe(422)
    expect((await post(`${url}/visit`, LOGIN)).status).toBe(200)
    expect((await post(`${url}/visit`, LOGIN)).status).toBe(404)
    const page = await browser.page()
    await page.goto(url)
    await page.getByRole('heading', { name: 'There is nothing to do here' }).waitFor()
    await page.goto(`${server.url}/connect/institution/nobody/nothing`)
    await page.getByRole('heading', { name: 'There is nothing to do here' }).waitFor()
    const { headers } = await fetch(url)
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(headers.get('cross-origin-opener-policy')).toBeNull()
  })

  test('the page of a bank can be done with without a click', async () => {
    const token = await backEnd.session(atOAuthBank)
    const page = await browser.page()
    await page.goto(`${await beginAtBank(token)}?auto=approve&delay_ms=0`)
    await page.waitForURL((address) => address.href.startsWith(app.redirectUri))
    expect((await comeBack(token, page.url())).body.kind).toBe('choose')
  })
})
