/**
 * The way of a consumer through a connect session, step by step. Each step looks at the session, asks the provider while no
 * transaction is open, and then writes what came of it, if nobody was faster. What a consumer types is handed on and never
 * kept. Contract: moneykit/connect §6, links §1.5, §3.1.
 */
import { inTx } from '../../db/database.js'
import type { AccessPoint, Challenge, ChallengeAnswer, CredentialField, LoginStep } from '../../network/port.js'
import { getConsumer, refuseDisabled } from '../consumers/consumers.js'
import type { Asking, Ctx, Writing } from '../ctx.js'
import type { ConnectionId } from '../ids.js'
import { openAccess } from './access.js'
import { refuse } from './errors.js'
import type { Completed } from './exchange.js'
import { type Choice, grant } from './granting.js'
import { getInstitution } from './institutions.js'
import { move } from './moves.js'
import { offererOf } from './offered.js'
import { type Offer, offerOf } from './offers.js'
import { openConnection } from './opening.js'
import { GRANTABLE_PRODUCTS, type GrantableProduct } from './products.js'
import { type Choosing, goOn, openProgress, type Progress, takeSession } from './progress.js'
import type { ProviderName, RoutedInstitution } from './providers.js'
import type { HeldSession } from './session-store.js'
import { findOpenSession, openPrivate } from './sessions.js'
import { openStandbys, type ProviderAccess } from './standbys.js'
import { type FailureReason, failureOf } from './step-failures.js'
import { findConnection, takeConnection } from './store.js'
import { type ConnectionError, errorMessages, stateAfter } from './transitions.js'

export type { Offer, OfferedAccount } from './offers.js'

/** What the page shows next. */
export type ConnectStep =
  | { readonly kind: 'log_in'; readonly institution: AccessPoint; readonly fields: readonly CredentialField[] }
  | { readonly kind: 'answer'; readonly challenges: readonly Challenge[]; readonly isAskedAgain: boolean }
  /** The consumer goes to a page of the institution. */
  | { readonly kind: 'visit'; readonly url: string }
  | { readonly kind: 'choose'; readonly offer: Offer }
  /** The login did not work. After a passing trouble the consumer may try again, `from` the step that is named. */
  | {
      readonly kind: 'failed'
      readonly error: ConnectionError
      readonly message: string
      readonly mayRetry: boolean
      readonly reason: FailureReason
    }

/** A consumer who knows everything beforehand. */
export interface Login {
  /** Null when the session settles it. */
  readonly institutionId: string | null
  /** By the name of the field. */
  readonly credentials: Readonly<Record<string, string>>
  /** What is said to the challenges, in their order: texts, or labels or ids of options. */
  readonly answers: readonly string[]
  /** Masks or names of the accounts to permit; null for all that may be. */
  readonly accounts: readonly string[] | null
  /** Null for all that are offered. */
  readonly products: readonly GrantableProduct[] | null
}

/**
 * The consumer picked an institution, or begins to renew a connection. A connection begins with it. Refuses what
 * `findOpenSession` refuses, `consumer.disabled`, `connection.institution_not_found`, and `connect_session.invalid_choice`
 * where the session does not offer the institution.
 */
export async function startConnecting(
  ctx: Ctx<Asking>,
  sessionId: string,
  { institutionId }: { readonly institutionId: string | null },
): Promise<ConnectStep> {
  const session = await findOpenSession(ctx, sessionId)
  refuseDisabled(await getConsumer(ctx, session.consumerId))
  const wanted = session.isRenewal ? session.institutionSlug : (institutionId ?? session.institutionSlug)
  if (wanted === null) throw refuse('connect_session.invalid_choice')
  const institution = await getInstitution(ctx, wanted)
  const [provider] = await routeOf(ctx, session, institution)
  if (!provider) throw refuse('connect_session.invalid_choice')
  await inTx(ctx.db, async (tx) => {
    const inside = { ...ctx, db: tx, tx }
    const held = await takeSession(inside, session)
    const connectionId = held.isRenewal ? held.connectionId : await beginConnection(inside, held, institution, provider)
    const progress: Progress = { at: 'log_in', lastError: openProgress(ctx, held)?.lastError ?? null }
    await goOn(inside, { ...held, connectionId, institutionSlug: institution.institutionSlug }, progress)
  })
  return { kind: 'log_in', institution, fields: institution.fields }
}

