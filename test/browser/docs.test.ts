/** The guides and the reference, as the server shows them. */
import { readdirSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { ROOT } from '../docs/pages.js'
import { expectAccessible, shoot, useBrowser } from '../setup/browser.js'
import { useServer } from '../setup/served.js'

const browser = useBrowser()
const server = useServer()

interface Shown {
  readonly status: number
  readonly ids: ReadonlySet<string>
  readonly links: readonly string[]
}

const shown = new Map<string, Promise<Shown>>()
const show = (path: string) => {
  const known = shown.get(path) ?? fetchPage(path)
  shown.set(path, known)
  return known
}

async function fetchPage(path: string): Promise<Shown> {
  const answer = await fetch(`${server.url}${path}`)
  const html = await answer.text()
  const of = (pattern: RegExp) => [...html.matchAll(pattern)].map(([, found = '']) => found)
  return { status: answer.status, ids: new Set(of(/ id="([^"]+)"/g)), links: of(/ href="([^"]+)"/g) }
}

const guides = readdirSync(`${ROOT}docs`).flatMap((file) => (file.endsWith('.md') ? [file.replace('.md', '')] : []))

test('every guide is named in the navigation', async () => {
  const { links } = await show('/docs')
  expect([...guides, 'README', 'CHANGELOG'].filter((name) => !links.includes(`/docs/guides/${name}`))).toEqual([])
})

test('every link of every guide leads to a page and a heading that are there', async () => {
  const broken: string[] = []
  for (const path of ['/docs', ...['README', ...guides].map((name) => `/docs/guides/${name}`)]) {
    const { status, links } = await show(path)
    if (status !== 200) broken.push(path)
    for (const link of links.filter((href) => /^(#|\/docs)/.test(href))) {
      const [target = '', id] = link.split('#')
      const there = await show(target === '' ? path : target)
      if (there.status !== 200 || (id !== undefined && !there.ids.has(id))) broken.push(`${path}: ${link}`)
    }
  }
  expect(broken).toEqual([])
})

test('a page that is not there says so', async () => {
  expect((await show('/docs/guides/nowhere')).status).toBe(404)
})

test.each(['desktop', 'phone'] as const)('a guide is found in the navigation and read on a %s', async (size) => {
  const page = await browser.page({ size })
  await page.goto(`${server.url}/docs`)
  await expectAccessible(page)
  if (size === 'phone') await page.getByText('All guides').click()
  await page.getByRole('navigation').getByRole('link', { name: 'Webhooks', exact: true }).click()
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Webhooks')
  await expectAccessible(page)
  expect(await isWiderThanScreen(page)).toBe(false)
  await shoot(page, `docs-guide-${size}`)
  expect(browser.complaints(page)).toEqual([])
})

const isWiderThanScreen = (page: Page) =>
  page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth')

test('the reference has the operations of every face, and asks nobody but this server', async () => {
  const answer = await fetch(`${server.url}/docs/faces.json`)
  const faces = (await answer.json()) as readonly { readonly slug: string; readonly url: string }[]
  expect(faces.map(({ slug }) => slug)).toEqual(expect.arrayContaining(['method', 'moneykit']))
  const page = await browser.page()
  const asked: string[] = []
  page.on('request', (request) => asked.push(new URL(request.url()).origin))
  for (const { slug, url } of faces) {
    const { paths, info } = (await (await fetch(`${server.url}${url}`)).json()) as {
      readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly summary?: string }>>>>
      readonly info: { readonly title: string }
    }
    await page.goto(`${server.url}/docs/reference?api=${slug}`)
    await page.getByRole('heading', { level: 1, name: info.title }).waitFor()
    const [operation] = Object.values(Object.values(paths)[0] ?? {})
    await page
      .getByText(operation?.summary ?? 'no summary')
      .first()
      .waitFor({ state: 'attached' })
    await shoot(page, `docs-reference-${slug}`)
  }
  expect(new Set(asked)).toEqual(new Set([new URL(server.url).origin]))
  expect(browser.complaints(page)).toEqual([])
})
