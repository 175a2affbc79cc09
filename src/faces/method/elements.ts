/** `/elements`: tokens for hosted pages, their results, and the sessions of balance transfers. Contract: method/entities §12. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import type { ConsumerInput } from '../../core/consumers/consumers.js'
import { LIABILITY_TYPES, type LiabilityType } from '../../core/institutions/institutions.js'
import type { AccountProductName } from '../../core/products/products.js'
import { Refusal } from '../../core/refuse.js'
import {
  type BalanceTransferTerms,
  checkNewElement,
  createElement,
  ELEMENT_TYPES,
  type ElementInput,
  elementRefusals,
  FLOW_TYPES,
  getElement,
  getElementSession,
  PAYOUT_STATUSES,
  PHONE_WORDS,
  SELECTIONS,
  type SessionChanges,
  updateElementSession,
} from '../../core/sessions/sessions.js'
import { elementSessionWire, resultsWire } from './element-wire.js'
import { readWireId, spellId } from './ids.js'
import { invalidRequest } from './invalid.js'
import { change, read } from './routes.js'
import { AnyObject, Cents, nullable, oneOf, Text, Timestamp } from './schema.js'

// The words of this wire, and the products behind them. Prose writes `card` for `card_brand`.
const PRODUCTS = {
  balance: 'balance',
  payoff: 'payoff',
  transactions: 'transaction',
  card_brand: 'card_brand',
  card: 'card_brand',
  update: 'update',
  sensitive: 'sensitive',
  payment: 'payment',
} as const satisfies Readonly<Record<string, AccountProductName>>
type ProductWord = keyof typeof PRODUCTS
const PRODUCT_WORDS = Object.keys(PRODUCTS) as ProductWord[]

// Both spellings are in the evidence: the prose has the singular, the clients' types the plural.
const LIABILITY_WORDS = [...LIABILITY_TYPES, 'student_loan'] as const

const ACCOUNTS_MAX = 100
const NAME_CHARACTERS_MAX = 200
const URL_CHARACTERS_MAX = 2048

const optional = <S extends Parameters<typeof nullable>[0]>(schema: S) => Type.Optional(nullable(schema))
const text = () => optional(Text)

const IndividualBody = Type.Object({
  first_name: text(),
  last_name: text(),
  dob: text(),
  email: text(),
  phone: text(),
  ssn_4: text(),
  address: optional(Type.Object({ line1: text(), line2: text(), city: text(), state: text(), zip: text() })),
  phone_verification_type: optional(oneOf(PHONE_WORDS)),
  phone_verification_timestamp: text(),
})

const ConnectBody = Type.Object({
  products: optional(Type.Array(oneOf(PRODUCT_WORDS), { maxItems: 20 })),
  accounts: optional(Type.Array(Text, { maxItems: ACCOUNTS_MAX })),
  entity: optional(Type.Object({ type: oneOf(['individual']), individual: optional(IndividualBody) })),
  account_filters: optional(
    Type.Object({
      selection_type: optional(oneOf(SELECTIONS)),
      liability_types: optional(Type.Array(oneOf(LIABILITY_WORDS), { maxItems: 20 })),
    }),
  ),
})

const AmountBody = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const RateBody = Type.Number({ minimum: 0, maximum: 1000 })
const TermBody = Type.Integer({ minimum: 1, maximum: 1200 })

const BalanceTransferBody = Type.Object({
  payout_amount_min: AmountBody,
  minimum_loan_amount: AmountBody,
  payout_residual_amount_max: AmountBody,
  loan_details_requested_amount: AmountBody,
  loan_details_requested_rate: RateBody,
  loan_details_requested_term: TermBody,
  loan_details_requested_monthly_payment: AmountBody,
  flow_type: optional(oneOf(FLOW_TYPES)),
})

const TokenBody = Type.Object({
  type: oneOf([...ELEMENT_TYPES, 'link']),
  entity_id: text(),
  team_name: optional(Type.String({ minLength: 1, maxLength: NAME_CHARACTERS_MAX })),
  team_logo: optional(Type.String({ maxLength: URL_CHARACTERS_MAX })),
  team_icon: optional(Type.String({ maxLength: URL_CHARACTERS_MAX })),
  element_session_id: text(),
  connect: optional(ConnectBody),
  balance_transfer: optional(BalanceTransferBody),
  auth: optional(AnyObject),
})

const TokenWire = Type.Object({ element_token: Text, element_session_id: Type.Optional(Text) })

const ResultsWire = Type.Object({
  authenticated: Type.Boolean(),
  cxn_id: nullable(Text),
  accounts: Type.Array(Text),
  entity_id: nullable(Text),
  events: Type.Array(Type.Object({ type: Text, metadata: nullable(AnyObject), timestamp: Timestamp })),
})

const SessionWire = Type.Object({
  id: Text,
  type: oneOf(['balance_transfer']),
  status: oneOf(['active', 'inactive']),
  balance_transfer: Type.Object({
    flow_type: oneOf(FLOW_TYPES),
    remainder_opt_in: nullable(Type.Boolean()),
    auth_session_completed: Type.Boolean(),
    is_first_pass: Type.Boolean(),
    payout_status: oneOf(PAYOUT_STATUSES),
    payout_ids: AnyObject,
    payout_accounts: AnyObject,
    payout_residual_amount: nullable(Cents),
    payout_residual_amount_max: Cents,
    payout_creditor_amount: nullable(Cents),
    payout_amount_min: Cents,
    minimum_loan_amount: Cents,
    loan_details_requested_amount: Cents,
    loan_details_requested_rate: Type.Number(),
    loan_details_requested_term: Type.Integer(),
    loan_details_requested_monthly_payment: Cents,
    loan_details_approved_amount: nullable(Cents),
    loan_details_approved_rate: nullable(Type.Number()),
    loan_details_approved_term: nullable(Type.Integer()),
    loan_details_approved_monthly_payment: nullable(Cents),
    skip_intro: Type.Boolean(),
  }),
  created_at: Timestamp,
  updated_at: Timestamp,
})

const SessionChangesBody = Type.Object({
  balance_transfer: Type.Object({
    loan_details_approved_amount: Type.Optional(AmountBody),
    loan_details_approved_rate: Type.Optional(RateBody),
    loan_details_approved_term: Type.Optional(TermBody),
    loan_details_approved_monthly_payment: Type.Optional(AmountBody),
    payout_status: Type.Optional(oneOf(PAYOUT_STATUSES)),
  }),
})

export function elementRoutes(app: FastifyInstance): void {
  const tag = 'Elements'

  change(
    app,
    'POST',
    '/elements/token',
    { tag, summary: 'Create an element token', body: TokenBody, reply: TokenWire },
    {
      ask: ({ ctx, body }) => checkNewElement(ctx, readElement(body)),
      write: (ctx, checked) => createElement(ctx, checked),
      // Clients count the members: a token without a session has one. Contract: method/entities §12.1 [N113].
      toWire: ({ token, element: { sessionId } }) => ({
        element_token: token,
        ...(sessionId ? { element_session_id: spellId('element_session', sessionId) } : {}),
      }),
    },
  )

  read(
    app,
    '/elements/token/:pk_elem/results',
    { tag, summary: 'Retrieve what came of an element', reply: ResultsWire },
    async ({ ctx, params }) => resultsWire(await getElement(ctx, params.pk_elem ?? '')),
  )

  const sessionUrl = '/elements/sessions/:elem_sess_id'
  const sessionId = (params: Readonly<Record<string, string>>) =>
    readWireId('element_session', params.elem_sess_id ?? '')
  read(app, sessionUrl, { tag, summary: 'Retrieve an element session', reply: SessionWire }, async ({ ctx, params }) =>
    elementSessionWire(await getElementSession(ctx, sessionId(params))),
  )

  change(
    app,
    'PUT',
    sessionUrl,
    { tag, summary: 'Tell an element session what was decided', body: SessionChangesBody, reply: SessionWire },
    {
      write: (ctx, _, { params, body }) => updateElementSession(ctx, sessionId(params), readChanges(body)),
      toWire: elementSessionWire,
    },
  )
}

type TokenBody = Static<typeof TokenBody>

/** Refuses `request.invalid` for members that the type needs, and `element.not_found` for a type that is no more. */
function readElement(body: TokenBody): ElementInput {
  const { type } = body
  if (type === 'link') throw new Refusal('element.not_found', elementRefusals['element.not_found'], null)
  const sessionId = body.element_session_id ?? null
  requireMembers(body, sessionId)
  const { connect, balance_transfer: transfer } = body
  const person = connect?.entity?.individual
  const { account_filters: filters } = connect ?? {}
  return {
    type,
    subject: subjectOf(body),
    sessionId: sessionId && (readWireId('element_session', sessionId) || 'none'),
    terms: sessionId || !transfer ? null : readTerms(transfer),
    detail: {
      teamName: body.team_name ?? null,
      logoUrl: body.team_logo ?? null,
      iconUrl: body.team_icon ?? null,
      products: [...new Set((connect?.products ?? []).map((word) => PRODUCTS[word]))],
      accountIds: (connect?.accounts ?? []).map((id) => readWireId('account', id)),
      selection: filters?.selection_type ?? 'multiple',
      liabilityTypes: [...new Set((filters?.liability_types ?? []).map(readLiabilityType))],
      phoneWord: person?.phone_verification_type
        ? { method: person.phone_verification_type, at: person.phone_verification_timestamp ?? null }
        : null,
    },
  }
}

