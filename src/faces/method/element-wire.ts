/** The wire objects of elements: what came of one, and the session of a balance transfer. Contract: method/entities §12.2, §12.3. */
import { Refusal } from '../../core/refuse.js'
import type { Element, ElementEvent, ElementSession } from '../../core/sessions/sessions.js'
import { rowOf } from './errors.js'
import { spellId, spellIdOrNull } from './ids.js'
import type { Wire } from './versions/versions.js'

export function resultsWire(element: Element): Wire {
  return {
    authenticated: element.isAuthenticated,
    cxn_id: spellIdOrNull('connect', element.connectId),
    accounts: element.accountIds.map((id) => spellId('account', id)),
    entity_id: spellId('consumer', element.consumerId),
    events: element.events.map((event) => ({
      type: event.type,
      metadata: metadataOf(element, event),
      timestamp: event.at,
    })),
  }
}

/** What the page tells whoever embeds it, too; a step has nothing to add to its name. */
function metadataOf(element: Element, event: ElementEvent): Wire | null {
  const { type: elementType, connectId } = element
  const about = { element_type: elementType, op: event.type }
  switch (event.type) {
    case 'open':
    case 'exit':
      return about
    case 'success': {
      if (elementType === 'auth') {
        return { authenticated: true, ...(connectId ? { cxn_id: spellId('connect', connectId) } : {}), ...about }
      }
      const accounts = event.accountIds.map((id) => spellId('account', id))
      return { entity_id: spellId('consumer', event.consumerId), accounts, ...about }
    }
    case 'error': {
      const { type, subType, status } = rowOf(new Refusal(event.code, event.message, null))
      return { ...about, type, sub_type: subType, message: event.message, code: status }
    }
    default:
      return null
  }
}

/** An event as the page tells it to whoever embeds it. Contract: method/entities §12.6.3, §12.7. */
export function messageWire(element: Element, event: ElementEvent): Wire {
  return { type: event.type, payload: metadataOf(element, event) ?? stepPayload(event.type) }
}

function stepPayload(type: string): Wire {
  return {
    op: type.slice(type.lastIndexOf('_') + 1).toLowerCase(),
    element_type: type.startsWith('AUTH_') ? 'auth' : 'account_verify',
  }
}

/** What a page tells that could not be opened, or was lost: nobody knows what it was. */
export function lostMessages(refusal: Refusal): readonly Wire[] {
  const { type, subType, status } = rowOf(refusal)
  const about = { element_type: 'unknown' }
  return [
    {
      type: 'error',
      payload: { op: 'error', ...about, type, sub_type: subType, message: refusal.message, code: status },
    },
    { type: 'exit', payload: { op: 'exit', ...about } },
  ]
}

export function elementSessionWire(session: ElementSession): Wire {
  const { balanceTransfer: transfer } = session
  const { requested, approved } = transfer
  return {
    id: spellId('element_session', session.id),
    type: 'balance_transfer',
    status: session.status,
    balance_transfer: {
      flow_type: transfer.flowType,
      remainder_opt_in: transfer.wantsRemainder,
      auth_session_completed: transfer.isAuthenticated,
      is_first_pass: transfer.isFirstPass,
      payout_status: transfer.payoutStatus,
      payout_ids: byAccount(paidOf(transfer.payouts), ({ paymentId }) => spellId('payment', paymentId ?? '')),
      payout_accounts: byAccount(transfer.payouts, ({ amountCents }) => amountCents),
      payout_residual_amount: transfer.residualCents,
      payout_residual_amount_max: transfer.residualCentsMax,
      payout_creditor_amount: transfer.creditorCents,
      payout_amount_min: transfer.payoutCentsMin,
      minimum_loan_amount: transfer.loanCentsMin,
      loan_details_requested_amount: requested.amountCents,
      loan_details_requested_rate: requested.ratePercent,
      loan_details_requested_term: requested.termMonths,
      loan_details_requested_monthly_payment: requested.monthlyPaymentCents,
      loan_details_approved_amount: approved.amountCents,
      loan_details_approved_rate: approved.ratePercent,
      loan_details_approved_term: approved.termMonths,
      loan_details_approved_monthly_payment: approved.monthlyPaymentCents,
      skip_intro: transfer.skipsIntro,
    },
    created_at: session.createdAt,
    updated_at: session.updatedAt,
  }
}

type Payout = ElementSession['balanceTransfer']['payouts'][string]

function paidOf(payouts: Readonly<Record<string, Payout>>): Readonly<Record<string, Payout>> {
  return Object.fromEntries(Object.entries(payouts).filter(([, { paymentId }]) => paymentId !== null))
}

function byAccount<T>(
  payouts: Readonly<Record<string, Payout>>,
  of: (payout: Payout) => T,
): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(payouts).map(([id, payout]) => [spellId('account', id), of(payout)]))
}
