import { type Consumer, findConsumers } from '../consumers/consumers.js'
import type { Ctx, Writing } from '../ctx.js'
import { phoneHashOf } from './attempts.js'
import { recordServerSession } from './begin.js'
import { CHANNELS } from './methods/define.js'
import * as store from './store.js'

/**
 * Verifies a consumer whom the team has proven before: another one of its own, active, is the same person with the same phone.
 * Only for teams that have settled so. True when there was something to adopt. Contract: method/entities §2.2.
 */
export async function adoptProof(ctx: Ctx<Writing>, consumer: Consumer): Promise<boolean> {
  const { status, individual, personRef } = consumer
  if (ctx.team.settings.method?.verification?.method_verified !== true) return false
  if (status !== 'incomplete' || !individual?.phone || personRef === null) return false
  const ids = await store.listProvenByPhone(ctx, phoneHashOf(ctx, individual.phone))
  const fellows = await findConsumers(ctx, ids)
  if (!fellows.some((fellow) => fellow.status === 'active' && fellow.personRef === personRef)) return false
  const missing = CHANNELS.filter((channel) =>
    channel === 'phone' ? !consumer.phoneVerifiedAt : !consumer.identityVerifiedAt,
  )
  for (const channel of missing) {
    await recordServerSession(ctx, { consumerId: consumer.id, channel, detail: { method: 'method_verified' } })
  }
  return true
}
