import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type App, openApp } from '../../../test/setup/app.js'
import { kevin } from '../../../test/setup/cast.js'
import { inTx } from '../../db/database.js'
import type { Asking, Ctx } from '../ctx.js'
import {
  checkNewOpal,
  completeOpal,
  createOpalToken,
  endOpalToken,
  getOpalSession,
  type OpalConfigInput,
  type OpalSubject,
  openOpal,
  readOpal,
  recordOpalStep,
} from './opal.js'

let app: App
let ctx: Ctx<Asking>
let consumerId: string
beforeAll(async () => {
  app = await openApp()
  ctx = await app.ctx()
  consumerId = (await kevin(app).enter()).id.slice('ent_'.length)
})
afterAll(() => app.close())

const MINUTE_MS = 60_000
const TRANSACTIONS: OpalConfigInput = { mode: 'transactions', appearance: null }

async function newToken(subject: OpalSubject = { consumerId }, config: OpalConfigInput | null = TRANSACTIONS) {
  const checked = await checkNewOpal(ctx, subject, config)
  return inTx(ctx.db, (tx) => createOpalToken({ ...ctx, db: tx, tx }, checked))
}
const refusal = (code: string) => expect.objectContaining({ code })
const actions = async (token: string) => (await readOpal(ctx, token)).session.events.map(({ action }) => action)

describe('a token of Opal', () => {
  test('admits to its session for thirty minutes', async () => {
    const { token, session, validUntil } = await newToken()
    expect(Date.parse(validUntil) - Date.parse(app.clock.now())).toBe(30 * MINUTE_MS)
    app.clock.advance(30 * MINUTE_MS - 1)
    expect(await readOpal(ctx, token)).toMatchObject({ session: { id: session.id }, team: { id: ctx.team.id } })
    app.clock.advance(1)
    await expect(readOpal(ctx, token)).rejects.toEqual(refusal('opal.expired_token'))
    await expect(openOpal(ctx, token)).rejects.toEqual(refusal('opal.expired_token'))
    await expect(endOpalToken(ctx, token)).rejects.toEqual(refusal('opal.expired_token'))
  })

  test('is not kept: only its hash is', async () => {
    const { token } = await newToken()
    const { rows } = await app.fresh.database.pool.query('select t::text as row from opal_tokens t')
    const secret = Buffer.from(token).toString('hex')
    for (const { row } of rows) expect(row.includes(token) || row.includes(secret)).toBe(false)
  })

  test('that was ended admits no more, while the session can be continued', async () => {
    const { token, session } = await newToken()
    await endOpalToken(ctx, token)
    await expect(readOpal(ctx, token)).rejects.toEqual(refusal('opal.expired_token'))
    const next = await newToken({ sessionId: session.id, mode: 'transactions' }, null)
    expect(next.session.id).toBe(session.id)
    expect(next.token).not.toBe(token)
  })

  test('that nobody made is unknown', async () => {
    await expect(readOpal(ctx, 'otkn_nobody')).rejects.toEqual(refusal('opal.unknown_token'))
    await expect(readOpal(ctx, '')).rejects.toEqual(refusal('opal.unknown_token'))
  })
})

describe('a session of Opal', () => {
  test('starts once, however many open it at the same time', async () => {
    const { token } = await newToken()
    expect(await actions(token)).toEqual([])
    await Promise.all(Array.from({ length: 5 }, () => openOpal(ctx, token)))
    expect(await actions(token)).toEqual(['started'])
  })

  test('keeps what its flow tells, in order, up to five hundred steps', async () => {
    const { token, session } = await newToken()
    await openOpal(ctx, token)
    const step = { flow: 'connect', object: 'account_list', action: 'opened', data: { count: 3 } }
    await recordOpalStep(ctx, session.id, step)
    expect((await readOpal(ctx, token)).session.events.at(-1)).toEqual({ ...step, at: app.clock.now() })
    for (let told = 0; told < 500; told++) await recordOpalStep(ctx, session.id, { ...step, data: null })
    expect(await actions(token)).toHaveLength(500)
  })

  test('is completed once, with what came of it, and not continued then', async () => {
    const { session } = await newToken()
    const done = await completeOpal(ctx, session.id, { subscriptionId: 'first' })
    expect(done).toMatchObject({ completedAt: app.clock.now(), outcome: { subscriptionId: 'first' } })
    expect(done.events.map(({ action }) => action)).toEqual(['completed'])
    expect(await completeOpal(ctx, session.id, { subscriptionId: 'second' })).toEqual(done)
    expect(await getOpalSession(ctx, session.id)).toEqual(done)
    await expect(newToken({ sessionId: session.id, mode: 'transactions' }, null)).rejects.toEqual(
      refusal('opal.session_completed'),
    )
  })

  test('belongs to its team', async () => {
    const { session } = await newToken()
    const stranger = await app.ctx(await app.newTeam())
    await expect(getOpalSession(stranger, session.id)).rejects.toEqual(refusal('opal.session_not_found'))
    await recordOpalStep(stranger, session.id, { flow: 'opal', object: 'session', action: 'errored', data: null })
    expect((await getOpalSession(ctx, session.id)).events).toEqual([])
  })
})
