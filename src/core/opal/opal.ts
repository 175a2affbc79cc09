/**
 * Opal sessions: a consumer in front of a hosted flow that does one thing, such as proving who they are. The team makes a
 * token and hands it to the person's browser, which acts with it, and with nothing else, for half an hour. The flow's steps
 * become events of the session. A session that was not completed is continued by another token.
 */
import { createHash } from 'node:crypto'
import { findAccounts } from '../accounts/accounts.js'
import { addMs, type Instant, type StampedTables } from '../clock/clock.js'
import {
  type CheckedConsumer,
  type Consumer,
  type ConsumerInput,
  checkNewConsumer,
  createConsumer,
  getConsumer,
} from '../consumers/consumers.js'
import type { Asking, Ctx, Reading, Writing } from '../ctx.js'
import { type AccountId, type ConsumerId, newId, type OpalSessionId, readId, spellRandom } from '../ids.js'
import { requireCapability } from '../products/products.js'
import { forTeamOf, type Team } from '../teams/teams.js'
import { type OpalConfig, type OpalConfigInput, type OpalMode, productsOf } from './config.js'
import { refuse } from './errors.js'
import * as store from './store.js'

export {
  type AccountFilters,
  OPAL_MODES,
  OPAL_SELECTIONS,
  type OpalConfig,
  type OpalConfigInput,
  type OpalMode,
  type SkippableDetail,
} from './config.js'

export const stampedOpals: StampedTables = ['opal_sessions', 'opal_tokens']

/** What came of a session: the records that it led to. */
export interface OpalOutcome {
  readonly identitySessionId?: string
  readonly connectId?: string
  readonly accountSessionId?: string
  readonly subscriptionId?: string
}

/** What a flow tells: `opal.session.started` is action `started` of object `session` in flow `opal`. */
export interface OpalStep {
  readonly flow: string
  readonly object: string
  readonly action: string
  readonly data: object | null
}
export type OpalEvent = OpalStep & { readonly at: Instant }

export interface OpalSession {
  readonly id: OpalSessionId
  readonly consumerId: ConsumerId
  readonly config: OpalConfig
  readonly outcome: OpalOutcome
  /** Oldest first. */
  readonly events: readonly OpalEvent[]
  readonly completedAt: string | null
  readonly createdAt: string
  readonly updatedAt: string
}

export type OpalSubject =
  | { readonly consumerId: string }
  | { readonly newConsumer: ConsumerInput }
  /** The session to continue. */
  | { readonly sessionId: string; readonly mode: OpalMode }

export type CheckedOpal =
  | { readonly session: OpalSession }
  | { readonly consumer: { readonly id: ConsumerId } | { readonly new: CheckedConsumer }; readonly config: OpalConfig }

const TOKEN_MARK = 'otkn_'
const TOKEN_LENGTH = 32
const TOKEN_LIFE_MS = 30 * 60_000 // contract: method/entities §13
const EVENTS_MAX = 500

/**
 * Checks what a token is to begin or to continue; a session that is continued keeps what it is about. Refuses
 * `consumer.not_found`, `opal.invalid_consumer`, `.account_not_found`, `.session_not_found`, `.session_completed`,
 * `.session_of_another_mode`, `product.team_restricted`, `.consent_unavailable`, and what making a consumer refuses.
 */
export async function checkNewOpal(
  ctx: Ctx<Asking>,
  subject: OpalSubject,
  config: OpalConfigInput | null,
): Promise<CheckedOpal> {
  if ('sessionId' in subject) return { session: await continuable(ctx, subject) }
  if (!config) throw new Error('A new Opal session says what it is about.')
  requireCapability(ctx.team, productsOf(config))
  if ('newConsumer' in subject) {
    if (subject.newConsumer.kind !== 'individual') throw refuse('opal.invalid_consumer')
    // Nobody new has an account.
    if (config.mode === 'account_verification') throw refuse('opal.account_not_found')
    return { consumer: { new: await checkNewConsumer(ctx, subject.newConsumer) }, config }
  }
  const consumer = await getConsumer(ctx, subject.consumerId)
  requireServed(consumer)
  if (config.mode !== 'account_verification') return { consumer: { id: consumer.id }, config }
  const accountId = await ownAccount(ctx, consumer.id, config.accountId)
  return { consumer: { id: consumer.id }, config: { ...config, accountId } }
}

