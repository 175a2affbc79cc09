/** What a person sees who opens the server's address. */
import { expect, test } from 'vitest'
import { expectAccessible, shoot, useBrowser } from '../setup/browser.js'
import { useServer } from '../setup/served.js'

const browser = useBrowser()
const server = useServer()

test.each(['desktop', 'phone'] as const)('the start page tells where to go, on a %s', async (size) => {
  const page = await browser.page({ size })
  await page.goto(server.url)
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Clearspan is running')
  await expectAccessible(page)
  await shoot(page, `home-${size}`)
  await page.getByRole('link').first().click()
  await expect.poll(() => page.textContent('body')).toContain('"openapi":"3.')
  expect(browser.complaints(page)).toEqual([])
})

test('a page cannot be framed where nobody may, and loads nothing of others', async () => {
  const { headers } = await fetch(server.url)
  const policy = headers.get('content-security-policy')
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy).not.toContain('unsafe')
})
