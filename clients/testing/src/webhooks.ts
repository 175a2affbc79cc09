/** A receiver of webhooks for one team: it registers what is expected and keeps what arrives until somebody expects it. */
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Webhooks {
  /** Registers webhooks of the method face for these types, so that what happens from now on can be expected. */
  listen(...types: readonly string[]): Promise<void>
  /**
   * The first delivery of that type which nobody has expected yet; waits for it. With `cause`, listens first and then calls it, so
   * that what it causes cannot be missed.
   */
  expect(type: string, options?: ExpectOptions): Promise<Delivery>
  /** Where deliveries are received, for webhooks that are registered elsewhere, such as that of a MoneyKit link. */
  url(): Promise<string>
  /** Everything that has arrived, in order. */
  readonly received: readonly Delivery[]
  close(): Promise<void>
}

export interface ExpectOptions {
  /** What makes it happen. */
  readonly cause?: () => unknown
  /** Whether a delivery is the one that is meant; default: any. */
  readonly where?: (delivery: Delivery) => boolean
  /** Default: 10 seconds. */
  readonly timeoutMs?: number
}

export interface Delivery {
  /** `type` of the method face, `webhook_event` of the moneykit face. */
  readonly type: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  // biome-ignore lint/suspicious/noExplicitAny: what a test looks into, as it likes
  readonly body: any
  /** The bytes as they arrived, for checks of signatures. */
  readonly text: string
}

interface Waiting {
  readonly wants: (delivery: Delivery) => boolean
  readonly resolve: (delivery: Delivery) => void
}

const TIMEOUT_MS = 10_000
// These are told to the address of a link, not by a registered webhook.
const OF_LINKS = /^(link\.|transactions\.|product\.state_changed$)/

export function openWebhooks(register: (type: string, url: string) => Promise<unknown>): Webhooks {
  const received: Delivery[] = []
  const unexpected: Delivery[] = []
  const waiting = new Set<Waiting>()
  const registered = new Map<string, Promise<unknown>>()
  let opening: Promise<Server> | undefined

  const take = (delivery: Delivery) => {
    received.push(delivery)
    const found = [...waiting].find(({ wants }) => wants(delivery))
    if (!found) unexpected.push(delivery)
    else found.resolve(delivery)
  }
  const url = async () => {
    opening ??= openReceiver(take)
    const { port } = (await opening).address() as AddressInfo
    return `http://127.0.0.1:${port}`
  }
  const listenTo = async (type: string) => {
    if (OF_LINKS.test(type)) return
    const at = await url()
    const registering = registered.get(type) ?? register(type, at)
    registered.set(type, registering)
    await registering
  }
  return {
    received,
    url,
    async listen(...types) {
      await Promise.all(types.map(listenTo))
    },
    async expect(type, { cause, where = () => true, timeoutMs = TIMEOUT_MS } = {}) {
      const wants = (delivery: Delivery) => delivery.type === type && where(delivery)
      await listenTo(type)
      await cause?.()
      const index = unexpected.findIndex(wants)
      const [early] = index < 0 ? [] : unexpected.splice(index, 1)
      return early ?? waitFor(waiting, wants, { type, timeoutMs, received })
    },
    async close() {
      const server = await opening
      opening = undefined
      registered.clear()
      server?.closeAllConnections()
      if (server) await new Promise((resolve) => server.close(resolve))
    },
  }
}

function waitFor(
  waiting: Set<Waiting>,
  wants: Waiting['wants'],
  about: { readonly type: string; readonly timeoutMs: number; readonly received: readonly Delivery[] },
): Promise<Delivery> {
  return new Promise((resolve, reject) => {
    const entry = {
      wants,
      resolve: (delivery: Delivery) => {
        clearTimeout(timer)
        waiting.delete(entry)
        resolve(delivery)
      },
    }
    const timer = setTimeout(() => {
      waiting.delete(entry)
      const others = about.received.map(({ type }) => type).join(', ') || 'nothing'
      reject(new Error(`No ${about.type} arrived within ${about.timeoutMs} ms. What did: ${others}.`))
    }, about.timeoutMs)
    waiting.add(entry)
  })
}

async function openReceiver(take: (delivery: Delivery) => void): Promise<Server> {
  const server = createServer(async (request, response) => {
    const text = await textOf(request)
    response.end()
    const body = JSON.parse(text)
    take({ type: body.type ?? body.webhook_event ?? '', headers: request.headers, body, text })
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  // A suite that forgets to close its team can end all the same.
  return server.unref()
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk
  return text
}
