/** What an operator sees and does, at a desk and on a phone. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { clockOver } from '../../src/core/clock/clock.js'
import { createLink } from '../../src/core/operators/operators.js'
import { systemChance } from '../../src/server/chance.js'
import { expectAccessible, shoot, useBrowser } from '../setup/browser.js'
import { connectedKevin, DEMO_KEY, KEVIN, type Kevin, methodApi } from '../setup/method-api.js'
import { useServer } from '../setup/served.js'
import { runClearspan } from '../setup/server.js'
import { openSubscriber, type Subscriber } from '../setup/subscriber.js'

const browser = useBrowser()
const server = useServer()

// Pages ask again every few seconds.
const PATIENCE = { timeout: 15_000 }
vi.setConfig({ testTimeout: 90_000 })
const ROUTING = '062103000'
// What would run if a page wrote texts as they are.
const SCRIPT = '<img src=x onerror="window.ran=1"><script>window.ran=1</script>"\'{{7*7}}'

let kevin: Kevin
let subscriber: Subscriber
let paymentId: string
let checkingId: string

beforeAll(async () => {
  subscriber = await openSubscriber()
  const api = methodApi(server)
  await api.post('/webhooks', { type: 'payment.create', url: `${subscriber.url}/hook?key=hidden` })
  kevin = await connectedKevin(api)
  const ach = { routing: ROUTING, number: '57838927111', type: 'checking' }
  checkingId = (await api.post('/accounts', { holder_id: kevin.entityId, ach })).body.data.id
  const payment = { amount: 12_345, source: checkingId, destination: kevin.cardId, description: 'Rent' }
  const made = await api.post('/payments', payment)
  paymentId = made.body.data?.id ?? expect.fail(made.text)
  await api.get('/payments/pmt_4444444444444')
  await vi.waitFor(() => expect(subscriber.received.length).toBe(1), { timeout: 10_000 })
})
afterAll(() => subscriber.close())

/** As `clearspan console link` makes one. */
async function newLink(): Promise<string> {
  const ctx = { db: server.database.db, realClock: clockOver(Date.now), chance: systemChance() }
  return `${server.url}/dashboard/sign-in#${await createLink(ctx)}`
}

/** A page of somebody who has opened a link. */
async function signedIn(size: 'desktop' | 'phone' = 'desktop', scheme: 'light' | 'dark' = 'light'): Promise<Page> {
  const page = await browser.page({ size, scheme })
  page.setDefaultTimeout(PATIENCE.timeout)
  await page.goto(await newLink())
  await heading(page, 'Overview')
  return page
}

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor()

async function open(page: Page, name: string): Promise<void> {
  const menu = page.getByRole('button', { name: 'Menu' })
  if (await menu.isVisible()) await menu.click()
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true }).click()
  await heading(page, name)
}

async function search(page: Page, text: string): Promise<void> {
  await page.keyboard.press('Escape')
  await page.getByRole('textbox', { name: /^Search/ }).fill(text)
  await page.keyboard.press('Enter')
}

async function expectNoOverflow(page: Page): Promise<void> {
  const wide = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  )
  expect(wide).toBeLessThanOrEqual(0)
}

test('the link of the command line opens the console once, and is not left in the address', async () => {
  const page = await browser.page()
  const { output } = await runClearspan(['console', 'link'], {
    ...server.environment,
    CLEARSPAN_PUBLIC_URL: server.url,
  })
  await page.goto(output.trim())
  await heading(page, 'Overview')
  expect(page.url()).not.toContain('#')
  const other = await browser.page()
  await other.goto(output.trim())
  await other.getByRole('alert').waitFor()
  expect(await other.getByRole('alert').textContent()).toContain('used before')
  await expectAccessible(other)
  await shoot(other, 'console/sign-in')
  expect(browser.complaints(page)).toEqual([])
})

