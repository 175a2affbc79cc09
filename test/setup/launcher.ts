/**
 * An app of somebody's: pages of another origin that open Connect with the unmodified launcher from npm, and remember what it
 * tells them.
 */
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import { build } from 'esbuild'
import type { Frame, FrameLocator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'

/** What the launcher told the app, in order. */
export type Told =
  | { readonly call: 'success'; readonly said: readonly unknown[] }
  | { readonly call: 'exit'; readonly error: unknown }
  | { readonly call: 'event'; readonly event: LinkEvent }

export interface LinkEvent {
  readonly name: string
  readonly properties: Readonly<Record<string, unknown>>
  readonly meta: Readonly<Record<string, unknown>>
}

export interface Launch {
  readonly token: string
  /** A method of the launcher. Default: `link`. */
  readonly method?: 'link' | 'relink' | '__linkDirect'
  readonly options?: Readonly<Record<string, unknown>>
}

export interface CustomerApp {
  /** Another site than the server's. */
  readonly origin: string
  readonly redirectUri: string
  /** Opens the app, and Connect in it. */
  launch(page: Page, launch: Launch): Promise<FrameLocator>
  told(page: Page): Promise<readonly Told[]>
  eventNames(page: Page): Promise<readonly string[]>
  /** Once Connect has taken what was sent to it. */
  settled(page: Page): Promise<void>
  /** What the launcher keeps for the way back from an institution. */
  storedToken(page: Page): Promise<string | null>
}

const PAGE = `<!doctype html><html lang="en"><head><title>Ledgerline</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>Ledgerline</h1><button id="connect">Connect a bank</button><div id="box"></div></main><script type="module" src="/app.js"></script></body></html>`

// The pages of an app: one that opens Connect when it is told to, and the one that institutions lead back to.
const SCRIPT = `
import MoneyKit from '@moneykit/connect'
window.told = []
const tell = (entry) => window.told.push(entry)
const callbacks = [
  (...said) => tell({ call: 'success', said }),
  (error) => tell({ call: 'exit', error }),
  (event) => tell({ call: 'event', event }),
]
window.launch = ({ token, method = 'link', options }) => {
  localStorage.setItem('options', JSON.stringify(options))
  new MoneyKit(options)[method](token, ...callbacks)
}
if (location.pathname === '/oauth') {
  new MoneyKit(JSON.parse(localStorage.getItem('options') ?? '{}')).continue(location.href, ...callbacks)
}
`

/** What an app may have of its own instead. */
export interface AppParts {
  /** Its script, which may import from npm. */
  readonly script?: () => string
  /** What its back end answers to a POST. */
  readonly answer?: (path: string, body: string) => Promise<object>
}

/** One app for the tests of a file; `connectAt` is the origin of the server whose page it opens. */
export function useCustomerApp(connectAt: () => string, parts: AppParts = {}): CustomerApp {
  let server: Server | null = null
  let origin = ''
  beforeAll(async () => {
    let script: string | null = null
    server = createServer(async (request, response) => {
      if (request.method === 'POST') {
        const body = (await request.setEncoding('utf8').toArray()).join('')
        response.end(JSON.stringify(await parts.answer?.(request.url ?? '', body)))
        return
      }
      // Only once somebody asks: until then the server's address may not be known.
      script ??= await bundle(parts.script?.() ?? SCRIPT)
      const isScript = request.url === '/app.js'
      response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html; charset=utf-8' })
      response.end(isScript ? script : PAGE)
    })
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    if (typeof address !== 'object' || address === null) throw new Error('The app listens on a port.')
    origin = `http://localhost:${address.port}`
  })
  afterAll(() => {
    server?.closeAllConnections()
    server?.close()
  })
  const told = async (page: Page) => page.evaluate(() => (globalThis as unknown as { told: readonly Told[] }).told)
  return {
    get origin() {
      return origin
    },
    get redirectUri() {
      return `${origin}/oauth`
    },
    async launch(page, { token, method = 'link', options = {} }) {
      await page.goto(`${origin}/`)
      await page.waitForFunction(() => 'launch' in globalThis)
      const request = { token, method, options: { __connectSDKUIHost: connectAt(), ...options } }
      await page.evaluate(
        (said) => (globalThis as unknown as { launch: (said: unknown) => void }).launch(said),
        request,
      )
      return page.frameLocator('#moneykit-connect-frame')
    },
    told,
    async settled(page) {
      // Whatever was posted before this has been delivered when its frame has painted twice.
      const frame = await frameOf(page)
      await frame.evaluate(
        'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))',
      )
    },
    async storedToken(page) {
      const { origins } = await page.context().storageState()
      const stored = origins.find((each) => each.origin === origin)?.localStorage ?? []
      return stored.find(({ name }) => name === 'moneykit.linkSessionToken')?.value ?? null
    },
    async eventNames(page) {
      return (await told(page)).flatMap((entry) => (entry.call === 'event' ? [nameOf(entry.event)] : []))
    },
  }
}

function nameOf({ name, properties }: LinkEvent): string {
  return name === 'change_screen' ? `→ ${String(properties.current_screen_name)}` : name
}

async function bundle(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents,
      resolveDir: createRequire(import.meta.url)
        .resolve('../../package.json')
        .replace(/\/[^/]+$/, ''),
    },
    bundle: true,
    format: 'esm',
    write: false,
    logLevel: 'silent',
  })
  return outputFiles[0]?.text ?? ''
}

/** The document of Connect's frame, for what a locator can't do. */
export async function frameOf(page: Page): Promise<Frame> {
  const element = await page.locator('#moneykit-connect-frame').elementHandle()
  const frame = await element?.contentFrame()
  if (!frame) throw new Error('Connect is not open.')
  return frame
}

/** The screen that Connect shows. */
export async function expectScreen(frame: FrameLocator, title: string | RegExp): Promise<void> {
  await frame.getByRole('heading', { level: 1, name: title }).waitFor()
}

/** What the app was told last, once it was told a success or an exit. */
export async function ending(app: CustomerApp, page: Page): Promise<Told> {
  await expect.poll(async () => (await app.told(page)).some(({ call }) => call !== 'event')).toBe(true)
  const last = (await app.told(page)).find(({ call }) => call !== 'event')
  if (!last) throw new Error('Nothing ended.')
  return last
}

/** Picks a bank and logs in there. */
export async function logIn(
  frame: FrameLocator,
  said: { readonly user: string; readonly password?: string },
): Promise<void> {
  const { user, password = 'pass_good' } = said
  await frame.getByRole('button', { name: 'Credentials Bank' }).click()
  await typeLogin(frame, { user, password })
}

export async function typeLogin(
  frame: FrameLocator,
  { user, password }: { readonly user: string; readonly password: string },
): Promise<void> {
  await frame.getByLabel('Username').fill(user)
  await frame.getByLabel('Password', { exact: true }).fill(password)
  await frame.getByRole('button', { name: 'Log in', exact: true }).click()
}

/** Allows everything that is asked for, and is done. */
export async function allowAll(frame: FrameLocator): Promise<void> {
  await frame.getByRole('button', { name: 'Allow' }).click()
  await frame.getByRole('button', { name: 'Connect', exact: true }).click()
  await frame.getByRole('button', { name: 'Done' }).click()
}

/** What the app was given on success. */
export async function success(app: CustomerApp, page: Page): Promise<readonly unknown[]> {
  const told = await ending(app, page)
  if (told.call !== 'success') throw new Error(`${told.call}: ${JSON.stringify(told)}`)
  return told.said
}