/** The providers to try, best first; none where the session does not offer the institution. */
async function routeOf(
  ctx: Ctx<Asking>,
  session: HeldSession,
  institution: RoutedInstitution,
): Promise<readonly ProviderName[]> {
  const { products, providers } = session.settings
  const named = GRANTABLE_PRODUCTS.filter((product) => products[product])
  const isOffered = session.isRenewal || (await offererOf(ctx, session)).isOffered(institution)
  return isOffered ? ctx.providers.route(institution, { products: ['accounts', ...named], providers }) : []
}

/** A new connection, or the one that the consumer had begun in this session, at another institution perhaps. */
async function beginConnection(
  ctx: Ctx<Writing>,
  session: HeldSession,
  point: RoutedInstitution,
  provider: ProviderName,
): Promise<ConnectionId> {
  const institution = { slug: point.institutionSlug, name: point.name }
  const facts = { institution, institutionProducts: point.products, provider }
  const begun = session.connectionId && (await takeConnection(ctx, session.connectionId))
  if (begun && stateAfter(begun.state, 'retried')) {
    return (await move(ctx, begun, { cause: 'retried', patch: facts })).id
  }
  const { webhook, tags } = session.settings
  const { consumerId, clientId } = session
  return (await openConnection(ctx, { consumerId, clientId, institution: point, provider, webhook, tags })).id
}

/**
 * The consumer logs in: with what the institution asks for, with nothing where it asks for nothing, and before going to its
 * pages. Providers are tried one after the other while they fail for reasons of their own, and those behind the one that opened the
 * login stand by. Refuses what `findOpenSession`
 * refuses, `connect_session.wrong_step`.
 */
export async function submitCredentials(
  ctx: Ctx<Asking>,
  sessionId: string,
  {
    credentials,
    returnUrl,
  }: { readonly credentials: Readonly<Record<string, string>>; readonly returnUrl: string | null },
): Promise<ConnectStep> {
  const session = await findOpenSession(ctx, sessionId)
  const { institutionSlug, connectionId } = session
  if (institutionSlug === null || connectionId === null || !openProgress(ctx, session)) {
    throw refuse('connect_session.wrong_step')
  }
  const institution = await getInstitution(ctx, institutionSlug)
  const attempt = { institutionSlug, credentials, returnUrl, ...(await whoLogsIn(ctx, session)) }
  const before = session.isRenewal ? await findConnection(ctx, connectionId) : null
  const route = await routeOf(ctx, session, institution)
  let tried: Omit<Tried, 'returnUrl'> | null = null
  for (const [index, provider] of route.entries()) {
    const accessRef = before?.provider === provider ? openAccess(ctx, before) : null
    const outcome = await ctx.providers.named(provider).login(askOf(ctx), { ...attempt, accessRef })
    const next = outcome.kind === 'opened' ? route.slice(index + 1) : []
    tried = { provider, outcome, standbys: await openStandbys(ctx, next, { ...attempt, accessRef: null }) }
    if (outcome.kind !== 'refused' || outcome.reason !== 'provider_failed') break
  }
  if (!tried) throw refuse('connect_session.wrong_step')
  return settle(ctx, session, institution, { ...tried, returnUrl })
}

/** By what institutions know who it is. Refuses `consumer.disabled`: consent may have been withdrawn meanwhile. */
async function whoLogsIn(ctx: Ctx<Asking>, session: HeldSession) {
  const { contact, customData } = openPrivate(ctx, session)
  const consumer = await getConsumer(ctx, session.consumerId)
  refuseDisabled(consumer)
  return { consumerRef: session.consumerId, phone: consumer.individual?.phone ?? contact.phone, customData }
}

/** All challenges of the step are answered together. Refuses what `findOpenSession` refuses, `connect_session.wrong_step`. */
export function answerChallenges(
  ctx: Ctx<Asking>,
  sessionId: string,
  answers: readonly ChallengeAnswer[],
): Promise<ConnectStep> {
  return goOnWith(ctx, sessionId, 'answer', answers)
}

/**
 * The consumer came back from the pages of the institution: by `returnUrl`, or as the caller has made sure itself. Refuses what
 * `findOpenSession` refuses, `connect_session.wrong_step` also for any way but the one that the institution was given.
 */
