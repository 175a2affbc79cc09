/**
 * Sends webhook deliveries. Outside development nothing private may be reached: a name is judged by the address that is
 * really dialled, so that a name which changes its mind in between does not help; an address literal never gets that far.
 */
import { lookup as dnsLookup, type LookupAddress, type LookupOptions } from 'node:dns'
import type { LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { Agent, request } from 'undici'
import { isReceiversPort, type Poster, type PostOutcome } from '../core/webhooks/webhooks.js'
import { isPublicAddress } from './addresses.js'

const REPLY_BYTES_MAX = 64 * 1024
const HEAD_BYTES = 1024
// Webhooks of one origin share them; what waits for one is already on the clock.
const CONNECTIONS_PER_ORIGIN = 64

class ForbiddenAddress extends Error {}

/** `lookup`: how names are resolved; default: as Node does it. */
export function createPoster(lookup: typeof dnsLookup = dnsLookup): { readonly post: Poster; close(): Promise<void> } {
  const open = new Agent({ connections: CONNECTIONS_PER_ORIGIN })
  const guarded = new Agent({ connections: CONNECTIONS_PER_ORIGIN, connect: { lookup: publicOnly(lookup) } })
  const send = async ({
    url,
    headers,
    body,
    timeoutMs,
    allowsPrivateAddresses,
  }: Parameters<Poster>[0]): Promise<PostOutcome> => {
    if (!allowsPrivateAddresses && isForbidden(new URL(url))) return { ok: false, reason: 'forbidden_address' }
    try {
      const answer = await request(url, {
        method: 'POST',
        headers,
        body,
        dispatcher: allowsPrivateAddresses ? open : guarded,
        signal: AbortSignal.timeout(timeoutMs),
      })
      const head = await readAtMost(answer.body, REPLY_BYTES_MAX)
      return { ok: true, status: answer.statusCode, head }
    } catch (error) {
      return { ok: false, reason: reasonOf(error) }
    }
  }
  return {
    async post(post) {
      const began = performance.now()
      const outcome = await send(post)
      return { tookMs: Math.round(performance.now() - began), outcome }
    },
    close: async () => {
      await Promise.all([open.destroy(), guarded.destroy()])
    },
  }
}

/** By what the address itself says; a name is judged by where it leads. */
function isForbidden(url: URL): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  return !isReceiversPort(url) || (ipaddr.isValid(host) && !isPublicAddress(host))
}

/** A look-up that fails when any of the answers is not public. What it gives is what is dialled: nobody asks again in between. */
function publicOnly(lookup: typeof dnsLookup): LookupFunction {
  return (hostname, options, callback) => {
    const all: LookupOptions & { all: true } = { ...(options as LookupOptions), all: true }
    lookup(hostname, all, (error, addresses: LookupAddress[]) => {
      const [first] = addresses ?? []
      if (error || !first) return callback(error ?? new Error(`${hostname} has no address.`), '', 4)
      if (!addresses.every(({ address }) => isPublicAddress(address))) {
        return callback(new ForbiddenAddress(`${hostname} leads to an address that is not public.`), '', 4)
      }
      if (options.all) return callback(null, addresses)
      callback(null, first.address, first.family)
    })
  }
}

/** What a receiver says does not matter, only that it has finished saying it; one that never finishes is cut short. Returns how it begins. */
async function readAtMost(body: AsyncIterable<Buffer> & { destroy(): unknown }, bytesMax: number): Promise<string> {
  const head: Buffer[] = []
  let read = 0
  for await (const chunk of body) {
    if (read < HEAD_BYTES) head.push(chunk.subarray(0, HEAD_BYTES - read))
    read += chunk.length
    if (read > bytesMax) break
  }
  body.destroy()
  return Buffer.concat(head).toString()
}

function reasonOf(error: unknown): Extract<PostOutcome, { ok: false }>['reason'] {
  if (!(error instanceof Error)) return 'unreachable'
  if (error instanceof ForbiddenAddress || error.cause instanceof ForbiddenAddress) return 'forbidden_address'
  return error.name === 'TimeoutError' ||
    error.name === 'AbortError' ||
    /TIMEOUT/.test(String('code' in error && error.code))
    ? 'timeout'
    : 'unreachable'
}
