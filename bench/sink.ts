/**
 * A receiver of webhooks, one for each path: checks signatures, counts, and says what came when. `/hang…` answers after longer than
 * anybody waits, `/fail…` with 500. `GET /tally` tells, `POST /forget` begins anew.
 */
import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { type PathTally, SECRET } from './sinks.js'

const HANG_MS = 7_000

interface Kept {
  readonly ids: Set<string>
  copies: number
  unsigned: number
  readonly arrivedAtMs: number[]
}
const paths = new Map<string, Kept>()

const server = createServer(async (request, response) => {
  const path = request.url ?? ''
  if (path === '/healthz') return response.end('{}')
  if (path === '/tally')
    return response.end(JSON.stringify(Object.fromEntries([...paths].map(([at, kept]) => [at, told(kept)]))))
  const body = await text(request)
  if (path === '/forget') {
    paths.clear()
    return response.end('{}')
  }
  take(path, request, body)
  if (path.startsWith('/hang')) return setTimeout(() => response.end(), HANG_MS)
  response.writeHead(path.startsWith('/fail') ? 500 : 200).end()
})
server.keepAliveTimeout = 60_000
server.listen(Number(process.env.PORT), '127.0.0.1')
process.once('SIGTERM', () => {
  server.closeAllConnections()
  server.close()
})

function take(path: string, { headers }: IncomingMessage, body: string): void {
  const kept = paths.get(path) ?? { ids: new Set(), copies: 0, unsigned: 0, arrivedAtMs: [] }
  paths.set(path, kept)
  const { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': signature } = headers
  const expected = createHmac('sha256', SECRET).update(`${id}.${seconds}.${body}`).digest('base64')
  if (signature !== `v1,${expected}`) kept.unsigned++
  kept.ids.add(String(id))
  kept.copies++
  kept.arrivedAtMs.push(performance.timeOrigin + performance.now())
}

function told({ ids, copies, unsigned, arrivedAtMs }: Kept): PathTally {
  return { events: ids.size, copies, unsigned, arrivedAtMs }
}
