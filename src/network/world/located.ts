/**
 * Debts that a caller knows by merchant and number: the person's own, and a few documented ones that every consumer gets
 * a copy of, whoever they are. A copy begins when it is first asked for and then lives like any other debt; it belongs to
 * no credit file. contract: method/dev-fixtures-accounts F.5 [N113, N126, N211, P211, D23]
 */
import type { Ask, DebtClaim, Tradeline } from '../port.js'
import { refOf } from './chance.js'
import { anchorOf, type Inventor } from './invent/debts.js'
import { NO_WISH, originate, type Wish } from './invent/origination.js'
import { addMonths, dayOf } from './life/calendar.js'
import type { Terms } from './life/terms.js'
import { ownerOf, type Town } from './people.js'
import { findDebt, type PersonWithDebts, recordLocated } from './store.js'
import { tradelineOf } from './tradelines.js'

interface DocumentedNumber {
  readonly merchantNumber: number
  readonly accountNumber: string
  readonly monthsAgo: number
  readonly wish: Wish
  /** What the documents say instead of what is drawn. */
  readonly card?: { readonly name: string; readonly subType: string; readonly network: 'visa' }
}

const DOCUMENTED: readonly DocumentedNumber[] = [
  {
    merchantNumber: 302086,
    accountNumber: '4936494462408721',
    monthsAgo: 40,
    wish: { ...NO_WISH, limitCents: 1_500_000 },
    card: { name: 'Chase Sapphire Reserve', subType: 'flexible_spending', network: 'visa' },
  },
  { merchantNumber: 304444, accountNumber: '6720443305', monthsAgo: 70, wish: { ...NO_WISH, termMonths: 240 } },
  { merchantNumber: 300503, accountNumber: '456637152', monthsAgo: 18, wish: { ...NO_WISH, termMonths: 72 } },
  { merchantNumber: 309067, accountNumber: '5142211993', monthsAgo: 53, wish: { ...NO_WISH, termMonths: 360 } },
]

/** The debt of the claim; null when nobody tells of it. `met`: the person behind the claim, where one is known. */
export async function locate(
  town: Town,
  { ask, inventor, met }: { ask: Ask; inventor: Inventor; met: PersonWithDebts | null },
  claim: DebtClaim,
): Promise<Tradeline | null> {
  const at = { realm: ask.realm, day: dayOf(ask.at), directory: inventor.directory }
  const own = met?.debts
    .filter((debt) => debt.merchantNumber === claim.merchantNumber)
    .map((debt) => tradelineOf(town, debt, at))
    .find((line) => line.accountNumber === claim.accountNumber)
  if (own) return own
  const documented = DOCUMENTED.find(
    (each) => each.merchantNumber === claim.merchantNumber && each.accountNumber === claim.accountNumber,
  )
  const copy = documented && (await copyOf(town, { ask, inventor, consumerRef: claim.consumerRef }, documented))
  return copy ? tradelineOf(town, copy, at) : null
}

async function copyOf(
  { db, seed, secrets }: Town,
  { ask, inventor, consumerRef }: { ask: Ask; inventor: Inventor; consumerRef: string },
  documented: DocumentedNumber,
) {
  const { merchantNumber, accountNumber } = documented
  const ref = refOf(seed, 'located', ask.realm, consumerRef, merchantNumber, accountNumber)
  const known = await findDebt(db, ask.realm, ref)
  const terms = known ? null : termsOf(inventor, documented, dayOf(ask.at))
  if (!terms) return known
  const accountNumberSealed = secrets.seal(accountNumber, ownerOf(ask.realm, ref))
  await recordLocated(db, ask.realm, { ref, personRef: null, position: 0, merchantNumber, terms, accountNumberSealed })
  return findDebt(db, ask.realm, ref)
}

const STRAIN = 0.3

function termsOf({ seed, directory }: Inventor, documented: DocumentedNumber, day: string): Terms | null {
  const { merchantNumber, accountNumber, monthsAgo, wish, card } = documented
  const merchant = directory.merchant(merchantNumber)
  if (!merchant) return null
  const terms = originate({
    merchant,
    seed: refOf(seed, 'located', merchantNumber, accountNumber),
    openedOn: addMonths(anchorOf(day), -monthsAgo),
    closedOn: null,
    closingBalanceCents: 0,
    ownership: 'unknown',
    latePayments: 0,
    stoppedPayingOn: null,
    strain: STRAIN,
    wish,
  })
  return card && terms.kind === 'card' ? { ...terms, ...card } : terms
}
