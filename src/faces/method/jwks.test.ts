/** Contract: method/conventions §5.5. */
import { createPublicKey } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type App, openApp } from '../../../test/setup/app.js'
import { ensureSigningKeys } from '../../core/signing/signing.js'

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
