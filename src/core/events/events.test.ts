import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, openApp } from '../../../test/setup/app.js'
import { inTx } from '../../db/database.js'
import { checkNewConsumer, createConsumer } from '../consumers/consumers.js'
import type { Ctx, Writing } from '../ctx.js'
import { createWebhook } from '../webhooks/webhooks.js'
import { type Change, eventsOf, record } from './events.js'

let app: App
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())

async function writing<T>(work: (ctx: Ctx<Writing>) => Promise<T>): Promise<T> {
  const ctx = await app.ctx()
  return inTx(ctx.db, (tx) => work({ ...ctx, db: tx, tx }))
}

async function counts() {
  const { rows } = await sql<{ events: number; consumers: number; deliveries: number; jobs: number }>`
    select (select count(*) from events) as events, (select count(*) from consumers) as consumers,
           (select count(*) from deliveries) as deliveries,
           (select count(*) from graphile_worker._private_jobs) as jobs`.execute(app.fresh.db)
  return rows[0]
}

const NOBODY = { kind: 'individual', individual: {}, corporation: null, address: null, metadata: null } as const
const account = (status: string) => ({ id: 'a', kind: 'liability', liability: null, status })
const change = (op: string, before: object | null, after: object): Change => ({
  resource: 'account',
  op,
  resourceId: 'account-under-test',
  before,
  after,
})

describe('an event', () => {
  it.each([
    ['of which one changed', { a: 1, b: { c: null } }, { a: 2, b: { c: null } }],
    ['of which none changed', { a: 1, b: [1, 2] }, { a: 1, b: [1, 2] }],
    ['that became null', { a: { c: 1 }, b: 'x' }, { a: null, b: 'x' }],
    ['that was not there before', { a: 1 }, { a: 1, b: 2 }],
    ['that is no more', { a: 1, b: 2 }, { a: 1 }],
    ['in place of another', { a: 1, b: 2 }, { a: 1, c: 2 }],
  ])('tells whole what was before a change of a member %s', async (_, before, after) => {
    await writing((ctx) =>
      record(ctx, [{ ...change('updated', before, after), resource: 'consumer', resourceId: 'member' }]),
    )
    const [newest] = await eventsOf(await app.ctx(), 'member', 1)
    expect(newest).toMatchObject({ topic: 'consumer.updated' })
    expect([newest?.before, newest?.after]).toEqual([before, after])
  })

  it('is there when its change is, and neither is when the transaction fails', async () => {
    await writing((ctx) =>
      createWebhook(ctx, {
        face: 'method',
        wireVersion: '2024-04-04',
        wireType: 'entity.create',
        topic: 'consumer.created',
        url: 'https://example.com',
        expandEvent: false,
        metadata: null,
        authToken: null,
        hmacSecret: null,
      }),
    )
    const checked = await checkNewConsumer(await app.ctx(), NOBODY)
    const before = await counts()
    const failing = writing(async (ctx) => {
      await createConsumer(ctx, checked)
      throw new Error('the power went out')
    })
    await expect(failing).rejects.toThrow('the power went out')
    expect(await counts()).toEqual(before)
    await writing((ctx) => createConsumer(ctx, checked))
    const after = await counts()
    expect(after).toEqual({
      events: (before?.events ?? 0) + 1,
      consumers: (before?.consumers ?? 0) + 1,
      deliveries: (before?.deliveries ?? 0) + 1,
      jobs: (before?.jobs ?? 0) + 1,
    })
  })

  it('takes its change with it when it cannot be recorded', async () => {
    const checked = await checkNewConsumer(await app.ctx(), NOBODY)
    const before = await counts()
    await sql`alter table events rename to events_away`.execute(app.fresh.db)
    try {
      await expect(writing((ctx) => createConsumer(ctx, checked))).rejects.toThrow()
    } finally {
      await sql`alter table events_away rename to events`.execute(app.fresh.db)
    }
    expect(await counts()).toEqual(before)
  })

  it('keeps the state before and after', async () => {
    const checked = await checkNewConsumer(await app.ctx(), NOBODY)
    const consumer = await writing((ctx) => createConsumer(ctx, checked))
    const [event] = await eventsOf(await app.ctx(), consumer.id, 10)
    expect(event).toMatchObject({ topic: 'consumer.created', before: null, after: { id: consumer.id, hasSsn: false } })
  })
})

describe('a closing', () => {
  const topics = async () => (await eventsOf(await app.ctx(), 'account-under-test', 100)).map(({ topic }) => topic)

  it('is recorded after the change that closed the account', async () => {
    await writing((ctx) => record(ctx, [change('updated', account('active'), account('closed'))]))
    expect(await topics()).toEqual(['account.closed', 'account.updated'])
  })

  it('is recorded for nothing but an active account that closed', async () => {
    const before = await topics()
    const others = [
      change('created', null, account('closed')),
      change('updated', account('closed'), account('active')),
      change('updated', account('disabled'), account('closed')),
      change('updated', account('active'), account('disabled')),
      { ...change('updated', account('active'), account('closed')), resource: 'consumer' },
    ]
    await writing((ctx) => record(ctx, others))
    expect((await topics()).filter((topic) => topic === 'account.closed')).toHaveLength(1)
    expect(await topics()).toHaveLength(before.length + others.length)
  })

  it('of nothing is nothing', async () => {
    const before = await counts()
    await writing((ctx) => record(ctx, []))
    expect(await counts()).toEqual(before)
  })
})
