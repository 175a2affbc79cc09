/** How this face words a delivery. Contract: method/webhooks-events §2, §5. */
import { createHmac } from 'node:crypto'
import type { AccountVerificationSession } from '../../core/account-verification/account-verification.js'
import type { Account } from '../../core/accounts/accounts.js'
import type { Consumer } from '../../core/consumers/consumers.js'
import type { Ctx } from '../../core/ctx.js'
import type { RecordedEvent } from '../../core/events/events.js'
import type { Payment, Reversal } from '../../core/payments/payments.js'
import type { ProductSnapshot, Retrieval } from '../../core/products/products.js'
import type { Report } from '../../core/reports/reports.js'
import type { SigningKey } from '../../core/signing/signing.js'
import type { Subscription } from '../../core/subscriptions/subscriptions.js'
import type { Transaction } from '../../core/transactions/transactions.js'
import type { VerificationSession } from '../../core/verification/verification.js'
import type { Speller, Webhook } from '../../core/webhooks/webhooks.js'
import { accountSessionIds } from './account-verification-wire.js'
import { accountWire } from './account-wire.js'
import { entityWire } from './entities.js'
import { eventWire, type Reader } from './events-wire.js'
import { spellEventId, spellId } from './ids.js'
import { signingKeyWire } from './jwks.js'
import { paymentWire, reversalWire } from './payment-wire.js'
import { isKnownProduct } from './product-names.js'
import { retrievalWire } from './retrieval-wire.js'
import { subscriptionWire } from './subscriptions.js'
import { transactionWire } from './transaction-wire.js'
import { sessionIds } from './verification-session-wire.js'
import { isSince, type Version, type VersionedResource, type Wire } from './versions/versions.js'

export interface Told {
  /** Whether the resource has Event records that a payload points to. */
  readonly hasEvents: boolean
  readonly path: (snapshot: Wire) => string
  readonly wire: (snapshot: object, ctx: Ctx<'team' | 'vault'>) => Wire
  readonly refs: (snapshot: Wire) => Readonly<Record<string, string>>
  readonly resource?: VersionedResource
}

const ofAccount = (noun: string): Pick<Told, 'hasEvents' | 'path' | 'wire' | 'refs'> => ({
  hasEvents: false,
  path: ({ account_id, id }) => `/accounts/${account_id}/${noun}/${id}`,
  wire: (snapshot) => retrievalWire(snapshot as Retrieval, ''),
  refs: ({ account_id }) => ({ account: account_id }),
})

const ofEntity = (noun: string): Pick<Told, 'hasEvents' | 'path' | 'wire' | 'refs'> => ({
  hasEvents: false,
  path: ({ entity_id, id }) => `/entities/${entity_id}/${noun}/${id}`,
  wire: (snapshot) => retrievalWire(snapshot as Retrieval, ''),
  refs: ({ entity_id }) => ({ entity: entity_id }),
})

