/** What callers asked and were answered, as it is kept. */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type App, openApp } from '../../../test/setup/app.js'
import type { Ctx, Reading } from '../ctx.js'
import {
  findRequest,
  listRequests,
  type NotedRequest,
  openRequestWriter,
  type RequestFilter,
  requestCounts,
} from './request-log.js'

let app: App
let ctx: Ctx<Reading>
beforeAll(async () => {
  app = await openApp()
  ctx = await app.ctx()
})
afterAll(() => app.close())

const ANY: RequestFilter = { face: null, method: null, isFailed: false, isNobodys: false }
const FIRST = { cursor: null, limit: 50 }

/** The newest ones, once they are written. */
async function logged(filter: Partial<RequestFilter>, path: string) {
  return expect
    .poll(async () =>
      (await listRequests(ctx, { ...ANY, ...filter }, FIRST)).items.filter((line) => line.path === path),
    )
    .toHaveLength(1)
    .then(async () => {
      const { items } = await listRequests(ctx, { ...ANY, ...filter }, FIRST)
      return items.find((line) => line.path === path) ?? expect.fail('It was there a moment ago.')
    })
}

const noted = (said: Partial<NotedRequest> = {}): NotedRequest => ({
  teamId: ctx.team.id,
  face: 'method',
  method: 'GET',
  path: '/method/ping',
  route: '/method/ping',
  version: null,
  status: 200,
  tookMs: 1.5,
  requestId: null,
  query: {},
  requestBody: null,
  responseText: '{}',
  at: app.clock.now(),
  ...said,
})

it('a request is kept with what came of it, and nobody can be recognised in it', async () => {
  const body = { type: 'individual', individual: { first_name: 'Gwendolyn', last_name: 'Doe', phone: '+15121231111' } }
  const reply = await app.call('POST', '/entities', { body, version: '2024-04-04' })
  const line = await logged({ method: 'POST' }, '/method/entities')
  expect(line).toMatchObject({ face: 'method', status: 200, version: '2024-04-04', route: '/method/entities' })
  expect(line.requestId).toBe(reply.headers['request-id'])
  expect(line.tookUs).toBeGreaterThan(0)
  const whole = await findRequest(ctx, line.requestId ?? '')
  expect(whole).toMatchObject({
    id: line.id,
    requestBody: { type: 'individual' },
    responseBody: { success: true, data: { id: reply.data.id, status: reply.data.status } },
  })
  expect(JSON.stringify(whole)).not.toMatch(/Gwendolyn|Doe|15121231111/)
})

it('a request without a valid key is kept, but as nobody’s', async () => {
  await app.call('GET', '/nothing/here', { key: 'sk_dev_wrong' })
  await logged({ isNobodys: true }, '/method/nothing/here')
  const { items } = await listRequests(ctx, ANY, FIRST)
  expect(items.map(({ path }) => path)).not.toContain('/method/nothing/here')
})

it('other teams see nothing of it', async () => {
  await app.call('GET', '/merchants/mch_1')
  const line = await logged({ isFailed: true }, '/method/merchants/mch_1')
  const stranger = await app.ctx(await app.newTeam())
  expect(await findRequest(stranger, line.id)).toBeNull()
  expect((await listRequests(stranger, ANY, FIRST)).items).toEqual([])
})

it('pages follow one another without a gap, and hours are counted', async () => {
  const other = await app.ctx(await app.newTeam())
  const writer = openRequestWriter(app.base, () => {})
  for (let index = 0; index < 7; index++) {
    const status = index === 6 ? 503 : 200
    writer.note(noted({ teamId: other.team.id, path: `/${index}`, status, at: `2026-03-10T15:00:0${index}.000Z` }))
  }
  await writer.close()
  const first = await listRequests(other, ANY, { cursor: null, limit: 4 })
  const second = await listRequests(other, ANY, { cursor: first.next, limit: 4 })
  expect([...first.items, ...second.items].map(({ path }) => path)).toEqual(['/6', '/5', '/4', '/3', '/2', '/1', '/0'])
  expect(second.next).toBeNull()
  expect(await requestCounts(other, '2026-03-10T15:00:00.000Z')).toMatchObject([
    { hour: '2026-03-10T15:00:00.000Z', face: 'method', statusClass: 2, total: 6, tookUs: 9000 },
    { statusClass: 5, total: 1 },
  ])
  expect(await requestCounts(other, '2026-03-10T16:00:00.000Z')).toEqual([])
})

