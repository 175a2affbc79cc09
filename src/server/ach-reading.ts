import type { Logger } from 'pino'
import type { DueWork } from '../core/clock/due.js'
import type { Asking, Ctx } from '../core/ctx.js'
import { applyTracedReturns, findUntraced } from '../core/payments/payments.js'
import { type Dropped, readInbox } from '../network/nacha/nacha.js'

/** Looks for files that banks have dropped, and applies what they say to the payments behind their entries. */
export function achReading(base: Ctx<Exclude<Asking, 'team'>>, folder: string, log: Logger): DueWork {
  const stage = base.network.stage
  const handBack = async (...told: Parameters<NonNullable<typeof stage>['returnEntry']>) => stage?.returnEntry(...told)
  return {
    name: 'ach.inbox',
    run: () =>
      readInbox(folder, async ({ returns, changes }: Dropped) => {
        const unknown = await applyTracedReturns(base, returns, handBack)
        // What a bank corrects is an account number: who was meant is in the log, not what it should be.
        for (const { traceNumber, code } of changes) log.warn({ traceNumber, code }, 'ach.change_notified')
        log.info({ returns: returns.length, changes: changes.length }, 'ach.file_read')
        return [
          ...unknown.map(({ traceNumber }) => traceNumber),
          ...(await findUntraced(
            base,
            changes.map(({ traceNumber }) => traceNumber),
          )),
        ]
      }),
  }
}
