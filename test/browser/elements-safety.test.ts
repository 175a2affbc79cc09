/** Whom an element admits, whom it tells, and what it shows of what others wrote. Abuse tests A9, A18, A19. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import type { Wire } from '../../src/faces/method/versions/versions.js'
import { useBrowser } from '../setup/browser.js'
import { connectFor, elementRuns, elementsApi, KEVIN, typesOf, useElementsHost } from '../setup/elements-host.js'
import { useListeningApp } from '../setup/listening.js'

const browser = useBrowser()
const server = useListeningApp()
const host = useElementsHost(server)
const customer = elementsApi(server, () => server.app.keys.development)
const { begin, ended } = elementRuns({ browser, host, customer })

const API = '/connect/elements/api'
const UNKNOWN = `pk_elem_${'4'.repeat(32)}`

interface Asked {
  readonly token?: string
  readonly secret?: string
  readonly cookie?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** What any program can send. */
async function ask(path: string, { token, secret, cookie, headers, body = {} }: Asked) {
  const isRead = path === 'page'
  const reply = await fetch(`${server.url}${API}/${path}`, {
    method: isRead ? 'GET' : 'POST',
    headers: {
      ...(isRead ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(secret === undefined ? {} : { 'x-element-page': secret }),
      ...(cookie === undefined ? {} : { cookie }),
      ...headers,
    },
    ...(isRead ? {} : { body: JSON.stringify(body) }),
  })
  return { status: reply.status, cookie: reply.headers.get('set-cookie') ?? '', data: (await reply.json()) as Wire }
}

const newToken = (settings: object = KEVIN) => customer.token(connectFor(settings))
const subTypeOf = ({ data }: Awaited<ReturnType<typeof ask>>) => data.data?.error?.sub_type

describe('A9: a token', () => {
  test('is refused after its use, with any other page and any other token', async () => {
    const [token, other] = [await newToken(), await newToken()]
    const [opened, elsewhere] = [await ask('open', { token }), await ask('open', { token: other })]
    expect(opened.status).toBe(200)
    const { pageSecret } = opened.data
    const tries = [
      await ask('open', { token }),
      await ask('open', { token, cookie: elsewhere.cookie.split(';')[0] ?? '' }),
      await ask('open', { token, cookie: `${opened.cookie.split('=')[0]}=${elsewhere.data.pageSecret}` }),
      ...(await Promise.all(
        (['page', 'act'] as const).flatMap((path) =>
          [
            { token },
            { secret: pageSecret },
            { token, secret: token },
            { token, secret: elsewhere.data.pageSecret },
            { token: other, secret: pageSecret },
          ].map((proof) => ask(path, { ...proof, body: { type: 'exit' } })),
        ),
      )),
    ]
    expect(tries.map(({ status }) => status)).toEqual(tries.map(() => 400))
    expect(tries.map(subTypeOf)).toEqual(tries.map(() => 'EXPIRED_TOKEN'))
    expect(typesOf(await customer.results(token))).toEqual(['open', 'AUTH_INTRO_OPEN'])
    expect((await ask('page', { token, secret: pageSecret })).status).toBe(200)
  })

  test('is refused half an hour after it was made, and its page an hour after it was opened', async () => {
    const [late, early] = [await newToken(), await newToken()]
    const { data } = await ask('open', { token: early })
    server.app.clock.advance(30 * 60_000 - 1_000)
    const page = { token: early, secret: data.pageSecret }
    expect((await ask('page', page)).status).toBe(200)
    server.app.clock.advance(1_000)
    expect(subTypeOf(await ask('open', { token: late }))).toBe('EXPIRED_TOKEN')
    server.app.clock.advance(30 * 60_000)
    expect(subTypeOf(await ask('page', page))).toBe('EXPIRED_TOKEN')
    expect(subTypeOf(await ask('act', { ...page, body: { type: 'continue', step: 'intro' } }))).toBe('EXPIRED_TOKEN')
  })

  test('is refused once its page was left, whatever is shown', async () => {
    const token = await newToken()
    const { data, cookie } = await ask('open', { token })
    const page = { token, secret: data.pageSecret }
    await ask('act', { ...page, body: { type: 'exit' } })
    const tries = [
      await ask('page', page),
      await ask('act', { ...page, body: { type: 'exit' } }),
      await ask('open', { token, cookie: cookie.split(';')[0] ?? '' }),
    ]
    expect(tries.map(subTypeOf)).toEqual(['EXPIRED_TOKEN', 'EXPIRED_TOKEN', 'EXPIRED_TOKEN'])
  })

  test('is refused to pages of other origins, which may not even read the refusal', async () => {
    const token = await newToken()
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ]) {
      expect((await ask('open', { token, headers })).status).toBe(403)
    }
    const page = await browser.page()
    await host.visit(page)
    const outcome = await page.evaluate(
      ([url, secret]) =>
        fetch(`${url}/open`, { method: 'POST', headers: { authorization: `Bearer ${secret}` } }).then(
          ({ status }) => status,
          () => 'unreadable',
        ),
      [`${server.url}${API}`, token],
    )
    expect(outcome).toBe('unreadable')
    expect(typesOf(await customer.results(token))).toEqual([])
    await page.context().close()
  })

  test('is known by no storage, no readable cookie and no address that the page asks for', async () => {
    const asked: string[] = []
    const page = await browser.page()
    page.on('request', (request) => asked.push(request.url()))
    const token = await newToken()
    await page.goto(`${server.url}/connect/elements?token=${token}&event_channel=message`)
    await page.locator('[data-screen=intro]').waitFor()
    const kept = await page.evaluate('[localStorage.length, sessionStorage.length, document.cookie]')
    expect(kept).toEqual([0, 0, ''])
    // The page itself is asked for by its token, as the contract has it; nothing else is.
    expect(asked.filter((url) => url.includes(token))).toHaveLength(1)
    const [cookie] = await page.context().cookies(`${server.url}${API}/open`)
    expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'None', path: `${API}/open` })
    await page.context().close()
  })
})

