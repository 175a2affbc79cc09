/** What every rehearsal has in common. Contract: method/simulate §0. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type App, type Method, openApp } from '../../../test/setup/app.js'
import { kevin } from '../../../test/setup/cast.js'

let app: App
let served: readonly (readonly [method: Method, path: string])[]
beforeAll(async () => {
  app = await openApp()
  const { paths } = (await app.http.inject({ url: '/method/openapi.json' })).json()
  served = Object.entries(paths as Readonly<Record<string, object>>)
    .map(([path, operations]) => [path.replace(/^\/method/, ''), operations] as const)
    .filter(([path]) => path.startsWith('/simulate/'))
    .flatMap(([path, operations]) =>
      Object.keys(operations).map((name) => [name.toUpperCase() as Method, path] as const),
    )
})
afterAll(() => app.close())

const nameless = (path: string) => path.replaceAll(/\{\w+\}/g, '{}')

it('is served for each endpoint of the contract’s index', () => {
  const contract = readFileSync(new URL('../../../docs/contract/method/simulate.md', import.meta.url), 'utf8')
  const index = /^### 0\.1 [\s\S]*?^---$/m.exec(contract)?.[0] ?? ''
  const listed = [...index.matchAll(/^\| `(\w+ \/simulate\/[^`]+)`/gm)].map(([, row = '']) => nameless(row))
  expect(listed).toHaveLength(9)
  expect(served.map(([method, path]) => `${method} ${nameless(path)}`)).toEqual(expect.arrayContaining(listed))
})

it('is forbidden outside development, whatever the path, the id and the body, and however the path is spelled', async () => {
  const unknown = [
    ['POST', '/simulate/balances'],
    ['GET', '/simulate/payments'],
  ] as const
  const attempts = [...served, ...unknown].map(([method, path]) => [method, path.replaceAll(/\{\w+\}/g, 'x')] as const)
  const disguised = attempts.map(([method, path]) => [method, path.replace('/simulate', '/%73imulate')] as const)
  for (const key of [app.keys.sandbox, app.keys.production]) {
    for (const [method, path] of attempts) {
      const call = { key, ...(method === 'POST' ? { body: { nonsense: true } } : {}) }
      const { error, headers } = await app.call(method, path, call)
      expect({ path, ...error }).toMatchObject({ path, type: 'INVALID_REQUEST', code: 403, sub_type: 'FORBIDDEN' })
      expect(headers['idem-status']).toBe('bypassed')
    }
    for (const [method, url] of disguised) {
      const headers = { authorization: `Bearer ${key}` }
      const { statusCode } = await app.http.inject({ method, url: `/method${url}`, headers })
      expect([403, 404], url).toContain(statusCode)
    }
  }
})

it('is refused to whoever has no key before anything else', async () => {
  for (const [method, path] of served) {
    expect((await app.call(method, path.replaceAll(/\{\w+\}/g, 'x'), { key: null })).status).toBe(401)
  }
})

it('happens once for each name that is given to it', async () => {
  const { id } = await kevin(app).verified().connected().enter()
  const count = async () => (await app.call('GET', `/accounts?holder_id=${id}&page_limit=100`)).data.length
  const before = await count()
  const call = { body: { type: 'account.opened', entity_id: id }, headers: { 'idempotency-key': 'one card' } }
  const [first, again] = [
    await app.call('POST', '/simulate/events', call),
    await app.call('POST', '/simulate/events', call),
  ]
  expect([first.headers['idem-status'], again.headers['idem-status']]).toEqual(['stored', 'replayed'])
  expect(await count()).toBe(before + 1)
})
