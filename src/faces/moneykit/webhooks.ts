/** Sending a link's webhook what it would get, although nothing happened. Contract: moneykit/links §7.7. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { type ConnectionTopic, testWebhook } from '../../core/connections/connections.js'
import { change } from './routes.js'
import { oneOf, Text } from './schema.js'
import { deliveryToken } from './spelling.js'
import { whoseLink } from './whose.js'

const topics = {
  'link.state_changed': 'connection.state_changed',
  'transactions.updates_available': 'connection.transactions_available',
  'product.state_changed': 'connection.product_refreshed',
  'link.product_refresh': 'connection.product_refreshed',
} as const satisfies Record<string, ConnectionTopic>

const TestBody = Type.Object({
  webhook_event: oneOf(Object.keys(topics) as (keyof typeof topics)[]),
  webhook_idempotency_key: Text,
})

export function webhookRoutes(app: FastifyInstance): void {
  change(
    app,
    'POST',
    '/webhooks/test/link/:id',
    {
      tag: 'Webhooks',
      summary: "Test a link's webhook",
      scope: 'link:data:refresh',
      body: TestBody,
      reply: Type.Object({ delivery_token: Text }),
    },
    {
      write: (ctx, _, incoming) => {
        const { webhook_event, webhook_idempotency_key: key } = incoming.body
        return testWebhook(ctx, whoseLink(incoming), { topic: topics[webhook_event], key })
      },
      toWire: (deliveryId) => ({ delivery_token: deliveryToken(deliveryId) }),
    },
  )
}