/** What depends on the type or on another member. Contract: method/entities §12.1. */
function requireMembers(body: TokenBody, sessionId: string | null): void {
  const { type } = body
  const isTransfer = type === 'balance_transfer'
  if (sessionId !== null && !isTransfer) {
    throw invalidRequest('element_session_id', 'belongs to balance_transfer elements. Leave it out.')
  }
  const isMissing = isTransfer ? sessionId === null && !body.balance_transfer : !body[type as 'connect' | 'auth']
  if (isMissing) throw invalidRequest(type, `is required for an element of this type.`)
  if (type === 'auth' && !body.team_name) throw invalidRequest('team_name', 'is required for an auth element.')
  if (!body.entity_id && !body.connect?.entity && sessionId === null) {
    throw invalidRequest('entity_id', 'or connect.entity is required.')
  }
  if (body.connect?.accounts?.length && !body.entity_id) {
    throw invalidRequest('connect.accounts', 'needs entity_id: whose accounts they are.')
  }
}

/** With both, the known entity wins. */
function subjectOf({ entity_id: entityId, connect }: TokenBody): ElementInput['subject'] {
  if (entityId) return { consumerId: readWireId('consumer', entityId) }
  return connect?.entity ? { newConsumer: readPerson(connect.entity.individual ?? {}) } : null
}

