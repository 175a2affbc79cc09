/**
 * Rehearsals with what consumers open by logging in: institutions that fail, accesses that end, lines that come, change and
 * go, and the page that plays an institution. What cannot be done because it is not there is `simulation.cannot_happen`.
 */
import type {
  AwaitedVisit,
  HeldRef,
  HeldTransaction,
  LineChange,
  LineDraft,
  LoginRefusal,
  LoginVisit,
} from '../../network/port.js'
import type { Ctx } from '../ctx.js'
import { refuse } from './errors.js'
import { stageOf } from './stage.js'

type Rehearsing = Ctx<'team' | 'clock' | 'network'>

/** Makes an institution answer with a reason, until it is null again. Refuses `simulation.forbidden`, `simulation.cannot_happen`. */
export async function setInstitutionFault(
  ctx: Rehearsing,
  institutionSlug: string,
  reason: LoginRefusal | null,
): Promise<void> {
  happened(await stageOf(ctx).setInstitutionFault(ctx.team.id, institutionSlug, reason))
}

/** Has the institution end an access. Refuses `simulation.forbidden`, `simulation.cannot_happen`. */
export async function expireAccess(ctx: Rehearsing, accessRef: string): Promise<void> {
  happened(await stageOf(ctx).expireAccess(askOf(ctx), accessRef))
}

/** Adds a line to a deposit account, on a day that has come. Refuses `simulation.forbidden`, `simulation.cannot_happen`. */
export async function addLine(ctx: Rehearsing, account: HeldRef, draft: LineDraft): Promise<HeldTransaction> {
  return happened(await stageOf(ctx).addLine(askOf(ctx), account, draft))
}

/** Changes a line of a deposit account. Refuses `simulation.forbidden`, `simulation.cannot_happen`. */
export async function changeLine(ctx: Rehearsing, line: HeldRef, change: LineChange): Promise<HeldTransaction> {
  return happened(await stageOf(ctx).changeLine(askOf(ctx), line, change))
}

/** Takes a line away. Refuses `simulation.forbidden`, `simulation.cannot_happen`. */
export async function removeLine(ctx: Rehearsing, line: HeldRef): Promise<HeldTransaction> {
  return happened(await stageOf(ctx).removeLine(askOf(ctx), line))
}

/** Whom the institution's page waits for. Refuses `simulation.forbidden`, and `simulation.cannot_happen` when nobody. */
export async function awaitedVisit(ctx: Rehearsing, attemptRef: string): Promise<AwaitedVisit> {
  return happened(await stageOf(ctx).awaitedVisit(askOf(ctx), attemptRef))
}

/** What a consumer does at that page. Refuses `simulation.forbidden`, and `simulation.cannot_happen` when nobody is awaited. */
export async function visitInstitution(ctx: Rehearsing, attemptRef: string, visit: LoginVisit): Promise<void> {
  happened(await stageOf(ctx).visitInstitution(askOf(ctx), attemptRef, visit))
}

function happened<T>(result: T | null | false): T {
  if (result === null || result === false) throw refuse('simulation.cannot_happen')
  return result
}

function askOf(ctx: Ctx<'team' | 'clock'>) {
  return { realm: ctx.team.id, at: ctx.clock.now() }
}
