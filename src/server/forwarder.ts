/**
 * A receiver of deliveries that tells of each in one line and hands it on as it came. The server that sent it gets its answer at
 * once, so that a receiver under test may take its time; what is about one resource is handed on in the order in which it came.
 */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Forwarder {
  /** Where deliveries are taken, on this machine. */
  readonly url: string
  /** Returns when what has come was handed on. */
  close(): Promise<void>
}

// As long as the sender of a delivery waits. Contract: method/webhooks-events §2.5.
const PATIENCE_MS = 5000
const BODY_BYTES_MAX = 5_000_000
// What is about one connection, and not about the delivery.
const HOP_BY_HOP = ['connection', 'content-length', 'host', 'keep-alive', 'transfer-encoding']

interface Delivery {
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  readonly at: string
}

/** Opens a port of its own. `to`: null when deliveries are only told of. */
export async function openForwarder(to: URL | null, print: (line: string) => void): Promise<Forwarder> {
  const lanes = new Map<string, Promise<void>>()
  const take = (delivery: Delivery): void => {
    const { type, id } = summaryOf(delivery.body)
    const lane = (lanes.get(id) ?? Promise.resolve()).then(async () => {
      const outcome = to === null ? '' : `  →  ${await handOn(to, delivery)}`
      print(`${delivery.at}  ${type}  ${id}${outcome}`)
      if (lanes.get(id) === lane) lanes.delete(id)
    })
    lanes.set(id, lane)
  }
  const server = createServer(async (request, response) => {
    // Whoever only looks whether somebody is here.
    if (request.method !== 'POST') return response.writeHead(405, { allow: 'POST' }).end()
    const chunks: Buffer[] = []
    let bytes = 0
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > BODY_BYTES_MAX) return response.writeHead(413, { connection: 'close' }).end()
      chunks.push(chunk)
    }
    take({ headers: request.headers, body: Buffer.concat(chunks), at: new Date().toISOString() })
    response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.close()
      server.closeAllConnections()
      await Promise.all(lanes.values())
    },
  }
}

/** The same bytes and headers; returns the status of the answer, or why there was none. */
async function handOn(to: URL, { headers, body }: Delivery): Promise<string> {
  const kept = Object.entries(headers).flatMap(([name, value]) =>
    HOP_BY_HOP.includes(name) || value === undefined ? [] : [[name, String(value)] as [string, string]],
  )
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS)
    const answer = await fetch(to, {
      method: 'POST',
      headers: kept,
      body: new Uint8Array(body),
      redirect: 'manual',
      signal,
    })
    await answer.body?.cancel()
    return String(answer.status)
  } catch (error) {
    return error instanceof Error && error.name === 'TimeoutError' ? 'no answer within 5 seconds' : 'not reached'
  }
}

/** What a line says of a delivery; what is none is told of all the same. */
function summaryOf(body: Buffer): { readonly type: string; readonly id: string } {
  try {
    const { type = '?', id = '?' } = JSON.parse(body.toString()) as { readonly type?: string; readonly id?: string }
    return { type, id }
  } catch {
    return { type: 'not JSON', id: '?' }
  }
}

/** Whether a forwarder, of whatever process, is at the address. */
export async function isForwarding(url: string): Promise<boolean> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => null)
  return answer?.status === 405
}
