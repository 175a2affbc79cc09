/**
 * What payments send through the ACH. An entry is written down in the transaction that moves its payment, and handed to the
 * network afterwards, under a reference that makes handing it over again harmless.
 */
import type { Instant } from '../clock/clock.js'
import type { Ctx } from '../ctx.js'
import type { AccountId, PaymentId, ReversalId } from '../ids.js'
import * as store from './entry-store.js'

export type Leg = 'pull' | 'push' | 'reversal'

export interface AchEntry {
  readonly reference: string
  readonly paymentId: PaymentId
  readonly reversalId: ReversalId | null
  readonly leg: Leg
  /** A debit takes from the account, a credit gives to it. */
  readonly direction: 'debit' | 'credit'
  readonly accountId: AccountId
  readonly amountCents: number
  readonly description: string
  /** Fifteen digits: the originating bank's routing number without its check digit, and a number of the entry's own. */
  readonly traceId: string
  /** The day on which it settles. */
  readonly effectiveOn: string
  readonly status: 'waiting' | 'sent' | 'returned'
  readonly windowAt: Instant
  readonly sentAt: Instant | null
  readonly returnCode: string | null
  readonly returnedAt: Instant | null
}

export type NewEntry = Omit<AchEntry, 'status' | 'windowAt' | 'sentAt' | 'returnCode' | 'returnedAt'>

/** A bank's word that an entry came back. Both names of an entry are known to whoever has its trace number. */
export interface Returned {
  readonly reference: string
  /** Nacha's, such as `R01`. */
  readonly code: string
}

/** The reference of a payment's leg, or of a reversal. */
export function referenceOf(leg: Leg, id: PaymentId | ReversalId): string {
  return `${id}-${leg}`
}

// The originating bank of a world without one: the first eight digits of its routing number.
const ORIGINATOR = '09100001'

/** Fresh trace numbers. */
export async function takeTraces(ctx: Ctx<'tx'>, count: number): Promise<readonly string[]> {
  if (count === 0) return []
  return (await store.takeTraceNumbers(ctx, count)).map((number) => `${ORIGINATOR}${String(number).padStart(7, '0')}`)
}
