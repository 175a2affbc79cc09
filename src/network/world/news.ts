/**
 * News of a person: what a rehearsal announced comes true when the world is next asked about it, and stays. A debt begins
 * on that day, with a lender the person owes nothing yet, and then lives like any other; an inquiry stands in the credit
 * file from that day on. contract: method/simulate §5, §6
 */
import { inTx } from '../../db/database.js'
import type { Ask, LiabilityType, Merchant } from '../port.js'
import { chanceOf, refOf } from './chance.js'
import type { WorldDirectory } from './directory.js'
import type { Inventor, NewDebt } from './invent/debts.js'
import { NO_WISH, originate } from './invent/origination.js'
import { dayOf } from './life/calendar.js'
import type { Terms } from './life/terms.js'
import { recordArisen, recordInquiries, takeAwaitedDebts, takeAwaitedInquiries } from './news-store.js'
import type { Town } from './people.js'
import { findPersonWithDebts, type PersonWithDebts } from './store.js'
import { writtenDebts } from './tradelines.js'

/** The person with the debts that waited for this question. */
export async function withNewDebts(
  town: Town,
  { ask, inventor }: { readonly ask: Ask; readonly inventor: Inventor },
  met: PersonWithDebts,
): Promise<PersonWithDebts> {
  if (met.awaited.debts === 0) return met
  const { realm } = ask
  const { ref, key } = met.person
  await inTx(town.db, async (tx) => {
    const { types, position } = await takeAwaitedDebts(tx, realm, ref)
    if (types.length === 0) return
    const debts = newDebts(inventor, { met, types, position, day: dayOf(ask.at) })
    await recordArisen(
      tx,
      { realm, ref, at: ask.at },
      writtenDebts(town, { realm, personRef: ref, key, position }, debts),
    )
  })
  return (await findPersonWithDebts(town.db, realm, ref)) ?? met
}

/** The person with the soft inquiries that waited for this question. */
export async function withNewInquiries(
  town: Town,
  { ask, inventor }: { readonly ask: Ask; readonly inventor: Inventor },
  met: PersonWithDebts,
): Promise<PersonWithDebts> {
  if (met.awaited.inquiries === 0) return met
  const { realm } = ask
  const { ref } = met.person
  await inTx(town.db, async (tx) => {
    const count = await takeAwaitedInquiries(tx, realm, ref)
    const lenders = inventor.directory.merchantsOf('credit_card')
    const inquiries = Array.from({ length: count }, (_, index) => ({
      slug: chanceOf(town.seed, 'new inquiry', ref, ask.at, index).pick(lenders).institutionSlug,
      on: dayOf(ask.at),
    }))
    if (count > 0) await recordInquiries(tx, { realm, ref, inquiries })
  })
  return (await findPersonWithDebts(town.db, realm, ref)) ?? met
}

interface Wanted {
  readonly met: PersonWithDebts
  readonly types: readonly LiabilityType[]
  readonly position: number
  readonly day: string
}

function newDebts({ seed, directory }: Inventor, { met, types, position, day }: Wanted): readonly NewDebt[] {
  const owed = new Set(met.debts.map((debt) => debt.merchantNumber))
  return types.map((type, index) => {
    const debtSeed = refOf(seed, 'new debt', met.person.key, position + index)
    const merchant = lenderOf(directory, { type, owed, seed: debtSeed })
    owed.add(merchant.number)
    return { merchantNumber: merchant.number, terms: termsOf(merchant, debtSeed, day), accountNumber: null }
  })
}

// Beyond these, lenders are small.
const LENDERS = 25

function lenderOf(
  directory: WorldDirectory,
  { type, owed, seed }: { readonly type: LiabilityType; readonly owed: ReadonlySet<number>; readonly seed: string },
): Merchant {
  const all = directory.merchantsOf(type)
  const others = all.filter(({ number }) => !owed.has(number))
  return chanceOf(seed, 'lender').pick((others.length > 0 ? others : all).slice(0, LENDERS))
}

const STRAIN = 0.3

function termsOf(merchant: Merchant, seed: string, day: string): Terms {
  const terms = originate({
    merchant,
    seed,
    openedOn: day,
    closedOn: null,
    closingBalanceCents: 0,
    ownership: 'primary',
    latePayments: 0,
    stoppedPayingOn: null,
    strain: STRAIN,
    wish: NO_WISH,
  })
  // Later draws of a student loan are not owed yet.
  return terms.kind === 'student' ? { ...terms, disbursements: terms.disbursements.slice(0, 1) } : terms
}
