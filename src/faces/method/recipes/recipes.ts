/**
 * For each type of event, the change that it tells of: made by requests that anybody could send, with whomever it needs made
 * first; a few by whoever runs the server. What these cannot bring about is never sent, and says why.
 */
import { signingKeyId } from '../../../core/signing/signing.js'
import type { TeamSettings } from '../../../core/teams/teams.js'
import type { EventTypeName } from '../event-types.js'
import { spellId } from '../ids.js'
import type { Wire } from '../versions/versions.js'
import * as cast from './cast.js'
import { CHASE, finished, idOf, LATER } from './cast.js'
import type { Stage, VersionDate } from './stage.js'

export interface Recipe {
  readonly version: VersionDate
  /** What has to be settled for the team meanwhile. */
  readonly needs: TeamSettings | null
  /** Makes the change; returns the path of what the event tells of. */
  readonly make: (stage: Stage, operator: Operator) => Promise<string>
}

/** What only whoever runs the server can do. */
export interface Operator {
  /** Makes the next key that signs webhooks; returns the name that signatures will give it. */
  rotateSigningKey(): Promise<string>
}

/** Why nothing leads there. */
export interface NeverSent {
  readonly neverSent: string
}

type Make = (stage: Stage) => Promise<string>
type Terms = Partial<Omit<Recipe, 'make'>>

const NEWEST: Terms = { version: '2025-12-01' }
const recipe = (make: Recipe['make'], terms: Terms = {}): Recipe => ({
  version: '2025-07-04',
  needs: null,
  ...terms,
  make,
})

function changes<Name extends string>(name: Name, create: Recipe['make'], update: Recipe['make'], terms?: Terms) {
  return { [`${name}.create`]: recipe(create, terms), [`${name}.update`]: recipe(update, terms) } as Record<
    `${Name}.create` | `${Name}.update`,
    Recipe
  >
}

function never<Name extends string>(name: Name, neverSent: string) {
  return { [`${name}.create`]: { neverSent }, [`${name}.update`]: { neverSent } } as Record<
    `${Name}.create` | `${Name}.update`,
    NeverSent
  >
}

/** Of an entity or account that `owner` makes: asked for, and answered later. */
function product<Name extends string>(
  name: Name,
  owner: Make,
  noun: string,
  { body = {}, ...terms }: ProductTerms = {},
) {
  return changes(
    name,
    async (stage) => finished(stage, `${await owner(stage)}/${noun}`, body),
    async (stage) => finished(stage, `${await owner(stage)}/${noun}`, body, LATER),
    terms,
  )
}
type ProductTerms = Terms & { readonly body?: object }

/** Both moves of a figure. The way down begins one higher, so that there is one. */
function moves<Name extends string>(name: Name, noun: 'attributes' | 'credit_scores', terms?: Terms) {
  const make =
    (...directions: readonly string[]): Make =>
    async (stage) => {
      const entity = await cast.connected(stage)
      await finished(stage, `${entity}/${noun}`)
      for (const direction of directions) {
        await stage.post('/simulate/events', { type: `${name}.${direction}`, entity_id: idOf(entity) })
      }
      const [newest] = (await stage.get(`${entity}/${noun}`)) as unknown as readonly Wire[]
      return `${entity}/${noun}/${newest?.id}`
    }
  return {
    [`${name}.increased`]: recipe(make('increased'), terms),
    [`${name}.decreased`]: recipe(make('increased', 'decreased'), terms),
  } as Record<`${Name}.increased` | `${Name}.decreased`, Recipe>
}

const OWED = { balance: 250_00, credit_limit: 900_00 }
const figure = (before: Partial<typeof OWED>, after: Partial<typeof OWED>) =>
  recipe((stage) => cast.cardThatMoves(stage, { ...OWED, ...before }, { ...OWED, ...after }), NEWEST)

const INSTRUMENTS: Terms = { ...NEWEST, needs: { products: { granted: ['payment_instrument'] } } }
const BROUGHT: ProductTerms = {
  ...NEWEST,
  needs: { products: { granted: ['manual_connect'] } },
  body: { bureau: 'equifax', tradelines: [{ mch_id: CHASE, account_number: '4936494462408721' }] },
}
const FORMER = 'It belongs to an earlier generation of the API: it can be registered, and nothing is told by it.'

