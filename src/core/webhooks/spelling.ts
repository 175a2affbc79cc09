import type { Instant } from '../clock/clock.js'
import type { Ctx } from '../ctx.js'
import type { DeliveryId, EventId } from '../ids.js'
import type { RecordedEvent } from '../recorded-event.js'
import type { Webhook } from './webhooks.js'

/** How a face words an event for its subscribers. Wiring hands one in for each face. */
export interface Speller {
  /** The exact body of a delivery to a team, at the version the webhook was made with; null for what that version has no word for. */
  body(ctx: Ctx<'team' | 'vault'>, event: RecordedEvent, webhook: Webhook): string | null
  /** The headers of one attempt; signatures are about the moment of sending. */
  headers(secrets: WebhookSecrets, message: Message): Headers | Promise<Headers>
  readonly policy: DeliveryPolicy
}

type Headers = Readonly<Record<string, string>>

/** How deliveries of a face are tried. */
export interface DeliveryPolicy {
  readonly timeoutMs: number
  isAccepted(status: number): boolean
  /** After each attempt that failed but the last, about how long until the next. */
  readonly retryDelaysMs: readonly number[]
  /** Whether a webhook is switched off when delivery after delivery is given up. */
  readonly switchesOff: boolean
}

/** What one attempt sends. */
export interface Message {
  readonly deliveryId: DeliveryId
  /** From 1. */
  readonly attempt: number
  readonly eventId: EventId
  readonly body: string
  readonly sentAt: Instant
}

export interface WebhookSecrets {
  readonly authToken: string | null
  readonly hmacSecret: string | null
}

/** Sends one POST somewhere outside and says how it ended; never throws. Given by wiring, guarded there. */
export type Poster = (post: {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly timeoutMs: number
  readonly allowsPrivateAddresses: boolean
}) => Promise<{ readonly tookMs: number; readonly outcome: PostOutcome }>

/** `ok` for a complete answer whatever its status; otherwise why there was none. */
export type PostOutcome =
  | {
      readonly ok: true
      readonly status: number
      /** How the answer begins. */
      readonly head: string
    }
  | { readonly ok: false; readonly reason: 'timeout' | 'unreachable' | 'forbidden_address' }
