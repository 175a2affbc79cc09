/**
 * Logins that the server carries out itself: a team's page hands over what a consumer types, asks for runs, and looks again
 * and again how they go. A run logs in, asks the consumer what the institution asks, and reads what it is for. What it makes
 * is a connection like any other, so that a login has the connection's id. Contract: mx-connect/states.
 */
import { inTx } from '../../db/database.js'
import type { RehearsedCourse } from '../../network/port.js'
import {
  beginConnection,
  type Connection,
  connectionsById,
  connectionsMade,
  deleteConnection,
  getConnection,
  getInstitution,
  type RoutedInstitution,
} from '../connections/connections.js'
import { getConsumer, refuseDisabled } from '../consumers/consumers.js'
import type { Asking, Ctx, Reading, Writing } from '../ctx.js'
import { type ConnectionId, type ConsumerId, readId } from '../ids.js'
import { stageOf } from '../simulation/simulation.js'
import { refuse } from './errors.js'
import { haltRuns } from './run-ends.js'
import type { LoginRun } from './runs.js'
import { type Credentials, type LoginChallenge, markOf, sealCredentials } from './secrets.js'
import * as store from './store.js'
import { type LoginFailure, type LoginStatus, statusAfter } from './transitions.js'
import { viewOf, viewOfOther } from './view.js'

export { answerLogin } from './answers.js'
export { addDescribedAccount, type DescribedAccount, type DescribedFacts, describedFacts } from './described.js'
export type { LoginRefusalCode } from './errors.js'
export { rehearseLogin, type WantedStanding } from './rehearsing.js'
export { runTask } from './run-job.js'
export { getRun, type StartedRun, startRun } from './run-starts.js'
export type { LoginRun, RunKind } from './runs.js'
export type { LoginChallenge } from './secrets.js'
export type { LoginKind } from './store.js'
export type { LoginFailure, LoginStatus, RunStatus } from './transitions.js'
export { isRunning } from './view.js'
export {
  beginVisit,
  comeBack,
  getVisit,
  listVisits,
  lookAtVisit,
  noteSetOut,
  rehearseVisit,
  teamOfVisit,
  type Visit,
} from './visits.js'

/** A consumer's login, as its page sees it. */
export interface Login {
  readonly connection: Connection
  readonly consumerId: ConsumerId
  readonly institutionSlug: string
  readonly kind: store.LoginKind
  readonly status: LoginStatus
  /** Set only while it is `failed`. */
  readonly reason: LoginFailure | null
  /** What the consumer has to answer, all of it together. */
  readonly challenges: readonly LoginChallenge[]
  /** The run that goes on, or went last. */
  readonly run: LoginRun | null
  /** Accounts can be shown although the run goes on. */
  readonly isReadyEarly: boolean
  /** The consumer has come back from the pages of the institution, and nobody has gone on from there. */
  readonly isVisited: boolean
  /** The caller's own words for what it is used for. */
  readonly useCases: readonly string[]
  /** The caller does not want it read by schedule. */
  readonly staysInBackground: boolean
  readonly readyAt: string | null
  readonly createdAt: string
  readonly updatedAt: string
}

/** Which login is meant, and whose it has to be; null for anybody's. */
export interface WhoseLogin {
  readonly id: string
  readonly consumerId: ConsumerId | null
}

/** Connections that logins make have this provider. */
const PROVIDER = 'mx'

export interface LoginDraft {
  readonly consumerId: ConsumerId
  readonly institutionSlug: string
  /** Null where one logs in at pages of the institution. */
  readonly credentials: Credentials | null
  readonly useCases: readonly string[]
  readonly staysInBackground: boolean
}

/**
 * Nobody logs in yet: that is for a run. A consumer on the way to the pages of an institution is on that way already when
 * asked again. Refuses `connection.institution_not_found`, `login.institution_suspended`, `.invalid_credentials`,
 * `.already_there` (its detail: the id of the other), `consumer.not_found`, `.disabled`, and what rehearsals ask for.
 */
export async function createLogin(ctx: Ctx<Asking>, draft: LoginDraft): Promise<Login> {
  const { consumerId, credentials } = draft
  const institution = await institutionFor(ctx, draft.institutionSlug)
  if (institution.isSuspended) throw refuse('login.institution_suspended')
  if (credentials === null) {
    if (institution.loginKind !== 'oauth') throw refuse('login.has_no_pages')
  } else refuseIncomplete(institution, credentials)
  refuseDisabled(await getConsumer(ctx, consumerId))
  const course = credentials && (await courseOf(ctx, institution.institutionSlug, credentials))
  refuseRehearsed(course)
  return inTx(ctx.db, (tx) => add({ ...ctx, db: tx, tx }, { draft, institution, course }))
}

interface Adding {
  readonly draft: LoginDraft
  readonly institution: RoutedInstitution
  readonly course: RehearsedCourse | null
}

