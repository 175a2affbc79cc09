/**
 * Every operation of the protocols that Clearspan means to speak, from docs/contract. Whether one works is not written
 * here but found out from the running routes; `partly` only says what a route that exists leaves out.
 */
import { METHODS } from '../../src/core/verification/verification.js'

export interface Protocol {
  readonly title: string
  /** Where its routes lie. */
  readonly prefix: string
  readonly contract: string
  readonly areas: readonly Area[]
  /** What an operation that has a route does not do yet. */
  readonly partly: Readonly<Record<string, string>>
}

export interface Area {
  readonly title: string
  /** As the contract spells them: `POST /entities`. */
  readonly operations: readonly string[]
}

const area = (title: string, ...operations: readonly string[]): Area => ({ title, operations })

/** The three operations of something that is requested and then read. */
function requested(title: string, base: string, id: string): Area {
  return area(title, `POST ${base}`, `GET ${base}`, `GET ${base}/{${id}}`)
}

function products(base: string): readonly string[] {
  return [`GET ${base}/products`, `GET ${base}/products/{prd_id}`]
}

function subscriptions(base: string): readonly string[] {
  const path = `${base}/subscriptions`
  return [`POST ${path}`, `GET ${path}`, `GET ${path}/{sub_id}`, `DELETE ${path}/{sub_id}`]
}

function sessions(base: string, id: string): readonly string[] {
  const path = `${base}/verification_sessions`
  return [`POST ${path}`, `GET ${path}`, `GET ${path}/{${id}}`, `PUT ${path}/{${id}}`]
}

const ENTITY = '/entities/{ent_id}'
const ACCOUNT = '/accounts/{acc_id}'

// What a caller may ask for; `method_verified` sessions are made by the server.
const SESSION_METHODS: readonly string[] = ['sms', 'sna', 'byo_sms', 'byo_kyc', 'kba', 'element', 'opal']

