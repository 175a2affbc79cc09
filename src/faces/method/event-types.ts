/** The wire's names of events, and the core's topics behind them. Contract: method/webhooks-events §3. */
import { invalidRequest } from './invalid.js'
import { oneOf } from './schema.js'
import { isSince, type Version } from './versions/versions.js'

/** Resources whose changes are told as `<name>.create` and `<name>.update`. */
const RESOURCES = [
  'account',
  'account_verification',
  'account_verification_session',
  'attribute',
  'balance',
  'card_brand',
  'connect',
  'connection',
  'credit_score',
  'entity',
  'entity_verification_session',
  'identity',
  'method_jwk',
  'payment',
  'payment_reversal',
  'payoff',
  'product',
  'report',
  'sensitive',
  'subscription',
  'transaction',
  'update',
] as const
const NEWEST_RESOURCES = [
  'account_attribute',
  'entity_attribute',
  'entity_vehicle',
  'manual_connect',
  'payment_instrument',
] as const

const ATTRIBUTES = [
  'credit_card_usage',
  'derogatory_marks',
  'hard_inquiries',
  'total_accounts',
  'credit_age',
  'payment_history',
  'open_accounts',
] as const
const NEWEST_ATTRIBUTES = [
  'open_accounts',
  'total_accounts',
  'credit_card_usage',
  'soft_inquiries',
  'hard_inquiries',
] as const

const changesOf = <Name extends string>(names: readonly Name[]) =>
  names.flatMap((name) => [`${name}.create`, `${name}.update`] as const)
const movesOf = <Figure extends string>(figures: readonly Figure[]) =>
  figures.flatMap((figure) => [`${figure}.increased`, `${figure}.decreased`] as const)

const OLDER = [
  ...changesOf(RESOURCES),
  'account.opened',
  'account.closed',
  ...movesOf(['credit_score']),
  'connect.available',
  'card_brand.available',
  ...movesOf(ATTRIBUTES.map((name) => `attribute.credit_health_${name}` as const)),
] as const

const NEWEST = [
  ...changesOf(NEWEST_RESOURCES),
  'account.balance_increased',
  'account.balance_decreased',
  'account.credit_limit_increased',
  'account.credit_limit_decreased',
  'account.number.update',
  'credit_score.available',
  'entity.new_accounts_pending_consent',
  ...movesOf(NEWEST_ATTRIBUTES.map((name) => `entity_attribute.credit_health_${name}_value` as const)),
] as const

export type EventTypeName = (typeof OLDER)[number] | (typeof NEWEST)[number]

/** Clearspan's own: what Method has no word for. */
export const OWN_TYPES = ['webhook.disabled'] as const

/** Every type that can be subscribed to before 2025-12-01. */
export const WIRE_TYPES: readonly string[] = OLDER
/** Types that came with 2025-12-01. */
export const NEWEST_TYPES: readonly string[] = NEWEST

export const EventType = oneOf([...WIRE_TYPES, ...NEWEST_TYPES])

/** The type, when callers of the version know it. Refuses the request otherwise. */
export function knownType(type: string, version: Version): string {
  if (!NEWEST_TYPES.includes(type) || isSince(version, '2025-12-01')) return type
  throw invalidRequest('type', `is known from 2025-12-01 on. Use any of: ${WIRE_TYPES.join(', ')}.`)
}

const resourceWords: Readonly<Record<string, string>> = {
  account_attribute: 'attribute',
  entity: 'consumer',
  entity_attribute: 'attribute',
  entity_vehicle: 'vehicle',
  entity_verification_session: 'verification_session',
  method_jwk: 'signing_key',
}
const opWords: Readonly<Record<string, string>> = {
  create: 'created',
  'number.update': 'number_updated',
  update: 'updated',
}

/** `entity.create` → `consumer.created`. */
export function topicOf(wireType: string): string {
  const [resource = '', ...op] = wireType.split('.')
  // The core has no prefix on its figures of credit health, and no word for their being values.
  const last = op.join('.').replace(/^credit_health_(\w+?)(?:_value)?\./, '$1.')
  return `${resourceWords[resource] ?? resource}.${opWords[last] ?? last}`
}

const ownWords: Readonly<Record<string, string>> = { consumer: 'entity', signing_key: 'method_jwk' }
const wireWords = Object.fromEntries(Object.entries(opWords).map(([wire, core]) => [core, wire]))
const ATTRIBUTE_MOVE = /^attribute\.(\w+)\.((?:in|de)creased)$/

/** `consumer.created` → `entity.create`: how an event is called where nobody asked for it by another name. */
export function wireTypeOf(topic: string): string {
  const [, figure, direction] = ATTRIBUTE_MOVE.exec(topic) ?? []
  if (figure !== undefined) {
    const isOld = ATTRIBUTES.some((name) => name === figure)
    return isOld
      ? `attribute.credit_health_${figure}.${direction}`
      : `entity_attribute.credit_health_${figure}_value.${direction}`
  }
  const [resource = '', ...op] = topic.split('.')
  const last = op.join('.')
  return `${ownWords[resource] ?? resource}.${wireWords[last] ?? last}`
}

const oldTopics = new Set(WIRE_TYPES.map(topicOf))
const NEWEST_TOPICS = [...new Set(NEWEST_TYPES.map(topicOf))].filter((topic) => !oldTopics.has(topic))

/** Topics that callers of a version have no word for. */
export function topicsUnknownTo(version: Version): readonly string[] {
  return isSince(version, '2025-12-01') ? [] : NEWEST_TOPICS
}
