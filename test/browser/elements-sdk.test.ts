/** The script and the hook with which customers open elements: options and behaviour are the vendor's. */
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { useBrowser } from '../setup/browser.js'
import { connectFor, elementRuns, elementsApi, KEVIN, useElementsHost } from '../setup/elements-host.js'
import { walkOf } from '../setup/elements-walk.js'
import { useListeningApp } from '../setup/listening.js'

const browser = useBrowser()
const server = useListeningApp()
const host = useElementsHost(server)
const customer = elementsApi(server, () => server.app.keys.development)
const { begin, ended } = elementRuns({ browser, host, customer })

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const MODAL = '#method-elements-modal-id'

const boxOf = (page: Page) => page.locator(`${MODAL} iframe`).boundingBox()
const overflowOf = (page: Page) => page.evaluate('document.body.style.overflow')

test('the element lies over the customer’s page, as large as a phone or 360 by 650', async () => {
  const desk = await begin(connectFor(KEVIN), { size: 'desktop' })
  await desk.walk.at('intro')
  expect(await boxOf(desk.page)).toEqual({ x: 460, y: 75, width: 360, height: 650 })
  expect(await desk.page.locator(MODAL).getAttribute('style')).toMatch(/position: fixed.*z-index: 999999999/)
  expect(await overflowOf(desk.page)).toBe('hidden')
  await desk.page.context().close()
  const phone = await begin(connectFor(KEVIN), { size: 'phone' })
  await phone.walk.at('intro')
  expect(await boxOf(phone.page)).toEqual({ x: 0, y: 0, width: 390, height: 844 })
  await phone.page.context().close()
})

test('opening while an element is shown does nothing, and after it was closed shows another', async () => {
  const { page, walk, token } = await begin(connectFor(KEVIN))
  await walk.at('intro')
  const second = await customer.token(connectFor(KEVIN))
  await host.open(page, second)
  expect(await page.locator(MODAL).count()).toBe(1)
  expect((await customer.results(second)).events).toEqual([])
  await walk.close()
  await expect.poll(() => page.locator(MODAL).count()).toBe(0)
  expect(await overflowOf(page)).toBe('inherit')
  await host.open(page, second)
  const again = await walkOf(page)
  await again.at('intro')
  await again.close()
  await expect.poll(() => page.locator(MODAL).count()).toBe(0)
  const heard = (await host.heard(page)).filter(({ callback }) => callback !== 'onEvent')
  expect(heard.map(({ callback }) => callback)).toEqual(['onOpen', 'onExit', 'onOpen', 'onExit'])
  expect(token).not.toBe(second)
  await page.context().close()
})

test('the vendor’s hosts are meant where the script is the vendor’s, and by environment', async () => {
  const page = await browser.page()
  const script = await (await fetch(`${server.url}/elements/v1/stable/init.js`)).text()
  await page.route('https://static.methodfi.com/**', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: script }),
  )
  await page.route('https://elements.*.methodfi.com/**', (route) => route.fulfill({ body: 'the element' }))
  await page.route('https://app.example.com/', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: '<script src="https://static.methodfi.com/elements/v1/stable/init.js"></script><body>',
    }),
  )
  await page.goto('https://app.example.com/')
  for (const [options, origin] of [
    ['{}', 'https://elements.dev.methodfi.com/'],
    ['{ env: "production" }', 'https://elements.production.methodfi.com/'],
    ['{ baseUrl: "https://hub.example.com/" }', 'https://hub.example.com/connect/elements'],
  ]) {
    await page.evaluate(`new Method(${options}).open("a/b")`)
    expect(await page.locator('iframe').getAttribute('src')).toBe(`${origin}?token=a%2Fb&event_channel=message`)
    await page.evaluate(`document.querySelector("${MODAL}").remove()`)
  }
  await expect(page.evaluate('new Method({ env: "live" })')).rejects.toThrow('env must be one of')
  await page.context().close()
})

