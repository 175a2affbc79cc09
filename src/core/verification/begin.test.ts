/** Sessions that need something from outside. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type App, openApp } from '../../../test/setup/app.js'
import { stranger } from '../../../test/setup/cast.js'
import type { Network } from '../../network/port.js'
import { checkNewSession, listSessions } from './verification.js'

let app: App
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())

test('a phone that no text reaches has no session to answer', async () => {
  const { id } = await stranger(app).enter()
  const ctx = await app.ctx()
  const network: Network = { ...ctx.network, sendText: async () => ({ ok: false, reason: 'unreachable' }) }
  const consumerId = id.slice('ent_'.length)
  const asked = checkNewSession({ ...ctx, network }, consumerId, { channel: 'phone', method: 'sms', timestamp: null })
  await expect(asked).rejects.toMatchObject({ code: 'verification.text_not_sent' })
  const page = { fromDate: null, toDate: null, page: 1, cursor: null, limit: 10 }
  expect((await listSessions(ctx, consumerId, page)).items).toEqual([])
})
