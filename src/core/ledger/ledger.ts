/**
 * The ledger: where every cent of every payment is. A transfer is one step of one payment; its entries say what each account
 * gained (or lost, where negative) and add up to nothing. It is only ever added to, and the database refuses what does not
 * balance, so reading it needs no trust in who wrote it.
 *
 * - `holder`: a bank account or debt outside. What it gained here is what the network has posted to it.
 * - `source_in_transit`: pulled, and still to be returned or cleared.
 * - `clearing`: cleared, and not pushed on yet.
 * - `senders`: below nothing by what people outside have sent to payment instruments.
 * - `team_fees`, `operator_fees`: kept back from what was pushed, or invoiced.
 * - `operator_invoices`: below nothing by what the team will be invoiced for.
 * - `returns_receivable`: below nothing by what was pushed and then taken back from under it.
 */
import type { Instant } from '../clock/clock.js'
import type { Ctx, Reading } from '../ctx.js'
import type { AccountId, PaymentId } from '../ids.js'
import * as store from './store.js'

export { type BalanceField, exportBalance } from './exports.js'

export type LedgerAccount =
  | 'source_in_transit'
  | 'clearing'
  | 'senders'
  | 'team_fees'
  | 'operator_fees'
  | 'operator_invoices'
  | 'returns_receivable'

export type LedgerEntry =
  | { readonly account: LedgerAccount; readonly cents: number }
  | { readonly account: 'holder'; readonly accountId: AccountId; readonly cents: number }

export interface Transfer {
  readonly paymentId: PaymentId
  /** What happened to the payment; a step is posted once. */
  readonly step: string
  readonly entries: readonly LedgerEntry[]
}

/** Posts transfers in one statement; entries of nothing are left out. The database refuses any that do not balance. */
export async function post(ctx: Ctx<'tx' | 'team'>, transfers: readonly Transfer[], at: Instant): Promise<void> {
  const rows = transfers.flatMap(({ paymentId, step, entries }) =>
    entries
      .filter(({ cents }) => cents !== 0)
      .map((entry, position) => ({
        paymentId,
        step,
        position,
        account: entry.account,
        accountId: entry.account === 'holder' ? entry.accountId : null,
        cents: entry.cents,
      })),
  )
  if (rows.length > 0) await store.addEntries(ctx, rows, at)
}

/** The same entries the other way round: what a return undoes. */
export function undone(entries: readonly LedgerEntry[]): readonly LedgerEntry[] {
  return entries.map((entry) => ({ ...entry, cents: -entry.cents }))
}

/** A transfer as it was posted. */
export interface PostedTransfer {
  readonly step: string
  readonly at: Instant
  readonly entries: readonly { readonly account: string; readonly accountId: string | null; readonly cents: number }[]
}

/** Every transfer of a payment, in the order in which they were posted. */
export function transfersOf(ctx: Ctx<Reading>, paymentId: PaymentId): Promise<readonly PostedTransfer[]> {
  return store.listTransfers(ctx, paymentId)
}

/** What a payment's transfers have left on each account of ours; an account with nothing is absent. */
export interface Remainder {
  readonly paymentId: string
  readonly cents: Readonly<Partial<Record<LedgerAccount, number>>>
}

/** The remainders of payments, `limit` at a time in the order of their ids, and those that are not among them. */
export function remaindersOf(ctx: Ctx<Reading>, paymentIds: readonly string[]): Promise<readonly Remainder[]> {
  return paymentIds.length === 0 ? Promise.resolve([]) : store.listRemainders(ctx, paymentIds)
}

export interface HolderTotal {
  readonly paymentId: string
  readonly accountId: string
  readonly cents: number
}

/** What payments brought to each account outside, or took from it. */
export function holderTotals(ctx: Ctx<Reading>, paymentIds: readonly string[]): Promise<readonly HolderTotal[]> {
  return paymentIds.length === 0 ? Promise.resolve([]) : store.listHolderTotals(ctx, paymentIds)
}

/** Payments with entries that do not balance; none, as long as the database kept its word. */
export function findUnbalanced(ctx: Ctx<Reading>): Promise<readonly { paymentId: string; step: string }[]> {
  return store.findUnbalanced(ctx)
}

/** Each account's sum over all payments of the team. */
export function totals(ctx: Ctx<Reading>): Promise<Readonly<Record<string, number>>> {
  return store.totals(ctx)
}
