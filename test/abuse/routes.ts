/**
 * Every route of the method face, read from the document it publishes, so that a new route is abused from its first day.
 * What the document can't tell stands here: whose id each place in a path takes, and a body that each write would accept.
 * A route that is missing here fails the tests with its name.
 */
import { signingKeyId } from '../../src/core/signing/signing.js'
import type { Wire } from '../../src/faces/method/versions/versions.js'
import {
  connectedKevin,
  IDENTITY_SESSION,
  KEVIN,
  type Kevin,
  type MethodApi,
  PHONE_SESSION,
} from '../setup/method-api.js'

export interface Route {
  readonly method: string
  /** Below the face's prefix, with its places: `/entities/{ent_id}`. */
  readonly path: string
  readonly takesBody: boolean
}

/** Needs no key, as the document needs none. */
export async function publishedRoutes(server: { readonly url: string }): Promise<readonly Route[]> {
  const document = (await (await fetch(`${server.url}/method/openapi.json`)).json()) as Wire
  return Object.entries(document.paths as Record<string, Record<string, Wire>>).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path: path.replace(/^\/method/, ''),
      takesBody: operation.requestBody !== undefined,
    })),
  )
}

const bodies: Readonly<Record<string, object>> = {
  'POST /entities': KEVIN,
  'PUT /entities/{}': { individual: { email: 'kevin.doyle@example.com' } },
  'POST /entities/{}/verification_sessions': PHONE_SESSION,
  'PUT /entities/{}/verification_sessions/{}': IDENTITY_SESSION,
  'POST /entities/{}/consent': { type: 'withdraw', reason: 'entity_withdrew_consent' },
  'POST /entities/{}/connect': {},
  'POST /entities/{}/credit_scores': {},
  'POST /entities/{}/identities': {},
  'POST /entities/{}/attributes': {},
  'POST /entities/{}/vehicles': {},
  'POST /entities/{}/subscriptions': { enroll: 'connect' },
  'POST /entities/{}/manual_connect': {},
  'POST /accounts/{}/subscriptions': { enroll: 'update' },
  'POST /accounts': {
    holder_id: 'ent_4444444444444',
    ach: { routing: '062103000', number: '123456789', type: 'checking' },
  },
  'PUT /accounts/{}': { liability: {} },
  'POST /accounts/{}/verification_sessions': { type: 'standard' },
  'PUT /accounts/{}/verification_sessions/{}': { standard: { number: '5555555555551580' } },
  'POST /accounts/{}/consent': { type: 'withdraw', reason: 'holder_withdrew_consent' },
  'POST /elements/token': { type: 'connect', connect: { entity: { type: 'individual', individual: {} } } },
  'POST /opal/token': { mode: 'transactions', transactions: {}, entity: { type: 'individual' } },
  'PUT /elements/sessions/{}': { balance_transfer: { loan_details_approved_amount: 100 } },
  'POST /accounts/{}/balances': {},
  'POST /accounts/{}/updates': {},
  'POST /accounts/{}/payoffs': {},
  'POST /accounts/{}/card_brands': {},
  'POST /accounts/{}/sensitive': { expand: ['credit_card.number'] },
  'POST /accounts/{}/attributes': {},
  'POST /accounts/{}/payment_instruments': { type: 'card' },
  'POST /reports': { type: 'payments.created.current' },
  'POST /webhooks': { type: 'balance.update', url: 'https://example.com/hooks' },
  'PATCH /webhooks/{}': { status: 'active' },
  'POST /simulate/accounts/{}/transactions': {},
  'POST /simulate/accounts/{}/card_brands': { brand_id: 'pdt_15_brd_1' },
  'POST /simulate/entities/{}/connect': { behaviors: ['new_mortgage_account'] },
  'POST /simulate/entities/{}/connect/{}': { behaviors: ['new_mortgage_account'] },
  'POST /simulate/entities/{}/attributes': { behaviors: ['new_soft_inquiry'] },
  'POST /simulate/entities/{}/attributes/{}': { behaviors: ['new_soft_inquiry'] },
  'POST /simulate/entities/{}/credit_scores/{}': {
    scores: [
      { score: 700, source: 'equifax', model: 'vantage_4', factors: [], created_at: '2024-08-01T12:00:00.000Z' },
    ],
  },
  'POST /simulate/events': { type: 'account.closed', account_id: 'acc_4444444444444' },
  'POST /simulate/clock': { advance: 1 },
  'POST /payments': {
    amount: 5000,
    source: 'acc_4444444444444',
    destination: 'acc_4444444444444',
    description: 'Abuse',
  },
  'PUT /payments/{}/reversals/{}': { status: 'pending' },
  'POST /simulate/payments/{}': { status: 'processing' },
  'POST /simulate/payments/payment_instruments/{}': { amount: 100 },
  'POST /simulate/personas': { personas: [{ phone: '+15125550142' }] },
}

/** A body that the route accepts. */
export function bodyFor({ method, path, takesBody }: Route): object | undefined {
  if (!takesBody) return undefined
  const route = `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`
  const body = bodies[route]
  if (!body) throw new Error(`test/abuse/routes.ts has no body for ${route}. Add one that the route accepts.`)
  return body
}