async function add(ctx: Ctx<Writing>, { draft, institution, course }: Adding): Promise<Login> {
  const { consumerId, credentials, useCases, staysInBackground } = draft
  const { institutionSlug } = institution
  const nameMark = credentials && markOf(ctx, institutionSlug, userNameIn(institution, credentials))
  const whose = { consumerId, institutionSlug, nameMark }
  if (nameMark === null) {
    const unvisited = await store.findUnvisited(ctx, whose)
    if (unvisited)
      return viewOf(ctx, await getConnection(ctx, { id: unvisited.connectionId, clientId: null }), unvisited)
  } else {
    const other = await store.findByMark(ctx, whose)
    if (other) throw refuse('login.already_there', null, other)
  }
  const connection = await beginConnection(ctx, { consumerId, institution, provider: PROVIDER })
  const login = await store.addLogin(ctx, {
    ...whose,
    connectionId: connection.id,
    kind: credentials === null ? 'pages' : 'credentials',
    credentialsSealed: credentials && sealCredentials(ctx, connection.id, credentials),
    useCases,
    staysInBackground,
    status: 'new',
    course,
    createdAt: ctx.clock.stamp(),
  })
  // Somebody else gave the same login at the same time.
  if (!login) throw refuse('login.already_there', null, (await store.findByMark(ctx, whose)) ?? '')
  return viewOf(ctx, connection, login)
}

/** An institution at which this kind of login makes sense. */
async function institutionFor(ctx: Ctx<'providers'>, slug: string): Promise<RoutedInstitution> {
  const institution = await getInstitution(ctx, slug)
  if (!isOpenToLogins(institution)) return getInstitution(ctx, '')
  return institution
}

/** Whether a consumer can log in there by what this capability does. */
export function isOpenToLogins({ providers, loginKind }: RoutedInstitution): boolean {
  return providers.includes(PROVIDER) && loginKind !== 'instant'
}

function refuseIncomplete({ loginKind, fields }: RoutedInstitution, credentials: Credentials): void {
  if (loginKind !== 'credentials') throw refuse('login.invalid_credentials')
  for (const { name } of fields) {
    if (!credentials[name]?.trim()) {
      throw refuse('login.invalid_credentials', { member: name, rule: 'must not be empty.' })
    }
  }
  const stranger = Object.keys(credentials).find((name) => !fields.some((field) => field.name === name))
  if (stranger !== undefined) {
    throw refuse('login.invalid_credentials', { member: stranger, rule: 'is no field of this institution.' })
  }
}

function userNameIn({ fields }: RoutedInstitution, credentials: Credentials): string {
  const field = fields.find(({ isSecret }) => !isSecret) ?? fields[0]
  return (field && credentials[field.name]) ?? ''
}

async function courseOf(
  ctx: Ctx<Asking>,
  institutionSlug: string,
  credentials: Credentials,
): Promise<RehearsedCourse | null> {
  if (ctx.team.environment !== 'development' || !ctx.network.stage) return null
  const course = await stageOf(ctx).courseOf(institutionSlug, credentials)
  return course.trouble !== null || course.slowMs > 0 || course.choosesAccount ? course : null
}

function refuseRehearsed(course: RehearsedCourse | null): void {
  if (course?.trouble === 'making_is_invalid') throw refuse('login.rehearsed_invalid')
  if (course?.trouble === 'making_is_forbidden') throw refuse('login.rehearsed_ban')
  if (course?.trouble === 'making_fails') throw refuse('login.rehearsed_failure')
}

/** As it is by the team's clock. Refuses `login.not_found`, and `login.rehearsed_failure` where a rehearsal asked for it. */
export async function getLogin(ctx: Ctx<Asking>, whose: WhoseLogin): Promise<Login> {
  const connection = await findConnectionOf(ctx, whose)
  const held = await store.findLogin(ctx, connection.id)
  if (!held) return other(ctx, connection)
  if (held.course?.trouble === 'reading_is_flaky' && (await store.countRead(ctx, connection.id)) % 2 === 0) {
    throw refuse('login.rehearsed_failure')
  }
  return viewOf(ctx, connection, held)
}

/** All of a consumer's, oldest first: also connections that it made elsewhere. */
export async function listLogins(ctx: Ctx<Asking>, consumerId: ConsumerId): Promise<readonly Login[]> {
  const held = new Map((await store.listLogins(ctx, consumerId)).map((login) => [login.connectionId, login]))
  const made = await connectionsMade(ctx, consumerId)
  const begun = await connectionsById(
    ctx,
    [...held.keys()].filter((id) => !made.some((connection) => connection.id === id)),
  )
  const all = [...made, ...begun].sort((a, b) => (a.createdAt + a.id < b.createdAt + b.id ? -1 : 1))
  return Promise.all(
    all.map((connection) => {
      const login = held.get(connection.id)
      return login ? viewOf(ctx, connection, login) : other(ctx, connection)
    }),
  )
}

