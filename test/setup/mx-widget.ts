/** The real widget, in a real browser, over a real server: how tests open it, and what they do in it. */
import type { Page } from 'playwright-core'
import { beforeAll, expect, type TestContext, test } from 'vitest'
import { buildMxWidget } from '../../scripts/build-mx-widget.js'
import { ownPages, type PageRequest, useBrowser } from './browser.js'
import { DEMO_KEY } from './method-api.js'
import { useServer } from './served.js'

// biome-ignore lint/suspicious/noExplicitAny: answers of the wire.
type Wire = any

export interface OpenWidget {
  readonly page: Page
  /** Opens the page anew, as somebody who comes back. */
  comeBack(): Promise<unknown>
  readonly userGuid: string
  /** The team's back end, about this user. */
  backEnd(method: string, path: string, body?: object): Promise<Wire>
  /** Messages that the widget sent, by their types. */
  heard(): Promise<readonly string[]>
  messages(): Promise<readonly Wire[]>
}

export interface Opening extends PageRequest {
  readonly settings?: object
  readonly userGuid?: string
  /** The name by which the server is called. */
  readonly host?: string
  /** Before the page is loaded. */
  readonly prepare?: (page: Page) => Promise<unknown>
}

export interface Widgets {
  readonly url: string
  backEnd(method: string, path: string, body?: object): Promise<Wire>
  newUser(): Promise<string>
  /** A member that a user connected some time ago. */
  newMember(code?: 'mxbank' | 'mx_bank_oauth'): Promise<{ readonly userGuid: string; readonly guid: string }>
  open(opening?: Opening): Promise<OpenWidget>
}

// A first installation takes its time.
const BUILD_MS_MAX = 240_000