export async function returnFromInstitution(
  ctx: Ctx<Asking>,
  sessionId: string,
  returnUrl?: string | null,
): Promise<ConnectStep> {
  if (returnUrl !== undefined && !(await isAwaitedBack(ctx, sessionId, returnUrl))) {
    throw refuse('connect_session.wrong_step')
  }
  return goOnWith(ctx, sessionId, 'visit', [])
}

/** Whether the consumer is at the pages of the institution, and would come back so. Refuses what `findOpenSession` refuses. */
export async function isAwaitedBack(ctx: Ctx<Asking>, sessionId: string, returnUrl: string | null): Promise<boolean> {
  const progress = openProgress(ctx, await findOpenSession(ctx, sessionId))
  return progress?.at === 'visit' && progress.returnUrl === returnUrl
}

async function goOnWith(
  ctx: Ctx<Asking>,
  sessionId: string,
  at: 'answer' | 'visit',
  answers: readonly ChallengeAnswer[],
): Promise<ConnectStep> {
  const session = await findOpenSession(ctx, sessionId)
  const progress = openProgress(ctx, session)
  if (progress?.at !== at || session.institutionSlug === null) throw refuse('connect_session.wrong_step')
  const institution = await getInstitution(ctx, session.institutionSlug)
  const { provider, attemptRef } = progress
  const outcome = await ctx.providers.named(provider).continueLogin(askOf(ctx), attemptRef, answers)
  const returnUrl = progress.at === 'visit' ? progress.returnUrl : null
  return settle(ctx, session, institution, { provider, outcome, standbys: [], returnUrl })
}

/** Where the consumer is, for a page that was opened again. Refuses what `findOpenSession` refuses. */
export async function currentStep(ctx: Ctx<Asking>, sessionId: string): Promise<ConnectStep | null> {
  const session = await findOpenSession(ctx, sessionId)
  const progress = openProgress(ctx, session)
  if (!progress || session.institutionSlug === null) return null
  const institution = await getInstitution(ctx, session.institutionSlug)
  if (progress.at === 'answer') return { kind: 'answer', challenges: progress.challenges, isAskedAgain: false }
  if (progress.at === 'visit') return { kind: 'visit', url: progress.url }
  if (progress.at === 'choose') return { kind: 'choose', offer: await offerOf(ctx, session, progress, institution) }
  return { kind: 'log_in', institution, fields: institution.fields }
}

/** The attempt that goes on at the pages of the institution. Refuses what `findOpenSession` refuses, `connect_session.wrong_step`. */
export async function visitedAttempt(ctx: Ctx<'db' | 'team' | 'clock' | 'vault'>, sessionId: string): Promise<string> {
  const progress = openProgress(ctx, await findOpenSession(ctx, sessionId))
  if (progress?.at !== 'visit') throw refuse('connect_session.wrong_step')
  return progress.attemptRef
}

interface Tried {
  readonly provider: ProviderName
  readonly outcome: LoginStep
  readonly standbys: readonly ProviderAccess[]
  /** How the consumer comes back from the pages of the institution. */
  readonly returnUrl: string | null
}

/** Writes what came of a login, and says what the page shows next. */
async function settle(
  ctx: Ctx<Asking>,
  session: HeldSession,
  institution: RoutedInstitution,
  { provider, outcome, standbys, returnUrl }: Tried,
): Promise<ConnectStep> {
  switch (outcome.kind) {
    case 'opened':
      return lookInside(ctx, session, institution, { provider, accessRef: outcome.accessRef, standbys })
    case 'challenged': {
      const { attemptRef, challenges, isAskedAgain } = outcome
      await write(ctx, session, { at: 'answer', provider, attemptRef, challenges, lastError: null })
      return { kind: 'answer', challenges, isAskedAgain }
    }
    case 'redirected': {
      const { attemptRef, url } = outcome
      await write(ctx, session, { at: 'visit', provider, attemptRef, url, returnUrl, lastError: null })
      return { kind: 'visit', url }
    }
    case 'refused':
      return failStep(ctx, session, outcome.reason)
  }
}

