/** What a failed payment does to its accounts and their holders. Contract: method/payments §1.6. */
import { getAccount, takeAccount } from '../accounts/accounts.js'
import { addMs } from '../clock/clock.js'
import { takeConsumer } from '../consumers/consumers.js'
import type { Ctx, Writing } from '../ctx.js'
import { disableAccount, disableConsumer } from '../disabling/disabling.js'
import type { AccountId } from '../ids.js'
import { type Consequence, consequenceOf, EMPTY_SOURCE_DAYS, EMPTY_SOURCE_TIMES } from './failures.js'
import type { Payment } from './payments.js'
import { sourceOf } from './steps.js'
import * as store from './store.js'

/** Disables whom these failures disable; `code` is the bank's, where one said why. */
export async function bearConsequences(
  ctx: Ctx<Writing>,
  failed: readonly { readonly payment: Payment; readonly code: string | null }[],
): Promise<void> {
  for (const { payment, code } of failed) {
    const consequence = payment.failure && consequenceOf(payment.failure, code)
    if (consequence) await bear(ctx, payment, consequence)
  }
  const empty = failed.flatMap(({ payment }) => (payment.failure === 'insufficient_funds' ? [sourceOf(payment)] : []))
  for (const sourceId of await tooOftenEmpty(ctx, [...new Set(empty)])) await disable(ctx, sourceId, 'invalid_details')
}

async function bear(ctx: Ctx<Writing>, payment: Payment, { side, account, holder }: Consequence): Promise<void> {
  const accountId = side === 'source' ? sourceOf(payment) : payment.destinationId
  // Everybody takes a holder before its accounts.
  const { consumerId } = await getAccount(ctx, accountId)
  const consumer = await takeConsumer(ctx, consumerId)
  await disableAccount(ctx, await takeAccount(ctx, accountId), account)
  if (holder) await disableConsumer(ctx, consumer, 'unauthorized_payment')
}

async function disable(ctx: Ctx<Writing>, id: AccountId, reason: Consequence['account']): Promise<void> {
  const { consumerId } = await getAccount(ctx, id)
  await takeConsumer(ctx, consumerId)
  await disableAccount(ctx, await takeAccount(ctx, id), reason)
}

async function tooOftenEmpty(ctx: Ctx<Writing>, sourceIds: readonly AccountId[]): Promise<readonly AccountId[]> {
  if (sourceIds.length === 0) return []
  const since = addMs(ctx.clock.now(), -EMPTY_SOURCE_DAYS * 86_400_000)
  const times = await store.countEmpty(ctx, { sourceIds, since })
  return sourceIds.filter((id) => (times.get(id) ?? 0) >= EMPTY_SOURCE_TIMES)
}
