/** Accounts as their institution shows them, with the balances of an instant. contract: moneykit/data §1 */
import type { Ask, HeldAccount, HeldBalances, LiabilityType } from '../../port.js'
import { dayOf } from '../life/calendar.js'
import { standingAt } from '../life/life.js'
import type { Held, HeldDebt, HeldDeposit, Holding } from './held.js'
import { worthAt } from './investing/investments.js'
import type { Lines } from './life/life.js'
import { type Line, sumsAt } from './life/lines.js'

const MASK_LENGTH = 4

export function accountsOf(
  holding: Holding,
  { accounts, lines, ask }: { readonly accounts: readonly Held[]; readonly lines: Lines; readonly ask: Ask },
): readonly HeldAccount[] {
  const { currency } = holding.customer.terms
  const worth = worthAt(holding, accounts, ask.at)
  return accounts.map((account) => ({
    ref: account.ref,
    ...namedOf(account),
    mask: account.number.slice(-MASK_LENGTH),
    isClosed: account.kind === 'debt' && closedOn(account, ask) !== null,
    balances: { ...balancesOf(account, { lines, worth, ask }), currency, at: ask.at },
    debtRef: account.kind === 'debt' && !account.isOwn ? account.debt.ref : null,
  }))
}

function namedOf(account: Held): Pick<HeldAccount, 'type' | 'name' | 'nickname'> {
  if (account.kind === 'debt') {
    const { terms } = account.debt
    return { type: DEBT_TYPES[terms.type], name: terms.name, nickname: null }
  }
  const { type, name, nickname } = account.terms
  return { type, name, nickname }
}

type Amounts = Pick<HeldBalances, 'availableCents' | 'currentCents' | 'limitCents'>

interface At {
  readonly lines: Lines
  readonly worth: ReturnType<typeof worthAt>
  readonly ask: Ask
}

function balancesOf(account: Held, { lines, worth, ask }: At): Amounts {
  switch (account.kind) {
    case 'deposit':
      return depositBalances(account, { lines: lines.get(account.ref) ?? [], ask })
    case 'portfolio': {
      const { cashCents = null, valueCents = null } = worth.get(account.ref) ?? {}
      return { availableCents: cashCents, currentCents: valueCents, limitCents: null }
    }
    case 'plain_debt': {
      const { owedCents, limitCents } = account.terms
      const availableCents = limitCents === null ? null : Math.max(0, limitCents - owedCents)
      return { availableCents, currentCents: owedCents, limitCents }
    }
    case 'debt':
      return debtBalances(account, ask)
  }
}

/** Money in a certificate is not available until it ends. */
const LOCKED = 'depository.cd'

function depositBalances(
  { terms }: HeldDeposit,
  { lines, ask }: { readonly lines: readonly Line[]; readonly ask: Ask },
): Amounts {
  const { postedCents, heldCents } = sumsAt(lines, ask.at)
  const availableCents = terms.type === LOCKED ? null : postedCents - heldCents
  return { availableCents, currentCents: postedCents, limitCents: null }
}

function debtBalances({ debt }: HeldDebt, { at }: Ask): Amounts {
  const { owedCents } = standingAt(debt.terms, dayOf(at), debt.movements)
  const limitCents = limitOf(debt)
  return {
    availableCents: limitCents === null ? null : Math.max(0, limitCents - owedCents),
    currentCents: owedCents,
    limitCents,
  }
}

function limitOf({ terms }: HeldDebt['debt']): number | null {
  switch (terms.kind) {
    case 'card':
      return terms.limitCents
    case 'loan':
      return terms.lineCents
    case 'verbatim':
      return terms.report.creditLimitCents
    default:
      return null
  }
}

function closedOn({ debt }: HeldDebt, { at }: Ask): string | null {
  return standingAt(debt.terms, dayOf(at), debt.movements).closedOn
}

/** contract: moneykit/data §1.2 */
const DEBT_TYPES = {
  auto_loan: 'liability.auto',
  bnpl: 'liability.other',
  collection: 'liability.other',
  credit_builder: 'liability.other',
  credit_card: 'liability.credit_card',
  fintech: 'liability.other',
  insurance: 'liability.other',
  loan: 'liability.other',
  medical: 'liability.other',
  mortgage: 'liability.mortgage',
  personal_loan: 'liability.personal',
  student_loans: 'liability.student',
  utility: 'liability.other',
} as const satisfies Record<LiabilityType, string>
