/**
 * What the link page must not do, whatever it is given: run what somebody wrote, load what nobody meant, or talk to pages that
 * the session does not know. Abuse tests A18 and A19.
 */
import { createServer } from 'node:http'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PICTURES, STYLES, TEXTS, MEMBERS as VALUES } from '../../web/connect/link/theme-members.js'
import { useBrowser } from '../setup/browser.js'
import { expectScreen, frameOf, typeLogin, useCustomerApp } from '../setup/launcher.js'
import { backEndOf } from '../setup/linking.js'
import { useServer } from '../setup/served.js'

const browser = useBrowser()
const server = useServer()
const app = useCustomerApp(() => server.url)
const backEnd = backEndOf(server, app)

const EVIL = 'http://evil.example'
const CORPUS = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  "';alert(1)//",
  'javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  '</style><script>alert(1)</script>',
  `red;} body{background:url(${EVIL}/leak)}`,
  `url(${EVIL}/leak)`,
  `image-set("${EVIL}/leak" 1x)`,
  `-webkit-image-set(url(${EVIL}/leak) 1x)`,
  `var(--x, url(${EVIL}/leak))`,
  `\\75rl(${EVIL}/leak)`,
  'expression(alert(1))',
  '{{constructor.constructor("alert(1)")()}}',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
]

