/** A team's clock as callers see it: read, moved, stopped, and what happens on the way. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type App, type Keys, openApp, type Wire } from '../../../test/setup/app.js'
import { kevin, provenCard, stranger, topicsOf } from '../../../test/setup/cast.js'
import { addMs } from '../../core/clock/clock.js'
import { changeSettings } from '../../core/teams/teams.js'

const DAY_MS = 86_400_000
const URL = '/simulate/clock'

let app: App
let keys: Keys
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())
beforeEach(async () => {
  keys = await app.newTeam()
})

const by = () => ({ key: keys.development })
const read = async (key = keys.development) => (await app.call('GET', URL, { key })).data
const move = (body: object, key = keys.development) => app.call('POST', URL, { body, key })
const post = (path: string, body: object) => app.call('POST', path, { body, ...by() })
const get = async (path: string) => (await app.call('GET', path, by())).data
const inDays = (days: number) => addMs(app.clock.now(), days * DAY_MS)

describe('a clock that nobody has set', () => {
  test('is real time', async () => {
    expect(await read()).toEqual({ now: app.clock.now(), frozen: false, moving_to: null })
    app.clock.advance(1234)
    expect((await read()).now).toBe(app.clock.now())
  })
})

describe('a clock that is advanced', () => {
  test.each([
    ['P1D', 86_400],
    ['PT90S', 90],
    ['P1W', 7 * 86_400],
    [3600, 3600],
    [0, 0],
  ])('by %s is so much ahead, and runs on from there', async (advance, seconds) => {
    const there = addMs(app.clock.now(), seconds * 1000)
    expect((await move({ advance })).data).toEqual({ now: there, frozen: false, moving_to: null })
    app.clock.advance(5000)
    expect((await read()).now).toBe(addMs(there, 5000))
  })

  test('by a month is at the same day and time of the next one', async () => {
    const now = app.clock.now()
    const { data } = await move({ advance: 'P1M' })
    expect(data.now).toBe(now.replace('-03-', '-04-'))
  })

  test('stamps what is made with its own time, in the order of making', async () => {
    await move({ advance: 'P3D' })
    const there = (await read()).now
    const ids: string[] = []
    for (let count = 0; count < 3; count++) {
      const { data } = await post('/entities', { type: 'individual', individual: {} })
      expect(data.created_at).toBe(there)
      ids.unshift(data.id)
    }
    const listed = (await get('/entities')) as unknown as readonly Wire[]
    expect(listed.map(({ id }) => id)).toEqual(ids)
  })

  test('leaves every other team where it was', async () => {
    const other = await app.newTeam()
    await move({ advance: 'P40D' })
    expect((await read(other.development)).now).toBe(app.clock.now())
    const { data } = await app.call('POST', '/entities', {
      body: { type: 'individual', individual: {} },
      key: other.development,
    })
    expect(data.created_at).toBe(app.clock.now())
    const live = await app.call('POST', '/entities', {
      body: { type: 'individual', individual: {} },
      key: keys.production,
    })
    expect(live.data.created_at).toBe(app.clock.now())
  })

  test('by several callers at once goes as far as all of them said', async () => {
    const start = app.clock.now()
    const replies = await Promise.all(Array.from({ length: 12 }, () => move({ advance: 'PT1H' })))
    expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: 12 }, () => 200))
    expect(replies.map(({ data }) => data.now).sort()).toEqual(
      Array.from({ length: 12 }, (_, index) => addMs(start, (index + 1) * 3_600_000)),
    )
  })

  test('under one idempotency key goes once', async () => {
    const start = app.clock.now()
    const named = { body: { advance: 'PT1H' }, ...by(), headers: { 'idempotency-key': 'an hour' } }
    const replies = await Promise.all([app.call('POST', URL, named), app.call('POST', URL, named)])
    for (const { data } of replies) expect(data.now).toBe(addMs(start, 3_600_000))
    expect((await read()).now).toBe(addMs(start, 3_600_000))
  })
})

describe('a clock that is set', () => {
  test('is there, in whatever zone that was said', async () => {
    expect((await move({ set: '2031-05-01T09:00:00-05:00' })).data.now).toBe('2031-05-01T14:00:00.000Z')
    expect((await move({ set: '2031-06-01' })).data.now).toBe('2031-06-01T00:00:00.000Z')
  })

  test('never goes back', async () => {
    await move({ advance: 'P2D' })
    const before = await read()
    expect(await move({ set: inDays(1) })).toMatchObject({ status: 400, refusal: 'clock.backwards' })
    expect(await move({ advance: '-P1D' })).toMatchObject({ status: 400, refusal: 'clock.invalid_duration' })
    expect(await read()).toEqual(before)
  })
})

describe('a frozen clock', () => {
  test('stands still, and runs on from there', async () => {
    const start = app.clock.now()
    expect((await move({ freeze: true })).data).toEqual({ now: start, frozen: true, moving_to: null })
    app.clock.advance(DAY_MS)
    expect((await read()).now).toBe(start)
    const { data } = await post('/entities', { type: 'individual', individual: {} })
    expect(data.created_at).toBe(start)
    expect((await move({ freeze: false })).data).toEqual({ now: start, frozen: false, moving_to: null })
    app.clock.advance(1000)
    expect((await read()).now).toBe(addMs(start, 1000))
  })

  test('is moved and stands still there', async () => {
    await move({ freeze: true })
    const there = inDays(1)
    expect((await move({ advance: 'P1D' })).data).toEqual({ now: there, frozen: true, moving_to: null })
    app.clock.advance(1000)
    expect((await read()).now).toBe(there)
  })

  test('lets nothing become due', async () => {
    await move({ freeze: true })
    const { id } = await stranger(app).as(by()).enter()
    const { data } = await post(`/entities/${id}/verification_sessions`, { type: 'phone', method: 'sms', sms: {} })
    app.clock.advance(DAY_MS)
    await app.drain()
    expect((await get(`/entities/${id}/verification_sessions/${data.id}`)).status).toBe('in_progress')
    await move({ advance: 'PT10M' })
    expect((await get(`/entities/${id}/verification_sessions/${data.id}`)).status).toBe('failed')
  })
})

describe('forty days in one call', () => {
  test('end a verification session, at its own time', async () => {
    const { id } = await stranger(app).as(by()).enter()
    const path = `/entities/${id}/verification_sessions`
    const { data } = await post(path, { type: 'phone', method: 'sms', sms: {} })
    await move({ advance: 'P40D' })
    const session = await get(`${path}/${data.id}`)
    expect(session).toMatchObject({ status: 'failed', error: { sub_type: expect.stringContaining('EXPIRED') } })
    expect(session.updated_at).toBe(addMs(data.created_at, 600_000))
  })

  test('make the daily and the monthly records of subscriptions, in their order and completed in time', async () => {
    const person = await kevin(app).as(by()).verified().connected().enter()
    const { id } = person.account('mch_302086')
    await move({ freeze: true })
    const start = (await read()).now
    await post(`/entities/${person.id}/subscriptions`, { enroll: 'credit_score' })
    await post(`/accounts/${id}/subscriptions`, { enroll: 'update.snapshot' })
    await move({ advance: 'P40D' })
    const scores = (await get(`/entities/${person.id}/credit_scores?page_limit=100`)) as unknown as readonly Wire[]
    expect(scores.map((score) => [score.status, score.created_at, score.updated_at])).toEqual(
      Array.from({ length: 40 }, (_, index) => {
        const at = addMs(start, (40 - index) * DAY_MS)
        return ['completed', at, at]
      }),
    )
    const updates = (await get(`/accounts/${id}/updates?page_limit=100`)) as unknown as readonly Wire[]
    const snapshots = updates.filter(({ source, created_at: at }) => source === 'snapshot' && at > start)
    expect(snapshots.map((update) => [update.status, update.created_at])).toEqual([['completed', addMonth(start)]])
  })

  test('let micro-deposits arrive', async () => {
    await changeSettings(app.base, { name: keys.team, environment: 'development' }, () => ({
      method: { accounts: { autoVerify: false } },
    }))
    const { data: holder } = await post('/entities', { type: 'individual', individual: {} })
    const ach = { routing: '062103000', number: '123456789', type: 'checking' }
    const { data: account } = await post('/accounts', { holder_id: holder.id, ach })
    const path = `/accounts/${account.id}/verification_sessions`
    const { data: session, text } = await post(path, { type: 'micro_deposits' })
    expect(session.status, text).toBe('pending')
    await move({ advance: 'P40D' })
    const arrived = await get(`${path}/${session.id}`)
    expect(arrived).toMatchObject({ status: 'in_progress', updated_at: addMs(session.created_at, 5000) })
  })

  test('tell every purchase that a card made meanwhile', async () => {
    const card = await provenCard(app, by())
    await post(`/accounts/${card.id}/subscriptions`, { enroll: 'transactions' })
    await post(`/simulate/accounts/${card.id}/transactions`, {})
    await move({ advance: 'P40D' })
    expect((await get(`/accounts/${card.id}/transactions`)) as unknown as readonly Wire[]).not.toHaveLength(0)
  })

  test('are told in the order in which they came', async () => {
    const person = await kevin(app).as(by()).verified().enter()
    await post(`/entities/${person.id}/subscriptions`, { enroll: 'credit_score' })
    await move({ advance: 'P3D' })
    const scores = (await topicsOf(app, keys)).filter((topic) => topic.startsWith('credit_score'))
    expect(scores.filter((topic) => /created|updated/.test(topic))).toEqual(
      Array.from({ length: 3 }, () => ['credit_score.created', 'credit_score.updated']).flat(),
    )
  })
})

test('more clocks move at once than there are connections, and each of them arrives', async () => {
  const teams = await Promise.all(Array.from({ length: 3 * app.fresh.database.pool.options.max }, () => app.newTeam()))
  const replies = await Promise.all(teams.map(({ development }) => move({ advance: 'P1D' }, development)))
  expect(new Set(replies.map(({ status, data }) => `${status} ${data.now}`))).toEqual(new Set([`200 ${inDays(1)}`]))
})

test('a way that takes too long is told on the way, also when memory is tidied up meanwhile, and gone to its end by whoever finds it', async () => {
  setFlagsFromString('--expose-gc')
  const own = await openApp({}, { movePatienceMs: 300 })
  const tidy = runInNewContext('gc') as () => void
  try {
    const { id } = await kevin(own).verified().connected().enter()
    await own.call('POST', `/entities/${id}/subscriptions`, { body: { enroll: 'credit_score' } })
    const target = addMs(own.clock.now(), 120 * DAY_MS)
    const asked = own.call('POST', URL, { body: { set: target } })
    for (const afterMs of [50, 150]) setTimeout(tidy, afterMs)
    const { data } = await asked
    expect(data).toMatchObject({ frozen: false, moving_to: target })
    expect(data.now < target).toBe(true)
    await own.mover.resume()
    expect((await own.call('GET', URL)).data).toEqual({ now: target, frozen: false, moving_to: null })
  } finally {
    await own.close()
  }
})

describe('the request', () => {
  test.each([
    [{}, 'nothing at all'],
    [{ advance: 1, freeze: true }, 'two things at once'],
    [{ set: 'tomorrow' }, 'an instant that is none'],
    [{ set: '2031-01-01T00:00:00' }, 'an instant without a zone'],
    [{ set: '2031-13-01' }, 'a month that is none'],
    [{ advance: -1 }, 'a second back'],
    [{ advance: 1.5 }, 'half a second'],
    [{ advance: 'P' }, 'a duration that is none'],
    [{ advance: 'P1000000Y' }, 'a million years'],
    [{ freeze: 'yes' }, 'a word for true'],
  ])('%j is refused: %s', async (body: object, _) => {
    expect((await move(body)).status).toBe(400)
    expect(await read()).toMatchObject({ now: app.clock.now(), frozen: false })
  })

  test.each(['sandbox', 'production'] as const)('is refused in %s, where time is real', async (environment) => {
    for (const reply of [
      await app.call('GET', URL, { key: keys[environment] }),
      await move({ nonsense: true }, keys[environment]),
    ]) {
      expect([reply.status, reply.error.sub_type]).toEqual([403, 'FORBIDDEN'])
    }
  })
})

function addMonth(at: string): string {
  const date = new Date(at)
  date.setUTCMonth(date.getUTCMonth() + 1)
  return date.toISOString()
}
