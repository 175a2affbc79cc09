/** A headless browser for tests of pages, at the size of a phone or of a desk, that notices what goes wrong in them. */

import { AsyncLocalStorage } from 'node:async_hooks'
import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, onTestFinished, type TestContext } from 'vitest'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const SCREENS = fileURLToPath(new URL('../../docs/screens/', import.meta.url))
const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A process for each frame of another origin takes more than the page in it.
  '--disable-features=IsolateOrigins,site-per-process',
]
const SIZES = {
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  tiny: { viewport: { width: 300, height: 568 }, hasTouch: true, isMobile: true },
  narrow: { viewport: { width: 320, height: 568 }, hasTouch: true, isMobile: true },
  desktop: { viewport: { width: 1280, height: 800 } },
} as const

export interface PageRequest {
  readonly size?: keyof typeof SIZES
  readonly scheme?: 'light' | 'dark'
  /** Of the browser, as `es-MX`. Default: `en-US`. */
  readonly locale?: string
}

/** What was wrong with a page: uncaught errors, errors in its console, breaches of its content security policy. */
export type Complaints = readonly string[]

export interface TestBrowser {
  /** A page in a context of its own: no cookies or storage of others. */
  page(request?: PageRequest): Promise<Page>
  context(request?: PageRequest): Promise<BrowserContext>
  complaints(page: Page): Complaints
}

/** One browser for the tests of a file; pages are closed with the test that opened them. */
export function useBrowser(): TestBrowser {
  let browser: Browser | null = null
  const heard = new WeakMap<Page, string[]>()
  beforeAll(async () => {
    const { path, problem } = inject('chromium')
    if (path === null) throw new Error(problem)
    const isRoot = process.getuid?.() === 0
    browser = await chromium.launch({ executablePath: path, args: [...FLAGS, ...(isRoot ? ['--no-sandbox'] : [])] })
  })
  afterAll(async () => {
    await browser?.close()
  })
  const context = async ({ size = 'desktop', scheme = 'light', locale = 'en-US' }: PageRequest = {}) => {
    if (!browser) throw new Error('The browser is open only while tests run.')
    const opened = await browser.newContext({ ...SIZES[size], colorScheme: scheme, locale, reducedMotion: 'reduce' })
    closeAfterTest(opened)
    opened.on('page', (page) => {
      const complaints: string[] = []
      heard.set(page, complaints)
      page.on('pageerror', (error) => complaints.push(String(error)))
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text())
      })
    })
    return opened
  }
  return {
    context,
    page: async (request) => (await context(request)).newPage(),
    complaints: (page) => heard.get(page) ?? [],
  }
}

const concurrent = new AsyncLocalStorage<TestContext>()

/** The body of a test that runs beside others, whose pages are closed with it. */
export function ownPages<T>(body: (context: TestContext) => Promise<T>): (context: TestContext) => Promise<T> {
  return (context) => concurrent.run(context, () => body(context))
}

// A page that stays open goes on working, at the cost of those that are tested next.
function closeAfterTest(opened: BrowserContext): void {
  const close = () => opened.close()
  const test = concurrent.getStore()
  try {
    if (test) test.onTestFinished(close)
    else onTestFinished(close)
  } catch {
    // Opened for all tests of a file, and closed with the browser.
  }
}

/** Fails with what axe finds on the page as it is: WCAG 2.2 A and AA. `within` is the frame of an embedded page. */
export async function expectAccessible(page: Pick<Page, 'evaluate'>): Promise<void> {
  await page.evaluate(axeSource)
  const violations = await page.evaluate(async () => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
    const axe = (globalThis as unknown as { axe: { run(options: unknown): Promise<AxeResults> } }).axe
    const found = await axe.run({ runOnly: { type: 'tag', values: tags } })
    return found.violations.map(
      ({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.map(({ html }) => html).join('\n  ')}`,
    )
  })
  expect(violations).toEqual([])
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string
    readonly help: string
    readonly nodes: readonly { readonly html: string }[]
  }[]
}

/** Keeps a picture as `docs/screens/<name>.png` where SCREENS is set; otherwise does nothing. */
export async function shoot(page: Pick<Page, 'screenshot'>, name: string): Promise<void> {
  if (!process.env.SCREENS) return
  const path = `${SCREENS}${name}.png`
  await mkdir(dirname(path), { recursive: true })
  // As many pixels as the page has, so that pictures of phones stay small.
  await page.screenshot({ path, scale: 'css' })
}
