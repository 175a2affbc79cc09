/**
 * Whoever has something for webhooks wakes their senders once it has committed. A turn waits at most once for each webhook, and asking
 * for it holds it: done in the transaction of every event, all of them would wait for each other, or deadlock. So those leave a job
 * of their own, which asks for the turns that nobody has or has asked for yet, for one team at a time.
 */
import { sql } from 'kysely'
import { inTx } from '../../db/database.js'
import { enqueue, listDueKeys } from '../../jobs/queue.js'
import type { Task } from '../../jobs/task.js'
import type { Ctx } from '../ctx.js'
import type { TeamId, WebhookId } from '../ids.js'
import { listHeld } from './delivery-store.js'
import { turnOf } from './jobs.js'

const WAKE_TASK = 'webhook.wake'

/** Asks for what waits at webhooks to be sent, now. */
export async function queueSending(ctx: Ctx<'tx' | 'team'>, webhookIds: readonly WebhookId[]): Promise<void> {
  if (webhookIds.length === 0) return
  const payload = { teamId: ctx.team.id, webhookIds: [...new Set(webhookIds)].join(' ') }
  await enqueue(ctx.tx, [{ task: WAKE_TASK, payload }])
}

export function wakingTask(ctx: Ctx<'db' | 'realClock'>): Task {
  return {
    name: WAKE_TASK,
    attemptsMax: 25,
    timeoutMs: 10_000,
    async run({ teamId, webhookIds = '' }) {
      const whose = webhookIds.split(' ').map((id) => turnOf(teamId as TeamId, id as WebhookId))
      const keys = whose.map(({ key }) => key)
      // Whoever waits for a turn now begins it later than this, and whoever has one looks once more after giving it back: both will
      // find what we were left for.
      const asked = await listDueKeys(ctx.db, keys)
      const held = await listHeld(ctx, { teamId: teamId as TeamId, now: ctx.realClock.now() })
      const free = whose.filter(({ key, payload }) => !asked.has(key) && !held.has(payload.webhookId))
      if (free.length === 0) return
      await inTx(ctx.db, async (tx) => {
        await sql`select pg_advisory_xact_lock(hashtextextended(${`${WAKE_TASK} ${teamId}`}, 0))`.execute(tx)
        await enqueue(tx, free)
      })
    },
  }
}
