/**
 * Everything that happens on the accounts of a customer: what was planned, what is known of their debts, and what others
 * recorded in the world.
 */
import type { Ask } from '../../../port.js'
import { dayOf } from '../../life/calendar.js'
import type { Town } from '../../people.js'
import type { Held, HeldDebt, Holding } from '../held.js'
import { debtLines } from './debt-lines.js'
import { owedBy } from './debt-payments.js'
import type { Line } from './lines.js'
import { plannedLines } from './planned.js'
import { recordedLines } from './recorded.js'

interface Asked {
  readonly holding: Holding
  readonly accounts: readonly Held[]
}

export type Lines = ReadonlyMap<string, readonly Line[]>

/**
 * Every line of the deposit accounts that begins by the time of asking, by the ref of its account; some that begin later may
 * be among them.
 */
export async function depositLines(town: Town, ask: Ask, { holding, accounts }: Asked): Promise<Lines> {
  const deposits = accounts.filter((account) => account.kind === 'deposit')
  const ownCards = debtsIn(accounts).filter(({ isOwn }) => isOwn)
  const owed = owedBy(
    holding,
    ownCards.map(({ debt }) => debt),
  )
  const planned = plannedLines({ holding, deposits, accounts, owed }, dayOf(ask.at))
  return byAccount(deposits, [...planned, ...(await recordedLines(town, ask, deposits))])
}

/** As `depositLines`, of every account that has lines. */
export async function allLines(town: Town, ask: Ask, { holding, accounts }: Asked): Promise<Lines> {
  const span = { from: holding.customer.terms.openedOn, to: dayOf(ask.at) }
  const debts = debtsIn(accounts)
  const onDebts = debts.flatMap((account) => debtLines(account, span)).filter(({ begunAt }) => begunAt >= span.from)
  return new Map([...(await depositLines(town, ask, { holding, accounts })), ...byAccount(debts, onDebts)])
}

function debtsIn(accounts: readonly Held[]): readonly HeldDebt[] {
  return accounts.filter((account) => account.kind === 'debt')
}

function byAccount(accounts: readonly Held[], lines: readonly Line[]): Lines {
  const byRef = new Map<string, Line[]>(accounts.map(({ ref }) => [ref, []]))
  for (const line of lines) byRef.get(line.accountRef)?.push(line)
  return byRef
}
