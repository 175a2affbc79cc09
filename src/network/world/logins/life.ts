/** Everything that happens on the accounts of a customer, account by account. */
import { refOf } from '../chance.js'
import { startOf } from '../life/calendar.js'
import type { Held, HeldDeposit, Holding } from './held.js'
import type { Line } from './lines.js'

/** Until an instant at least; lines that begin after it may be among them. */
export function linesOf(
  holding: Holding,
  accounts: readonly Held[],
  _until: string,
): ReadonlyMap<string, readonly Line[]> {
  const { openedOn } = holding.customer.terms
  const deposits = accounts.filter((account) => account.kind === 'deposit')
  return new Map(deposits.map((account) => [account.ref, [openingLine(account, openedOn)]]))
}

function openingLine({ ref, terms }: HeldDeposit, openedOn: string): Line {
  const at = startOf(openedOn)
  return {
    ref: refOf('opening', ref),
    accountRef: ref,
    begunAt: at,
    postedAt: at,
    goneAt: null,
    cents: terms.openingCents,
    pendingCents: terms.openingCents,
    isTimed: false,
    direction: 'credit',
    rawDescription: 'OPENING DEPOSIT',
    description: 'Opening deposit',
    counterparty: null,
    category: 'income',
    subcategory: 'deposits',
    recurrence: null,
  }
}
