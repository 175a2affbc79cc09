/**
 * What a card network tells of a card: its holder's purchases, which are the spending of its statements, and what was
 * bought in a rehearsal. A cardholder's own purchases post when a day begins; rehearsed ones at once.
 */
import type { CardTransaction } from '../../port.js'
import { chanceOf, refOf } from '../chance.js'
import { addMonths, dayOf, lastMonthly, latest, monthNumber, startOf } from '../life/calendar.js'
import { purchasesOf } from '../life/cards.js'
import type { Movement } from '../life/movements.js'
import type { Purchase } from '../life/purchases.js'
import type { CardTerms } from '../life/terms.js'
import type { Debt } from '../store.js'
import { cardNetworkOf } from '../tradelines.js'

type CardDebt = Pick<Debt, 'ref' | 'terms' | 'movements'>

/** Card networks do not tell of what is older. */
const MONTHS_TOLD_MAX = 24

/** What happened after `since` and not after `at`, oldest first, as it stands at `at`; null for a debt that is no card. */
export function transactionsOf(
  debt: CardDebt,
  { since, at }: { since: string; at: string },
): readonly CardTransaction[] | null {
  if (!cardNetworkOf(debt)) return null
  const earliest = latest(dayOf(since), addMonths(dayOf(at), -MONTHS_TOLD_MAX))
  return boughtBetween(debt, { from: earliest, to: dayOf(at) })
    .filter((transaction) => transaction.transactedAt <= at)
    .map((transaction) => asKnownAt(transaction, at))
    .filter(({ transactedAt, postedAt, voidedAt }) => (postedAt ?? voidedAt ?? transactedAt) > since)
    .sort((a, b) => (a.transactedAt < b.transactedAt ? -1 : a.transactedAt > b.transactedAt ? 1 : 0))
}

/** The transaction of something bought in a rehearsal; null for a movement that is no purchase. */
export function transactionOfMovement(debt: CardDebt, movement: Movement): CardTransaction | null {
  const { number, at, cents, detail } = movement
  const network = cardNetworkOf(debt)
  if (!network || movement.kind !== 'purchase' || !detail || !('merchantName' in detail)) return null
  return {
    ref: refOf('bought', debt.ref, number),
    kind: 'purchase',
    status: 'posted',
    ...merchantOf({ ...detail, name: detail.merchantName }),
    network,
    amountCents: cents,
    authorizedCents: cents,
    transactedAt: at,
    postedAt: at,
    voidedAt: null,
    originalRef: null,
  }
}

/** All that is bought with a card from day to day and around that, with what will become of it. */
export function boughtBetween(debt: CardDebt, span: { readonly from: string; readonly to: string }): CardTransaction[] {
  const bought = debt.movements.flatMap((movement) => transactionOfMovement(debt, movement) ?? [])
  return [...ownBetween(debt, span), ...bought]
}

/** The holder's own, of the cycles around the span; a purchase of its last days posts in the cycle after. */
function ownBetween(debt: CardDebt, { from, to }: { readonly from: string; readonly to: string }): CardTransaction[] {
  const { terms } = debt
  if (terms.kind !== 'card') return []
  const first = monthNumber(lastMonthly(terms.statementDate, from)) - 1
  const last = monthNumber(lastMonthly(terms.statementDate, to)) + 1
  const months = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index)
  return months.flatMap((month) => ownIn(debt.ref, terms, month))
}

function ownIn(ref: string, terms: CardTerms, month: number): CardTransaction[] {
  const refIn = (number: number) => refOf('purchase', ref, month, number)
  return purchasesOf(terms, month)
    .filter((purchase) => terms.closedOn === null || changedOn(purchase) < terms.closedOn)
    .map((purchase) => ({
      ref: refIn(purchase.number),
      kind: purchase.kind,
      status: purchase.postedOn === null ? 'voided' : 'posted',
      ...merchantOf(purchase.shop),
      network: terms.network,
      amountCents: purchase.cents,
      authorizedCents: purchase.cents,
      transactedAt: purchase.authorizedAt,
      postedAt: purchase.postedOn && startOf(purchase.postedOn),
      voidedAt: purchase.voidedOn && startOf(purchase.voidedOn),
      originalRef: purchase.refundOf === null ? null : refIn(purchase.refundOf),
    }))
}

function changedOn({ postedOn, voidedOn, authorizedAt }: Purchase): string {
  return postedOn ?? voidedOn ?? dayOf(authorizedAt)
}

/** What has not happened yet is not known. */
function asKnownAt(transaction: CardTransaction, at: string): CardTransaction {
  const known = (instant: string | null) => (instant !== null && instant <= at ? instant : null)
  const postedAt = known(transaction.postedAt)
  const voidedAt = known(transaction.voidedAt)
  return { ...transaction, status: postedAt ? 'posted' : voidedAt ? 'voided' : 'pending', postedAt, voidedAt }
}

const DESCRIPTOR_MAX = 40

/** A merchant as its acquirer names it; the numbers follow from the name. */
function merchantOf({
  name,
  categoryCode,
  city,
  state,
}: {
  name: string
  categoryCode: string
  city: string
  state: string
}): Pick<CardTransaction, 'descriptor' | 'merchant'> {
  const chance = chanceOf('acquirer', name)
  const acquirerBin = String(chance.between(400_000, 499_999))
  const acceptorId = String(chance.between(1, 999_999_999_999)).padStart(15, '0')
  return {
    descriptor: `${name} ${city}`.toUpperCase().slice(0, DESCRIPTOR_MAX),
    merchant: { name, categoryCode, city, state, country: 'USA', acquirerBin, acceptorId },
  }
}
