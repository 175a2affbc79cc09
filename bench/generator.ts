/** The generator's own process: reads a `LoadOrder`, warms the server up, measures it, prints a `Load`. */
import { text } from 'node:stream/consumers'
import autocannon, { type Request } from 'autocannon'
import type { Load, LoadOrder, LoadRequest } from './load.js'

// One body in so many is looked at; more would cost the generator its speed.
const BODY_SAMPLE = 50
const FLAWS_MAX = 5

const order: LoadOrder = JSON.parse(await text(process.stdin))
const pattern = new RegExp(order.bodyPattern)
let answers = 0
let bodiesChecked = 0
const flaws: string[] = []
const deal = dealer(order.requests)

await run(order.warmUpMs)
answers = 0
process.stdout.write(JSON.stringify(await run(order.measuredMs)))
process.exit()

async function run(lengthMs: number): Promise<Load> {
  const latencies: number[] = []
  const shooting = autocannon({
    url: order.url,
    connections: order.connections,
    duration: lengthMs / 1000,
    requests: order.isEachOnce
      ? [{ method: 'POST', setupRequest: (request) => ({ ...request, ...deal() }), onResponse: check }]
      : order.requests.map((request): Request => ({ ...request, onResponse: check })),
  })
  shooting.on('response', (_client, _status, _bytes, tookMs: number) => latencies.push(tookMs))
  const { errors, timeouts, duration } = await shooting
  if (errors > 0 || timeouts > 0) note(`${errors} connections broke and ${timeouts} requests timed out`)
  latencies.sort((a, b) => a - b)
  const percentile = (share: number) => latencies[Math.floor(latencies.length * share)] ?? 0
  return {
    perSecond: latencies.length / duration,
    p50Ms: percentile(0.5),
    p99Ms: percentile(0.99),
    answers,
    bodiesChecked,
    flaws,
  }
}

function check(status: number, body: string): void {
  answers++
  if (status !== 200) note(`${status} ${body.slice(0, 300)}`)
  if (status !== 200 || answers % BODY_SAMPLE !== 0) return
  bodiesChecked++
  if (!pattern.test(body)) note(`a body that does not match ${pattern}: ${body.slice(0, 300)}`)
}

function note(flaw: string): void {
  if (flaws.length < FLAWS_MAX) flaws.push(flaw)
}

function dealer(requests: readonly LoadRequest[]): () => LoadRequest {
  let dealt = 0
  return () => {
    const request = requests[dealt++]
    if (request) return request
    note(`ran out of its ${requests.length} requests: prepare more`)
    return requests[0] as LoadRequest
  }
}