export function useWidgets(): Widgets {
  beforeAll(buildMxWidget, BUILD_MS_MAX)
  const server = useServer()
  const browser = useBrowser()
  let users = 0
  const backEnd = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`${server.url}/mx${path}`, {
      method,
      headers: { authorization: `Bearer ${DEMO_KEY}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return text === '' ? {} : JSON.parse(text)
  }
  const newUser = async () => {
    const id = `widget-user-${String(++users)}`
    return (await backEnd('POST', '/users', { user: { id, email: `${id}@example.com` } })).user.guid as string
  }
  const newMember = async (code = 'mxbank') => {
    const userGuid = await newUser()
    const about = `/users/${userGuid}`
    const { credentials } = await backEnd('GET', `/institutions/${code}/credentials`)
    const values = ['mxuser', 'anything']
    const isOauth = code === 'mx_bank_oauth'
    const typed = credentials.map(({ guid }: Wire, index: number) => ({ guid, value: values[index] }))
    const member = { institution_code: code, ...(isOauth ? { is_oauth: true } : { credentials: typed }) }
    const made = (await backEnd('POST', `${about}/members`, { member })).member
    if (isOauth) {
      const state = new URL(made.oauth_window_uri).searchParams.get('state')
      await backEnd('PUT', `/simulate/oauth_states/${state}`, { oauth_state: { auth_status: 2 } })
    }
    const at = `${about}/members/${made.guid}`
    await backEnd('POST', `${at}/jobs`, { job: { job_type: 0 } })
    const isDone = async () => !(await backEnd('GET', at)).member.is_being_aggregated
    await expect.poll(isDone, { timeout: 45_000 }).toBe(true)
    return { userGuid, guid: made.guid as string }
  }
  return {
    get url() {
      return server.url
    },
    backEnd,
    newUser,
    newMember,
    async open({ settings = {}, prepare, userGuid, host, ...request } = {}) {
      const guid = userGuid ?? (await newUser())
      const { widget_url } = await backEnd('POST', `/users/${guid}/widget_urls`, { widget_url: settings })
      const page = await browser.page(request)
      await page.addInitScript(hurry)
      await page.addInitScript(holdStill)
      await prepare?.(page)
      const address = new URL(`${widget_url.url}&debug=1`)
      if (host) address.hostname = host
      await page.goto(address.href)
      // biome-ignore lint/suspicious/noExplicitAny: the page's own.
      const messages = () => page.evaluate(() => (globalThis as any).__clearspan?.events ?? [])
      return {
        page,
        comeBack: () => page.goto(address.href),
        userGuid: guid,
        backEnd: (method, path, body) => backEnd(method, `/users/${guid}${path}`, body),
        messages,
        heard: async () => (await messages()).map(({ type }: Wire) => type),
      }
    },
  }
}

/** In the page: what it waits for comes sooner, but for what waits for a server that does not answer. */
function hurry(): void {
  // A look that is not over when the next one is due counts for nothing, so looks need time on a busy machine.
  const LOOK_MS_MIN = 700
  const sooner = (ms: number) => (ms >= 200 && ms < 10_000 ? ms / 4 : ms)
  // biome-ignore lint/suspicious/noExplicitAny: the page's own.
  const { setTimeout: once, setInterval: often } = globalThis as any
  Object.assign(globalThis, {
    setTimeout: (then: unknown, ms = 0, ...given: unknown[]) => once(then, sooner(ms), ...given),
    setInterval: (then: unknown, ms = 0, ...given: unknown[]) =>
      often(then, ms < LOOK_MS_MIN ? ms : Math.max(LOOK_MS_MIN, sooner(ms)), ...given),
  })
}

/** In the page: nothing turns. Where no card paints, what turns takes as much of the processor as all the rest. */
function holdStill(): void {
  // biome-ignore lint/suspicious/noExplicitAny: the page's own.
  const { document, addEventListener } = globalThis as any
  addEventListener('DOMContentLoaded', () => {
    const style = document.createElement('style')
    style.textContent = '*, ::before, ::after { animation: none !important; transition: none !important }'
    document.head.append(style)
  })
}

/** In the page: what an answer changes is painted. */
export function settled(): Promise<unknown> {
  // biome-ignore lint/suspicious/noExplicitAny: the page's own.
  const { requestAnimationFrame: paint } = globalThis as any
  return new Promise((resolve) => paint(() => paint(resolve)))
}

export const PATIENT = { timeout: 20_000 }
export const byTest = (name: string) => `[data-test="${name}"]`

/** A test of the widget. Those of a `describe.concurrent` run beside each other, to wait together. */
export function widgetTest(name: string, body: (context: TestContext) => Promise<void>): void {
  test(name, { timeout: 90_000 }, ownPages(body))
}

export function searchFor(page: Page, text: string): Promise<void> {
  return page.locator(byTest('search-input')).locator('visible=true').first().fill(text)
}

/** Picks an institution by its name. */
export async function pick(page: Page, name = 'Clearspan Bank'): Promise<void> {
  await searchFor(page, name)
  await page.locator(byTest(`${name.replaceAll(' ', '-')}-row`)).click()
}

/** Types what an institution asks for, and sends it. */
export async function logIn(page: Page, password: string, name = 'mxuser'): Promise<void> {
  await page.locator('#LOGIN').fill(name)
  await page.locator('#PASSWORD').fill(password)
  await page.locator(byTest('credentials-continue')).click()
}

export async function expectConnected(page: Page): Promise<void> {
  await page.locator(byTest('connected-header')).waitFor({ timeout: 30_000 })
}

/** What a user does at the pages of an institution, in the window that opens there. */
export async function atBank(page: Page, button: string, password?: string): Promise<Page> {
  const [bank] = await Promise.all([page.waitForEvent('popup'), goOn(page)])
  if (password) await bank.locator('#password').fill(password)
  await bank.getByRole('button', { name: button }).click()
  return bank
}

/** The title of the page on which the widget says what is wrong. */
export async function expectTrouble(page: Page, title: string): Promise<void> {
  await page.getByText(title, { exact: true }).first().waitFor({ timeout: 30_000 })
}

export async function goOn(page: Page): Promise<void> {
  await page.locator(`${byTest('continue-button')}:not([disabled])`).click()
}