/** A page of another origin that frames whatever it is given and keeps what it hears. */
async function stranger(page: Page, src: string, wrap = (frame: string) => frame): Promise<{ close(): void }> {
  const html = `<!doctype html><script>heard = []; onmessage = ({ data }) => heard.push(data)</script>
    ${wrap(`<iframe name="element" src="${src}"></iframe>`)}`
  const site = createServer((_, reply) => {
    reply.setHeader('content-type', 'text/html')
    reply.end(html)
  }).listen(0)
  await once(site, 'listening')
  await page.goto(`http://localhost:${(site.address() as AddressInfo).port}`)
  return {
    close() {
      site.close()
      site.closeAllConnections()
    },
  }
}

describe('A19: messages', () => {
  const team = () => ({ name: server.app.keys.team, environment: 'development' }) as const
  const allow = (origins: readonly string[]) =>
    server.app.admin.changeTeam(team(), (settings) => ({ ...settings, hosted: { origins: [...origins] } }))
  const pageOf = (token: string) => `${server.url}/connect/elements?token=${token}&event_channel=message`

  test('go to the page that embeds the element and is allowed to, and to nobody else', async () => {
    await allow([host.origin, 'https://app.example.com'])
    const token = await newToken()
    const { headers } = await fetch(pageOf(token))
    expect(headers.get('content-security-policy')).toContain(`frame-ancestors ${host.origin} https://app.example.com`)
    const run = await begin(token)
    await run.walk.at('intro')
    await run.walk.close()
    expect((await ended(run)).types).toEqual(['open', 'AUTH_INTRO_OPEN', 'AUTH_INTRO_CLOSE', 'exit'])
  })

  test.each<[string, ((frame: string) => string)?]>([
    ['another origin'],
    ['no origin', (frame) => `<iframe sandbox="allow-scripts" srcdoc='${frame}'></iframe>`],
    ['an allowed page inside another', () => `<iframe src="${host.origin}/?html=&nested=1"></iframe>`],
  ])('reach nobody from a frame of %s, where nothing is shown', async (_, wrap) => {
    await allow([host.origin])
    const token = await newToken()
    const page = await browser.page()
    const site = await stranger(page, pageOf(token), wrap)
    const inner = page.frames().find((frame) => frame.url().startsWith(host.origin))
    if (inner) {
      await inner.waitForFunction('window.Method')
      await inner.evaluate((secret) => {
        const { openElement } = globalThis as unknown as { openElement(token: string, options: object): void }
        openElement(secret, {})
      }, token)
    }
    await expect.poll(() => browser.complaints(page).join()).toContain('frame-ancestors')
    expect(await page.evaluate('heard')).toEqual([])
    expect(typesOf(await customer.results(token))).toEqual([])
    site.close()
    await page.context().close()
  })

  test('reach no opener, and what others send to the element changes nothing', async () => {
    await allow([host.origin])
    const token = await newToken()
    const page = await browser.page()
    await host.visit(page)
    const [popup] = await Promise.all([
      page.waitForEvent('popup'),
      page.evaluate((url) => {
        const { open } = globalThis as unknown as { open(url: string): unknown }
        Object.assign(globalThis, { popup: open(url) })
      }, pageOf(token)),
    ])
    await popup.locator('[data-screen=intro]').waitFor()
    await page.evaluate(() => {
      const { popup: target } = globalThis as unknown as { popup: { postMessage(data: unknown, to: string): void } }
      target.postMessage({ type: 'success', payload: { op: 'success' } }, '*')
      target.postMessage({ type: 'exit' }, '*')
    })
    await popup.getByRole('button', { name: 'Continue' }).click()
    await popup.locator('[data-screen=phone_code]').waitFor()
    expect(await host.heard(page)).toEqual([])
    await page.context().close()
  })

  test('of anybody but the element are not heard by the customer', async () => {
    await allow([host.origin])
    const run = await begin(await newToken())
    await run.walk.at('intro')
    const before = await host.heard(run.page)
    // From the page itself, from a frame of the same server, from one without an origin.
    await run.page.evaluate((url) => {
      const { postMessage, document } = globalThis as unknown as {
        postMessage(data: unknown, to: string): void
        document: { body: { insertAdjacentHTML(where: string, html: string): void } }
      }
      const lie = `{ type: "success", payload: { op: "success", lie: true } }`
      postMessage({ type: 'success', payload: { lie: true } }, '*')
      document.body.insertAdjacentHTML(
        'beforeend',
        `<iframe sandbox="allow-scripts" srcdoc='<script>parent.postMessage(${lie}, "*"); parent.postMessage("done", "*")</script>'></iframe>
         <iframe src="${url}/healthz"></iframe>`,
      )
    }, server.url)
    await run.walk.close()
    const { heard } = await ended(run)
    expect(heard.slice(0, before.length)).toEqual(before)
    expect(heard.map(({ type }) => type)).not.toContain('success')
  })

  test('a token that nobody made can be framed by rehearsals alone', async () => {
    const { headers } = await fetch(pageOf(UNKNOWN))
    expect(headers.get('content-security-policy')).toMatch(/frame-ancestors http:\/\/localhost:\* http:\/\/127/)
  })
})

