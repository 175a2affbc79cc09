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

test.each([22, 25, 80, 5432, 6379])('outside development port %i is never dialled', async (port) => {
  expect(await post(`https://hooks.example.com:${port}/`)).toEqual({ ok: false, reason: 'forbidden_address' })
})

test('outside development a name is judged anew at each connection, by every address it has then', async () => {
  const answers = [['127.0.0.1'], ['93.184.215.14', '10.0.0.1'], ['fd00::1'], ['::ffff:10.0.0.1'], ['169.254.169.254']]
  const asked: string[] = []
  const lookup = ((name: string, _: object, done: (error: null, all: readonly object[]) => void) => {
    asked.push(name)
    const addresses = answers[asked.length - 1] ?? []
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  }) as unknown as Parameters<typeof createPoster>[0]
  const rebound = createPoster(lookup)
  const { port } = new URL(subscriber.url)
  for (const _ of answers) {
    const sent = { headers: {}, body: '{}', timeoutMs: 2000, allowsPrivateAddresses: false }
    const { outcome } = await rebound.post({ ...sent, url: `http://rebinding.example.com:${port}/` })
    expect(outcome).toEqual({ ok: false, reason: 'forbidden_address' })
  }
  expect(asked).toHaveLength(answers.length)
  expect(subscriber.received).toEqual([])
  await rebound.close()
})

test('a redirect is an answer like any other, and nobody follows it', async () => {
  subscriber.answer(302, { location: `${subscriber.url}/elsewhere` })
  expect(await post(`${subscriber.url}/here`, true)).toMatchObject({ ok: true, status: 302, head: 'thanks' })
  expect(subscriber.received.map(({ path }) => path)).toEqual(['/here'])
})