/** One id for each kind of place: the path before it, without its own places. */
export type Ids = Readonly<Record<string, string>>

/** Where the owner of a place's id stands among the ids, when it is not the usual one. */
export const ownerOf = (place: string): string => `${place} of`

/** The path with an id in each of its places. */
export function fillPath(path: string, ids: Ids): string {
  const inner = placesOf(path).at(-1) ?? ''
  return path.replaceAll(/\{\w+\}/g, (_, offset: number) => {
    const place = placeAt(path, offset)
    const id = (place === inner ? undefined : ids[ownerOf(inner)]) ?? ids[place]
    if (!id) throw new Error(`test/abuse/routes.ts has no id for ${place}/{}. Add one to ownedIds.`)
    return id
  })
}

/** The places of a path, outermost first. */
export function placesOf(path: string): readonly string[] {
  return [...path.matchAll(/\{\w+\}/g)].map(({ index }) => placeAt(path, index))
}

function placeAt(path: string, offset: number): string {
  return path.slice(0, offset - 1).replaceAll(/\/\{\w+\}/g, '')
}

/** The catalogue and the server's keys belong to nobody, and a phone that opens its link has no key. */
export const PUBLIC_PLACES: readonly string[] = [
  '/merchants',
  '/method_jwks',
  '/sna',
  '/card_products',
  '/card_product',
  '/images/card_brands',
]

export interface Owned {
  readonly kevin: Kevin
  readonly ids: Ids
}

/** Something of every kind, made by and belonging to the caller's team. */
export async function ownedIds(api: MethodApi): Promise<Owned> {
  const kevin = await connectedKevin(api)
  const { entityId, cardId } = kevin
  const idOf = async (path: string, body: object) => (await api.post(path, body)).body.data.id as string
  const firstOf = async (path: string) => (Object.values((await api.get(path)).body.data)[0] as Wire).id
  const ids = {
    '/entities': entityId,
    '/entities/verification_sessions': kevin.identitySessionId,
    '/entities/connect': kevin.connectId,
    '/entities/credit_scores': await idOf(`/entities/${entityId}/credit_scores`, {}),
    '/entities/identities': await idOf(`/entities/${entityId}/identities`, {}),
    '/entities/attributes': await idOf(`/entities/${entityId}/attributes`, {}),
    '/entities/vehicles': await idOf(`/entities/${entityId}/vehicles`, {}),
    '/entities/subscriptions': await idOf(`/entities/${entityId}/subscriptions`, { enroll: 'credit_score' }),
    '/entities/products': await firstOf(`/entities/${entityId}/products`),
    '/accounts': cardId,
    '/accounts/balances': await idOf(`/accounts/${cardId}/balances`, {}),
    '/accounts/updates': await idOf(`/accounts/${cardId}/updates`, {}),
    '/accounts/subscriptions': await idOf(`/accounts/${cardId}/subscriptions`, { enroll: 'update.snapshot' }),
    ...sessionIds(cardId, await idOf(`/accounts/${cardId}/verification_sessions`, { type: 'standard' })),
    '/accounts/card_brands': await idOf(`/accounts/${cardId}/card_brands`, {}),
    '/accounts/attributes': await idOf(`/accounts/${cardId}/attributes`, {}),
    ...(await loanIds(api, entityId)),
    ...(await provenIds(api)),
    // Ordinary teams have none of these.
    '/accounts/payment_instruments': `pmt_inst_${'3'.repeat(13)}`,
    '/simulate/payments/payment_instruments': `pmt_inst_${'3'.repeat(13)}`,
    '/entities/manual_connect': `mcxn_${'3'.repeat(13)}`,
    '/images/card_brands': 'pdt_15_brd_1.svg',
    '/card_products': 'pdt_15',
    '/card_product': 'pdt_15',
    '/accounts/products': await firstOf(`/accounts/${cardId}/products`),
    '/reports': await idOf('/reports', { type: 'payments.created.current' }),
    '/webhooks': await idOf('/webhooks', { type: 'entity.create', url: 'https://example.com/hooks' }),
    ...(await paymentIds(api, kevin)),
    '/events': await firstEventOf(api),
    '/merchants': 'mch_3',
    '/method_jwks': await firstKeyOf(api),
    ...(await elementIds(api, entityId)),
    ...(await phoneIds(api)),
    ...rehearsedIds(entityId, await idOf(`/entities/${entityId}/credit_scores`, {})),
  }
  return { kevin, ids }
}

/** A session of a card, by its address and by that of rehearsals. */
function sessionIds(cardId: string, sessionId: string): Ids {
  return {
    '/accounts/verification_sessions': sessionId,
    '/simulate/accounts': cardId,
    '/simulate/accounts/verification_sessions': sessionId,
  }
}

