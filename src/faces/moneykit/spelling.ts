/** How this face words and signs a delivery. Contract: moneykit/links §7. */
import { createHash } from 'node:crypto'
import type { ConnectionTopic, ProductNews, StateNews, TransactionNews } from '../../core/connections/connections.js'
import type { Signer } from '../../core/signing/signing.js'
import type { DeliveryPolicy, Speller } from '../../core/webhooks/webhooks.js'
import { spellId, spellUuid } from './ids.js'
import { linkStates } from './link-states.js'
import type { Wire } from './routes.js'

// Ten seconds for the receiver, any 2xx will do, and attempts for two hours.
const policy: DeliveryPolicy = {
  timeoutMs: 10_000,
  isAccepted: (status) => status >= 200 && status < 300,
  retryDelaysMs: [5_000, 15_000, 45_000, 120_000, 300_000, 600_000, 1_200_000, 1_800_000, 3_000_000],
  switchesOff: false,
}

const words: Readonly<Record<ConnectionTopic, (news: never) => Wire>> = {
  'connection.state_changed': ({ state, errorCode, errorMessage }: StateNews) => ({
    state: linkStates[state],
    error: errorCode,
    error_message: errorMessage,
  }),
  'connection.product_refreshed': ({ product, state, changedAt, errorMessage }: ProductNews) => ({
    product,
    state,
    state_changed_at: changedAt,
    error_message: errorMessage,
  }),
  'connection.transactions_available': ({ hasHistory }: TransactionNews) => ({ has_history: hasHistory }),
}

const events: Readonly<Record<ConnectionTopic, string>> = {
  'connection.state_changed': 'link.state_changed',
  'connection.product_refreshed': 'link.product_refresh',
  'connection.transactions_available': 'transactions.updates_available',
}

/** `publicUrl` is how this face is reached from outside. */
export function moneykitSpeller(signer: Signer, publicUrl: string): Speller {
  return {
    policy,

    body(_ctx, event) {
      const topic = event.topic as ConnectionTopic
      const news = event.after as StateNews | ProductNews | TransactionNews
      return JSON.stringify({
        webhook_event: events[topic],
        webhook_major_version: 1,
        webhook_minor_version: 0,
        webhook_idempotency_key: news.testKey ?? spellUuid('event', event.id),
        webhook_timestamp: event.createdAt,
        link_id: spellId('link', news.connectionId),
        link_tags: news.tags,
        ...words[topic](news as never),
      })
    },

    async headers(_secrets, { deliveryId, attempts, body, sentAt }) {
      const signature = await signer.sign('webhook', {
        iss: publicUrl,
        iat: Math.floor(Date.parse(sentAt) / 1000),
        request_body_sha256: createHash('sha256').update(body).digest('hex'),
      })
      return {
        'moneykit-signature': signature,
        'moneykit-delivery-token': deliveryToken(deliveryId),
        'moneykit-delivery-attempt': String(attempts + 1),
      }
    },
  }
}

/** What a delivery is called, whichever its attempt. */
export function deliveryToken(deliveryId: string): string {
  return spellUuid('delivery', deliveryId)
}
