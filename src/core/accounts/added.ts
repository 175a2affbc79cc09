/** What adding an account that a caller describes comes to. */
import type { Ctx, Writing } from '../ctx.js'
import { record } from '../events/events.js'
import type { ConsumerId } from '../ids.js'
import type { Account } from './accounts.js'
import * as store from './described-store.js'
import { refuse } from './errors.js'

export interface AddedAccount {
  readonly account: Account
  /** False for one that was there before, which stays as it is. */
  readonly isNew: boolean
}

interface Sought {
  readonly consumerId: ConsumerId
  readonly numberMark: string
  readonly networkRef?: string | null
}

/**
 * Tells of the account that was added; where none was, finds the one that the holder has by its number. Refuses
 * `account.existing_disabled`.
 */
export async function addedOrFound(
  ctx: Ctx<Writing>,
  added: Account | null,
  { consumerId, numberMark, networkRef = null }: Sought,
): Promise<AddedAccount> {
  if (added) {
    await record(ctx, [{ resource: 'account', op: 'created', resourceId: added.id, before: null, after: added }])
    return { account: added, isNew: true }
  }
  const existing = await store.findDescribed(ctx, consumerId, { numberMark, networkRef })
  if (existing.status === 'disabled') throw refuse('account.existing_disabled')
  return { account: existing, isNew: false }
}
