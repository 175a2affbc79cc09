/** Money that stays with its owner: brought in at the beginning, moved between accounts, earned by lying there. */
import { refOf } from '../../chance.js'
import { startOf } from '../../life/calendar.js'
import { interestCents } from '../../life/loans.js'
import type { HeldDeposit } from '../held.js'
import { type Line, postedLine, type Wording } from './lines.js'
import { lastOf } from './months.js'

interface Transfer {
  readonly month: string
  readonly checking: HeldDeposit
  /** Null: elsewhere. */
  readonly savings: HeldDeposit | null
  readonly on: string
}

/** Both sides of a transfer; `cents` come to the checking account, or below nothing leave it. */
export function transfer({ month, checking, savings, on }: Transfer, cents: number, why: string): readonly Line[] {
  if (cents === 0) return []
  const at = startOf(on)
  const sides = [{ account: checking, other: savings, cents }]
  if (savings) sides.push({ account: savings, other: checking, cents: -cents })
  return sides.map(({ account, other, cents: moved }) => {
    const way = moved > 0 ? 'FROM' : 'TO'
    const elsewhere = moved > 0 ? 'FAMILY' : 'OUTSIDE ACCT'
    const wording: Wording = {
      rawDescription: other ? `TRANSFER ${way} ACCT ${other.number.slice(-4)}` : `TRANSFER ${way} ${elsewhere}`,
      description: `Transfer ${way.toLowerCase()} ${other ? other.terms.name : elsewhere.toLowerCase()}`,
      counterparty: null,
      category: 'transfers',
      subcategory: other ? 'internal_transfers' : moved > 0 ? 'transfers_in' : 'transfers_out',
      recurrence: why === 'saving' ? 'monthly' : null,
    }
    return postedLine({ ref: refOf(why, account.ref, month), accountRef: account.ref, at }, moved, wording)
  })
}

/** Interest alone, month by month, on what is there. */
export function interestOn(account: HeldDeposit, months: readonly string[]): readonly Line[] {
  let balanceCents = account.terms.openingCents
  return months.flatMap((month) => {
    const line = interestLine(account, { month, balanceCents })
    balanceCents += line ? line.cents : 0
    return line ? [line] : []
  })
}

export function interestLine(
  account: HeldDeposit,
  { month, balanceCents }: { readonly month: string; readonly balanceCents: number },
): Line | null {
  const cents = interestCents(Math.max(0, balanceCents), account.terms.interestPercent)
  if (cents === 0) return null
  const at = startOf(lastOf(month))
  return postedLine({ ref: refOf('interest', account.ref, month), accountRef: account.ref, at }, cents, {
    rawDescription: 'INTEREST PAYMENT',
    description: 'Interest',
    counterparty: null,
    category: 'banking',
    subcategory: 'interest',
    recurrence: 'monthly',
  })
}

export function openingLine({ ref, terms }: HeldDeposit, openedOn: string): Line {
  return postedLine({ ref: refOf('opening', ref), accountRef: ref, at: startOf(openedOn) }, terms.openingCents, {
    rawDescription: 'OPENING DEPOSIT',
    description: 'Opening deposit',
    counterparty: null,
    category: 'income',
    subcategory: 'deposits',
    recurrence: null,
  })
}
