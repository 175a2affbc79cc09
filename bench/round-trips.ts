/**
 * How often a request waits for the database. A server reaches it through a proxy that holds every answer back for a while, so
 * long that nothing else counts beside it: a request takes as many whiles as it waits. What is sent without waiting costs
 * nothing here, as over any network.
 */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Ground } from './ground.js'
import { type RunningProcess, startServer } from './processes.js'

const HELD_BACK_MS = 40
const REQUESTS = 15

/** Counts the round trips of `request`: the fewest of some, because a busy machine only adds to them. `prepare` is not counted. */
export async function countRoundTrips<Prepared>(
  ground: Ground,
  steps: {
    readonly prepare: (server: RunningProcess) => Promise<Prepared>
    readonly request: (server: RunningProcess, prepared: Prepared) => Promise<unknown>
  },
): Promise<number> {
  const proxy = await openProxy(new URL(String(ground.clearspan.DATABASE_URL)))
  const server = await startServer({ ...ground.clearspan, DATABASE_URL: proxy.url }, ['--no-worker'])
  try {
    const prepared = await steps.prepare(server)
    const trips: number[] = []
    for (let made = 0; made < REQUESTS; made++) {
      const startedAt = performance.now()
      await steps.request(server, prepared)
      trips.push(Math.floor((performance.now() - startedAt) / HELD_BACK_MS))
    }
    return Math.min(...trips)
  } finally {
    await server.stop()
    proxy.close()
  }
}

async function openProxy(database: URL): Promise<{ readonly url: string; close(): void }> {
  const sockets = new Set<Socket>()
  const proxy = createServer((client) => {
    const upstream = connect(Number(database.port), database.hostname)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    client.pipe(upstream)
    upstream.on('data', (chunk) => setTimeout(() => client.write(chunk), HELD_BACK_MS))
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const url = new URL(database)
  url.hostname = '127.0.0.1'
  url.port = String((proxy.address() as AddressInfo).port)
  return {
    url: url.href,
    close() {
      proxy.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