async function other(ctx: Ctx<Asking>, connection: Connection): Promise<Login> {
  return viewOfOther(connection, await kindOf(ctx, connection))
}

async function kindOf(ctx: Ctx<'providers'>, { institution }: Connection): Promise<store.LoginKind> {
  const known = (await ctx.providers.institutions()).find(({ institutionSlug }) => institutionSlug === institution.slug)
  if (!known) return 'described'
  return known.loginKind === 'oauth' ? 'pages' : 'credentials'
}

/** The connection of a login, which has not been deleted. Refuses `login.not_found`. */
export async function findConnectionOf(ctx: Ctx<Reading>, { id, consumerId }: WhoseLogin): Promise<Connection> {
  const wanted = readId<ConnectionId>(id)
  const [connection] = wanted ? await connectionsById(ctx, [wanted]) : []
  const isTheirs = connection && (consumerId === null || connection.consumerId === consumerId)
  if (!isTheirs) throw refuse('login.not_found')
  return connection
}

/** Locks the login for this transaction; one that was made elsewhere gets a row. Refuses `login.not_found`. */
export async function takeLogin(
  ctx: Ctx<Writing | 'providers'>,
  whose: WhoseLogin,
): Promise<{ readonly connection: Connection; readonly held: store.HeldLogin }> {
  const inside = { ...ctx, db: ctx.tx }
  const connection = await findConnectionOf(inside, whose)
  const held = (await store.takeLogin(ctx, connection.id)) ?? (await adopt(ctx, connection))
  return { connection, held }
}

async function adopt(ctx: Ctx<Writing | 'providers'>, connection: Connection): Promise<store.HeldLogin> {
  await store.addLogin(ctx, {
    connectionId: connection.id,
    consumerId: connection.consumerId,
    institutionSlug: connection.institution.slug,
    kind: await kindOf(ctx, connection),
    credentialsSealed: null,
    nameMark: null,
    useCases: [],
    staysInBackground: false,
    status: 'connected',
    course: null,
    createdAt: connection.createdAt,
  })
  const held = await store.takeLogin(ctx, connection.id)
  if (!held) throw refuse('login.not_found')
  return held
}

export interface LoginChange {
  /** Absent: they stay. */
  readonly credentials?: Credentials
  /** Added to those it has. */
  readonly useCases: readonly string[]
  readonly staysInBackground?: boolean
}

/**
 * Other credentials end what is going on, and wait for a run. Refuses `login.not_found`, `.invalid_credentials`.
 */
export async function changeLogin(ctx: Ctx<Asking>, whose: WhoseLogin, change: LoginChange): Promise<Login> {
  const connection = await findConnectionOf(ctx, whose)
  const { credentials } = change
  const institution = credentials ? await getInstitution(ctx, connection.institution.slug) : null
  if (credentials && institution) refuseIncomplete(institution, credentials)
  const course = credentials ? await courseOf(ctx, connection.institution.slug, credentials) : null
  return inTx(ctx.db, async (tx) => {
    const inside = { ...ctx, db: tx, tx }
    const { held } = await takeLogin(inside, whose)
    const useCases = [...new Set([...held.useCases, ...change.useCases])]
    const patch = {
      useCases,
      ...(change.staysInBackground === undefined ? {} : { staysInBackground: change.staysInBackground }),
    }
    if (!credentials || !institution) {
      return viewOf(ctx, connection, await store.patchLogin(inside, held.connectionId, patch, ctx.clock.stamp()))
    }
    await haltRuns(inside, held)
    const nameMark = markOf(ctx, institution.institutionSlug, userNameIn(institution, credentials))
    const taken = await store.findByMark(inside, { ...held, nameMark })
    const after = await store.patchLogin(
      inside,
      held.connectionId,
      {
        ...patch,
        ...NOTHING_GOES_ON,
        status: statusAfter(held.status, 'renewed'),
        reason: null,
        credentialsSealed: sealCredentials(ctx, held.connectionId, credentials),
        // Two logins of one name stay two: the older one keeps it.
        nameMark: taken === null || taken === held.connectionId ? nameMark : null,
        course,
      },
      ctx.clock.stamp(),
    )
    return viewOf(ctx, connection, after)
  })
}

export const NOTHING_GOES_ON = {
  sessionId: null,
  challengesSealed: null,
  answersSealed: null,
  waitsSince: null,
  readyAt: null,
} as const

/** With its connection, and everything that was read through it. Refuses `login.not_found`. */
export async function deleteLogin(ctx: Ctx<Writing>, whose: WhoseLogin): Promise<void> {
  const { id } = await findConnectionOf({ ...ctx, db: ctx.tx }, whose)
  await deleteConnection(ctx, { id, clientId: null })
}
