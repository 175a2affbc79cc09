import { inTx } from '../../db/database.js'
import { enqueue } from '../../jobs/queue.js'
import type { Task } from '../../jobs/task.js'
import type { Base, Ctx } from '../ctx.js'
import { record } from '../events/events.js'
import type { ReportId, TeamId } from '../ids.js'
import { forTeamOf } from '../teams/teams.js'
import * as store from './store.js'

const COMPLETE_TASK = 'report.complete'

export function queueReport(ctx: Ctx<'tx' | 'team' | 'answerDelayMs'>, reportId: ReportId): Promise<void> {
  return enqueue(ctx.tx, [
    {
      task: COMPLETE_TASK,
      key: `report:${reportId}`,
      delayMs: ctx.answerDelayMs,
      payload: { teamId: ctx.team.id, reportId },
    },
  ])
}

/** Completes a report that was asked for to be answered later. Nothing happens the second time. */
export function reportTask(base: Base): Task {
  return {
    name: COMPLETE_TASK,
    attemptsMax: 25,
    timeoutMs: 60_000,
    async run(payload) {
      const ctx = await forTeamOf(base, payload.teamId as TeamId)
      await inTx(ctx.db, async (tx) => {
        const inside = { ...ctx, db: tx, tx }
        const pair = await store.completeReport(inside, payload.reportId as ReportId, ctx.clock.stamp())
        if (pair) await record(inside, [{ resource: 'report', op: 'updated', resourceId: pair.after.id, ...pair }])
      })
    },
  }
}