/** What of a connected entity is rehearsed; clients say its id a second time. */
function rehearsedIds(entityId: string, scoreId: string): Ids {
  const base = '/simulate/entities'
  const ids = {
    [`${base}/credit_scores`]: scoreId,
    [`${base}/connect`]: entityId,
    [`${base}/attributes`]: entityId,
  }
  return { ...ids, ...Object.fromEntries(Object.keys(ids).map((place) => [ownerOf(place), entityId])) }
}

async function firstKeyOf(api: MethodApi): Promise<string> {
  const [key] = (await api.get('/.well-known/jwks.json')).body.keys
  return `mthd_jwk_${signingKeyId(key.kid)}`
}

/** What the owner gets who reads with `ownedIds`: 200, but a card's session has no amounts to read. */
export function ownersStatus({ path }: Route): number {
  if (/\/(payment_instruments|manual_connect)\//.test(path)) return 404
  return path.endsWith('/amounts') ? 400 : 200
}

/** What only a proven card that is enrolled for it has. */
async function transactionIds(api: MethodApi, cardId: string): Promise<Ids> {
  await api.post(`/accounts/${cardId}/subscriptions`, { enroll: 'transactions' })
  const { data } = (await api.post(`/simulate/accounts/${cardId}/transactions`, {})).body
  return { '/accounts/transactions': data.id, [ownerOf('/accounts/transactions')]: cardId }
}

/** A payment whose reversal waits for approval. */
async function paymentIds(api: MethodApi, { entityId, cardId }: Kevin): Promise<Ids> {
  const ach = { routing: '062103000', number: '123456789', type: 'checking' }
  const { data: source } = (await api.post('/accounts', { holder_id: entityId, ach })).body
  const body = { amount: 5000, source: source.id, destination: cardId, description: 'Abuse' }
  const { id } = (await api.post('/payments', body)).body.data
  await api.post(`/simulate/payments/${id}`, { status: 'processing' })
  await api.post(`/simulate/payments/${id}`, { status: 'sent' })
  const failing = { status: 'reversal_required', error_code: 10001 }
  const { data } = (await api.post(`/simulate/payments/${id}`, failing)).body
  return { '/payments': id, '/simulate/payments': id, '/payments/reversals': data.reversal_id }
}

/** An entity's own creation. */
async function firstEventOf(api: MethodApi): Promise<string> {
  return (await api.get('/events?type=entity.create')).body.data[0].id
}

/** What only a loan has. */
async function loanIds(api: MethodApi, entityId: string): Promise<Ids> {
  const [loan] = (await api.get(`/accounts?holder_id=${entityId}&liability.type=auto_loan`)).body.data
  const { data } = (await api.post(`/accounts/${loan.id}/payoffs`, {})).body
  return { '/accounts/payoffs': data.id, [ownerOf('/accounts/payoffs')]: loan.id }
}

/** What only a proven card has. */
async function provenIds(api: MethodApi): Promise<Ids> {
  const { cardId } = await connectedKevin(api)
  const sessions = `/accounts/${cardId}/verification_sessions`
  const session = (await api.post(sessions, { type: 'pre_auth' })).body.data
  await api.put(`${sessions}/${session.id}`, { pre_auth: { cvv: '878' } })
  const { data } = (await api.post(`/accounts/${cardId}/sensitive`, { expand: ['credit_card.number'] })).body
  return {
    '/accounts/sensitive': data.id,
    [ownerOf('/accounts/sensitive')]: cardId,
    ...(await transactionIds(api, cardId)),
  }
}

/** A token and the session behind it. */
async function elementIds(api: MethodApi, entityId: string): Promise<Ids> {
  const amounts = [
    'payout_amount_min',
    'minimum_loan_amount',
    'payout_residual_amount_max',
    'loan_details_requested_amount',
  ]
  const terms = ['loan_details_requested_rate', 'loan_details_requested_term', 'loan_details_requested_monthly_payment']
  const balance_transfer = Object.fromEntries([...amounts, ...terms].map((name) => [name, 100]))
  const body = { type: 'balance_transfer', entity_id: entityId, balance_transfer }
  const { element_token, element_session_id } = (await api.post('/elements/token', body)).body.data
  return { '/elements/token': element_token, '/elements/sessions': element_session_id }
}

/** Phone sessions that wait: one by text, one by links. */
async function phoneIds(api: MethodApi): Promise<Ids> {
  const individual = { first_name: 'Ada', last_name: 'Waits', phone: '+15125550123' }
  const { id } = (await api.post('/entities', { type: 'individual', individual })).body.data
  const begin = async (method: string) =>
    (await api.post(`/entities/${id}/verification_sessions`, { type: 'phone', method, [method]: {} })).body.data
  const [text, link] = [await begin('sms'), await begin('sna')]
  return {
    '/simulate/entities': id,
    '/simulate/entities/verification_sessions': text.id,
    '/sna': link.id,
  }
}

/** Ids of the same kinds that belong to nothing. */
export function unknownIds(ids: Ids): Ids {
  return Object.fromEntries(
    Object.entries(ids).map(([place, id]) => {
      const start = id.lastIndexOf('_') + 1
      return [place, id.slice(0, start) + '4'.repeat(id.length - start)]
    }),
  )
}
