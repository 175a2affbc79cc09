/** Contract: method/conventions §5.5. */
import { createPublicKey } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type App, openApp, type Wire } from '../../../test/setup/app.js'
import { topicsOf } from '../../../test/setup/cast.js'
import { openSubscriber } from '../../../test/setup/subscriber.js'
import { ensureSigningKeys, rotateSigningKey, signingKeyId } from '../../core/signing/signing.js'

let app: App
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())

test('anybody may read the keys of signatures, outside the envelope', async () => {
  await ensureSigningKeys(app.base)
  const read = async () => {
    const { statusCode, headers, payload } = await app.http.inject('/method/.well-known/jwks.json')
    expect([statusCode, headers['content-type']]).toEqual([200, expect.stringMatching('application/json')])
    return JSON.parse(payload) as { readonly keys: readonly Readonly<Record<string, string>>[] }
  }
  const body = await read()
  expect(Object.keys(body)).toEqual(['keys'])
  expect(body.keys).toHaveLength(1)
  for (const key of body.keys) {
    expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
    expect(createPublicKey({ key, format: 'jwk' }).asymmetricKeyType).toBe('ec')
  }
})

test('each team with a webhook for it is told of a new key and of what becomes of the one before, and no other team', async () => {
  await ensureSigningKeys(app.base)
  const subscriber = await openSubscriber()
  const [both, one, none] = await Promise.all([app.newTeam(), app.newTeam(), app.newTeam()])
  const listen = (key: string, type: string, version: '2025-07-04' | '2025-12-01') =>
    app.call('POST', '/webhooks', { key, version, body: { type, url: `${subscriber.url}/${key}`, expand_event: true } })
  await listen(both.development, 'method_jwk.create', '2025-12-01')
  await listen(both.development, 'method_jwk.update', '2025-12-01')
  await listen(one.production, 'method_jwk.update', '2025-07-04').then(({ status }) => expect(status).toBe(400))
  await listen(one.development, 'method_jwk.update', '2025-07-04')
  const { keys } = JSON.parse((await app.http.inject('/method/.well-known/jwks.json')).payload) as Wire
  const former = `mthd_jwk_${signingKeyId(keys[0].kid)}`
  const kid = await rotateSigningKey(app.base, 'webhook')
  await rotateSigningKey(app.base, 'token')
  await app.drain()
  const next = `mthd_jwk_${signingKeyId(kid)}`
  const told = (key: string) =>
    subscriber.received.filter(({ path }) => path === `/${key}`).map(({ body: { webhook_id: _, ...body } }) => body)
  const sent = (id: string, op: string) => ({ id, type: `method_jwk.${op}`, path: `/method_jwks/${id}` })
  expect(told(both.development)).toEqual([
    { ...sent(next, 'create'), op: 'create', event: null, refs: null },
    { ...sent(former, 'update'), op: 'update', event: null, refs: null },
  ])
  expect(told(one.development)).toEqual([sent(former, 'update')])
  expect(subscriber.received).toHaveLength(3)
  await subscriber.close()
  expect(await topicsOf(app, none)).toEqual([])
  const shown = async (id: string) => (await app.call('GET', `/method_jwks/${id}`, { key: none.development })).data
  expect(await shown(next)).toEqual({
    id: next,
    kid,
    kty: 'EC',
    crv: 'P-256',
    alg: 'ES256',
    use: 'sig',
    x: expect.any(String),
    y: expect.any(String),
    signs_from: expect.any(String),
    expires_at: null,
  })
  const { signs_from: signsFrom } = await shown(next)
  expect(Date.parse((await shown(former)).expires_at) - Date.parse(signsFrom)).toBe(26 * 3_600_000)
})

test('of processes that rotate at once one makes the key, and all name it', async () => {
  const made = await Promise.all(Array.from({ length: 4 }, () => rotateSigningKey(app.base, 'token')))
  const { rows } = await sql<{ id: string }>`select id from signing_keys where id = any(${made})`.execute(app.fresh.db)
  expect(rows.map(({ id }) => id).sort()).toEqual([...new Set(made)].sort())
})