test('a host of the vendor shows the page at its root, and nothing else of it moves', async () => {
  const ask = async (url: string, name = 'elements.dev.methodfi.com') => {
    const { statusCode, headers } = await server.app.http.inject({ url, headers: { host: name } })
    return [statusCode, String(headers['content-type']).split(';')[0]]
  }
  expect(await ask('/?token=x&event_channel=message')).toEqual([200, 'text/html'])
  expect(await ask('/', 'elements.production.methodfi.com:443')).toEqual([200, 'text/html'])
  expect(await ask('/connect/elements')).toEqual([200, 'text/html'])
  expect(await ask('/elements/v1/stable/init.js', 'static.methodfi.com')).toEqual([200, 'text/javascript'])
  const [script] = /\/connect\/assets\/[^"]+\.js/.exec((await server.app.http.inject('/connect/elements')).body) ?? []
  expect((await ask(script ?? ''))[0]).toBe(200)
})

test('a web view is told by navigations to addresses that it catches', async () => {
  const page = await browser.page({ size: 'phone' })
  const caught: string[] = []
  page.on('request', (request) => caught.push(request.url()))
  const token = await customer.token(connectFor(KEVIN))
  await page.goto(`${server.url}/connect/elements?token=${token}`)
  const walk = await walkOf(page)
  // A browser that nobody gave a program for such addresses asks for one, and takes no clicks meanwhile.
  const press = async (screen: string, role: 'button' | 'checkbox', name: RegExp) => {
    await walk.at(screen)
    await page.getByRole(role, { name }).dispatchEvent('click')
  }
  await press('intro', 'button', /^Continue$/)
  await walk.code()
  await press('consent', 'button', /^Agree/)
  await press('auth_success', 'button', /^Continue$/)
  await press('accounts', 'checkbox', /^Chase/)
  await press('accounts', 'button', /^Continue$/)
  await press('empty', 'button', /^Done$/)
  await walk.at('over')
  const { entity_id: entity, accounts } = await customer.results(token)
  const list = encodeURIComponent(JSON.stringify(accounts))
  const expected = [
    'methodelements://general?element_type=connect&op=open',
    `methodelements://connect?entity_id=${entity}&accounts=${list}&element_type=connect&op=success`,
    'methodelements://general?element_type=connect&op=exit',
  ]
  await expect.poll(() => caught.filter((url) => url.startsWith('methodelements:'))).toEqual(expected)
  await page.context().close()
})

test('the hook has no element until its script is there, and tells the callbacks of now', async () => {
  const bundle = await build({
    bundle: true,
    write: false,
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    alias: { '@clearspan/react-elements': `${ROOT}clients/react-elements/index.js` },
    stdin: {
      resolveDir: ROOT,
      loader: 'tsx',
      contents: `
        import { useState } from 'react'
        import { createRoot } from 'react-dom/client'
        import { useMethod } from '@clearspan/react-elements'
        window.states = []
        window.told = []
        function Customer() {
          const [count, setCount] = useState(0)
          const method = useMethod({
            env: 'dev',
            baseUrl: ${JSON.stringify(server.url)},
            onOpen: ({ op }) => { told.push([op, count]); setCount(count + 1) },
            onExit: ({ op }) => told.push([op, count]),
          })
          states.push(method === null)
          return <button disabled={!method} onClick={() => method.open(window.token)}>Connect</button>
        }
        createRoot(document.getElementById('app')).render(<Customer />)`,
    },
  })
  const page = await browser.page()
  await host.visit(page, '<div id="app"></div>')
  const token = await customer.token(connectFor(KEVIN))
  await page.evaluate((secret) => Object.assign(globalThis, { token: secret, Method: undefined }), token)
  await page.addScriptTag({ content: bundle.outputFiles[0]?.text ?? '' })
  await page.getByRole('button', { name: 'Connect' }).click()
  const walk = await walkOf(page)
  await walk.at('intro')
  await walk.close()
  await expect
    .poll(() => page.evaluate('told'))
    .toEqual([
      ['open', 0],
      ['exit', 1],
    ])
  expect(await page.evaluate('[states[0], states.at(-1)]')).toEqual([true, false])
  await page.context().close()
})

test('everything can be done by keyboard, in the dark, on the narrowest phone, and nothing moves by itself', async () => {
  const run = await begin(connectFor({}), { size: 'narrow', scheme: 'dark' })
  const { page, walk } = run
  const keys = async (...pressed: readonly string[]) => {
    for (const key of pressed)
      await (/^(Tab|Enter|Space)$/.test(key) ? page.keyboard.press(key) : page.keyboard.type(key))
  }
  await walk.at('intro')
  await keys('Tab', 'Enter')
  await walk.at('name')
  await keys('Tab', 'Kevin', 'Tab', 'Doyle', 'Enter')
  await walk.at('phone')
  await keys('Tab', '5121231111', 'Enter')
  await walk.at('phone_code')
  await keys('Tab', '123456')
  await walk.at('consent')
  await keys('Tab', 'Enter')
  await walk.at('auth_success')
  await keys('Tab', 'Enter')
  await walk.at('accounts')
  await keys('Tab', 'Tab', 'Tab', 'Space', 'Enter')
  await walk.at('empty')
  const shift = await walk.frame.evaluate(
    `new Promise((resolve) => new PerformanceObserver((list) => resolve(list.getEntries().filter((entry) => !entry.hadRecentInput).reduce((sum, { value }) => sum + value, 0))).observe({ type: 'layout-shift', buffered: true }) || setTimeout(resolve, 300, 0))`,
  )
  expect(shift).toBeLessThan(0.02)
  await keys('Tab', 'Enter')
  expect((await ended(run)).results.accounts).toHaveLength(1)
})
