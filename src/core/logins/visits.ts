/**
 * Consumers on the way to the pages of an institution, where they log in, and back. A visit is over when they are back, when
 * another one begins, or after half an hour; what the institution says of the login itself is for the run that follows.
 * Contract: mx-connect/states §5.
 */
import { inTx } from '../../db/database.js'
import type { LoginVisit } from '../../network/port.js'
import { addMs } from '../clock/clock.js'
import { returnFromInstitution, submitCredentials, visitedAttempt } from '../connections/connections.js'
import type { Asking, Ctx, Reading, Writing } from '../ctx.js'
import { type ConnectSessionId, type ConsumerId, readId, type TeamId } from '../ids.js'
import { stageOf, visitInstitution } from '../simulation/simulation.js'
import { refuse } from './errors.js'
import { findConnectionOf, NOTHING_GOES_ON, takeLogin, type WhoseLogin } from './logins.js'
import { haltRuns } from './run-ends.js'
import { openSession } from './run-job.js'
import { patchLogin } from './store.js'
import { type LoginFailure, statusAfter, VISIT_MS } from './transitions.js'
import * as store from './visit-store.js'

/** A consumer's way to the pages of an institution and back. */
export type Visit = store.VisitRow

export interface VisitWish {
  /** What the caller wants done when the consumer is back, in the words of its face. */
  readonly wishes: Visit['wishes']
  /** Where the institution leads back to. */
  readonly returnUrlOf: (id: ConnectSessionId) => string
}

/**
 * Each has a page of its own; one that nobody came back from ends. Refuses `login.not_found`, `.has_no_pages`,
 * `.institution_silent`, `consumer.disabled`.
 */
export async function beginVisit(ctx: Ctx<Asking>, whose: WhoseLogin, wish: VisitWish): Promise<Visit> {
  const connection = await findConnectionOf(ctx, whose)
  const known = (await ctx.providers.institutions()).find(
    (each) => each.institutionSlug === connection.institution.slug,
  )
  if (known?.loginKind !== 'oauth') throw refuse('login.has_no_pages')
  const id = await openSession(ctx, connection.id, '')
  const step = await submitCredentials(ctx, id, { credentials: {}, returnUrl: wish.returnUrlOf(id) })
  if (step.kind !== 'visit') throw refuse('login.institution_silent')
  return inTx(ctx.db, async (tx) => {
    const inside = { ...ctx, db: tx, tx }
    const { held } = await takeLogin(inside, whose)
    const createdAt = ctx.clock.stamp()
    await store.endPending(inside, held.connectionId, createdAt)
    const expiresAt = addMs(ctx.clock.now(), VISIT_MS)
    return store.addVisit(inside, {
      id,
      connectionId: held.connectionId,
      url: step.url,
      wishes: wish.wishes,
      expiresAt,
      createdAt,
    })
  })
}

/** As it is by the team's clock. Refuses `login.visit_not_found`. */
export async function getVisit(
  ctx: Ctx<Reading | 'clock'>,
  { id, consumerId }: { readonly id: string; readonly consumerId: ConsumerId | null },
): Promise<Visit> {
  const wanted = readId<ConnectSessionId>(id)
  const visit = wanted && (await store.findVisit(ctx, wanted))
  if (!visit || (consumerId !== null && visit.consumerId !== consumerId)) throw refuse('login.visit_not_found')
  return shown(ctx, visit)
}

/** As `getVisit`, keeping when somebody first looked. */
export async function lookAtVisit(
  ctx: Ctx<Reading | 'clock'>,
  whose: { readonly id: string; readonly consumerId: ConsumerId | null },
): Promise<Visit> {
  const visit = await getVisit(ctx, whose)
  if (visit.firstReadAt !== null) return visit
  const firstReadAt = ctx.clock.now()
  await store.noteRead(ctx, visit.id, firstReadAt)
  return { ...visit, firstReadAt }
}

/** The last hundred of a login, newest first; none of one that the consumer does not have. */
export async function listVisits(ctx: Ctx<Reading | 'clock'>, whose: WhoseLogin): Promise<readonly Visit[]> {
  const visits = await store.listVisits(ctx, whose.id as Visit['connectionId'])
  const theirs = visits.filter(({ consumerId }) => whose.consumerId === null || consumerId === whose.consumerId)
  return theirs.map((visit) => shown(ctx, visit))
}

