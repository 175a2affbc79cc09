/** Telling a provider that a deleted connection is not to be read any more. */
import { inTx } from '../../db/database.js'
import { enqueue } from '../../jobs/queue.js'
import type { Task } from '../../jobs/task.js'
import type { Base, Ctx } from '../ctx.js'
import type { ConnectionId, TeamId } from '../ids.js'
import { forTeamOf } from '../teams/teams.js'
import { accessesTo, keepStandbys } from './standbys.js'
import { findConnection, patchConnection } from './store.js'

const END_TASK = 'connection.end_access'

export function queueAccessEnd(ctx: Ctx<'tx' | 'team'>, connectionId: ConnectionId): Promise<void> {
  return enqueue(ctx.tx, [
    { task: END_TASK, key: `connection:${connectionId}:end`, payload: { teamId: ctx.team.id, connectionId } },
  ])
}

/** Ends an access and forgets it. */
export function accessEndTask(base: Base): Task {
  return {
    name: END_TASK,
    attemptsMax: 25,
    timeoutMs: 60_000,
    async run(payload) {
      const ctx = await forTeamOf(base, payload.teamId as TeamId)
      const connection = await findConnection(ctx, payload.connectionId as ConnectionId)
      if (connection?.state !== 'deleted') return
      const ask = { realm: ctx.team.id, at: ctx.clock.now() }
      for (const { provider, accessRef } of await accessesTo(ctx, connection)) {
        await ctx.providers.named(provider).endAccess(ask, accessRef)
      }
      await inTx(ctx.db, async (tx) => {
        await keepStandbys({ ...ctx, tx }, connection.id, [])
        await patchConnection({ ...ctx, tx }, connection.id, { accessSealed: null }, ctx.clock.stamp())
      })
    },
  }
}
