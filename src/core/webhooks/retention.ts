import { forgetMonths, makeMonths } from '../../db/months.js'
import type { Task } from '../../jobs/task.js'
import type { Ctx } from '../ctx.js'

const TABLES = ['deliveries', 'delivery_attempts'] as const

/** Makes the months that deliveries and attempts are kept in. Called before the first is made, and daily from then on. */
export async function makeDeliveryMonths(ctx: Ctx<'db'>): Promise<void> {
  for (const table of TABLES) await makeMonths(ctx.db, table)
}

/** Forgets deliveries and attempts a month at a time, once the last of the month is older than `keptDays`. */
export function forgetDeliveriesTask(ctx: Ctx<'db'>, keptDays: number): Task {
  return {
    name: 'webhook.forget',
    schedule: '51 3 * * *',
    attemptsMax: 5,
    timeoutMs: 900_000,
    async run(_payload, signal) {
      await makeDeliveryMonths(ctx)
      for (const table of TABLES) await forgetMonths(ctx.db, { table, keptDays, signal })
    },
  }
}
