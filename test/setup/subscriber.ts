/** Somebody who is told of events: an HTTP server that keeps what it receives and answers as the test wants. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Wire } from './app.js'

export interface Delivery {
  readonly path: string
  readonly headers: Readonly<Record<string, string | undefined>>
  /** The bytes that arrived, as text. */
  readonly text: string
  readonly body: Wire
}

export interface Subscriber {
  readonly url: string
  readonly received: Delivery[]
  /** What to answer from now on; `never` keeps the sender waiting. Default: 200. */
  answer(status: number | 'never', headers?: Readonly<Record<string, string>>): void
  close(): Promise<void>
}

export async function openSubscriber(): Promise<Subscriber> {
  const received: Delivery[] = []
  let next: { status: number | 'never'; headers: Readonly<Record<string, string>> } = { status: 200, headers: {} }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString()
    received.push({
      path: request.url ?? '',
      headers: request.headers as Delivery['headers'],
      text,
      body: JSON.parse(text),
    })
    if (next.status !== 'never') response.writeHead(next.status, next.headers).end('thanks')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answer(status, headers = {}) {
      next = { status, headers }
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