const method: Protocol = {
  title: 'Method',
  prefix: '/method',
  contract: 'contract/method/conventions.md',
  areas: [
    area('Health', 'GET /ping'),
    area('Entities', 'POST /entities', 'GET /entities', `GET ${ENTITY}`, `PUT ${ENTITY}`, `POST ${ENTITY}/consent`),
    area('Entity verification', ...sessions(ENTITY, 'evf_id'), 'GET /sna/{evf_id}/{sna_vrf_id}'),
    requested('Connect', `${ENTITY}/connect`, 'cxn_id'),
    requested('Credit scores', `${ENTITY}/credit_scores`, 'crs_id'),
    requested('Identities', `${ENTITY}/identities`, 'idn_id'),
    requested('Attributes of an entity', `${ENTITY}/attributes`, 'attr_id'),
    requested('Vehicles', `${ENTITY}/vehicles`, 'id'),
    area('Products of an entity', ...products(ENTITY)),
    area('Subscriptions of an entity', ...subscriptions(ENTITY)),
    area('Manual connect', `POST ${ENTITY}/manual_connect`, `GET ${ENTITY}/manual_connect/{mcxn_id}`),
    area('Accounts', 'POST /accounts', 'GET /accounts', `GET ${ACCOUNT}`, `PUT ${ACCOUNT}`, `POST ${ACCOUNT}/consent`),
    area(
      'Account verification',
      ...sessions(ACCOUNT, 'avf_id'),
      `GET ${ACCOUNT}/verification_sessions/{avf_id}/amounts`,
    ),
    requested('Balances', `${ACCOUNT}/balances`, 'bal_id'),
    requested('Updates', `${ACCOUNT}/updates`, 'upt_id'),
    requested('Payoffs', `${ACCOUNT}/payoffs`, 'pyf_id'),
    area(
      'Card brands',
      `POST ${ACCOUNT}/card_brands`,
      `GET ${ACCOUNT}/card_brands`,
      `GET ${ACCOUNT}/card_brands/{cbrd_id}`,
      'GET /card_products/{pdt_id}',
      'GET /card_product/{pdt_id}',
      'GET /images/card_brands/{file}',
    ),
    requested('Sensitive account numbers', `${ACCOUNT}/sensitive`, 'astv_id'),
    area('Transactions', `GET ${ACCOUNT}/transactions`, `GET ${ACCOUNT}/transactions/{txn_id}`),
    requested('Attributes of an account', `${ACCOUNT}/attributes`, 'acc_attr_id'),
    area(
      'Payment instruments',
      `POST ${ACCOUNT}/payment_instruments`,
      `GET ${ACCOUNT}/payment_instruments`,
      `GET ${ACCOUNT}/payment_instruments/{id}`,
      `DELETE ${ACCOUNT}/payment_instruments/{id}`,
    ),
    area('Products of an account', ...products(ACCOUNT)),
    area('Subscriptions of an account', ...subscriptions(ACCOUNT)),
    area('Merchants', 'GET /merchants', 'GET /merchants/{mch_id}'),
    area('Payments', 'POST /payments', 'GET /payments', 'GET /payments/{pmt_id}', 'DELETE /payments/{pmt_id}'),
    area(
      'Payment reversals',
      'GET /payments/{pmt_id}/reversals',
      'GET /payments/{pmt_id}/reversals/{rvs_id}',
      'PUT /payments/{pmt_id}/reversals/{rvs_id}',
    ),
    area('Reports', 'POST /reports', 'GET /reports/{rpt_id}', 'GET /reports/{rpt_id}/download'),
    area(
      'Webhooks',
      'POST /webhooks',
      'GET /webhooks',
      'GET /webhooks/{whk_id}',
      'PATCH /webhooks/{whk_id}',
      'DELETE /webhooks/{whk_id}',
    ),
    area('Events', 'GET /events', 'GET /events/{evt_id}'),
    area(
      'Element tokens, results and sessions',
      'POST /elements/token',
      'GET /elements/token/{pk_elem}/results',
      'GET /elements/sessions/{elem_sess_id}',
      'PUT /elements/sessions/{elem_sess_id}',
    ),
    area('Opal pages', 'POST /opal/token', 'GET /opal/token', 'DELETE /opal/token', 'GET /opal/events'),
    area('Signing keys', 'GET /.well-known/jwks.json'),
    area("Signing keys, Clearspan's own", 'GET /method_jwks/{jwk_id}'),
    area(
      'Simulation',
      'POST /simulate/entities/{ent_id}/connect',
      'POST /simulate/entities/{ent_id}/connect/{ent_id}',
      'POST /simulate/entities/{ent_id}/credit_scores/{crs_id}',
      'POST /simulate/entities/{ent_id}/attributes',
      'POST /simulate/entities/{ent_id}/attributes/{ent_id}',
      'POST /simulate/accounts/{acc_id}/transactions',
      'POST /simulate/accounts/{acc_id}/card_brands',
      'GET /simulate/accounts/{acc_id}/verification_sessions/{avf_id}/amounts',
      'POST /simulate/payments/{pmt_id}',
      'POST /simulate/payments/payment_instruments/{pmt_inst_id}',
      'POST /simulate/events',
    ),
    area(
      "Simulation, Clearspan's own",
      'GET /simulate/clock',
      'POST /simulate/clock',
      'POST /simulate/personas',
      'GET /simulate/personas',
      'GET /simulate/entities/{ent_id}/verification_sessions/{evf_id}/code',
    ),
  ],
  partly: {
    ...sessionGap(),
    'POST /opal/token': 'the flows that a token opens are not there yet',
    'POST /webhooks':
      'every type can be registered; [those of the former generation](webhooks.md#what-is-sent) are never sent',
  },
}

