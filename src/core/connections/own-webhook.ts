/** The webhook of one connection: it hears of every topic that connections have. */
import type { Ctx, Writing } from '../ctx.js'
import type { ConnectionId } from '../ids.js'
import { setOwnWebhooks } from '../webhooks/webhooks.js'
import type { OwnWebhook } from './connections.js'
import { CONNECTION_TOPICS } from './news.js'

/** Replaces what it had; null for none. Refuses `webhook.invalid_url`. */
export function setOwnWebhook(ctx: Ctx<Writing>, id: ConnectionId, webhook: OwnWebhook | null): Promise<void> {
  return setOwnWebhooks(ctx, id, webhook && { ...webhook, topics: CONNECTION_TOPICS })
}
