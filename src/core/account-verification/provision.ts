import { type Account, addBankAccount, type CheckedBankAccount } from '../accounts/accounts.js'
import type { Ctx, Writing } from '../ctx.js'
import { record } from '../events/events.js'
import { type AccountVerificationSessionId, newId } from '../ids.js'
import { autoVerifies, type Team, trustsRouting } from '../teams/teams.js'
import type { ServerMadeDetail } from './methods/server-made.js'
import { sessionChange } from './sessions.js'
import * as store from './store.js'

/**
 * Adds a deposit account, proven from the start where the team settled that, or finds the one the holder has. Refuses
 * `account.unknown_holder`, `.holder_disabled`, `.existing_disabled`. Contract: method/accounts §1.4.2.
 */
export async function openBankAccount(ctx: Ctx<Writing>, checked: CheckedBankAccount): Promise<Account> {
  const method = methodFor(ctx.team, checked.bank.routingNumber)
  const id = method && newId<AccountVerificationSessionId>(ctx.chance)
  const { account, isNew } = await addBankAccount(ctx, checked, id)
  if (!isNew || !method || !id) return account
  const session = await store.addSession(ctx, {
    id,
    accountId: account.id,
    method,
    status: 'verified',
    detail: { method },
    secretSealed: null,
    dueAt: null,
    createdAt: ctx.clock.stamp(),
  })
  await record(ctx, [sessionChange('created', null, session)])
  return account
}

function methodFor(team: Team, routingNumber: string): ServerMadeDetail['method'] | null {
  if (trustsRouting(team, routingNumber)) return 'trusted_provisioner'
  return autoVerifies(team) ? 'auto_verify' : null
}