const PAGES = [
  ['Overview', 'payments'],
  ['Requests', '/method/payments'],
  ['Events', 'payment.created'],
  ['Webhooks', '1 delivered'],
  ['Consumers', 'Kevin Doyle'],
  ['Accounts', 'Chase Sapphire Reserve'],
  ['Connections', 'No connections.'],
  ['Payments', 'Rent'],
  ['Reports', 'No reports.'],
  ['Clock', 'Payments move on'],
  ['Simulate', 'Let an institution fail'],
  ['Personas', '+15121231112'],
  ['API keys', 'sk_dev_clear'],
] as const

const SHOWN: readonly string[] = ['Overview', 'Requests', 'Webhooks', 'Clock', 'Simulate', 'Personas', 'API keys']

test.each([
  ['desktop', 'light'],
  ['phone', 'dark'],
] as const)('every page shows what there is, for everybody, on a %s', async (size, scheme) => {
  const page = await signedIn(size, scheme)
  for (const [name, text] of PAGES) {
    await open(page, name)
    await page.getByRole('main').getByText(text).filter({ visible: true }).first().waitFor()
    await expect.poll(() => page.getByLabel('Loading').count(), PATIENCE).toBe(0)
    await expectAccessible(page)
    await expectNoOverflow(page)
    if (SHOWN.includes(name)) await shoot(page, `console/${name.toLowerCase().replace(' ', '-')}-${size}`)
  }
  expect(browser.complaints(page)).toEqual([])
})

test.each(['desktop', 'phone'] as const)(
  'any id leads to its thing, and from there to others, on a %s',
  async (size) => {
    const page = await signedIn(size)
    await search(page, paymentId)
    await heading(page, '$123.45 · Rent')
    await page.getByText('payment.created').waitFor()
    await expectAccessible(page)
    await expectNoOverflow(page)
    await shoot(page, `console/payment-${size}`)
    await page.getByRole('table', { name: 'Accounts' }).getByRole('link', { name: /Chase/ }).click()
    await heading(page, /Chase Sapphire Reserve/)
    await page.getByRole('link', { name: 'Kevin Doyle' }).click()
    await heading(page, 'Kevin Doyle')
    await page.getByText('•••1111').waitFor()
    await expectAccessible(page)
    await expectNoOverflow(page)
    await shoot(page, `console/consumer-${size}`)
    await page.getByRole('link', { name: 'consumer.updated' }).first().click()
    await heading(page, 'consumer.updated')
    await page.getByRole('table', { name: 'What changed' }).waitFor()
    await expectAccessible(page)
    if (size === 'desktop') await shoot(page, 'console/event-desktop')
    expect(await page.textContent('body')).not.toMatch(/15121231111|57838927111/)
    expect(browser.complaints(page)).toEqual([])
  },
)

test('a request that is made while somebody looks appears by itself, masked', async () => {
  const page = await signedIn()
  await open(page, 'Requests')
  const { headers } = await methodApi(server).post('/entities', KEVIN)
  const requestId = headers.get('request-id') ?? ''
  await page.getByRole('link', { name: 'POST /method/entities', exact: true }).nth(1).waitFor()
  await search(page, requestId)
  await heading(page, 'POST /method/entities')
  await page.getByText(requestId).waitFor()
  const text = await page.textContent('main')
  expect(text).not.toMatch(/Doyle|15121231111/)
  expect(text).toContain('•••')
  await expectAccessible(page)
  await shoot(page, 'console/request-desktop')
})

test('what happens while somebody looks shows by itself on every page that follows, unless it is told not to', async () => {
  const page = await signedIn()
  const api = methodApi(server)
  const newest = page.getByRole('table').getByRole('link', { name: 'consumer.created', exact: true }).first()
  const happen = async (table: string) => {
    const link = page.getByRole('table', { name: table, exact: true }).getByRole('link').first()
    const before = await link.getAttribute('href')
    const answered = page.waitForResponse((answer) => /\/api\/teams\/\w+\/(overview|events)/.test(answer.url()))
    await api.post('/entities', KEVIN)
    await answered
    await expect.poll(() => link.getAttribute('href'), PATIENCE).not.toBe(before)
  }
  await happen('Newest events')
  await open(page, 'Events')
  await happen('Events')
  await newest.waitFor()
  await page.getByRole('switch', { name: 'Follow live' }).press('Space')
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await api.post('/entities', KEVIN)
  await open(page, 'Consumers')
  expect(asked.filter((url) => /\/(live|events)\b/.test(url))).toEqual([])
  await open(page, 'Events')
  await page.getByRole('switch', { name: 'Follow live' }).press('Space')
  await happen('Events')
})

