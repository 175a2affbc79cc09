/**
 * Puts a login where a rehearsal wants it: a caller's page can then show each way in which logins stand, also those that only
 * years bring. What goes on at the login ends; what its connection has read stays. Contract: mx-connect/callbacks §6.
 */
import { inTx } from '../../db/database.js'
import { type Connection, getInstitution, submitCredentials } from '../connections/connections.js'
import type { Asking, Ctx, Writing } from '../ctx.js'
import { type ConnectSessionId, type LoginRunId, newId } from '../ids.js'
import { stageOf } from '../simulation/simulation.js'
import { refuse } from './errors.js'
import { findConnectionOf, type Login, NOTHING_GOES_ON, takeLogin, type WhoseLogin } from './logins.js'
import { haltRuns } from './run-ends.js'
import { openSession } from './run-job.js'
import { productsOf } from './runs.js'
import { type LoginChallenge, sealChallenges } from './secrets.js'
import * as store from './store.js'
import { type LoginFailure, type LoginStatus, REFUSALS_MAX } from './transitions.js'
import { viewOf } from './view.js'

/** Where a login shall stand; `unvisited`: nobody has come back from the pages of its institution. */
export type WantedStanding =
  | { readonly status: Exclude<LoginStatus, 'failed'> | 'unvisited' }
  | { readonly status: 'failed'; readonly reason: Exclude<LoginFailure, 'asked_again'> }

/** Refuses `simulation.forbidden`, `login.not_found`, and `login.cannot_become` for what such a login never is. */
export async function rehearseLogin(ctx: Ctx<Asking>, whose: WhoseLogin, wanted: WantedStanding): Promise<Login> {
  stageOf(ctx)
  const connection = await findConnectionOf(ctx, whose)
  const question = wanted.status === 'challenged' ? await haveItAsked(ctx, connection) : null
  return inTx(ctx.db, async (tx) => {
    const inside = { ...ctx, db: tx, tx }
    const { held } = await takeLogin(inside, whose)
    refuseImpossible(connection, held, wanted)
    await haltRuns(inside, held)
    const patch = question ? await asked(inside, connection, question) : patchFor(wanted)
    const after = await store.patchLogin(inside, held.connectionId, { ...NOTHING_GOES_ON, ...patch }, ctx.clock.stamp())
    return viewOf(ctx, connection, after)
  })
}

interface Question {
  readonly sessionId: ConnectSessionId
  readonly challenges: readonly LoginChallenge[]
}

/** What an institution asks of somebody who logs in with its test password, so that it can be answered. */
async function haveItAsked(ctx: Ctx<Asking>, { id, institution }: Connection): Promise<Question> {
  const known = (await ctx.providers.institutions()).some(({ institutionSlug }) => institutionSlug === institution.slug)
  const { fields, loginKind } = known ? await getInstitution(ctx, institution.slug) : { fields: [], loginKind: null }
  if (loginKind !== 'credentials') throw refuse('login.cannot_become')
  const credentials = Object.fromEntries(
    fields.map(({ name, isSecret }) => [name, isSecret ? ASKED_PASSWORD : 'rehearsal'] as const),
  )
  const sessionId = await openSession(ctx, id, '')
  const step = await submitCredentials(ctx, sessionId, { credentials, returnUrl: null })
  if (step.kind !== 'answer') throw refuse('login.cannot_become')
  return { sessionId, challenges: step.challenges.map((each) => ({ ...each, picksAccount: false })) }
}
const ASKED_PASSWORD = 'challenge' // contract: mx-connect/states §8.2

function refuseImpossible(
  { connectedAt, state }: Connection,
  { kind }: store.HeldLogin,
  { status }: WantedStanding,
): void {
  const isOpen = connectedAt !== null && state !== 'error'
  const isPossible = {
    // At pages, before anybody came back, a login is `unvisited`.
    new: kind === 'credentials' || connectedAt !== null,
    unvisited: kind === 'pages' && connectedAt === null,
    connected: isOpen,
    renewed: true,
    reconnected: true,
    challenged: true,
    resumed: true,
    failed: true,
  } satisfies Record<WantedStanding['status'], boolean>
  if (kind === 'described' || !isPossible[status]) throw refuse('login.cannot_become')
}

function patchFor(wanted: WantedStanding): store.LoginPatch {
  if (wanted.status === 'failed') {
    const { reason } = wanted
    return { status: 'failed', reason, refusals: reason === 'too_many_failures' ? REFUSALS_MAX : 0 }
  }
  const status = wanted.status === 'unvisited' ? 'new' : wanted.status
  // Whoever waits for a run has none: a page that finds one that is over looks for ever.
  return { status, reason: null, ...(status === 'connected' ? {} : { runId: null }) }
}

async function asked(
  ctx: Ctx<Writing>,
  connection: Connection,
  { sessionId, challenges }: Question,
): Promise<store.LoginPatch> {
  const run = await store.addRun(ctx, {
    id: newId<LoginRunId>(ctx.chance),
    connectionId: connection.id,
    kind: 'aggregation',
    products: productsOf(connection, 'aggregation', []),
    status: 'challenged',
    startedAt: ctx.clock.stamp(),
  })
  return {
    status: 'challenged',
    reason: null,
    sessionId,
    challengesSealed: sealChallenges(ctx, connection.id, challenges),
    waitsSince: ctx.clock.now(),
    runId: run.id,
  }
}
