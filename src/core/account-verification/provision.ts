import { type Account, addBankAccount, type CheckedBankAccount } from '../accounts/accounts.js'
import { findByNumbers, type HeldAccount } from '../connections/connections.js'
import type { Ctx, Writing } from '../ctx.js'
import { record } from '../events/events.js'
import { type AccountVerificationSessionId, newId } from '../ids.js'
import { autoVerifies, trustsRouting } from '../teams/teams.js'
import { ORDINARY_TERMS } from './methods/micro-deposits.js'
import type { ProviderSecret } from './methods/providers.js'
import type { AccountMethod } from './methods.js'
import { sealSecret } from './secrets.js'
import { sessionChange } from './sessions.js'
import * as store from './store.js'

/**
 * Adds a deposit account, proven from the start where the team settled that or where the holder has connected it with a login
 * of its bank, or finds the one the holder has. Refuses `account.unknown_holder`, `.holder_disabled`, `.existing_disabled`.
 * Contract: method/accounts §1.4.2.
 */
export async function openBankAccount(ctx: Ctx<Writing>, checked: CheckedBankAccount): Promise<Account> {
  const proof = await proofOf(ctx, checked)
  const id = proof && newId<AccountVerificationSessionId>(ctx.chance)
  const { account, isNew } = await addBankAccount(ctx, checked, id)
  if (!isNew || !proof || !id) return account
  const session = await store.addSession(ctx, {
    id,
    accountId: account.id,
    method: proof.method,
    status: 'verified',
    detail: { method: proof.method },
    secretSealed: proof.documents && sealSecret(ctx, id, proof.documents),
    dueAt: null,
    attemptsMax: ORDINARY_TERMS.attemptsMax,
    createdAt: ctx.clock.stamp(),
  })
  await record(ctx, [sessionChange('created', null, session)])
  return account
}

interface Proof {
  readonly method: Extract<AccountMethod, 'auto_verify' | 'trusted_provisioner' | 'plaid' | 'mx'>
  /** What a data provider says of the account. */
  readonly documents: ProviderSecret | null
}

async function proofOf(ctx: Ctx<Writing>, { consumerId, bank }: CheckedBankAccount): Promise<Proof | null> {
  const held = await findByNumbers({ ...ctx, db: ctx.tx }, consumerId, bank)
  if (held) {
    return { method: held.provider === 'plaid' ? 'plaid' : 'mx', documents: documentsOf(held.account) }
  }
  if (trustsRouting(ctx.team, bank.routingNumber)) return { method: 'trusted_provisioner', documents: null }
  return autoVerifies(ctx.team) ? { method: 'auto_verify', documents: null } : null
}

/** As a provider would have handed it in. */
function documentsOf({ balances: { availableCents, currentCents } }: HeldAccount): ProviderSecret {
  const dollars = (cents: number | null) => (cents === null ? null : cents / 100)
  const account = {
    available: dollars(availableCents),
    available_balance: dollars(availableCents),
    current: dollars(currentCents),
    balance: dollars(currentCents),
  }
  return { account, transactions: [] }
}
