import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSubscriber, type Subscriber } from '../../test/setup/subscriber.js'
import { createPoster } from './poster.js'

const poster = createPoster()
let subscriber: Subscriber
beforeAll(async () => {
  subscriber = await openSubscriber()
})
afterAll(async () => {
  await poster.close()
  await subscriber.close()
})

const post = async (url: string, allowsPrivateAddresses = false) =>
  (await poster.post({ url, headers: {}, body: '{}', timeoutMs: 2000, allowsPrivateAddresses })).outcome

test.each([
  '127.0.0.1',
  '127.0.0.1.',
  '10.0.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '0.0.0.0',
  '2130706433',
  '0x7f000001',
  '017700000001',
  '127.1',
  '[::1]',
  '[fd00::1]',
  '[fe80::1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:169.254.169.254]',
])('outside development the address %s is never dialled', async (host) => {
  expect(await post(`http://${host}:${new URL(subscriber.url).port}/`)).toEqual({
    ok: false,
    reason: 'forbidden_address',
  })
  expect(subscriber.received).toEqual([])
})

test('outside development a name that leads to this machine is never dialled', async () => {
  const { port } = new URL(subscriber.url)
  expect(await post(`http://localhost:${port}/`)).toEqual({ ok: false, reason: 'forbidden_address' })
  expect(subscriber.received).toEqual([])
})

test('a redirect is an answer like any other, and nobody follows it', async () => {
  subscriber.answer(302, { location: `${subscriber.url}/elsewhere` })
  expect(await post(`${subscriber.url}/here`, true)).toMatchObject({ ok: true, status: 302, head: 'thanks' })
  expect(subscriber.received.map(({ path }) => path)).toEqual(['/here'])
})