/** Makes the token, with its session and its consumer where they are new. It is returned once, kept as a hash. */
export async function createOpalToken(
  ctx: Ctx<Writing>,
  checked: CheckedOpal,
): Promise<{ readonly token: string; readonly validUntil: Instant; readonly session: OpalSession }> {
  const session = 'session' in checked ? checked.session : await beginSession(ctx, checked)
  const token = TOKEN_MARK + spellRandom(ctx.chance, TOKEN_LENGTH)
  const validUntil = addMs(ctx.clock.now(), TOKEN_LIFE_MS)
  await store.addToken(ctx, {
    tokenHash: hash(token),
    sessionId: session.id,
    expiresAt: validUntil,
    createdAt: ctx.clock.stamp(),
  })
  return { token, validUntil, session }
}

/** A session, and whose it is. */
export interface OpenOpal {
  readonly session: OpalSession
  readonly team: Team
}

/** The session behind a token. Refuses `opal.unknown_token`, `opal.expired_token`. */
export async function readOpal(base: Ctx<'db' | 'clocks' | 'chance'>, token: string): Promise<OpenOpal> {
  const { session, ctx } = await readAtItsTime(base, token)
  return { session, team: ctx.team }
}

async function readAtItsTime(base: Ctx<'db' | 'clocks' | 'chance'>, token: string) {
  const found = await store.findByToken(base.db, hash(token))
  if (!found) throw refuse('opal.unknown_token')
  const { teamId, expiresAt, endedAt, ...session } = found
  const ctx = await forTeamOf(base, teamId)
  if (endedAt !== null || expiresAt <= ctx.clock.now()) throw refuse('opal.expired_token')
  return { session, ctx }
}

/** As `readOpal`; the first time the session has started. */
export async function openOpal(base: Ctx<'db' | 'clocks' | 'chance'>, token: string): Promise<OpenOpal> {
  const { session, ctx } = await readAtItsTime(base, token)
  const event = { flow: 'opal', object: 'session', action: 'started', data: null, at: ctx.clock.now() }
  const started = await store.markStarted(ctx, session.id, event)
  return { session: started ?? session, team: ctx.team }
}

/** Ends the token; the session stays. Refuses `opal.unknown_token`, `opal.expired_token`. */
export async function endOpalToken(base: Ctx<'db' | 'clocks' | 'chance'>, token: string): Promise<void> {
  const { ctx } = await readAtItsTime(base, token)
  await store.endToken(ctx, hash(token), ctx.clock.now())
}

/** Keeps what a flow tells; after so many steps nothing more is kept. */
export function recordOpalStep(ctx: Ctx<Reading | 'clock'>, id: OpalSessionId, step: OpalStep): Promise<void> {
  return store.addEvent(ctx, id, { event: { ...step, at: ctx.clock.now() }, most: EVENTS_MAX })
}

/** The flow did what it was for. The first end counts. */
export async function completeOpal(
  ctx: Ctx<Reading | 'clock'>,
  id: OpalSessionId,
  outcome: OpalOutcome,
): Promise<OpalSession> {
  const event = { flow: 'opal', object: 'session', action: 'completed', data: null, at: ctx.clock.now() }
  const completed = await store.markCompleted(ctx, id, { outcome, event })
  return completed ?? getOpalSession(ctx, id)
}

/** Refuses `opal.session_not_found`. */
export async function getOpalSession(ctx: Ctx<Reading>, id: string): Promise<OpalSession> {
  const wanted = readId<OpalSessionId>(id)
  const session = wanted && (await store.findSession(ctx, wanted))
  if (!session) throw refuse('opal.session_not_found')
  return session
}

async function continuable(
  ctx: Ctx<Reading>,
  { sessionId, mode }: { readonly sessionId: string; readonly mode: OpalMode },
): Promise<OpalSession> {
  const session = await getOpalSession(ctx, sessionId)
  if (session.config.mode !== mode) throw refuse('opal.session_of_another_mode')
  if (session.completedAt !== null) throw refuse('opal.session_completed')
  requireServed(await getConsumer(ctx, session.consumerId))
  return session
}

async function beginSession(
  ctx: Ctx<Writing>,
  { consumer, config }: Exclude<CheckedOpal, { session: OpalSession }>,
): Promise<OpalSession> {
  const consumerId = 'new' in consumer ? (await createConsumer(ctx, consumer.new)).id : consumer.id
  const id = newId<OpalSessionId>(ctx.chance)
  return store.addSession(ctx, { id, consumerId, config, createdAt: ctx.clock.stamp() })
}

function requireServed({ kind, status }: Consumer): void {
  if (kind !== 'individual' || status === 'disabled') throw refuse('opal.invalid_consumer')
}

async function ownAccount(ctx: Ctx<Reading>, consumerId: ConsumerId, wanted: string): Promise<AccountId> {
  const id = readId<AccountId>(wanted)
  const [account] = id ? await findAccounts(ctx, [id]) : []
  if (account?.consumerId !== consumerId) throw refuse('opal.account_not_found')
  return account.id
}

/** Tokens are long and random, so a plain hash hides them. */
function hash(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
