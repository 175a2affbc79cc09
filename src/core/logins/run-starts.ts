import type { GrantableProduct } from '../connections/connections.js'
import type { Ctx, Reading, Writing } from '../ctx.js'
import { type ConsumerId, type LoginRunId, newId, readId } from '../ids.js'
import { refuse } from './errors.js'
import { findConnectionOf, type Login, takeLogin, type WhoseLogin } from './logins.js'
import { beginRun } from './run-ends.js'
import { type LoginRun, productsOf, type RunKind } from './runs.js'
import * as store from './store.js'
import { isLate, isRunning, runView, viewOf } from './view.js'

export interface StartedRun {
  readonly run: LoginRun
  readonly login: Login
}

/**
 * Has a login carried out, and read. One of the same kind that goes on already is joined, one of another kind waits for it.
 * Refuses `login.not_found`, `.waits_for_visit`, `.product_not_supported`, and what rehearsals ask for.
 */
export async function startRun(
  ctx: Ctx<Writing | 'providers'>,
  whose: WhoseLogin,
  { kind, products: asked }: { readonly kind: RunKind; readonly products: readonly GrantableProduct[] },
): Promise<StartedRun> {
  const { connection, held } = await takeLogin(ctx, whose)
  const waitsForVisit =
    held.kind === 'pages' && held.status === 'new' && held.sessionId === null && connection.connectedAt === null
  if (waitsForVisit) throw refuse('login.waits_for_visit')
  const products = productsOf(connection, kind, asked)
  if (held.course?.trouble === 'running_fails') throw refuse('login.rehearsed_failure')
  const going = isRunning(held) && !isLate(ctx, held) ? held.run : null
  if (going?.kind === kind) return { run: going, login: viewOf(ctx, connection, held) }
  const run = await store.addRun(ctx, {
    id: newId<LoginRunId>(ctx.chance),
    connectionId: connection.id,
    kind,
    products,
    status: 'waiting',
    startedAt: ctx.clock.stamp(),
  })
  if (going) return { run, login: viewOf(ctx, connection, held) }
  if (held.run && isRunning(held)) {
    await store.setRunStatus(ctx, [held.run.id], { status: 'halted', at: ctx.clock.stamp() })
  }
  const begun = await beginRun(ctx, held, run)
  return { run: { ...run, status: 'asked' }, login: viewOf(ctx, connection, begun) }
}

/** As it is by the team's clock. Refuses `login.run_not_found`. */
export async function getRun(
  ctx: Ctx<Reading | 'clock'>,
  { id, consumerId }: { readonly id: string; readonly consumerId: ConsumerId | null },
): Promise<{
  readonly run: LoginRun
  readonly held: Pick<store.HeldLogin, 'consumerId' | 'institutionSlug' | 'course'> & { readonly isReadyEarly: boolean }
}> {
  const wanted = readId<LoginRunId>(id)
  const run = wanted && (await store.findRun(ctx, wanted))
  if (!run) throw refuse('login.run_not_found')
  try {
    const connection = await findConnectionOf(ctx, { id: run.connectionId, consumerId })
    const held = await store.findLogin(ctx, connection.id)
    if (!held) throw refuse('login.run_not_found')
    const seen = runView(ctx, held, run)
    const isReadyEarly = (held.course?.isReadyEarly ?? false) && held.status === 'connected' && seen.finishedAt === null
    return { run: seen, held: { ...held, isReadyEarly } }
  } catch (error) {
    throw Object.assign(refuse('login.run_not_found'), { cause: error })
  }
}
