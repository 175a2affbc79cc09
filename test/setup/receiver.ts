/** A webhook receiver on this machine: remembers every copy it is sent, and answers as it is told. */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ReceivedDelivery {
  readonly headers: IncomingHttpHeaders
  /** The exact bytes, as text. */
  readonly body: string
  readonly payload: { readonly id: string; readonly type: string; readonly path: string; readonly event?: string }
}

export interface Receiver {
  readonly url: string
  /** In order of arrival, duplicates included. */
  readonly received: readonly ReceivedDelivery[]
  /** From now on nothing is answered: whoever sends waits. */
  fallSilent(): void
  /** Answers 200 again, from the next delivery on. */
  speak(): void
  close(): Promise<void>
}

/** Answers 200 until it is told otherwise. */
export async function startReceiver(): Promise<Receiver> {
  const received: ReceivedDelivery[] = []
  let isSilent = false
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString('utf8')
    received.push({ headers: request.headers, body, payload: JSON.parse(body) })
    if (!isSilent) response.end('ok')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    received,
    fallSilent() {
      isSilent = true
    },
    speak() {
      isSilent = false
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
