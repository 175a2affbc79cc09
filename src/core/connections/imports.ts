/** Connections made of data that the team has already. Contract: moneykit/links §4.6. */
import type { Asking, Ctx, Writing } from '../ctx.js'
import type { Connection, Whose } from './connections.js'
import type { ProviderName } from './providers.js'
import type { ConsumerContact } from './sessions.js'

export interface AccountImport {
  /** The team's own, unique among those imported with it. */
  readonly originalId: string
  readonly name: string
  readonly nickname: string | null
  /** Any words. */
  readonly type: string
  readonly mask: string | null
  readonly balances: {
    readonly currency: string | null
    readonly availableCents: number | null
    readonly currentCents: number | null
    readonly limitCents: number | null
    readonly at: string | null
  }
}

export interface TransactionImport {
  readonly accountOriginalId: string
  readonly originalId: string | null
  /** Positive is money in. */
  readonly cents: number
  readonly on: string
  readonly at: string | null
  readonly description: string | null
  /** Any words. */
  readonly type: string | null
}

export interface ConnectionImport {
  readonly externalConsumerId: string
  readonly contact: ConsumerContact
  readonly clientId: string | null
  readonly provider: ProviderName | null
  readonly institutionId: string
  readonly accounts: readonly AccountImport[]
  readonly transactions: readonly TransactionImport[]
}

/** All or nothing. Refuses `connection.institution_not_found`, `connection.invalid_import` with the member at fault. */
export async function importConnection(_ctx: Ctx<Asking>, _given: ConnectionImport): Promise<Connection> {
  throw new Error('not written yet')
}

/**
 * Adds transactions, and renews those whose `originalId` is known. Refuses `connection.not_found`, `.other_client`,
 * `.deleted`, `.not_imported`, `.invalid_import`.
 */
export async function importTransactions(
  _ctx: Ctx<Writing>,
  _whose: Whose,
  _transactions: readonly TransactionImport[],
): Promise<Connection> {
  throw new Error('not written yet')
}