test.each([
  ['desktop', 'light'],
  ['phone', 'dark'],
] as const)('a webhook is made, tried, switched off and on, and deleted, on a %s', async (size, scheme) => {
  const page = await signedIn(size, scheme)
  await open(page, 'Webhooks')
  await page.getByLabel('Tell of').selectOption('entity.create')
  await page.getByLabel('Address').fill(`${subscriber.url}/${size}`)
  await page.getByLabel(/^Signing secret/).fill('whsec-hidden')
  await page.getByRole('button', { name: 'Make it' }).click()
  await heading(page, 'entity.create')
  await page.getByRole('button', { name: 'Send the newest event' }).click()
  await page.getByRole('status').waitFor()
  const here = () => subscriber.received.filter(({ path }) => path === `/${size}`)
  await expect.poll(() => here().length, PATIENCE).toBe(1)
  await page.getByRole('table', { name: 'Deliveries' }).getByText('delivered').waitFor()
  await expectAccessible(page)
  await expectNoOverflow(page)
  await shoot(page, `console/webhook-${size}`)
  await page.getByRole('button', { name: 'Switch off' }).click()
  await page.getByRole('button', { name: 'Switch on' }).waitFor()
  await page.getByRole('button', { name: 'Send the newest event' }).click()
  await page.getByRole('alert').waitFor()
  expect(await page.getByRole('alert').textContent()).toContain('switched off')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Switch on' }).click()
  await page.getByRole('button', { name: 'Switch off' }).waitFor()
  expect(await page.textContent('body')).not.toContain('whsec-hidden')
  await page.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('button', { name: 'Really delete' }).click()
  await heading(page, 'Webhooks')
  await expect.poll(() => page.getByRole('link', { name: 'entity.create', exact: true }).count(), PATIENCE).toBe(0)
})

test.each(['desktop', 'phone'] as const)('a simulation of MoneyKit runs, on a %s', async (size) => {
  const page = await signedIn(size)
  await open(page, 'Simulate')
  const what = page.getByLabel('What', { exact: true })
  await what.selectOption('POST /moneykit/simulate/institutions/{institution_id}')
  await page.getByLabel('institution_id').fill('nowhere-at-all')
  await page.getByRole('button', { name: 'Bring it about' }).click()
  await page.getByRole('status').getByText('404').waitFor()
  await page.getByLabel('institution_id').fill('chase')
  for (const fault of ['"institution_down"', 'null']) {
    await page.getByLabel('Body').fill(`{ "fault": ${fault} }`)
    await page.getByRole('button', { name: 'Bring it about' }).click()
    await page.getByRole('status').getByText(`"fault": ${fault}`).waitFor()
  }
  await expectAccessible(page)
  await expectNoOverflow(page)
  await shoot(page, `console/simulate-moneykit-${size}`)
})

test('a delivery is sent again, with its attempts', async () => {
  const page = await signedIn()
  await open(page, 'Webhooks')
  expect(await page.textContent('main')).not.toContain('hidden')
  await page.getByRole('link', { name: 'payment.create', exact: true }).click()
  await heading(page, 'payment.create')
  await page.getByRole('table', { name: 'Deliveries' }).getByRole('link').first().click()
  await heading(page, 'Delivery of payment.create')
  const before = subscriber.received.length
  await page.getByRole('button', { name: 'Send again' }).click()
  await expect.poll(() => subscriber.received.length, PATIENCE).toBe(before + 1)
  await expect.poll(() => page.getByRole('table', { name: 'Attempts' }).getByRole('row').count(), PATIENCE).toBe(3)
  expect(subscriber.received.at(-1)?.text).toBe(subscriber.received.at(0)?.text)
  await expectAccessible(page)
  await shoot(page, 'console/delivery-desktop')
})