export const told: Readonly<Record<string, Told>> = {
  consumer: {
    hasEvents: true,
    path: ({ id }) => `/entities/${id}`,
    wire: (snapshot, ctx) => entityWire(snapshot as Consumer, ctx),
    refs: ({ id }) => ({ entity: id }),
    resource: 'entity',
  },
  verification_session: {
    hasEvents: false,
    path: ({ entity_id, id }) => `/entities/${entity_id}/verification_sessions/${id}`,
    wire: (snapshot) => sessionIds(snapshot as VerificationSession),
    refs: ({ entity_id }) => ({ entity: entity_id }),
    resource: 'verification_session',
  },
  account: {
    hasEvents: true,
    path: ({ id }) => `/accounts/${id}`,
    wire: (snapshot, ctx) => withMaskedNumber(accountWire(snapshot as Account, ctx)),
    refs: ({ id, holder_id }) => ({ account: id, entity: holder_id }),
    resource: 'account',
  },
  account_verification_session: {
    hasEvents: false,
    path: ({ account_id, id }) => `/accounts/${account_id}/verification_sessions/${id}`,
    wire: (snapshot) => accountSessionIds(snapshot as AccountVerificationSession),
    refs: ({ account_id }) => ({ account: account_id }),
  },
  connect: {
    hasEvents: true,
    path: ({ entity_id, id }) => `/entities/${entity_id}/connect/${id}`,
    wire: (snapshot) => retrievalWire(snapshot as Retrieval, ''),
    refs: ({ entity_id }) => ({ entity: entity_id }),
    resource: 'connect',
  },
  credit_score: { ...ofEntity('credit_scores'), hasEvents: true },
  attribute: {
    ...ofEntity('attributes'),
    hasEvents: true,
    resource: 'attribute',
    path: ({ account_id, entity_id, id }) =>
      account_id ? `/accounts/${account_id}/attributes/${id}` : `/entities/${entity_id}/attributes/${id}`,
    refs: ({ account_id, entity_id }) => (account_id ? { account: account_id } : { entity: entity_id }),
  },
  identity: ofEntity('identities'),
  manual_connect: { ...ofEntity('manual_connect'), resource: 'connect' },
  product: {
    hasEvents: false,
    path: ({ owner, id }) => `/${owner}/products/${id}`,
    wire: (snapshot) => productOf(snapshot as ProductSnapshot),
    refs: ownerRef,
  },
  subscription: {
    hasEvents: false,
    path: ({ owner, id }) => `/${owner}/subscriptions/${id}`,
    wire: (snapshot) => subscriptionOf(snapshot as Subscription),
    refs: ownerRef,
  },
  transaction: {
    ...ofAccount('transactions'),
    wire: (snapshot) => transactionWire(snapshot as Transaction),
  },
  payment: {
    hasEvents: true,
    path: ({ id }) => `/payments/${id}`,
    wire: (snapshot) => paymentWire(snapshot as Payment),
    refs: ({ id }) => ({ payment: id }),
    resource: 'payment',
  },
  payment_reversal: {
    hasEvents: false,
    path: ({ pmt_id, id }) => `/payments/${pmt_id}/reversals/${id}`,
    wire: (snapshot) => reversalWire(snapshot as Reversal),
    refs: ({ pmt_id }) => ({ payment: pmt_id }),
    resource: 'payment_reversal',
  },
  balance: ofAccount('balances'),
  card_brand: { ...ofAccount('card_brands'), resource: 'card_brand' },
  payment_instrument: { ...ofAccount('payment_instruments'), resource: 'payment_instrument' },
  payoff: ofAccount('payoffs'),
  report: {
    hasEvents: false,
    path: ({ id }) => `/reports/${id}`,
    wire: (snapshot) => ({ id: spellId('report', (snapshot as Report).id) }),
    refs: () => ({}),
  },
  sensitive: ofAccount('sensitive'),
  // Of no team's own; each team that asked is told.
  signing_key: {
    hasEvents: false,
    path: ({ id }) => `/method_jwks/${id}`,
    wire: (snapshot) => signingKeyWire(snapshot as SigningKey),
    refs: () => ({}),
  },
  update: { ...ofAccount('updates'), resource: 'update' },
  vehicle: ofEntity('vehicles'),
  webhook: {
    hasEvents: false,
    path: ({ id }) => `/webhooks/${id}`,
    wire: (snapshot) => ({ id: spellId('webhook', (snapshot as Webhook).id) }),
    refs: ({ id }) => ({ webhook: id }),
  },
}

/** A delivery is stored and leaves the house, so it tells no more of an account number than its last four. */
function withMaskedNumber(wire: Wire): Wire {
  const masked = (text: string) => text.replaceAll(/.(?=.{4})/g, 'x')
  const { ach, clearing } = wire
  return {
    ...wire,
    ...(ach ? { ach: { ...ach, number: masked(ach.number) } } : {}),
    ...(clearing ? { clearing: { ...clearing, number: masked(clearing.number) } } : {}),
  }
}

function subscriptionOf(subscription: Subscription): Wire {
  return { ...subscriptionWire(subscription), owner: ownerPath(subscription) }
}

function productOf(product: ProductSnapshot): Wire {
  return {
    id: spellId('product', product.id),
    name: product.name,
    status: product.access.status,
    owner: ownerPath(product),
  }
}

/** `entities/ent_…` or `accounts/acc_…`: where the sub-resources of an owner live. */
function ownerPath({
  ownerKind,
  ownerId,
}: {
  readonly ownerKind: 'consumer' | 'account'
  readonly ownerId: string
}): string {
  return ownerKind === 'consumer'
    ? `entities/${spellId('consumer', ownerId)}`
    : `accounts/${spellId('account', ownerId)}`
}