function readPerson(person: Static<typeof IndividualBody>): ConsumerInput {
  return {
    kind: 'individual',
    individual: {
      firstName: person.first_name,
      lastName: person.last_name,
      phone: person.phone,
      email: person.email,
      dob: person.dob,
      ssn4: person.ssn_4,
    },
    corporation: null,
    address: person.address ?? null,
    metadata: null,
  }
}

function readLiabilityType(word: (typeof LIABILITY_WORDS)[number]): LiabilityType {
  return word === 'student_loan' ? 'student_loans' : word
}

function readTerms(body: Static<typeof BalanceTransferBody>): BalanceTransferTerms {
  return {
    flowType: body.flow_type ?? 'default',
    payoutCentsMin: body.payout_amount_min,
    loanCentsMin: body.minimum_loan_amount,
    residualCentsMax: body.payout_residual_amount_max,
    requested: {
      amountCents: body.loan_details_requested_amount,
      ratePercent: body.loan_details_requested_rate,
      termMonths: body.loan_details_requested_term,
      monthlyPaymentCents: body.loan_details_requested_monthly_payment,
    },
  }
}

function readChanges({ balance_transfer: given }: Static<typeof SessionChangesBody>): SessionChanges {
  const approved = {
    amountCents: given.loan_details_approved_amount,
    ratePercent: given.loan_details_approved_rate,
    termMonths: given.loan_details_approved_term,
    monthlyPaymentCents: given.loan_details_approved_monthly_payment,
  }
  return { approved, releasesPayouts: given.payout_status === 'released' }
}
