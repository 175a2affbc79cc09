import { enqueue } from '../../jobs/queue.js'
import type { Ctx } from '../ctx.js'

export const SEND_TASK = 'payments.send_entries'

/** Entries were written down: they leave as soon as the transaction has committed. */
export function enqueueSending(ctx: Ctx<'tx' | 'team'>): Promise<void> {
  return enqueue(ctx.tx, [{ task: SEND_TASK, key: `ach:${ctx.team.id}`, delayMs: 0, payload: { teamId: ctx.team.id } }])
}
