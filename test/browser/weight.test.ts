/** What a person's browser has to load before a hosted page works. */
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'

const CONNECT = new URL('../../dist/web/connect/', import.meta.url)
const PAGE_BYTES_MAX = 120_000
const SDK_BYTES_MAX = 4_000

/** The scripts of a page, and those that they import before anything runs. */
async function scriptsOf(page: string): Promise<ReadonlySet<string>> {
  const html = await readFile(new URL(page, CONNECT), 'utf8')
  const waiting = [...html.matchAll(/(?:src|href)="\/connect\/(assets\/[^"]+\.js)"/g)].map(([, path]) => path ?? '')
  const found = new Set<string>()
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.has(path)) continue
    found.add(path)
    const text = await readFile(new URL(path, CONNECT), 'utf8')
    for (const [, name] of text.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) waiting.push(`assets/${name}`)
  }
  return found
}

test('no page that a consumer sees takes more than 120 kB of script', async () => {
  const pages = (await readdir(fileURLToPath(CONNECT))).filter((file) => file.endsWith('.html'))
  expect(pages).toContain('elements.html')
  for (const page of pages) {
    const scripts = await scriptsOf(page)
    // One page only says that a link was used.
    expect(scripts.size > 0, page).toBe(page !== 'used.html')
    const sizes = await Promise.all(
      [...scripts].map(async (path) => gzipSync(await readFile(new URL(path, CONNECT))).length),
    )
    expect(
      sizes.reduce((sum, size) => sum + size, 0),
      page,
    ).toBeLessThanOrEqual(PAGE_BYTES_MAX)
  }
})

test('the script of a customer takes next to nothing', async () => {
  const sdk = await readFile(new URL('../embed/elements.js', CONNECT))
  expect(gzipSync(sdk).length).toBeLessThanOrEqual(SDK_BYTES_MAX)
})
