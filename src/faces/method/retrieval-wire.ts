/** The wire objects of retrievals, in the newest shape. Contract: method/accounts §6; entities §3. */
import type { Ctx } from '../../core/ctx.js'
import type { Disbursement, LiabilityReport, LiabilityType } from '../../core/institutions/institutions.js'
import {
  type ConnectDetail,
  type ConnectResult,
  openIdentities,
  openInstrument,
  openSensitive,
  type Retrieval,
  type UpdateDetail,
} from '../../core/products/products.js'
import {
  accountAttributeWire,
  balanceWire,
  cardBrandWire,
  paymentInstrumentWire,
  payoffWire,
  sensitiveWire,
} from './account-retrieval-wire.js'
import { attributeWire, creditScoreWire, identityWire, vehicleWire } from './consumer-retrieval-wire.js'
import { spellId } from './ids.js'
import { connectErrors, retrievalErrors, type WireResourceError } from './resource-errors.js'
import { type Wire, withFormer } from './versions/versions.js'

const wires: Readonly<Record<keyof typeof retrievalErrors, (retrieval: Retrieval, publicUrl: string) => Wire>> = {
  account_attribute: accountAttributeWire,
  attribute: attributeWire,
  balance: balanceWire,
  card_brand: cardBrandWire,
  connect: connectWire,
  credit_score: creditScoreWire,
  identity: (retrieval) => identityWire(retrieval, []),
  manual_connect: (retrieval) => ({ ...connectWire(retrieval), id: spellId('manual_connect', retrieval.id) }),
  payment_instrument: (retrieval) => paymentInstrumentWire(retrieval, {}),
  payoff: payoffWire,
  sensitive: (retrieval) => sensitiveWire(retrieval, {}),
  update: updateWire,
  vehicle: vehicleWire,
}

/** The object of any product that this face retrieves, without what is sealed. `publicUrl`: where the face is reached. */
export function retrievalWire(retrieval: Retrieval, publicUrl: string): Wire {
  const product = retrieval.product as keyof typeof wires
  return wires[product](retrieval, publicUrl)
}

/** As `retrievalWire`, with the sealed values of the products that the reader may see in clear. */
export function openedRetrievalWire(ctx: Ctx<'team' | 'vault'>, retrieval: Retrieval, publicUrl: string): Wire {
  if (retrieval.product === 'sensitive') return sensitiveWire(retrieval, openSensitive(ctx, retrieval))
  if (retrieval.product === 'payment_instrument')
    return paymentInstrumentWire(retrieval, openInstrument(ctx, retrieval))
  if (retrieval.product === 'identity') return identityWire(retrieval, openIdentities(ctx, retrieval))
  return retrievalWire(retrieval, publicUrl)
}

function connectWire(connect: Retrieval): Wire {
  // One that waits for what it asked of its accounts knows them already.
  const result = connect.status === 'completed' ? (connect.result as ConnectResult) : null
  const { products, subscriptions } = connect.detail as ConnectDetail
  return {
    id: spellId('connect', connect.id),
    entity_id: spellId('consumer', connect.ownerId),
    status: connect.status,
    accounts: result ? result.accountIds.map((id) => spellId('account', id)) : null,
    requested_products: products ?? [],
    requested_subscriptions: subscriptions ?? [],
    ...tail(connect),
  }
}

function updateWire(update: Retrieval): Wire {
  const { source, liabilityType } = update.detail as UpdateDetail
  const report = update.result as LiabilityReport | null
  return {
    id: spellId('update', update.id),
    status: update.status,
    account_id: spellId('account', update.ownerId),
    source,
    type: liabilityType,
    [liabilityType]: withFormer(reportWire(liabilityType, report), formerly(liabilityType, report)),
    data_as_of: report?.asOf ?? null,
    ...tail(update),
  }
}

/** What ends every retrieval's object. */
export function tail(retrieval: Retrieval): Wire {
  return {
    error: errorOf(retrieval),
    created_at: retrieval.createdAt,
    updated_at: retrieval.updatedAt,
  }
}