const XSS = [
  '<script>pwned=1</script>',
  '<img src=x onerror="pwned=1">',
  '"><svg onload=pwned=1>',
  "'-pwned-'",
  '{{constructor.constructor("pwned=1")()}}',
  '$' + '{pwned=1}',
  '</title><script>pwned=1</script>',
  'javascript:pwned=1',
  '$t(intro.title)',
  '‮<b>',
]

describe('A18: what others wrote', () => {
  test('is shown as it is written, and runs nowhere', async () => {
    await server.app.admin.changeTeam({ name: server.app.keys.team, environment: 'development' }, (settings) => ({
      ...settings,
      hosted: { origins: [host.origin] },
    }))
    const page = await browser.page()
    for (const name of XSS) {
      const body = {
        ...connectFor({ first_name: name, last_name: name }),
        team_name: name,
        team_logo: `https://127.0.0.1:9/${encodeURIComponent(name)}"onerror="pwned=1`,
      }
      const token = await customer.token(body)
      await host.visit(page)
      const element = await host.open(page, token)
      await element.locator('[data-screen=intro]').waitFor()
      expect(await element.locator('h1').textContent()).toBe(`Connect your accounts to ${name}`)
      for (const frame of page.frames()) expect(await frame.evaluate('typeof pwned')).toBe('undefined')
    }
    const query = XSS.map((text) => encodeURIComponent(text))
    for (const [name, value] of query.flatMap((text) => [
      ['token', text],
      ['locale', text],
      ['event_channel', text],
    ])) {
      const answer = await fetch(`${server.url}/connect/elements?${name}=${value}`)
      expect(await answer.text()).not.toContain('pwned')
      expect(answer.headers.get('content-security-policy')).not.toMatch(/unsafe|pwned/)
    }
    await page.context().close()
  })

  test('of an institution is shown as it is written', async () => {
    const name = XSS[1] ?? ''
    const run = await begin(connectFor(KEVIN))
    await run.page.route('**/api/act', async (route) => {
      const answer = await route.fetch()
      const body = await answer.json()
      const accounts = body.screen?.accounts?.map((account: object) => ({ ...account, name, institution: name }))
      await route.fulfill({ response: answer, json: { ...body, screen: body.screen && { ...body.screen, accounts } } })
    })
    await run.walk.goOn('intro')
    await run.walk.code()
    await run.walk.consent()
    await run.walk.goOn('auth_success')
    await run.walk.frame.locator('[data-screen=accounts]').waitFor()
    expect(await run.walk.says()).toContain(name)
    expect(await run.walk.frame.evaluate('typeof pwned')).toBe('undefined')
    await run.page.context().close()
  })
})