function sessionGap(): Readonly<Record<string, string>> {
  const missing = SESSION_METHODS.filter((name) => !METHODS.some((known) => known === name))
  if (missing.length === 0) return {}
  const gap = `not yet by ${missing.map((name) => `\`${name}\``).join(', ')}`
  return { [`POST ${ENTITY}/verification_sessions`]: gap }
}

const LINK = '/links/{id}'

const moneykit: Protocol = {
  title: 'MoneyKit',
  prefix: '/moneykit',
  contract: 'contract/moneykit/conventions.md',
  areas: [
    area('Authentication', 'POST /auth/token', 'GET /auth/introspect', 'GET /.well-known/jwks.json'),
    area('Link sessions', 'POST /link-session', 'POST /link-session/exchange-token'),
    area(
      'Links',
      'GET /links',
      `GET ${LINK}`,
      `PATCH ${LINK}`,
      `DELETE ${LINK}`,
      `POST ${LINK}/reset`,
      'POST /links/import',
      `POST ${LINK}/import/transactions`,
      `POST ${LINK}/products`,
    ),
    area(
      'Accounts and identity',
      `GET ${LINK}/accounts`,
      `GET ${LINK}/accounts/{account_id}`,
      `GET ${LINK}/accounts/numbers`,
      `GET ${LINK}/identity`,
    ),
    area(
      'Transactions',
      `GET ${LINK}/transactions`,
      `GET ${LINK}/transactions/sync`,
      `POST ${LINK}/transactions/{txn_id}/enrichment`,
    ),
    area('Investments', `GET ${LINK}/investments/holdings`, `GET ${LINK}/investments/transactions`),
    area('Users', 'GET /users/{id}/links', 'GET /users/{id}/accounts', 'GET /users/{id}/transactions'),
    area(
      'Institutions',
      'GET /institutions',
      'GET /institutions/{institution_id}',
      'GET /institutions/{institution_id}/styling',
    ),
    area('Webhooks', 'POST /webhooks/test/link/{id}'),
    area(
      "Simulation, Clearspan's own",
      'POST /simulate/link-session/complete',
      'POST /simulate/institutions/{institution_id}',
      'POST /simulate/links/{id}/transactions',
      'PATCH /simulate/links/{id}/transactions/{txn_id}',
      'DELETE /simulate/links/{id}/transactions/{txn_id}',
    ),
  ],
  partly: {},
}

const mx: Protocol = {
  title: 'MX Connect',
  prefix: '/mx',
  contract: 'contract/mx-connect/callbacks.md',
  areas: [
    area(
      'Members',
      'POST /members',
      'GET /members',
      'GET /members/{guid}',
      'PUT /members/{guid}',
      'DELETE /members/{guid}',
      'PUT /members/{guid}/resume',
      'GET /members/{guid}/credentials',
    ),
    area('Jobs', 'POST /members/{guid}/jobs', 'GET /jobs/{guid}'),
    area(
      'OAuth',
      'POST /members/{guid}/oauth_window_uri',
      'GET /members/{guid}/oauth_window_uri',
      'POST /members/{guid}/oauth_start',
      'GET /oauth_states',
      'GET /oauth_states/{guid}',
    ),
    area(
      'Institutions',
      'GET /institutions',
      'GET /institutions/{guid}',
      'GET /institutions/favorites',
      'GET /institutions/discovered',
      'GET /institutions/{guid}/credentials',
    ),
    area(
      'Accounts and micro-deposits',
      'POST /accounts',
      'GET /accounts',
      'GET /members/{guid}/accounts',
      'GET /members/{guid}/account_numbers',
      'GET /members/{guid}/account_owners',
      'GET /members/{guid}/transactions',
      'POST /micro_deposits',
      'GET /micro_deposits/{guid}',
      'PUT /micro_deposits/{guid}',
      'POST /micro_deposits/{guid}/refresh',
      'PUT /micro_deposits/{guid}/verify',
      'GET /blocked_routing_numbers/{routing_number}',
    ),
    area('User', 'POST /support_tickets', 'PUT /user_profile'),
    area(
      'Back ends',
      'POST /users',
      'GET /users',
      'GET /users/{user_guid}',
      'PUT /users/{user_guid}',
      'DELETE /users/{user_guid}',
      'POST /users/{user_guid}/widget_urls',
      'GET /support_tickets',
    ),
    area('The hosted page', 'GET /connect_session', 'GET /connect'),
    area(
      'Simulation',
      'PUT /simulate/members/{guid}',
      'PUT /simulate/oauth_states/{guid}',
      'PUT /simulate/micro_deposits/{guid}',
      'POST /simulate/clock',
    ),
  ],
  partly: {},
}

export const PROTOCOLS: readonly Protocol[] = [method, moneykit, mx]
