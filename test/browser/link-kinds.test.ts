/** What sessions and apps can ask for: renewed links, features, frames of every kind, colours and themes. */
import type { FrameLocator, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { expectAccessible, shoot, useBrowser } from '../setup/browser.js'
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

const GOOD = { user: 'user_good', password: 'pass_good' }

/** A link that works, of somebody who is called so, without a browser. */
async function linked(user: string, login: object = {}): Promise<string> {
  const session = await backEnd.session({ customer_user: { id: user } })
  const completed = await backEnd.ask('POST', '/simulate/link-session/complete', {
    link_session_token: session,
    institution_id: 'moneykit-creds-bank',
    credentials: { username: 'user_good', password: 'pass_good' },
    ...login,
  })
  return (await backEnd.exchange(completed.body.exchangeable_token)).link_id
}

describe('a link that is renewed', () => {
  test('works again without an exchange, and keeps the accounts that it had', async () => {
    const link = await linked('renews-a-link', { products: ['identity'], accounts: null })
    await backEnd.ask('POST', `/links/${link}/reset`)
    expect((await backEnd.ask('GET', `/links/${link}`)).body).toMatchObject({
      state: 'error',
      error_code: 'auth_expired',
    })
    const page = await browser.page()
    const token = await backEnd.session({ existing_link_id: link })
    const frame = await app.launch(page, { token, method: 'relink' })
    await typeLogin(frame, GOOD)
    await expectScreen(frame, 'What demo may see')
    await expect.poll(() => frame.getByText('Name and contact details').count()).toBe(0)
    await frame.getByRole('button', { name: 'Allow' }).click()
    await frame.getByRole('heading', { name: 'Choose your accounts' }).waitFor()
    expect(await frame.getByRole('checkbox').first().isDisabled()).toBe(true)
    await frame.getByRole('button', { name: 'Connect', exact: true }).click()
    await frame.getByRole('button', { name: 'Done' }).click()
    const [institution, linkId, ...more] = await success(app, page)
    expect(institution).toMatchObject({ id: 'moneykit-creds-bank' })
    expect([linkId, more]).toEqual([link, []])
    expect((await backEnd.ask('GET', `/links/${link}`)).body.state).toBe('connected')
    const events = (await app.told(page)).flatMap((entry) => (entry.call === 'event' ? [entry.event] : []))
    expect(new Set(events.map(({ meta }) => meta.link_type))).toEqual(new Set(['relink']))
  })

  test('asks for nothing that it has, and stays as it was when the person leaves', async () => {
    const link = await linked('leaves-a-renewal')
    await backEnd.ask('POST', `/links/${link}/reset`)
    const page = await browser.page()
    // The launcher's own method does not matter: the session knows.
    const frame = await app.launch(page, { token: await backEnd.session({ existing_link_id: link }) })
    await typeLogin(frame, GOOD)
    await expectScreen(frame, 'Choose your accounts')
    await frame.getByRole('button', { name: 'Close' }).click()
    await frame.getByRole('button', { name: 'Leave', exact: true }).click()
    expect(await ending(app, page)).toEqual({ call: 'exit', error: null })
    expect((await backEnd.ask('GET', `/links/${link}`)).body).toMatchObject({
      state: 'error',
      error_code: 'auth_expired',
    })
  })
})

describe('what a session can ask for', () => {
  test('one account only, of those that hold money', async () => {
    const page = await browser.page()
    const features = { permit_only_one_account: true, permit_only_depository_accounts: true }
    const frame = await app.launch(page, { token: await backEnd.session({ connect_features: features }) })
    await logIn(frame, GOOD)
    await frame.getByRole('button', { name: 'Allow' }).click()
    await expectScreen(frame, 'Choose an account')
    expect(await frame.getByText(/credit card|brokerage|IRA/i).count()).toBe(0)
    await frame.getByRole('button', { name: 'Connect', exact: true }).click()
    await frame.getByText('Choose at least one account.').waitFor()
    await frame.getByRole('radio').last().check()
    await frame.getByRole('button', { name: 'Connect', exact: true }).click()
    await frame.getByRole('button', { name: 'Done' }).click()
    const [, institution] = await success(app, page)
    expect((institution as { selectedAccounts: unknown[] }).selectedAccounts).toHaveLength(1)
  })

  test('a warning before an institution that is connected already', async () => {
    await linked('connects-twice')
    const session = {
      customer_user: { id: 'connects-twice' },
      connect_features: { duplicate_institution_warning: true },
    }
    const page = await browser.page({ size: 'phone' })
    const frame = await app.launch(page, { token: await backEnd.session(session) })
    await frame.getByRole('button', { name: 'Credentials Bank' }).click()
    await expectScreen(frame, 'Credentials Bank is already connected')
    await expectAccessible(await frameOf(page))
    await shoot(page, 'link/alert-phone')
    await frame.getByRole('button', { name: 'Choose another bank' }).click()
    await frame.getByRole('button', { name: 'Credentials Bank' }).click()
    await frame.getByRole('button', { name: 'Connect again' }).click()
    await frame.getByLabel('Username').waitFor()
    expect((await app.eventNames(page)).filter((name) => name.includes('alert'))).toEqual([
      'dismiss_institution_alert',
      'acknowledge_institution_alert',
    ])
  })

  test('no institution that is connected already', async () => {
    await linked('connects-once')
    const session = {
      customer_user: { id: 'connects-once' },
      connect_features: { duplicate_institution_rejected: true },
    }
    const page = await browser.page()
    const frame = await app.launch(page, { token: await backEnd.session(session) })
    await frame.getByRole('button', { name: 'Instant Bank' }).waitFor()
    expect(await frame.getByRole('button', { name: 'Credentials Bank' }).count()).toBe(0)
  })

  test('institutions of some countries, in their order', async () => {
    const page = await browser.page()
    const settings = { countries: ['GB', 'CA'] }
    const frame = await app.launch(page, { token: await backEnd.session({ settings }) })
    await frame.getByRole('button', { name: 'Albion Mutual' }).waitFor()
    const names = await frame.locator('.cell-text > span').allTextContents()
    expect(names.slice(0, 3)).toEqual(expect.arrayContaining(['Albion Mutual']))
    expect(names.slice(3)).toEqual(expect.arrayContaining(['Maple Crown Bank']))
    expect(names).not.toContain('Credentials Bank')
  })

  test('reports of what went wrong', async () => {
    const page = await browser.page({ size: 'phone' })
    const token = await backEnd.session({ connect_features: { issue_reporter: true } })
    const frame = await app.launch(page, { token })
    await frame.getByRole('button', { name: 'Report a problem' }).click()
    await frame.getByRole('button', { name: 'Send report' }).click()
    await frame.getByText('Describe what happened.').waitFor()
    await frame.getByLabel('Your description').fill('My bank is not there.')
    await expectAccessible(await frameOf(page))
    await shoot(page, 'link/report-phone')
    await frame.getByRole('button', { name: 'Send report' }).click()
    await frame.getByText('Your report was sent.').waitFor()
    await frame.getByRole('dialog', { name: 'What went wrong?' }).getByRole('button', { name: 'Close' }).click()
    await expectScreen(frame, 'Connect your bank')
  })

  test('a way out for those whose bank is missing', async () => {
    const page = await browser.page()
    const frame = await app.launch(page, {
      token: await backEnd.session({ connect_features: { connect_manually: true } }),
    })
    await frame.getByRole('button', { name: 'Connect manually instead' }).click()
    expect(await ending(app, page)).toEqual({ call: 'exit', error: null })
    expect((await app.eventNames(page)).slice(-2)).toEqual(['connect_manually', 'exit'])
  })
})

describe('how the page looks', () => {
  const launch = async (options: Readonly<Record<string, unknown>>, scheme: 'light' | 'dark' = 'light') => {
    const page = await browser.page({ scheme })
    const frame = await app.launch(page, { token: await backEnd.session(), options })
    await frame.getByRole('heading', { name: 'Popular banks' }).waitFor()
    return { page, frame }
  }

  test.each([
    { wish: 'dark', system: 'light', isDark: true },
    { wish: 'light', system: 'dark', isDark: false },
    { wish: 'auto', system: 'dark', isDark: true },
    { wish: undefined, system: 'dark', isDark: true },
    { wish: undefined, system: 'light', isDark: false },
    { wish: 'sepia', system: 'light', isDark: false },
  ] as const)('colour scheme $wish where the system is $system', async ({ wish, system, isDark }) => {
    const { page, frame } = await launch(wish === undefined ? {} : { colorScheme: wish }, system)
    expect(await colorOf(frame, '.modal', 'background-color')).toBe(isDark ? 'rgb(22, 27, 34)' : 'rgb(255, 255, 255)')
    if (wish !== undefined) await expectAccessible(await frameOf(page))
    // The page behind is seen through the overlay, whatever the scheme.
    expect(await pixelOf(page, { x: 5, y: 400 })).toEqual(await pixelOf(page, { x: 1275, y: 400 }))
    expect(await pixelOf(page, { x: 5, y: 400 })).not.toEqual([255, 255, 255])
    if (wish === 'dark') await shoot(page, 'link/finder-dark-desktop')
  })

  test('a theme, with its texts, its pictures, and colours for each scheme', async () => {
    const theme = {
      colors: { accent: '#0f766e', primaryForeground: { light: '#1c1917', dark: '#fafaf9' } },
      typography: { fontFamily: 'Georgia, serif', title2: { size: '30px', lineHeight: '36px', weight: 400 } },
      images: { search: '/images/search.svg', close: '/images/close.svg', navLogo: '/images/spinner.png' },
      components: {
        button: { height: '56px', borderRadius: '28px', inheritInstitutionColor: true, continueTitle: 'Onwards' },
        searchInput: { borderRadius: '24px', alignment: 'center' },
      },
      screens: {
        finder: { title: 'Where do you bank?', subtitle: 'It takes a minute', searchPlaceholder: 'Your bank’s name' },
      },
      modal: { borderRadius: '4px', overlayBackgroundColor: 'rgba(15, 118, 110, 0.5)' },
    }
    const { page, frame } = await launch({ theme })
    await expectScreen(frame, 'Where do you bank?')
    await frame.getByText('It takes a minute').waitFor()
    await frame.getByPlaceholder('Your bank’s name').waitFor()
    await frame.locator('.nav-logo').waitFor()
    expect(await colorOf(frame, 'h1', 'font-size')).toBe('30px')
    expect(await colorOf(frame, '.modal', 'border-radius')).toBe('4px')
    expect(await colorOf(frame, '.overlay', 'background-color')).toBe('rgba(15, 118, 110, 0.5)')
    expect(await colorOf(frame, 'h1', 'color')).toBe('rgb(28, 25, 23)')
    await expectAccessible(await frameOf(page))
    await shoot(page, 'link/finder-theme-desktop')
    await logIn(frame, { user: 'user_mfa' })
    await frame.getByRole('button', { name: 'Onwards' }).waitFor()
    expect(await colorOf(frame, '.button[data-kind="primary"]', 'height')).toBe('56px')
    await page.mouse.move(0, 0)
    // The colour of Credentials Bank, on which white can be read.
    expect(await colorOf(frame, '.button[data-kind="primary"]', 'background-color')).toBe('rgb(127, 29, 29)')
    expect(await colorOf(frame, '.button[data-kind="primary"]', 'color')).toBe('rgb(255, 255, 255)')
    await expectAccessible(await frameOf(page))
    await shoot(page, 'link/otp-theme-desktop')
    expect(browser.complaints(page)).toEqual([])
  })

  test('a theme of an older launcher', async () => {
    const { frame } = await launch({
      theme: { components: { buttonPrimary: { height: '60px', borderRadius: '2px' } } },
    })
    await frame.getByRole('button', { name: 'Credentials Bank' }).click()
    await frame.getByLabel('Username').waitFor()
    expect(await colorOf(frame, '.button[data-kind="primary"]', 'height')).toBe('60px')
  })

  test('in a box of the app, and without a frame of its own', async () => {
    const boxed = await browser.page()
    const token = await backEnd.session()
    const frame = await app.launch(boxed, { token, options: { containerID: 'box' } })
    await expectScreen(frame, 'Connect your bank')
    expect(await boxed.locator('#box > #moneykit-connect-frame').count()).toBe(1)
    const direct = await browser.page()
    const bare = await app.launch(direct, { token: await backEnd.session(), method: '__linkDirect' })
    await expectScreen(bare, 'Connect your bank')
    expect(await colorOf(bare, '.modal', 'border-radius')).toBe('0px')
    await logIn(bare, GOOD)
    await allowAll(bare)
    expect(await success(app, direct)).toHaveLength(3)
  })

  test('on a narrow phone, where it was asked for as on a desk', async () => {
    const page = await browser.page({ size: 'narrow' })
    const frame = await app.launch(page, { token: await backEnd.session(), options: { device: 'desktop' } })
    await frame.getByRole('heading', { name: 'Popular banks' }).waitFor()
    expect(await colorOf(frame, '.modal', 'border-radius')).toBe('20px')
    await expectAccessible(await frameOf(page))
  })
})

function colorOf(frame: FrameLocator, selector: string, property: string): Promise<string> {
  return frame
    .locator(selector)
    .first()
    .evaluate((element, name) => {
      const { getComputedStyle: styleOf } = globalThis as unknown as {
        getComputedStyle(element: unknown): { getPropertyValue(name: string): string }
      }
      return styleOf(element).getPropertyValue(name)
    }, property)
}

/** Red, green and blue of one point of the page, everything on it painted. */
async function pixelOf(page: Page, { x, y }: { readonly x: number; readonly y: number }): Promise<readonly number[]> {
  const picture = await page.screenshot({ clip: { x, y, width: 1, height: 1 } })
  return page.evaluate(
    async (source) => {
      const browserThings = globalThis as unknown as {
        createImageBitmap(blob: unknown): Promise<unknown>
        OffscreenCanvas: new (
          width: number,
          height: number,
        ) => {
          getContext(kind: '2d'): {
            drawImage(image: unknown, x: number, y: number): void
            getImageData(x: number, y: number, width: number, height: number): { data: Uint8ClampedArray }
          }
        }
      }
      const image = await browserThings.createImageBitmap(await (await fetch(source)).blob())
      const canvas = new browserThings.OffscreenCanvas(1, 1).getContext('2d')
      canvas.drawImage(image, 0, 0)
      return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3)
    },
    `data:image/png;base64,${picture.toString('base64')}`,
  )
}
