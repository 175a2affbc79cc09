/** Whose door each kind of report asks for its rows. */
import { type ConsumerField, exportConsumers } from '../consumers/consumers.js'
import type { Ctx, Reading } from '../ctx.js'
import type { Column, Lines } from '../export.js'
import { type BalanceField, exportBalance } from '../ledger/ledger.js'
import {
  type EntryField,
  exportDebits,
  exportPayments,
  exportPulls,
  exportReversals,
  exportWaitingPulls,
  type PaymentField,
  type ReversalField,
} from '../payments/payments.js'
import { reportKinds } from './kinds.js'
import type { Report } from './reports.js'

/** How the one who downloads spells each table. */
export interface Columns {
  readonly payments: readonly Column<PaymentField>[]
  readonly entries: readonly Column<EntryField>[]
  readonly reversals: readonly Column<ReversalField>[]
  readonly consumers: readonly Column<ConsumerField>[]
  readonly balance: readonly Column<BalanceField>[]
}

export function rowsOf(
  ctx: Ctx<Reading>,
  { kind, ...span }: Pick<Report, 'kind' | 'from' | 'before'>,
  columns: Columns,
): Lines {
  const chosen = reportKinds[kind]
  switch (chosen.rows) {
    case 'payments':
      return exportPayments(ctx, { by: chosen.by, span }, columns.payments)
    case 'waiting_pulls':
      return exportWaitingPulls(ctx, span, columns.entries)
    case 'pulls':
      return exportPulls(ctx, span, columns.entries)
    case 'debits':
      return exportDebits(ctx, span, columns.entries)
    case 'reversals':
      return exportReversals(ctx, span, columns.reversals)
    case 'consumers':
      return exportConsumers(ctx, span, columns.consumers)
    case 'clearing_balance':
      return exportBalance(ctx, span, columns.balance)
  }
}
