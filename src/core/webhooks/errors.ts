import { refuser } from '../refuse.js'

export const webhookRefusals = {
  'webhook.not_found': 'No webhook has this id.',
  'webhook.invalid_url': 'url must be an absolute https address that others can reach.',
  'webhook.metadata_too_large': 'metadata must be smaller than 1 KB as JSON. Store less of it.',
} as const

export type WebhookRefusal = keyof typeof webhookRefusals
export const refuse = refuser(webhookRefusals)