/** Everything that a page did which nobody wants: dialogs, and requests to somebody else. */
function watch(page: Page): readonly string[] {
  const seen: string[] = []
  page.on('dialog', (dialog) => {
    seen.push(`dialog ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('request', (request) => {
    if (request.url().startsWith(EVIL)) seen.push(request.url())
  })
  return seen
}

describe('what somebody wrote is shown, and nothing of it runs', () => {
  test('names of accounts and of the app, reasons, and a search', async () => {
    const page = await browser.page()
    const deeds = watch(page)
    const token = await backEnd.session({
      institution_id: 'moneykit-creds-bank',
      settings: {
        products: Object.fromEntries(
          ['account_numbers', 'identity', 'transactions'].map((name, index) => [name, { reason: CORPUS[index] }]),
        ),
      },
      custom_sandbox_data: {
        accounts: CORPUS.map((name, index) => ({
          account_type: 'depository.checking',
          name,
          account_number: `00012345${String(index).padStart(4, '0')}`,
        })),
      },
    })
    const frame = await app.launch(page, { token, options: { __applicationName: CORPUS.join(' '), device: CORPUS[1] } })
    await frame.getByText(`${CORPUS.join(' ')} never sees`).waitFor()
    await typeLogin(frame, { user: 'user_custom', password: 'any' })
    await frame.getByText(`This data is used to ${CORPUS[0]}`).waitFor()
    await frame.getByRole('button', { name: 'Allow' }).click()
    for (const name of CORPUS) await frame.getByText(name, { exact: true }).waitFor()
    const searching = await browser.page()
    const found = await app.launch(searching, { token: await backEnd.session() })
    await found.getByRole('searchbox').fill(CORPUS[1] ?? '')
    await found.getByText(`No bank is called “${CORPUS[1]}”`).waitFor()
    expect([...deeds, ...browser.complaints(page), ...browser.complaints(searching)]).toEqual([])
  })

  test('members of a theme, which also load nothing from others', async () => {
    const page = await browser.page()
    const deeds = watch(page)
    const frame = await app.launch(page, { token: await backEnd.session() })
    await expectScreen(frame, 'Connect your bank')
    const before = await looks(page)
    for (const value of [...CORPUS, null, [], { light: CORPUS[0], dark: 7 }, 'x'.repeat(5000)]) {
      await page.evaluate(
        ([theme, host]) => {
          const connect = (globalThis as unknown as Frames).frames[0]
          connect?.postMessage({ moneykit: true, type: 'connect.set_theme', data: { theme } }, host)
          connect?.postMessage({ moneykit: true, type: 'connect.set_color_scheme', data: { colorScheme: theme } }, host)
        },
        [themeOf(value), server.url] as const,
      )
    }
    await app.settled(page)
    const after = await looks(page)
    expect(after.styles).toEqual(before.styles)
    expect(deeds).toEqual([])
    // Pictures are addresses of this server at the most, where nothing is.
    expect(browser.complaints(page).filter((complaint) => !complaint.includes('404'))).toEqual([])
  })

  test('parameters of the address', async () => {
    const page = await browser.page()
    const deeds = watch(page)
    for (const value of CORPUS) {
      const given = new URLSearchParams({
        linkSessionToken: value,
        origin: value,
        applicationName: value,
        redirectURL: value,
        viewMode: value,
        device: value,
      })
      const answer = await fetch(`${server.url}/continue?${given}`)
      expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
      expect(await answer.text()).not.toContain(value)
    }
    await page.goto(`${server.url}/start?linkSessionToken=${encodeURIComponent(CORPUS[0] ?? '')}&origin=${EVIL}`)
    await page.getByRole('heading', { name: 'That did not work' }).waitFor()
    expect(deeds).toEqual([])
  })
})

describe('pages that the session does not know', () => {
  // Another name of this machine, so that nothing but the page's own policy keeps it away.
  let site = ''
  let html = ''
  const others = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    response.end(html)
  })
  beforeAll(async () => {
    await new Promise<void>((resolve) => others.listen(0, '127.0.0.1', resolve))
    const address = others.address()
    site = `http://evil.localhost:${typeof address === 'object' ? address?.port : ''}`
  })
  afterAll(() => {
    others.closeAllConnections()
    others.close()
  })
  const blocked = (page: Page) =>
    expect.poll(() => browser.complaints(page).filter((complaint) => complaint.includes('frame-ancestors')).length)

  const heard = (page: Page) => page.evaluate(() => (globalThis as unknown as { heard: readonly unknown[] }).heard)
  const LISTENING = '<script>heard = []; addEventListener("message", ({ data }) => heard.push(data))</script>'
  const startAt = (token: string, origin: string) =>
    `${server.url}/start?${new URLSearchParams({ linkSessionToken: token, origin })}`

  test('can’t hold the page in a frame, under their own name or another', async () => {
    const token = await backEnd.session()
    const page = await browser.page()
    for (const [index, origin] of [site, app.origin, 'null', '*'].entries()) {
      html = `${LISTENING}<iframe src="${startAt(token, origin).replaceAll('&', '&amp;')}"></iframe>`
      await page.goto(`${site}/`)
      await blocked(page).toBe(index + 1)
      expect(await heard(page)).toEqual([])
    }
  })

  test('can’t hold a page of the app that holds it', async () => {
    const page = await browser.page()
    html = `<iframe src="${app.origin}/"></iframe>`
    await page.goto(`${site}/`)
    // As the launcher does it; here it could not keep the token, so it would not even begin.
    await page.frames()[1]?.evaluate(
      (source) => {
        const { document } = globalThis as unknown as { document: Neighbourhood }
        const frame = document.createElement('iframe')
        frame.src = source
        document.body.append(frame)
      },
      startAt(await backEnd.session(), app.origin),
    )
    await blocked(page).toBe(1)
  })

  test('hear nothing when they open it as a window', async () => {
    const token = await backEnd.session()
    html = LISTENING
    const page = await browser.page()
    await page.goto(`${site}/`)
    const opening = page.waitForEvent('popup')
    await page.evaluate(`void window.open(${JSON.stringify(startAt(token, app.origin))})`)
    const popup = await opening
    await expectScreen(popup as never, 'Connect your bank')
    expect(await heard(page)).toEqual([])
  })

  test('the origin that a page claims is asked about before anything is said', async () => {
    const answer = await fetch(`${server.url}/connect/link/open`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await backEnd.session()}`, 'content-type': 'application/json' },
      body: JSON.stringify({ origin: EVIL }),
    })
    expect([answer.status, await answer.json()]).toEqual([
      403,
      { error_id: 'origin_forbidden', request_id: expect.any(String) },
    ])
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  })

  test('are not listened to: not a neighbour’s wishes, and not a return that the bank’s window did not bring', async () => {
    const page = await browser.page()
    const frame = await app.launch(page, { token: await backEnd.session({ institution_id: 'moneykit-oauth-bank' }) })
    await expectScreen(frame, 'Log in at OAuth Bank')
    html = `<script>addEventListener('message', () => {
        const connect = parent.frames[0]
        connect.postMessage({ moneykit: true, type: 'connect.set_color_scheme', data: { colorScheme: 'dark' } }, '*')
        connect.postMessage({ moneykit: true, type: 'link.resume', eventData: { redirectURL: 'x' } }, '*')
        parent.postMessage({ done: true }, '*')
      })</script>`
    await page.evaluate((evil) => {
      const { document } = globalThis as unknown as { document: Neighbourhood }
      const neighbour = document.createElement('iframe')
      neighbour.src = `${evil}/`
      neighbour.onload = () => neighbour.contentWindow.postMessage({}, '*')
      document.body.append(neighbour)
    }, site)
    await expect.poll(() => page.frames().length).toBe(3)
    // The app's own page is no window of the bank's either.
    await page.evaluate((host) => {
      const connect = (globalThis as unknown as Frames).frames[0]
      connect?.postMessage({ moneykit: true, type: 'link.resume', eventData: { redirectURL: 'x' } }, host)
    }, server.url)
    await app.settled(page)
    await expectScreen(frame, 'Log in at OAuth Bank')
    expect((await looks(page)).scheme).toBe('light')
  })

  test('nothing is ever sent to everybody, and the page is small', async () => {
    const start = await (await fetch(`${server.url}/start`)).text()
    const scripts = [...start.matchAll(/(?:src|href)="([^"]+\.js)"/g)].map(([, path]) => path ?? '')
    expect(scripts.length).toBeGreaterThan(0)
    const texts = await Promise.all(scripts.map(async (path) => (await fetch(`${server.url}${path}`)).text()))
    for (const text of texts) expect(text).not.toMatch(/postMessage\([^()]*,\s*["'`]\*["'`]/)
    const bytes = texts.reduce((sum, text) => sum + gzipSync(text).length, 0)
    expect(bytes).toBeLessThan(120_000)
  })
})