const ofEntities = {
  ...changes('entity', cast.kevin, async (stage) => {
    const entity = await cast.nobody(stage)
    await stage.put(entity, { individual: { email: 'ada@example.com' } })
    return entity
  }),
  'entity.new_accounts_pending_consent': recipe(
    async (stage) => {
      const entity = await cast.connected(stage)
      await stage.post(`/simulate${entity}/connect`, { behaviors: ['new_credit_card_account'] })
      await finished(stage, `${entity}/connect`)
      return entity
    },
    { ...NEWEST, needs: { method: { entities: { newAccountsAwaitConsent: true } } } },
  ),
  ...changes('entity_verification_session', textSession, async (stage) => {
    const session = await textSession(stage)
    const { sms_code } = await stage.get(`/simulate${session}/code`)
    await stage.put(session, { type: 'phone', method: 'sms', sms: { sms_code } })
    return session
  }),
  ...product('connect', cast.verified, 'connect'),
  'connect.available': recipe(async (stage) => finished(stage, `${await cast.verified(stage)}/connect`)),
  ...product('credit_score', cast.verified, 'credit_scores'),
  'credit_score.available': recipe(
    async (stage) => finished(stage, `${await cast.verified(stage)}/credit_scores`),
    NEWEST,
  ),
  ...moves('credit_score', 'credit_scores'),
  ...product('identity', cast.kevin, 'identities'),
  ...product('attribute', cast.connected, 'attributes'),
  ...product('entity_attribute', cast.connected, 'attributes', NEWEST),
  ...product('entity_vehicle', cast.connected, 'vehicles', NEWEST),
  ...changes(
    'product',
    (stage) => firstProduct(stage, cast.kevin),
    (stage) => firstProduct(stage, cast.verified),
    { version: '2024-04-04' },
  ),
  ...moves('attribute.credit_health_credit_card_usage', 'attributes'),
  ...moves('attribute.credit_health_derogatory_marks', 'attributes'),
  ...moves('attribute.credit_health_hard_inquiries', 'attributes'),
  ...moves('attribute.credit_health_total_accounts', 'attributes'),
  ...moves('attribute.credit_health_credit_age', 'attributes'),
  ...moves('attribute.credit_health_payment_history', 'attributes'),
  ...moves('attribute.credit_health_open_accounts', 'attributes'),
  ...moves('entity_attribute.credit_health_open_accounts_value', 'attributes', NEWEST),
  ...moves('entity_attribute.credit_health_total_accounts_value', 'attributes', NEWEST),
  ...moves('entity_attribute.credit_health_credit_card_usage_value', 'attributes', NEWEST),
  ...moves('entity_attribute.credit_health_soft_inquiries_value', 'attributes', NEWEST),
  ...moves('entity_attribute.credit_health_hard_inquiries_value', 'attributes', NEWEST),
}