function shown({ clock }: Ctx<'clock'>, visit: Visit): Visit {
  const isOver = visit.status === 'pending' && visit.expiresAt <= clock.now()
  return isOver ? { ...visit, status: 'failed', reason: 'challenge_expired' } : visit
}

/** The consumer sets out. Refuses `login.not_found`. */
export async function noteSetOut(ctx: Ctx<Writing>, whose: WhoseLogin): Promise<void> {
  const { id } = await findConnectionOf({ ...ctx, db: ctx.tx }, whose)
  await store.noteStart(ctx, id, ctx.clock.now())
}

/** The team of a visit; null for an unknown one. */
export function teamOfVisit(ctx: Ctx<'db'>, id: string): Promise<TeamId | null> {
  const wanted = readId<ConnectSessionId>(id)
  return wanted ? store.findTeamOf(ctx, wanted) : Promise.resolve(null)
}

/**
 * The consumer is back: the institution is asked whether it let them in, unless it said already that it did not. Refuses
 * `login.visit_not_found`, `.visit_is_over`.
 */
export async function comeBack(
  ctx: Ctx<Asking>,
  id: string,
  { isRefused }: { readonly isRefused: boolean },
): Promise<Visit> {
  const visit = await findPending(ctx, id)
  if (isRefused) return inTx(ctx.db, (tx) => end({ ...ctx, db: tx, tx }, visit, 'access_denied'))
  const step = await returnFromInstitution(ctx, visit.id)
  const reason = step.kind === 'failed' ? step.reason : step.kind === 'visit' ? 'access_denied' : null
  return inTx(ctx.db, (tx) => end({ ...ctx, db: tx, tx }, visit, reason))
}

/**
 * What a rehearsal has the consumer do at the page: somebody who logs in is let go on, and what the login leads to shows in
 * the run. Refuses `login.visit_not_found`, `.visit_is_over`, `simulation.forbidden`, `simulation.cannot_happen`.
 */
export async function rehearseVisit(ctx: Ctx<Asking>, id: string, visit: LoginVisit): Promise<Visit> {
  const pending = await findPending(ctx, id)
  await visitInstitution(ctx, await visitedAttempt(ctx, pending.id), visit)
  const [institutionSlug, course] = await courseFor(ctx, pending, visit)
  if (!institutionSlug) throw refuse('login.visit_not_found')
  return inTx(ctx.db, async (tx) => {
    const inside = { ...ctx, db: tx, tx }
    const after = await end(inside, pending, visit.kind === 'refused' ? visit.reason : null)
    if (visit.kind === 'login') await patchLogin(inside, pending.connectionId, { course }, ctx.clock.stamp())
    return after
  })
}

async function courseFor(ctx: Ctx<Asking>, { connectionId }: Visit, visit: LoginVisit) {
  const { institution } = await findConnectionOf(ctx, { id: connectionId, consumerId: null })
  if (visit.kind !== 'login') return [institution.slug, null] as const
  const { userName: username, password } = visit
  return [institution.slug, await stageOf(ctx).courseOf(institution.slug, { username, password })] as const
}

async function findPending(ctx: Ctx<Reading | 'clock'>, id: string): Promise<Visit> {
  const visit = await getVisit(ctx, { id, consumerId: null })
  if (visit.status !== 'pending') throw refuse('login.visit_is_over')
  return visit
}

/** Of somebody who was let in, the next run goes on from there. */
async function end(ctx: Ctx<Writing | 'providers'>, visit: Visit, reason: LoginFailure | null): Promise<Visit> {
  const { held } = await takeLogin(ctx, { id: visit.connectionId, consumerId: null })
  const before = await store.takeVisit(ctx, visit.id)
  if (before?.status !== 'pending') throw refuse('login.visit_is_over')
  const at = ctx.clock.stamp()
  if (reason === null) {
    await haltRuns(ctx, held)
    const status = statusAfter(held.status, 'returned')
    await patchLogin(ctx, held.connectionId, { ...NOTHING_GOES_ON, status, reason: null, sessionId: visit.id }, at)
  }
  return store.setOutcome(ctx, visit.id, { reason, at })
}