test('the headers let the launcher’s page in, and nothing else', async () => {
  const token = await backEnd.session()
  for (const path of ['start', 'relink', 'continue']) {
    const { headers } = await fetch(`${server.url}/${path}?linkSessionToken=${token}&origin=${EVIL}`)
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain(`frame-ancestors ${app.origin}`)
    expect(policy).not.toMatch(/unsafe|evil/)
    expect(headers.get('x-frame-options')).toBeNull()
    expect(headers.get('cross-origin-opener-policy')).toBeNull()
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('cache-control')).toBe('no-store')
  }
})

interface Frames {
  readonly frames: readonly { postMessage(message: unknown, origin: string): void }[]
}

interface Neighbourhood {
  createElement(name: string): {
    src: string
    onload: () => void
    contentWindow: { postMessage(message: unknown, origin: string): void }
  }
  body: { append(node: unknown): void }
}

/** What of the page's root a theme can reach. */
async function looks(page: Page): Promise<{ readonly styles: string; readonly scheme: string }> {
  return (await frameOf(page)).evaluate(() => {
    const { document } = globalThis as unknown as {
      document: { documentElement: { getAttribute(name: string): string | null } }
    }
    const of = (name: string) => document.documentElement.getAttribute(name) ?? ''
    return { styles: of('style'), scheme: of('data-scheme') }
  })
}

/** A theme all of whose members are one value. */
function themeOf(value: unknown): object {
  const theme: Record<string, unknown> = {}
  const paths = [
    ...VALUES.map(({ path }) => path),
    ...STYLES.map(({ path }) => `typography.${path}.size`),
    ...PICTURES.map((name) => `images.${name}`),
    ...TEXTS,
  ]
  for (const path of paths) {
    const names = path.split('.')
    const last = names.pop() ?? ''
    let inside = theme
    for (const name of names) {
      inside[name] ??= {}
      inside = inside[name] as Record<string, unknown>
    }
    inside[last] = value
  }
  return theme
}
