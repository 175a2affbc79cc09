import type { Logger } from 'pino'
import type { Base } from '../core/ctx.js'
import { applyTracedReturns, findUntraced } from '../core/payments/payments.js'
import { type Dropped, readInbox } from '../network/nacha/nacha.js'

/** A look for files that banks have dropped, which applies what they say to the payments behind their entries. */
export function achReader(base: Base, folder: string | null, log: Logger): () => Promise<void> {
  if (folder === null) return async () => {}
  const stage = base.network.stage
  const handBack = async (...told: Parameters<NonNullable<typeof stage>['returnEntry']>) => stage?.returnEntry(...told)
  const take = async ({ returns, changes }: Dropped) => {
    const unknown = await applyTracedReturns(base, returns, handBack)
    const strays = await findUntraced(
      base,
      changes.map(({ traceNumber }) => traceNumber),
    )
    // What a bank corrects is an account number: whose it is goes to the log, not what it should be.
    for (const { traceNumber, code } of changes) log.warn({ traceNumber, code }, 'ach.change_notified')
    log.info({ returns: returns.length, changes: changes.length }, 'ach.file_read')
    return [...unknown.map(({ traceNumber }) => traceNumber), ...strays]
  }
  return async () => {
    await readInbox(folder, take)
  }
}