const ofAccounts = {
  ...changes(
    'account',
    async (stage) => cast.checking(stage, await cast.nobody(stage)),
    async (stage) => {
      const account = await cast.card(stage)
      await stage.post(`${account}/subscriptions`, { enroll: 'update' })
      return account
    },
  ),
  'account.opened': recipe(async (stage) => {
    const entity = await cast.connected(stage)
    await stage.post(`/simulate${entity}/connect`, { behaviors: ['new_credit_card_account'] })
    const { accounts } = await stage.post(`${entity}/connect`)
    return `/accounts/${accounts[0]}`
  }),
  'account.closed': recipe(async (stage) => {
    const account = await cast.card(stage)
    await stage.post('/simulate/events', { type: 'account.closed', account_id: idOf(account) })
    return account
  }),
  'account.balance_increased': figure({}, { balance: 300_00 }),
  'account.balance_decreased': figure({}, { balance: 200_00 }),
  'account.credit_limit_increased': figure({}, { credit_limit: 1000_00 }),
  'account.credit_limit_decreased': figure({}, { credit_limit: 800_00 }),
  'account.number.update': recipe(async (stage) => {
    const holder_id = idOf(await cast.nobody(stage))
    const liability = { mch_id: CHASE, account_number: '4936494462408721' }
    const { id } = await stage.post('/accounts', { holder_id, liability })
    await stage.put(`/accounts/${id}`, { liability: { credit_card: { number: '4111111111111111' } } })
    return `/accounts/${id}`
  }, NEWEST),
  ...changes(
    'account_verification_session',
    async (stage) => {
      const sessions = `${await cast.card(stage)}/verification_sessions`
      return `${sessions}/${(await stage.post(sessions, { type: 'pre_auth' })).id}`
    },
    async (stage) => cast.prove(stage, await cast.card(stage)),
  ),
  ...product('account_attribute', cast.card, 'attributes', NEWEST),
  ...product('balance', cast.card, 'balances'),
  ...product('card_brand', cast.card, 'card_brands'),
  'card_brand.available': recipe(async (stage) => {
    const account = await cast.provenCard(stage)
    await finished(stage, `${account}/card_brands`)
    await stage.post(`${account}/subscriptions`, { enroll: 'card_brand' })
    const { id } = await stage.post(`/simulate${account}/card_brands`, { brand_id: 'pdt_16_brd_1' })
    return `${account}/card_brands/${id}`
  }),
  ...product('payoff', cast.autoLoan, 'payoffs'),
  ...product('sensitive', cast.provenCard, 'sensitive', { body: { expand: ['credit_card.number'] } }),
  ...product('update', cast.card, 'updates'),
  ...changes('subscription', enrolled, async (stage) => {
    const subscription = await enrolled(stage)
    await stage.remove(subscription)
    return subscription
  }),
  ...changes('transaction', purchase, purchase),
  ...changes(
    'payment_instrument',
    async (stage) => finished(stage, `${await cast.provenCard(stage)}/payment_instruments`, { type: 'card' }),
    async (stage) => {
      const path = await finished(stage, `${await cast.provenCard(stage)}/payment_instruments`, { type: 'card' })
      await stage.remove(path)
      return path
    },
    INSTRUMENTS,
  ),
}

const ofMoney = {
  ...changes('payment', cast.payment, async (stage) => {
    const payment = await cast.payment(stage)
    await stage.post(`/simulate${payment}`, { status: 'processing' })
    return payment
  }),
  ...changes('payment_reversal', cast.reversal, async (stage) => {
    const reversal = await cast.reversal(stage)
    await stage.put(reversal, { status: 'pending' })
    return reversal
  }),
  'report.create': recipe(async (stage) => finished(stage, '/reports', { type: 'payments.created.current' })),
  'report.update': recipe(async (stage) => finished(stage, '/reports', { type: 'payments.created.current' }, LATER)),
}

const keyPath = (kid: string) => `/method_jwks/${spellId('signing_key', signingKeyId(kid))}`

const ofKeys = changes(
  'method_jwk',
  async (_, operator) => keyPath(await operator.rotateSigningKey()),
  // By the next one it learns until when it counts.
  async (_, operator) => {
    const path = keyPath(await operator.rotateSigningKey())
    await operator.rotateSigningKey()
    return path
  },
)

/** A recipe for every type, or why there is none. */
export const recipes: Readonly<Record<EventTypeName, Recipe | NeverSent>> = {
  ...ofEntities,
  ...ofAccounts,
  ...ofMoney,
  ...never('account_verification', FORMER),
  ...never('connection', FORMER),
  ...product('manual_connect', cast.verified, 'manual_connect', BROUGHT),
  ...ofKeys,
}

async function textSession(stage: Stage): Promise<string> {
  const sessions = `${await cast.kevin(stage)}/verification_sessions`
  return `${sessions}/${(await stage.post(sessions, { type: 'phone', method: 'sms', sms: {} })).id}`
}

async function firstProduct(stage: Stage, owner: Make): Promise<string> {
  const entity = await owner(stage)
  const { connect } = await stage.get(`${entity}/products`)
  return `${entity}/products/${connect.id}`
}

async function enrolled(stage: Stage): Promise<string> {
  const subscriptions = `${await cast.card(stage)}/subscriptions`
  return `${subscriptions}/${(await stage.post(subscriptions, { enroll: 'update' })).id}`
}

async function purchase(stage: Stage): Promise<string> {
  const account = await cast.provenCard(stage)
  await stage.post(`${account}/subscriptions`, { enroll: 'transaction' })
  return `${account}/transactions/${(await stage.post(`/simulate${account}/transactions`)).id}`
}
