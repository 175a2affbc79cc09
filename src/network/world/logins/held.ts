/**
 * The accounts behind a customer as their institution has them: those on whose terms they became one, in order, and then
 * the person's cards and loans there. Refs and numbers follow from the customer, so they are the same at every look.
 */
import type { CustomData } from '../../port.js'
import { foreseenReturn } from '../ach/returns.js'
import { chanceOf, refOf } from '../chance.js'
import type { WorldDirectory } from '../directory.js'
import type { CardTerms } from '../life/terms.js'
import { ownerOf, type Town } from '../people.js'
import type { Secrets } from '../secrets.js'
import type { Debt, PersonWithDebts } from '../store.js'
import { accountNumberOf } from '../tradelines.js'
import type { Bank, Rails } from './points.js'
import type { Customer } from './store.js'
import type { AccountTerms, DepositTerms, PlainDebtTerms, PortfolioTerms } from './terms.js'

/** A customer with all that their accounts depend on. */
export interface Holding {
  readonly realm: string
  readonly bank: Bank
  readonly customer: Customer
  readonly met: PersonWithDebts
  readonly directory: WorldDirectory
  /** What a caller described, for such a customer. */
  readonly described: CustomData | null
}

interface Numbered {
  readonly ref: string
  readonly number: string
}

export interface HeldDeposit extends Numbered {
  readonly kind: 'deposit'
  readonly terms: DepositTerms
  /** Of the institution, where accounts have one. */
  readonly routingNumber: string | null
  /** All under which its number is known. */
  readonly routingNumbers: readonly string[]
}
export interface HeldPortfolio extends Numbered {
  readonly kind: 'portfolio'
  readonly terms: PortfolioTerms
}
export interface HeldPlainDebt extends Numbered {
  readonly kind: 'plain_debt'
  readonly terms: PlainDebtTerms
}
/** `isOwn`: in nobody's credit file. */
export interface HeldDebt extends Numbered {
  readonly kind: 'debt'
  readonly isOwn: boolean
  readonly debt: Pick<Debt, 'ref' | 'terms' | 'movements'>
}
export type Held = HeldDeposit | HeldPortfolio | HeldPlainDebt | HeldDebt

export function heldBy(town: Town, holding: Holding): readonly Held[] {
  const own = holding.customer.terms.accounts.map((terms, index) => heldOn(town, holding, { terms, index }))
  return [...own, ...debtsAt(town, holding)]
}

function heldOn(
  town: Town,
  holding: Holding,
  { terms, index }: { readonly terms: AccountTerms; readonly index: number },
): Held {
  const ref = refOf('held', holding.customer.ref, index)
  if (terms.kind === 'card') return ownCard(town, ref, terms.card)
  const number = described(holding, index)?.accountNumber ?? payableNumber(town.secrets, holding.bank.rails, ref)
  switch (terms.kind) {
    case 'deposit':
      return { kind: 'deposit', ref, number, terms, ...routingOf(holding, index) }
    case 'portfolio':
      return { kind: 'portfolio', ref, number, terms }
    case 'plain_debt':
      return { kind: 'plain_debt', ref, number, terms }
  }
}

function described({ described: data }: Holding, index: number) {
  return data?.accounts[index] ?? null
}

function routingOf(holding: Holding, index: number): Pick<HeldDeposit, 'routingNumber' | 'routingNumbers'> {
  const { rails } = holding.bank
  const given = described(holding, index)?.routingNumber
  if (given) return { routingNumber: given, routingNumbers: [given] }
  const routingNumbers = rails.kind === 'ach' ? rails.routingNumbers : []
  return { routingNumber: routingNumbers[0] ?? null, routingNumbers }
}

function ownCard({ secrets }: Town, ref: string, terms: CardTerms): HeldDebt {
  const number = secrets.inventedAccountNumber(ref, { cardNetwork: terms.network, pattern: null })
  return { kind: 'debt', isOwn: true, ref, number, debt: { ref, terms, movements: [] } }
}

/** A described set of accounts has no others. */
function debtsAt(town: Town, { realm, bank, customer, met, directory, described: data }: Holding): HeldDebt[] {
  if (data) return []
  return met.debts
    .filter(({ merchantNumber }) => {
      const merchant = directory.merchant(merchantNumber)
      return merchant?.institutionSlug === bank.point.institutionSlug
    })
    .map((debt) => ({
      kind: 'debt',
      isOwn: false,
      ref: refOf('held debt', customer.ref, debt.ref),
      number: accountNumberOf(town.secrets, debt, { realm, directory }),
      debt,
    }))
}

const PATTERN = { ach: '############', eft: '#######', bacs: '########' } as const satisfies Record<
  Rails['kind'],
  string
>
const TRIES_MAX = 100

/** An invented number whose payments are not sent back: endings that rehearse returns are for those who choose them. */
export function payableNumber(secrets: Secrets, rails: Rails, ref: string): string {
  const shape = { cardNetwork: null, pattern: PATTERN[rails.kind] }
  for (let tried = 0; tried < TRIES_MAX; tried += 1) {
    const number = secrets.inventedAccountNumber(`${ref}/${tried}`, shape)
    if (!foreseenReturn(number, 'debit') && !foreseenReturn(number, 'credit')) return number
  }
  throw new Error('every number that was tried is sent back')
}

/** Digits that belong to the branch where an account is kept. */
export function branchOf(ref: string, length: number): string {
  return String(chanceOf('branch', ref).between(1, 10 ** length - 1)).padStart(length, '0')
}

export function openDescription(
  { secrets }: Town,
  realm: string,
  { ref, describedSealed }: Customer,
): CustomData | null {
  return describedSealed === null
    ? null
    : (JSON.parse(secrets.open(describedSealed, ownerOf(realm, ref))) as CustomData)
}
