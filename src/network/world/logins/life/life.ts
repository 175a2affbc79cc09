/**
 * Everything that happens on the accounts of a customer: what was planned, what is known of their debts, and what others
 * recorded in the world.
 */
import type { Ask } from '../../../port.js'
import { addMonths, dayOf, latest } from '../../life/calendar.js'
import type { Town } from '../../people.js'
import type { Held, HeldDebt, Holding } from '../held.js'
import { debtLines } from './debt-lines.js'
import { owedBy } from './debt-payments.js'
import { withEdits } from './edits.js'
import type { Line } from './lines.js'
import { recordedLines } from './recorded.js'
import type { Planner } from './remembered.js'

/** Where lines come from: the world's tables, and plans. */
export interface Books {
  readonly town: Town
  readonly planned: Planner
}

/** A line changes for the last time within a month. */
const CHANGING_MONTHS = 1

interface Asked {
  readonly holding: Holding
  readonly accounts: readonly Held[]
}

export type Lines = ReadonlyMap<string, readonly Line[]>

/**
 * Every line of the deposit accounts that begins by the time of asking, by the ref of its account; some that begin later may
 * be among them.
 */
export async function depositLines(
  { town, planned: planner }: Books,
  ask: Ask,
  { holding, accounts }: Asked,
): Promise<Lines> {
  const deposits = accounts.filter((account) => account.kind === 'deposit')
  const ownCards = debtsIn(accounts).filter(({ isOwn }) => isOwn)
  const owed = owedBy(
    holding,
    ownCards.map(({ debt }) => debt),
  )
  const planned = planner({ holding, deposits, accounts, owed }, dayOf(ask.at))
  const lines = [...planned, ...(await recordedLines(town, ask, deposits))]
  const accountRefs = deposits.map(({ ref }) => ref)
  return byAccount(deposits, await withEdits(town.db, ask, { lines, accountRefs }))
}

/** As `depositLines`, of every account that has lines; of debts only those that may have changed since a day. */
export async function allLines(
  books: Books,
  ask: Ask,
  { holding, accounts, since }: Asked & { readonly since: string | null },
): Promise<Lines> {
  const { openedOn } = holding.customer.terms
  const from = since === null ? openedOn : latest(openedOn, addMonths(dayOf(since), -CHANGING_MONTHS))
  const debts = debtsIn(accounts)
  const onDebts = debts
    .flatMap((account) => debtLines(account, { from, to: dayOf(ask.at) }))
    .filter(({ begunAt }) => begunAt >= openedOn)
  return new Map([...(await depositLines(books, ask, { holding, accounts })), ...byAccount(debts, onDebts)])
}

function debtsIn(accounts: readonly Held[]): readonly HeldDebt[] {
  return accounts.filter((account) => account.kind === 'debt')
}

function byAccount(accounts: readonly Held[], lines: readonly Line[]): Lines {
  const byRef = new Map<string, Line[]>(accounts.map(({ ref }) => [ref, []]))
  for (const line of lines) byRef.get(line.accountRef)?.push(line)
  return byRef
}
