/** The real widget, in a real browser, over a real server: how tests open it, and what they do in it. */
import type { Page } from 'playwright-core'
import { beforeAll } from 'vitest'
import { buildMxWidget } from '../../scripts/build-mx-widget.js'
import { type PageRequest, useBrowser } from './browser.js'
import { DEMO_KEY } from './method-api.js'
import { useServer } from './served.js'

// biome-ignore lint/suspicious/noExplicitAny: answers of the wire.
type Wire = any

export interface OpenWidget {
  readonly page: Page
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
  /** Before the page is loaded. */
  readonly prepare?: (page: Page) => Promise<unknown>
}

export interface Widgets {
  readonly url: string
  backEnd(method: string, path: string, body?: object): Promise<Wire>
  newUser(): Promise<string>
  open(opening?: Opening): Promise<OpenWidget>
}

// A first installation takes its time.
const BUILD_MS_MAX = 240_000

export function useWidgets(): Widgets {
  beforeAll(buildMxWidget, BUILD_MS_MAX)
  const server = useServer({ CLEARSPAN_ANSWER_DELAY_MS: '200' })
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
  return {
    get url() {
      return server.url
    },
    backEnd,
    newUser,
    async open({ settings = {}, prepare, userGuid, ...request } = {}) {
      const guid = userGuid ?? (await newUser())
      const { widget_url } = await backEnd('POST', `/users/${guid}/widget_urls`, { widget_url: settings })
      const page = await browser.page(request)
      await prepare?.(page)
      await page.goto(`${widget_url.url}&debug=1`)
      // biome-ignore lint/suspicious/noExplicitAny: the page's own.
      const messages = () => page.evaluate(() => (globalThis as any).__clearspan?.events ?? [])
      return {
        page,
        userGuid: guid,
        backEnd: (method, path, body) => backEnd(method, `/users/${guid}${path}`, body),
        messages,
        heard: async () => (await messages()).map(({ type }: Wire) => type),
      }
    },
  }
}

const byTest = (name: string) => `[data-test="${name}"]`

/** Picks an institution by its name. */
export async function pick(page: Page, name = 'Clearspan Bank'): Promise<void> {
  await page.locator(byTest('search-input')).locator('visible=true').first().fill(name)
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

/** The title of the page on which the widget says what is wrong. */
export async function expectTrouble(page: Page, title: string): Promise<void> {
  await page.getByText(title, { exact: true }).first().waitFor({ timeout: 30_000 })
}

export async function goOn(page: Page): Promise<void> {
  await page.locator(`${byTest('continue-button')}:not([disabled])`).click()
}
