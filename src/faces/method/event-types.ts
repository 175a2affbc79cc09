/** The wire's names of events, and the core's topics behind them. Contract: method/webhooks-events §3. */

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

const ATTRIBUTES = [
  'credit_card_usage',
  'derogatory_marks',
  'hard_inquiries',
  'total_accounts',
  'credit_age',
  'payment_history',
  'open_accounts',
] as const

const OTHERS = ['account.opened', 'account.closed', 'credit_score.increased', 'credit_score.decreased'] as const
const LATER = ['connect.available', 'card_brand.available'] as const

/** Types that came with 2025-12-01. */
export const NEWEST_TYPES: readonly string[] = [
  ...['account_attribute', 'entity_attribute', 'payment_instrument'].flatMap((name) => [
    `${name}.create`,
    `${name}.update`,
  ]),
  'credit_score.available',
  'account.number.update',
]

/** Clearspan's own: what Method has no word for. */
export const OWN_TYPES = ['webhook.disabled'] as const

/** Every type that can be subscribed to before 2025-12-01. */
export const WIRE_TYPES: readonly string[] = [
  ...RESOURCES.flatMap((name) => [`${name}.create`, `${name}.update`]),
  ...OTHERS,
  ...LATER,
  ...ATTRIBUTES.flatMap((name) => [
    `attribute.credit_health_${name}.increased`,
    `attribute.credit_health_${name}.decreased`,
  ]),
]

const resourceWords: Readonly<Record<string, string>> = {
  account_attribute: 'attribute',
  entity: 'consumer',
  entity_attribute: 'attribute',
  entity_verification_session: 'verification_session',
}
const opWords: Readonly<Record<string, string>> = {
  create: 'created',
  'number.update': 'number_updated',
  update: 'updated',
}

/** `entity.create` → `consumer.created`. */
export function topicOf(wireType: string): string {
  const [resource = '', ...op] = wireType.split('.')
  // The core has no prefix on its figures of credit health.
  const last = op.join('.').replace(/^credit_health_/, '')
  return `${resourceWords[resource] ?? resource}.${opWords[last] ?? last}`
}

const wireWords = Object.fromEntries(Object.entries(opWords).map(([wire, core]) => [core, wire]))
const ATTRIBUTE_MOVE = /^attribute\.(\w+\.(?:increased|decreased))$/

/** `consumer.created` → `entity.create`: how an event is called where nobody asked for it by another name. */
export function wireTypeOf(topic: string): string {
  const move = ATTRIBUTE_MOVE.exec(topic)?.[1]
  if (move !== undefined) return `attribute.credit_health_${move}`
  const [resource = '', ...op] = topic.split('.')
  const last = op.join('.')
  return `${resource === 'consumer' ? 'entity' : resource}.${wireWords[last] ?? last}`
}
