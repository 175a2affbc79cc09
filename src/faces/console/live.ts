/**
 * Telling pages that something is new, as server-sent events; what is new they ask for themselves. Commits announce nothing for
 * it, because that would cost every writer, looked at or not: a window that somebody looks at has its server compare what its lists
 * begin with, twice a second.
 */
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { Ctx, Reading } from '../../core/ctx.js'
import { listRecorded } from '../../core/events/events.js'
import { listRequests } from '../../core/request-log/request-log.js'
import { markDeliveries } from '../../core/webhooks/webhooks.js'
import { Failure } from './answers.js'
import { type ConsoleDesk, teamOf } from './desk.js'
import { readOn } from './lists.js'

const LOOK_MS = 500
// Then the page comes again, if its operator is still signed in.
const LOOKS_MAX = 120
const STREAMS_MAX = 100
const RETRY = 'retry: 500\n\n'
// Whatever is between the page and the server should not take silence for an end.
const BEAT_LOOKS = 20
const BEAT = ':\n\n'

export function liveRoute(app: FastifyInstance, desk: ConsoleDesk): void {
  const closing = new AbortController()
  let streams = 0
  app.addHook('preClose', async () => closing.abort())
  app.get('/live', async (request, reply) => {
    if (streams >= STREAMS_MAX) throw new Failure(503, 'Too many windows follow this server.')
    const ctx = await teamOf(desk, request)
    streams += 1
    const stream = Readable.from(news(ctx, closing.signal)).once('close', () => {
      streams -= 1
    })
    return reply.type('text/event-stream').header('x-accel-buffering', 'no').send(stream)
  })
}

async function* news(ctx: Ctx<Reading>, closing: AbortSignal): AsyncGenerator<string> {
  let told = ''
  yield RETRY
  for (let look = 1; look <= LOOKS_MAX && !closing.aborted; look += 1) {
    const marks = JSON.stringify(await marksOf(ctx))
    if (marks !== told) yield `data: ${marks}\n\n`
    else if (look % BEAT_LOOKS === 0) yield BEAT
    told = marks
    await sleep(LOOK_MS, undefined, { signal: closing }).catch(() => {})
  }
}

/** Texts of which one changes whenever its list begins otherwise. */
async function marksOf(ctx: Ctx<Reading>) {
  const newest = readOn(undefined, 1)
  const anyRequest = { face: null, method: null, isFailed: false }
  const [own, nobodys, events, deliveries] = await Promise.all([
    listRequests(ctx, { ...anyRequest, isNobodys: false }, newest),
    listRequests(ctx, { ...anyRequest, isNobodys: true }, newest),
    listRecorded(ctx, { topic: null, resourceId: null }, newest),
    markDeliveries(ctx),
  ])
  const first = ({ items }: { readonly items: readonly { readonly id: string }[] }) => items[0]?.id ?? ''
  return { requests: `${first(own)} ${first(nobodys)}`, events: first(events), deliveries }
}
