/**
 * On what terms somebody became a customer of an institution, and how they live from there. Written once and never changed;
 * every later line and balance is computed from them, from the person's debts and from a day.
 */
import type { CardTerms } from '../life/terms.js'

export type Currency = 'USD' | 'CAD' | 'GBP'

export interface CustomerTerms {
  /** Chance of these accounts; nothing secret follows from it. */
  readonly seed: string
  readonly currency: Currency
  /** The accounts begin on this day, with what is brought to them. */
  readonly openedOn: string
  /** What happens on the first of the accounts; null where nothing does. */
  readonly household: Household | null
  readonly accounts: readonly AccountTerms[]
}

export type AccountTerms = DepositTerms | PortfolioTerms | OwnCardTerms | PlainDebtTerms

interface NamedTerms {
  /** A dotted type, as the port spells it. */
  readonly type: string
  readonly name: string
  readonly nickname: string | null
}

export interface DepositTerms extends NamedTerms {
  readonly kind: 'deposit'
  readonly openingCents: number
  /** A year. */
  readonly interestPercent: number
}

export interface PortfolioTerms extends NamedTerms {
  readonly kind: 'portfolio'
  /** What was brought in on the first day. */
  readonly openingCents: number
}

/** A card in nobody's credit file, which lives as those do that are. */
export interface OwnCardTerms {
  readonly kind: 'card'
  readonly card: CardTerms
}

/** Something owed that no credit file knows of, as a caller described it: it stays as it is. */
export interface PlainDebtTerms extends NamedTerms {
  readonly kind: 'plain_debt'
  readonly owedCents: number
  readonly limitCents: number | null
}

export interface Household {
  readonly pay: Pay
  /** Whether the person's debts are paid from here. */
  readonly paysDebts: boolean
  readonly bills: readonly Bill[]
  /** Things bought with the account's own card. */
  readonly purchasesPerMonth: number
  /** An ordinary ticket is scaled by this, in percent. */
  readonly ticketPercent: number
  readonly withdrawalsPerMonth: number
  /** To the savings account each month; nothing where there is none. */
  readonly savingCents: number
  /** To the first portfolio each month. */
  readonly investingCents: number
  /** A month that ends with less is helped out of savings, one with three times as much fills them. */
  readonly cushionCents: number
}

export interface Pay {
  readonly employer: string
  readonly cents: number
  readonly rhythm: 'biweekly' | 'semimonthly' | 'monthly'
  /** The first pay day of a biweekly one. */
  readonly firstOn: string
}

/** Something that comes again: rent, electricity, a subscription. */
export interface Bill {
  readonly payee: string
  readonly rawDescription: string
  readonly usualCents: number
  /** By how much it differs from time to time. */
  readonly spreadPercent: number
  /** Of the month, 1 to 28. */
  readonly date: number
  readonly everyMonths: 1 | 3 | 12
  /** The number of the first month it comes in, modulo `everyMonths`. */
  readonly phase: number
  readonly category: string
  readonly subcategory: string
  /** Paid with the account's own card rather than from its number. */
  readonly categoryCode: string | null
}
