/** Buying something in a rehearsal: authorized and posted at once, and from then on part of what the card owes. */
import type { Ask, CardTransaction, PurchaseDraft } from '../../port.js'
import { chanceOf } from '../chance.js'
import { dayOf } from '../life/calendar.js'
import { standingAt } from '../life/life.js'
import type { Bought } from '../life/movements.js'
import { SHOPS } from '../life/shops.js'
import type { Town } from '../people.js'
import { findDebt, recordMovement } from '../store.js'
import { cardNetworkOf } from '../tradelines.js'
import { transactionOfMovement } from './transactions.js'

// contract: method/accounts §7.3 [N126, N211]: wholesale of wine and spirits
const USUAL_CATEGORY = '5182'
const AMOUNT_CENTS = [500, 12_000] as const

/** What was bought; null for an account that is no open card. What the draft leaves out follows from the purchase's number. */
export async function buy(
  { db, seed }: Town,
  ask: Ask,
  { accountRef, draft }: { accountRef: string; draft: PurchaseDraft },
): Promise<CardTransaction | null> {
  const debt = await findDebt(db, ask.realm, accountRef)
  if (!debt || !cardNetworkOf(debt) || standingAt(debt.terms, dayOf(ask.at), debt.movements).closedOn) return null
  const movement = await recordMovement(db, { realm: ask.realm, ref: accountRef }, (number) => ({
    number,
    at: ask.at,
    kind: 'purchase',
    cents: draft.amountCents ?? chanceOf(seed, 'bought', accountRef, number).between(...AMOUNT_CENTS),
    detail: boughtFrom(draft),
  }))
  return movement && transactionOfMovement(debt, movement)
}

function boughtFrom({ merchantName, categoryCode = USUAL_CATEGORY }: PurchaseDraft): Bought {
  const shop = SHOPS.find((each) => each.categoryCode === categoryCode) ?? SHOPS[0]
  const { name, city, state } = shop ?? { name: 'A SHOP', city: 'Austin', state: 'TX' }
  return { merchantName: merchantName ?? name, categoryCode, city, state }
}