test('the clock is frozen and goes to the next thing due, which then happens', async () => {
  const page = await signedIn()
  await open(page, 'Clock')
  await page.getByRole('button', { name: 'Freeze it' }).click()
  await page.getByText('It stands still.').waitFor()
  const before = await page.getByRole('main').getByRole('time').first().getAttribute('datetime')
  await page.getByRole('button', { name: 'To the next thing due' }).click()
  await expect.poll(() => page.getByRole('main').getByRole('time').first().getAttribute('datetime')).not.toBe(before)
  const api = methodApi(server)
  await expect
    .poll(
      async () => {
        const button = page.getByRole('button', { name: 'A day ahead' })
        if (await button.isEnabled()) await button.click()
        return (await api.get(`/payments/${paymentId}`)).body.data.status
      },
      { timeout: 20_000 },
    )
    .not.toBe('pending')
  await page.getByRole('button', { name: 'Let it run' }).click()
  await page.getByText('It runs.').waitFor()
  await search(page, paymentId)
  await page.getByRole('table', { name: 'Ledger entries' }).waitFor()
  await shoot(page, 'console/payment-moved-desktop')
  expect(browser.complaints(page)).toEqual([])
})

test('a key is made, its secret is shown once and works, and it is revoked', async () => {
  const page = await signedIn()
  await open(page, 'API keys')
  await page.getByLabel('What the key is for').fill('a test')
  await page.getByRole('button', { name: 'Make a key' }).click()
  await page.getByRole('status').waitFor()
  const secret = (await page.getByRole('status').locator('.mono').textContent()) ?? ''
  await expectAccessible(page)
  expect((await methodApi(server, secret).get('/ping')).status).toBe(200)
  await page.reload()
  const row = page.getByRole('row', { name: /a test/ })
  await row.getByRole('button', { name: /^Revoke/ }).click()
  await row.getByRole('button', { name: /^Really/ }).click()
  await row.getByText('revoked').waitFor()
  expect(await page.textContent('body')).not.toContain(secret)
  await expect.poll(async () => (await methodApi(server, secret).get('/entities')).status).toBe(401)
})

test('a persona is made, a rehearsal runs, an institution fails, and a report is made', async () => {
  const page = await signedIn()
  await open(page, 'Personas')
  await page.getByLabel('Phone').fill('+15125550177')
  await page.getByLabel('First name').fill('Grace')
  await page.getByRole('button', { name: 'Make them' }).click()
  await page.getByRole('table', { name: 'Your own people' }).getByText('Grace').waitFor()
  await page.getByLabel('Person', { exact: true }).selectOption('+15125550177')
  await page.getByText('"first_name":"Grace"').waitFor()
  await open(page, 'Simulate')
  const what = page.getByLabel('What', { exact: true })
  await what.selectOption('POST /method/simulate/accounts/{acc_id}/transactions')
  await page.getByLabel('acc_id').fill(kevin.cardId)
  await page.getByRole('button', { name: 'Bring it about' }).click()
  await page.getByRole('status').first().waitFor()
  expect(await page.getByRole('status').first().textContent()).toContain('success')
  await page.getByLabel('Find by name').fill('Chase')
  await expect.poll(() => page.getByLabel('Institution', { exact: true }).inputValue(), PATIENCE).toMatch(/chase/)
  await page.getByLabel('How logins there end').selectOption({ index: 1 })
  await page.getByRole('button', { name: 'Settle it' }).click()
  await page.getByText(/logins end with/).waitFor()
  await open(page, 'Reports')
  await page.getByRole('button', { name: 'Make a report' }).click()
  const link = page.getByRole('link', { name: /^Download/ })
  await link.waitFor()
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
  expect(download.suggestedFilename()).toMatch(/\.csv$/)
  expect(browser.complaints(page)).toEqual([])
})

