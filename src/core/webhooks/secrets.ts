/**
 * What deliveries are signed with, sealed at rest. A secret can be replaced without a delivery being refused: the former one
 * stays valid beside it for as long as the receiver needs to take over the new one. Two are valid at most.
 */
import { addMs } from '../clock/clock.js'
import type { Ctx, Writing } from '../ctx.js'
import { readId, type WebhookId } from '../ids.js'
import { refuse } from './errors.js'
import type { SigningSecrets } from './spelling.js'
import * as store from './store.js'

// Standard Webhooks: 24 to 64 bytes, in base64 after this prefix.
const SECRET_PREFIX = 'whsec_'
const SECRET_BYTES = 32

export type SecretPlace = 'auth_token' | 'hmac_secret'

interface Where {
  readonly id: WebhookId
  readonly place: SecretPlace
}

export interface NewSecret {
  /** Not to be read again. */
  readonly secret: string
  /** Until when the one before it signs as well; null when there is none, or no longer. */
  readonly formerUntil: string | null
}

/**
 * Gives a webhook another signing secret: the one wanted, or a fresh one. The former one stays valid for `overlapMs`. Refuses
 * `webhook.not_found`.
 */
export async function rotateSecret(
  ctx: Ctx<Writing>,
  wanted: { readonly id: string; readonly secret: string | null; readonly overlapMs: number },
): Promise<NewSecret> {
  const id = readId<WebhookId>(wanted.id)
  const webhook = id && (await store.takeWebhook(ctx, id))
  if (!webhook) throw refuse('webhook.not_found')
  const secret = wanted.secret ?? `${SECRET_PREFIX}${ctx.chance.bytes(SECRET_BYTES).toString('base64')}`
  const sealed = sealSecret(ctx, { id: webhook.id, place: 'hmac_secret' }, secret)
  const formerUntil = wanted.overlapMs > 0 ? addMs(ctx.realClock.now(), wanted.overlapMs) : null
  const until = await store.replaceSecret(ctx, { id: webhook.id, sealed, formerUntil, at: ctx.clock.stamp() })
  return { secret, formerUntil: until }
}

/** The value at rest, bound to its webhook and place. */
export function sealSecret(ctx: Ctx<'team' | 'vault'>, where: Where, clear: string): Buffer {
  return ctx.vault.seal(ctx.team, vaultPlace(where), clear)
}

/** What a webhook's deliveries are signed with now. */
export function openSecrets(
  ctx: Ctx<'team' | 'vault'>,
  sealed: {
    readonly id: WebhookId
    readonly authTokenSealed: Buffer | null
    readonly hmacSecretSealed: Buffer | null
    readonly formerHmacSecretSealed: Buffer | null
  },
): SigningSecrets {
  const { id } = sealed
  const open = (place: SecretPlace, value: Buffer | null) =>
    value && ctx.vault.open(ctx.team, vaultPlace({ id, place }), value)
  const secrets = [sealed.hmacSecretSealed, sealed.formerHmacSecretSealed].map((value) => open('hmac_secret', value))
  return {
    authToken: open('auth_token', sealed.authTokenSealed),
    hmacSecrets: secrets.filter((secret) => secret !== null),
  }
}

function vaultPlace({ id, place }: Where): string {
  return `webhooks.${place}.${id}`
}