it('more than somebody could look at is counted but not kept, and what failed finds room longest', async () => {
  const flooded = await app.ctx(await app.newTeam())
  const writer = openRequestWriter(app.base, () => expect.fail('Nothing was to be lost.'))
  const note = (status: number) => writer.note(noted({ teamId: flooded.team.id, status }))
  for (let index = 0; index < 1_000; index++) note(200)
  for (let index = 0; index < 60; index++) note(404)
  expect(writer.leftOut).toBe(910)
  await writer.close()
  const failed = await listRequests(flooded, { ...ANY, isFailed: true }, { cursor: null, limit: 200 })
  const all = await listRequests(flooded, ANY, { cursor: null, limit: 200 })
  expect([failed.items.length, all.items.length]).toEqual([50, 150])
  const counts = await requestCounts(flooded, '2026-03-10T15:00:00.000Z')
  expect(counts.map(({ statusClass, total }) => [statusClass, total])).toEqual([
    [2, 1_000],
    [4, 60],
  ])
})

it('a log that cannot be written loses what it had, and goes on afterwards', async () => {
  const told: number[] = []
  const writer = openRequestWriter(app.base, ({ requests }) => told.push(requests))
  await sql`alter table request_counts rename to request_counts_away`.execute(app.fresh.db)
  writer.note(noted({ path: '/lost' }))
  await writer.close()
  await sql`alter table request_counts_away rename to request_counts`.execute(app.fresh.db)
  expect(writer.leftOut).toBe(1)
  expect(told).toEqual([1])
  writer.note(noted({ path: '/kept' }))
  await writer.close()
  await logged({}, '/kept')
})

it('what no JSON column can hold loses no other request', async () => {
  const writer = openRequestWriter(app.base, () => {})
  writer.note(noted({ path: '/odd', query: { a: '\0', '\ud800': 'x' }, requestBody: { deep: ['\0'] } }))
  writer.note(noted({ path: '/beside' }))
  await writer.close()
  expect(writer.leftOut).toBe(0)
  await logged({}, '/odd')
})

it('months that are over are forgotten, with their counts', async () => {
  const task = app.tasks.find(({ name }) => name === 'request_log.forget') ?? expect.fail('no such task')
  await sql`insert into request_counts values ('t', now() - interval '31 days', 'method', 2, 1, 1)`.execute(
    app.fresh.db,
  )
  await sql`create table request_log_2020_01 partition of request_log for values from ('2020-01-01') to ('2020-02-01')`.execute(
    app.fresh.db,
  )
  await sql`
    insert into request_log (team_id, id, face, method, path, status, took_us, created_at, recorded_at)
    values ('t', 'old', 'method', 'GET', '/', 200, 1, '2020-01-10', '2020-01-10')`.execute(app.fresh.db)
  await task.run({}, new AbortController().signal, false)
  const { rows } = await sql`
    select 1 from request_log where team_id = 't' union all select 1 from request_counts where team_id = 't'`.execute(
    app.fresh.db,
  )
  expect(rows).toEqual([])
})

it('nothing is kept where nothing is wanted', async () => {
  const quiet = await openApp({ CLEARSPAN_REQUEST_DAYS: '0' })
  await quiet.call('GET', '/ping')
  const { rows } = await sql`select 1 from request_log`.execute(quiet.fresh.db)
  expect(rows).toEqual([])
  await quiet.close()
})