/** The login is open: what is behind it is what the consumer chooses from. */
async function lookInside(
  ctx: Ctx<Asking>,
  session: HeldSession,
  institution: RoutedInstitution,
  access: ProviderAccess & Pick<Tried, 'standbys'>,
): Promise<ConnectStep> {
  const told = await ctx.providers.named(access.provider).heldAccounts(askOf(ctx), access.accessRef)
  if (!told.ok) return failStep(ctx, session, told.reason)
  const progress: Choosing = { at: 'choose', ...access, accounts: told.value, lastError: null }
  const offer = await offerOf(ctx, session, progress, institution)
  if (offer.accounts.length === 0) return failStep(ctx, session, 'no_accounts')
  await write(ctx, session, progress)
  return { kind: 'choose', offer }
}

/** Tells the page; a trouble that does not pass by another try ends in the connection, too, unless it was there before. */
async function failStep(ctx: Ctx<Asking>, session: HeldSession, reason: FailureReason): Promise<ConnectStep> {
  const { error, isFinal, mayRetry } = failureOf(reason)
  await inTx(ctx.db, async (tx) => {
    const inside = { ...ctx, db: tx, tx }
    const held = await takeSession(inside, session)
    await goOn(inside, held, { at: 'log_in', lastError: error })
    if (isFinal && !held.isRenewal) await failBegun(inside, held, error)
  })
  return { kind: 'failed', error, message: errorMessages[error], mayRetry, reason }
}

/** The connection that was begun fails for the reason that its login failed for. */
export async function failBegun(ctx: Ctx<Writing>, session: HeldSession, errorCode: ConnectionError): Promise<void> {
  const connection = session.connectionId && (await takeConnection(ctx, session.connectionId))
  if (connection && stateAfter(connection.state, 'failed')) await move(ctx, connection, { cause: 'failed', errorCode })
}

async function write(ctx: Ctx<Asking>, session: HeldSession, progress: Progress): Promise<void> {
  await inTx(ctx.db, async (tx) => {
    const inside = { ...ctx, db: tx, tx }
    const held = await takeSession(inside, session)
    await reopen(inside, held)
    await goOn(inside, held, progress)
  })
}

/** A connection that had failed in this session is being made again. */
async function reopen(ctx: Ctx<Writing>, { isRenewal, connectionId }: HeldSession): Promise<void> {
  const connection = isRenewal || connectionId === null ? null : await takeConnection(ctx, connectionId)
  if (connection?.state === 'error') await move(ctx, connection, { cause: 'retried' })
}

/**
 * The consumer grants products and accounts, and is done. Refuses what `findOpenSession` refuses,
 * `connect_session.wrong_step`, `.invalid_choice`.
 */
export async function chooseAccounts(
  ctx: Ctx<Asking>,
  sessionId: string,
  choice: { readonly accountRefs: readonly string[]; readonly products: readonly GrantableProduct[] },
): Promise<Completed> {
  const session = await findOpenSession(ctx, sessionId)
  const progress = openProgress(ctx, session)
  if (progress?.at !== 'choose' || session.institutionSlug === null) throw refuse('connect_session.wrong_step')
  const institution = await getInstitution(ctx, session.institutionSlug)
  const offer = await offerOf(ctx, session, progress, institution)
  if (!isPossible(offer, choice)) throw refuse('connect_session.invalid_choice')
  return inTx(ctx.db, async (tx) => {
    const inside = { ...ctx, db: tx, tx }
    const held = await takeSession(inside, session)
    return grant(inside, held, { progress, institution, choice })
  })
}

function isPossible(offer: Offer, { accountRefs, products }: Choice): boolean {
  const offered = new Map(offer.accounts.map((account) => [account.ref, account]))
  const chosen = new Set([...accountRefs, ...offer.accounts.filter(({ isFixed }) => isFixed).map(({ ref }) => ref)])
  const isKnown = accountRefs.every((ref) => offered.has(ref))
  const areOffered = products.every((product) => offer.products.some((each) => each.product === product))
  const areComplete = offer.products.every(({ product, isFixed }) => !isFixed || products.includes(product))
  return isKnown && areOffered && areComplete && chosen.size > 0 && (!offer.onlyOne || chosen.size === 1)
}

/** Of whom and when the network is asked. */
export function askOf({ team, clock }: Ctx<'team' | 'clock'>) {
  return { realm: team.id, at: clock.now() }
}