/** The owner that such a path names. */
function ownerRef({ owner }: Wire): Readonly<Record<string, string>> {
  const [kind, id] = String(owner).split('/')
  return { [kind === 'entities' ? 'entity' : 'account']: id ?? '' }
}

function orNull(refs: Readonly<Record<string, string>>): Readonly<Record<string, string>> | null {
  return Object.keys(refs).length === 0 ? null : refs
}

export const methodSpeller: Speller = {
  body(ctx, event, webhook) {
    const version = webhook.wireVersion as Version
    const resource = told[event.resource]
    if (!resource) throw new Error(`This face has no words for ${event.resource}.`)
    const wire = resource.wire(event.after, ctx)
    if (event.resource === 'product' && !isKnownProduct(version, wire)) return null
    if (event.resource === 'attribute' && !isAbout(webhook.wireType, wire)) return null
    const isNewest = isSince(version, '2025-12-01')
    return JSON.stringify({
      ...(isNewest ? { webhook_id: spellId('webhook', webhook.id) } : {}),
      id: wire.id,
      type: webhook.wireType,
      ...(isNewest ? { op: webhook.wireType.slice(webhook.wireType.indexOf('.') + 1) } : {}),
      path: resource.path(wire),
      ...eventMember(
        event,
        resource,
        webhook.expandEvent ? { version, wireType: webhook.wireType, ctx } : null,
        isNewest,
      ),
      ...(isNewest ? { refs: orNull(resource.refs(wire)) } : {}),
    })
  },

  // Contract: method/webhooks-events §2.5. The receiver has five seconds; only 200 counts; four more attempts.
  policy: {
    timeoutMs: 5000,
    isAccepted: (status) => status === 200,
    retryDelaysMs: [15_000, 60_000, 240_000, 960_000],
    switchesOff: true,
  },

  headers({ authToken, hmacSecrets }, { eventId, body, sentAt, attempts }) {
    const seconds = String(Math.floor(Date.parse(sentAt) / 1000))
    const messageId = spellEventId(eventId)
    const own = ownSecret(hmacSecrets, attempts)
    const signed = `${messageId}.${seconds}.${body}`
    return {
      'method-webhook-timestamp': seconds,
      'webhook-id': messageId,
      'webhook-timestamp': seconds,
      // The bare base64 text, without a scheme. Contract: method/webhooks-events §2.3.
      ...(authToken === null ? {} : { authorization: Buffer.from(authToken).toString('base64') }),
      ...(own === undefined
        ? {}
        : {
            'method-webhook-signature': createHmac('sha256', own).update(`${seconds}:${body}`).digest('hex'),
            'webhook-signature': hmacSecrets.map((secret) => standardSignature(secret, signed)).join(' '),
          }),
    }
  },
}

/**
 * The header of the contract holds one signature. While two secrets are valid they take turns, the former one first: a receiver that
 * knows only one of them, whichever, accepts the first or the second attempt.
 */
function ownSecret(secrets: readonly string[], attempts: number): string | undefined {
  return secrets[(secrets.length - 1 + attempts) % secrets.length]
}

/** As https://www.standardwebhooks.com has it: a secret that begins with `whsec_` is base64, any other is the key itself. */
function standardSignature(secret: string, signed: string): string {
  const isEncoded = secret.startsWith('whsec_')
  const key = isEncoded ? Buffer.from(secret.slice('whsec_'.length), 'base64') : secret
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`
}

/** From 2025-12-01 on a type may say whose attributes are meant. Contract: method/accounts §8. */
function isAbout(wireType: string, { account_id }: Wire): boolean {
  const [resource] = wireType.split('.')
  return resource === 'attribute' || (resource === 'account_attribute') === (account_id !== undefined)
}

function eventMember(event: RecordedEvent, resource: Told, expanded: Reader | null, isNewest: boolean): Wire {
  if (!resource.hasEvents) return isNewest ? { event: null } : {}
  if (!expanded || isNewest) return { event: spellEventId(event.id) }
  return { event: eventWire(event, resource, expanded) }
}
