/** Receivers of webhooks that each do one thing wrong, on this machine. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'

const LATE_MS = 6_000
const DRIP_INTERVAL_MS = 50
const LARGE_BYTES = 50_000_000
const PIECE_BYTES = 64 * 1024

export interface FaultyReceiver {
  readonly url: string
  /** How often somebody came with a request. */
  readonly requests: () => number
  /** How much of an answer was taken from it. */
  readonly bytesTaken: () => number
  close(): Promise<void>
}

type Answer = (response: ServerResponse, request: IncomingMessage) => void

const answers = {
  '500': (response) => response.writeHead(500).end('broken'),
  '404': (response) => response.writeHead(404).end('nothing here'),
  '410': (response) => response.writeHead(410).end('gone for good'),
  '301': (response) => response.writeHead(301, { location: '/elsewhere' }).end(),
  reset: (_, { socket }) => socket.resetAndDestroy(),
  late: (response) => {
    const timer = setTimeout(() => response.end('sorry'), LATE_MS)
    response.on('close', () => clearTimeout(timer))
  },
  drip: (response) => {
    response.writeHead(200)
    const timer = setInterval(() => response.write('.'), DRIP_INTERVAL_MS)
    response.on('close', () => clearInterval(timer))
  },
  large: (response) => {
    response.writeHead(200)
    let left = LARGE_BYTES
    const fill = () => {
      while (left > 0 && !response.destroyed) {
        left -= PIECE_BYTES
        if (!response.write(Buffer.alloc(PIECE_BYTES, 'x'))) return response.once('drain', fill)
      }
      return response.end()
    }
    fill()
  },
  'untrusted certificate': (response) => response.end('ok'),
} as const satisfies Record<string, Answer>

export type Fault = keyof typeof answers
export const FAULTS = Object.keys(answers) as readonly Fault[]

export async function openFaulty(fault: Fault): Promise<FaultyReceiver> {
  let requests = 0
  let bytesTaken = 0
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    requests++
    const { socket } = request
    const before = socket.bytesWritten
    socket.once('close', () => {
      bytesTaken = Math.max(bytesTaken, socket.bytesWritten - before)
    })
    request.resume().once('end', () => answers[fault](response, request))
  }
  const isTls = fault === 'untrusted certificate'
  const server: Server = isTls ? createTlsServer({ key: KEY, cert: CERTIFICATE }, handle) : createServer(handle)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `${isTls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    requests: () => requests,
    bytesTaken: () => bytesTaken,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

// Signed by itself, for nothing but this file.
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgpDZECWS7ODym282V
HUQwK4PW/bsac1UosvCS2siHCnmhRANCAARlJlexRaBEyI/ltq5bdwSf5v9mAOji
Tx6PGg/cZ9fjSkur5JM++Jog+sss1CBglSVqbG97b/XkQL19HmiqPb1T
-----END PRIVATE KEY-----`
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBgDCCASWgAwIBAgIULQ9/SqWLHZ24djCS/MAwGKaD+pQwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTE3NTI1OVoYDzIxMjYxMDI4
MTc1MjU5WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARlJlexRaBEyI/ltq5bdwSf5v9mAOjiTx6PGg/cZ9fjSkur5JM++Jog
+sss1CBglSVqbG97b/XkQL19HmiqPb1To1MwUTAdBgNVHQ4EFgQUHuJ2EABVn3xx
2aovKMYiVqXxbwMwHwYDVR0jBBgwFoAUHuJ2EABVn3xx2aovKMYiVqXxbwMwDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEA73QlrpzmvhbiP3y93NIU
xy6gnOvfrIaKoJzOC9yLblUCIQD4yl5Zk35FFZv+dbH5CxSIzEnipSb5Pi6geZA1
QJIttQ==
-----END CERTIFICATE-----`