function errorOf({ product, statusReason }: Retrieval): WireResourceError | null {
  switch (statusReason) {
    case null:
      return null
    case 'unavailable':
      return retrievalErrors[product as keyof typeof retrievalErrors]
    case 'thin_file':
    case 'frozen_file':
      return connectErrors[statusReason]
  }
}

type Member = readonly [wire: string, core: keyof LiabilityReport]

const dates: readonly Member[] = [
  ['opened_at', 'openedOn'],
  ['closed_at', 'closedOn'],
]
const payments: readonly Member[] = [
  ['balance', 'balanceCents'],
  ['last_payment_amount', 'lastPaymentCents'],
  ['last_payment_date', 'lastPaymentOn'],
  ['next_payment_due_date', 'nextPaymentDueOn'],
  ['next_payment_minimum_amount', 'nextPaymentMinimumCents'],
]
const base: readonly Member[] = [['sub_type', 'subType'], ...dates, ...payments]
const rate: readonly Member[] = [
  ['interest_rate_type', 'interestRateType'],
  ['interest_rate_percentage', 'interestRatePercent'],
  ['interest_rate_source', 'interestRateSource'],
]
const lent: Member = ['original_loan_amount', 'originalLoanCents']
const term: Member = ['term_length', 'termMonths']
const loan: readonly Member[] = [lent, term]
const payoff: Member = ['expected_payoff_date', 'expectedPayoffOn']
const short: readonly Member[] = [['balance', 'balanceCents'], ...dates]

/** Which members each type has: the field matrix of method/accounts §6.2. */
const matrix: Readonly<Record<LiabilityType, readonly Member[]>> = {
  auto_loan: [...base, ...rate, ...loan, payoff],
  bnpl: short,
  collection: base,
  credit_builder: base,
  credit_card: [
    ...base,
    ['interest_rate_type', 'interestRateType'],
    ['interest_rate_percentage_max', 'interestRatePercentMax'],
    ['interest_rate_percentage_min', 'interestRatePercentMin'],
    ['available_credit', 'availableCreditCents'],
    ['credit_limit', 'creditLimitCents'],
    ['usage_pattern', 'usagePattern'],
  ],
  fintech: short,
  insurance: base,
  loan: base,
  medical: base,
  mortgage: [...base, ...rate, ...loan, payoff],
  personal_loan: [...base, ...rate, ...loan, ['available_credit', 'availableCreditCents']],
  student_loans: [...base, ...rate, lent, ['disbursements', 'disbursements']],
  utility: base,
}

/** Every member of the type, null until there is a report; draws are an empty list then. */
function reportWire(type: LiabilityType, report: LiabilityReport | null): Wire {
  return Object.fromEntries(
    matrix[type].map(([wire, core]) => [
      wire,
      core === 'disbursements' ? (report?.disbursements ?? []).map(disbursementWire) : (report?.[core] ?? null),
    ]),
  )
}

/** What only earlier versions tell of a type. */
function formerly(type: LiabilityType, report: LiabilityReport | null): Wire {
  if (type !== 'student_loans') return {}
  const [wire, core] = term
  return { [wire]: report?.[core] ?? null }
}

function disbursementWire(draw: Disbursement): Wire {
  return {
    sequence: draw.sequence,
    balance: draw.balanceCents,
    closed_at: draw.closedOn,
    disbursed_at: draw.disbursedOn,
    last_payment_amount: draw.lastPaymentCents,
    last_payment_date: draw.lastPaymentOn,
    next_payment_due_date: draw.nextPaymentDueOn,
    next_payment_minimum_amount: draw.nextPaymentMinimumCents,
    interest_rate_percentage: draw.interestRatePercent,
    interest_rate_type: draw.interestRateType,
    interest_rate_source: draw.interestRateSource,
    original_loan_amount: draw.originalLoanCents,
    term_length: draw.termMonths,
  }
}
