/** Which debts a balance transfer may pay, and what of the loan goes where. Contract: method/entities §12.3. */
import type { Account } from '../accounts/accounts.js'
import type { AccountId } from '../ids.js'
import type { BalanceTransferTerms, TransferPlan } from '../sessions/sessions.js'
import { refuse } from './errors.js'
import type { Facts } from './facts.js'

/** The debts that are large enough to be paid, and small enough for the loan. */
export function offersOf({ transfer, candidates, balances }: Facts): readonly Account[] {
  if (!transfer) return []
  const { payoutCentsMin, requested } = transfer.balanceTransfer
  return candidates.filter(({ id }) => {
    const owed = balances.get(id) ?? 0
    return owed >= Math.max(1, payoutCentsMin) && owed <= requested.amountCents
  })
}

export interface Debt {
  readonly accountId: AccountId
  readonly owedCents: number
}

/**
 * Each chosen debt is paid whole; of what is left of the loan the person may take up to a limit, and borrows the less
 * otherwise. Refuses `element_flow.loan_exceeded`, `.loan_too_small`.
 */
export function planOf(terms: BalanceTransferTerms, debts: readonly Debt[], wantsRemainder: boolean): TransferPlan {
  const creditorCents = debts.reduce((sum, { owedCents }) => sum + owedCents, 0)
  const remainder = terms.requested.amountCents - creditorCents
  if (remainder < 0) throw refuse('element_flow.loan_exceeded')
  const residualCents = wantsRemainder ? Math.min(remainder, terms.residualCentsMax) : 0
  if (creditorCents + residualCents < terms.loanCentsMin) throw refuse('element_flow.loan_too_small')
  return {
    payoutCents: Object.fromEntries(debts.map(({ accountId, owedCents }) => [accountId, owedCents])),
    creditorCents,
    residualCents,
    wantsRemainder,
  }
}
