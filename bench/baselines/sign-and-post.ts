/** W5's baseline: signs a body as a delivery is signed and posts it with undici, so many in flight; keeps nothing, retries nothing. */
import { createHmac } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { Agent, request } from 'undici'

export interface PostOrder {
  readonly urls: readonly string[]
  /** To each of them. */
  readonly count: number
  readonly inFlight: number
  readonly body: string
  readonly secret: string
}

const { urls, count, inFlight, body, secret } = JSON.parse(await text(process.stdin)) as PostOrder
const dispatcher = new Agent({ connections: inFlight })
const total = urls.length * count
let posted = 0
await Promise.all(Array.from({ length: inFlight }, work))
await dispatcher.close()
process.stdout.write('{}')

async function work(): Promise<void> {
  for (let index = posted++; index < total; index = posted++) {
    const seconds = String(Math.floor(Date.now() / 1000))
    const id = `evt_${index}`
    const answer = await request(urls[index % urls.length] ?? '', {
      method: 'POST',
      dispatcher,
      body,
      headers: {
        'content-type': 'application/json',
        'method-webhook-timestamp': seconds,
        'webhook-id': id,
        'webhook-timestamp': seconds,
        'method-webhook-signature': createHmac('sha256', secret).update(`${seconds}:${body}`).digest('hex'),
        'webhook-signature': `v1,${createHmac('sha256', secret).update(`${id}.${seconds}.${body}`).digest('base64')}`,
      },
    })
    await answer.body.dump()
    if (answer.statusCode !== 200) throw new Error(`The sink answered ${answer.statusCode}.`)
  }
}
