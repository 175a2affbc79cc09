import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, openApp } from '../../test/setup/app.js'
import { openSubscriber, type Subscriber } from '../../test/setup/subscriber.js'
import { readSecrets } from './config.js'

let app: App
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())

const read = (from: App, headers = {}) => from.http.inject({ url: '/metrics', headers })
const lines = async (from = app) => (await read(from)).body.split('\n')
const numberOf = (all: readonly string[], name: string) => {
  const line = all.find((each) => each.startsWith(`${name} `))
  return line === undefined ? null : Number(line.slice(name.length + 1))
}
const answered = (face: string, method: string, status: number) =>
  `clearspan_http_request_duration_seconds_count{face="${face}",method="${method}",status="${status}"}`

describe('metrics', () => {
  it('are text that Prometheus reads: every name explained once, every value a number', async () => {
    await app.call('GET', '/ping')
    const { statusCode, headers, body } = await read(app)
    expect([statusCode, headers['content-type']]).toEqual([200, expect.stringMatching(/^text\/plain; version=0\.0\.4/)])
    const all = body.split('\n').filter((line) => line !== '')
    const helped = all.flatMap((line) => /^# HELP (\w+) \S/.exec(line)?.[1] ?? [])
    expect(new Set(helped).size).toBe(helped.length)
    for (const line of all.filter((each) => !each.startsWith('#'))) {
      const [, name = '', value] = /^(\w+)(?:\{\w+="[^"\n]*"(?:,\w+="[^"\n]*")*\})? (\S+)$/.exec(line) ?? []
      expect(helped, line).toContain(name.replace(/_(bucket|sum|count)$/, helped.includes(name) ? '$&' : ''))
      expect(value, line).toMatch(/^(-?[\d.]+(e[-+]\d+)?|\+Inf|nan)$/i)
    }
    expect(all).toEqual(expect.arrayContaining([expect.stringMatching(/^process_resident_memory_bytes \d/)]))
  })

  it('count requests by face, method and status', async () => {
    const names = [answered('method', 'GET', 200), answered('method', 'GET', 404), answered('mx', 'GET', 401)] as const
    const before = await lines()
    await app.call('GET', '/ping')
    await app.call('GET', '/entities/ent_nobody')
    await app.call('GET', '/entities/ent_nobody')
    await app.http.inject({ url: '/mx/members' })
    const after = await lines()
    expect(names.map((name) => (numberOf(after, name) ?? 0) - (numberOf(before, name) ?? 0))).toEqual([1, 2, 1])
    expect(numberOf(after, answered('other', 'GET', 200))).toBeGreaterThan(0)
  })

  it('tell of jobs that wait, of webhooks, and of deliveries that are not made yet', async () => {
    const subscriber: Subscriber = await openSubscriber()
    try {
      await app.call('POST', '/webhooks', { body: { type: 'entity.create', url: `${subscriber.url}/here` } })
      await app.call('POST', '/entities', { body: { type: 'individual', individual: {} } })
      const waiting = await lines()
      const wake = 'clearspan_jobs{task="webhook.wake",state="waiting"}'
      expect(numberOf(waiting, 'clearspan_webhooks{status="active"}')).toBe(1)
      expect(numberOf(waiting, 'clearspan_deliveries_pending')).toBe(1)
      expect(numberOf(waiting, wake)).toBe(1)
      expect(numberOf(waiting, 'clearspan_database_up')).toBe(1)
      await app.drain()
      const done = await lines()
      expect(numberOf(done, 'clearspan_deliveries_pending')).toBe(0)
      expect(numberOf(done, wake) ?? 0).toBe(0)
    } finally {
      await subscriber.close()
    }
  })

  it('are told while the database is away, which they say', async () => {
    const own = await openApp()
    await own.fresh.db.destroy()
    const all = await lines(own)
    expect(numberOf(all, 'clearspan_database_up')).toBe(0)
    expect(all.some((line) => line.startsWith('clearspan_jobs{'))).toBe(false)
    await own.close().catch(() => {})
  })
})

describe('whoever reads metrics', () => {
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

  it('needs the token where there is one', async () => {
    const own = await openApp({ CLEARSPAN_METRICS_TOKEN: 'a-token-for-metrics', HOST: '0.0.0.0' })
    const statuses = [{}, bearer('a-token-for-metric'), bearer(own.keys.development), bearer('a-token-for-metrics')]
    expect(await Promise.all(statuses.map(async (headers) => (await read(own, headers)).statusCode))).toEqual([
      401, 401, 401, 200,
    ])
    await own.close()
  })

  it('is told to settle one where others can reach the server', async () => {
    const own = await openApp({ HOST: '0.0.0.0' })
    const { statusCode, body } = await read(own)
    expect([statusCode, body]).toEqual([403, expect.stringContaining('CLEARSPAN_METRICS_TOKEN')])
    await own.close()
  })

  it('cannot guess it', () => {
    const masterKey = Buffer.alloc(32).toString('base64')
    const environment = { CLEARSPAN_MASTER_KEY: masterKey, CLEARSPAN_METRICS_TOKEN: 'short' }
    expect(() => readSecrets(environment, '.')).toThrow(/must have 16 characters or more/)
  })
})