test('no text that callers left runs, wherever it is shown', async () => {
  const api = methodApi(server)
  const hostile = { ...KEVIN, individual: { ...KEVIN.individual, first_name: SCRIPT }, metadata: { [SCRIPT]: SCRIPT } }
  const entity = (await api.post('/entities', hostile)).body.data
  await api.get(`/entities?status=${encodeURIComponent(SCRIPT)}`)
  await api.get(`/${encodeURIComponent(SCRIPT)}`)
  const page = await signedIn()
  await search(page, SCRIPT)
  await heading(page, /^Search/)
  await page
    .getByText('Nothing was found.')
    .or(page.getByRole('table', { name: 'Consumers' }))
    .waitFor()
  for (const name of ['Consumers', 'Requests', 'Events']) {
    await open(page, name)
    await page.getByRole('table').first().waitFor()
  }
  await search(page, entity.id)
  await heading(page, /img src/)
  await page.getByRole('link', { name: 'consumer.created' }).click()
  await page.getByRole('table', { name: 'What changed' }).waitFor()
  await page.goto(`${server.url}/dashboard/t/${encodeURIComponent(SCRIPT)}/search?q=${encodeURIComponent(SCRIPT)}`)
  await page.getByRole('alert').or(page.getByText('There is nothing here')).first().waitFor()
  expect(await page.evaluate(() => 'ran' in globalThis)).toBe(false)
})

test('a page of what is not there says so', async () => {
  const page = await signedIn()
  const [, team = ''] = /\/t\/(\w+)\//.exec(page.url()) ?? []
  await page.goto(`${server.url}/dashboard/t/${team}/payments/4444444444444`)
  await heading(page, 'Not here')
  await expectAccessible(page)
  await page.goto(`${server.url}/dashboard/nowhere`)
  await heading(page, 'There is nothing here')
  await expectAccessible(page)
})

test('everything can be reached by the keyboard', async () => {
  const page = await signedIn()
  await page.keyboard.press('/')
  await page.keyboard.type(checkingId)
  await page.keyboard.press('Enter')
  await heading(page, /…/)
  await page.reload()
  await heading(page, /…/)
  await page.keyboard.press('Tab')
  expect(await page.evaluate('document.activeElement?.textContent')).toBe('To the content')
  await page.keyboard.press('Enter')
  expect(await page.evaluate('document.activeElement?.id')).toBe('content')
})

test('a link lets in however late the page hears who it was before', async () => {
  const page = await browser.page()
  const entered = page.waitForResponse((answer) => answer.request().method() === 'POST')
  await page.route('**/dashboard/api/session', async (route) => {
    if (route.request().method() !== 'GET') return route.continue()
    const before = await route.fetch()
    await entered
    return route.fulfill({ response: before })
  })
  await page.goto(await newLink())
  await heading(page, 'Overview')
})

test('whoever signs out is out, in every window', async () => {
  const page = await signedIn()
  await page.getByRole('link', { name: /^Sessions/ }).click()
  await heading(page, 'Sessions')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Sign out', exact: true }).first().click()
  await heading(page, 'Clearspan console')
  await page.goto(`${server.url}/dashboard`)
  await heading(page, 'Clearspan console')
  expect(await page.textContent('main')).toContain('npx clearspan console link')
})

test('the page is kept from frames, and its policy allows no inline code or style', async () => {
  const [one, two] = await Promise.all([
    fetch(`${server.url}/dashboard`),
    fetch(`${server.url}/dashboard/t/x/overview`),
  ])
  for (const { headers } of [one, two]) {
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
  }
  const nonces = [one, two].map(
    ({ headers }) => /'nonce-([^']+)'/.exec(headers.get('content-security-policy') ?? '')?.[1],
  )
  expect(nonces[0]).not.toBe(nonces[1])
  expect(await one.text()).not.toContain(DEMO_KEY)
})
