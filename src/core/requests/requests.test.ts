import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type App, openApp } from '../../../test/setup/app.js'
import { findAnswer, perform, settleFailure, type Work } from './requests.js'

let app: App
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())

const named = (key: string) => ({ face: 'method', key })
const answering = (body: string, ask?: () => Promise<void>): Work<void, string> => ({
  ...(ask ? { ask } : {}),
  write: async () => body,
  spell: async (result) => ({ status: 200, body: result }),
})

/** A gate that holds whoever waits at it until it is opened. */
function gate() {
  let open = () => {}
  const isOpen = new Promise<void>((resolve) => {
    open = resolve
  })
  return { isOpen, open }
}

describe('a named request that asks the network first', () => {
  it('is taken over when its process died, after a minute and not before', async () => {
    const ctx = await app.ctx()
    const key = randomUUID()
    const until = new Date(Date.parse(app.clock.now()) + 60_000).toISOString()
    await sql`insert into keyed_requests (team_id, face, key, status, lease_until, created_at)
      values (${ctx.team.id}, 'method', ${key}, 'running', ${until}, ${app.clock.now()})`.execute(app.fresh.db)
    app.clock.advance(60_001)
    expect(await findAnswer(ctx, named(key))).toBeNull()
    expect(
      await perform(
        ctx,
        named(key),
        answering('taken over', async () => {}),
      ),
    ).toEqual({
      status: 200,
      body: 'taken over',
      isReplay: false,
    })
    expect(await findAnswer(ctx, named(key))).toEqual({ status: 200, body: 'taken over' })
  })

  it('does nothing when it comes back after another took it over', async () => {
    const ctx = await app.ctx()
    const key = randomUUID()
    const slow = gate()
    const late = perform(
      ctx,
      named(key),
      answering('late', () => slow.isOpen),
    )
    await vi.waitUntil(async () => isRunning(key))
    app.clock.advance(60_001)
    const second = await perform(
      ctx,
      named(key),
      answering('second', async () => {}),
    )
    slow.open()
    await expect(late).rejects.toMatchObject({ code: 'request.still_running' })
    expect(second.body).toBe('second')
    expect(await findAnswer(ctx, named(key))).toEqual({ status: 200, body: 'second' })
  })

  it('lets a second one wait for its answer', async () => {
    const ctx = await app.ctx()
    const key = randomUUID()
    const slow = gate()
    const first = perform(
      ctx,
      named(key),
      answering('first', () => slow.isOpen),
    )
    await vi.waitUntil(async () => isRunning(key))
    const second = perform(
      ctx,
      named(key),
      answering('second', async () => {}),
    )
    slow.open()
    expect(await first).toMatchObject({ body: 'first', isReplay: false })
    expect(await second).toMatchObject({ body: 'first', isReplay: true })
  })
})

describe('a failure', () => {
  const answer = { status: 400, body: 'no' }

  it('of the holder is the answer from then on', async () => {
    const ctx = await app.ctx()
    const key = randomUUID()
    const failing: Work<void, string> = {
      ...answering('never', async () => {}),
      write: async () => {
        throw new Error('refused')
      },
    }
    const error = await perform(ctx, named(key), failing).catch((cause: unknown) => cause)
    expect(await settleFailure(ctx, named(key), { answer, error })).toEqual({ ...answer, isReplay: false })
    expect(await perform(ctx, named(key), answering('never'))).toEqual({ ...answer, isReplay: true })
  })

  it('does not replace an answer that is there', async () => {
    const ctx = await app.ctx()
    const key = randomUUID()
    await perform(ctx, named(key), answering('done'))
    const settled = await settleFailure(ctx, named(key), { answer, error: new Error('late') })
    expect(settled).toEqual({ status: 200, body: 'done', isReplay: true })
  })

  it('of an unnamed request is not remembered', async () => {
    const ctx = await app.ctx()
    const unnamed = { face: 'method', key: null }
    expect(await settleFailure(ctx, unnamed, { answer, error: null })).toEqual({ ...answer, isReplay: false })
    expect(await findAnswer(ctx, unnamed)).toBeNull()
  })
})

describe('a name', () => {
  it('belongs to one face', async () => {
    const ctx = await app.ctx()
    const key = randomUUID()
    await perform(ctx, named(key), answering('method'))
    expect(await perform(ctx, { face: 'moneykit', key }, answering('moneykit'))).toMatchObject({ body: 'moneykit' })
  })
})

async function isRunning(key: string): Promise<boolean> {
  const { rows } = await sql`select 1 from keyed_requests where key = ${key} and status = 'running'`.execute(
    app.fresh.db,
  )
  return rows.length > 0
}
