/** What the server makes of a transaction: category, merchant, recurrence. Contract: moneykit/data §4.1, §6. */
import type { Ctx, Writing } from '../ctx.js'
import type { Owned } from './accounts.js'
import type { Whose } from './connections.js'
import type { HeldTransaction } from './transactions.js'

/** Confidence in whole percent; null where there is none. */
export interface Judged {
  readonly value: string
  readonly confidence: number | null
}

export interface EnrichedParty {
  /** A UUID: the same for everybody who trades under the name. */
  readonly id: string
  readonly name: string
  readonly domain: string | null
  readonly confidence: number | null
}

export interface Enrichment {
  readonly category: Judged
  readonly subcategory: Judged | null
  readonly merchant: EnrichedParty | null
  readonly processor: EnrichedParty | null
  readonly recurrence: { readonly frequency: string; readonly nextOn: string | null } | null
}

/** The categories, each with the subcategories that belong to it. */
export const CATEGORIES: Readonly<Record<string, readonly string[]>> = {}

export interface Correction {
  readonly transactionId: string
  readonly category: string
  readonly subcategory: string | null
}

/**
 * Puts a transaction, and similar earlier ones of the consumer, into another category; later ones follow. Returns those that
 * changed. Refuses what reading transactions refuses, and `connection.transaction_not_found`, `.invalid_category`.
 */
export async function correctCategory(
  _ctx: Ctx<Writing>,
  _whose: Whose,
  _correction: Correction,
): Promise<Owned & { readonly transactions: readonly HeldTransaction[] }> {
  throw new Error('not written yet')
}
