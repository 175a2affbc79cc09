/**
 * Connect sessions: a consumer in front of a hosted page. The team makes an element token and hands it to the person's
 * browser; the token opens one page, once, within half an hour. The page tells its steps and its end, which the team reads
 * back as results, whenever it likes.
 */
import { createHash } from 'node:crypto'
import { findAccounts } from '../accounts/accounts.js'
import { addMs, type StampedTables } from '../clock/clock.js'
import {
  type CheckedConsumer,
  type ConsumerInput,
  checkNewConsumer,
  createConsumer,
  getConsumer,
} from '../consumers/consumers.js'
import type { Asking, Ctx, Reading, Writing } from '../ctx.js'
import {
  type AccountId,
  type ConsumerId,
  type ElementId,
  type ElementSessionId,
  newId,
  type RetrievalId,
  readId,
  spellRandom,
} from '../ids.js'
import type { LiabilityType } from '../institutions/institutions.js'
import { type AccountProductName, requireCapability } from '../products/products.js'
import { forTeamOf, type Team } from '../teams/teams.js'
import { type BalanceTransferTerms, createSession, getElementSession, noteProgress } from './balance-transfer.js'
import { refuse } from './errors.js'
import type { ElementEvent, PageEvent, StepEvent } from './events.js'
import type { Progress } from './progress.js'
import * as store from './store.js'

export {
  type BalanceTransferTerms,
  type ElementSession,
  FLOW_TYPES,
  getElementSession,
  notePlan,
  PAYOUT_STATUSES,
  type SessionChanges,
  type TransferPlan,
  updateElementSession,
} from './balance-transfer.js'
export { elementRefusals } from './errors.js'
export { type ElementEvent, type PageEvent, STEP_EVENTS, type StepEvent } from './events.js'
export {
  type AuthFailure,
  FRESH,
  type Progress,
  type ProgressNote,
  STEPS,
  type Step,
  type Unproven,
} from './progress.js'

export const stampedElements: StampedTables = ['element_sessions', 'element_tokens']

export const ELEMENT_TYPES = ['connect', 'auth', 'balance_transfer'] as const
export type ElementType = (typeof ELEMENT_TYPES)[number]
export const SELECTIONS = ['single', 'multiple'] as const
export const PHONE_WORDS = ['sms', 'tos'] as const

/** What the page shows and does. */
export interface ElementDetail {
  readonly teamName: string
  readonly logoUrl: string | null
  readonly iconUrl: string | null
  readonly products: readonly AccountProductName[]
  /** The accounts to connect; empty for all that are found. */
  readonly accountIds: readonly AccountId[]
  readonly selection: (typeof SELECTIONS)[number]
  /** Only liabilities of these types; empty for all. */
  readonly liabilityTypes: readonly LiabilityType[]
  /** The team's own word that the phone is the person's, and how it knows. */
  readonly phoneWord: { readonly method: (typeof PHONE_WORDS)[number]; readonly at: string | null } | null
}

export interface Element {
  readonly id: ElementId
  readonly type: ElementType
  readonly consumerId: ConsumerId
  readonly sessionId: ElementSessionId | null
  readonly detail: ElementDetail
  /** The person passed the Auth step. */
  readonly isAuthenticated: boolean
  readonly connectId: RetrievalId | null
  /** Consented to, and connected to at least one of the products. */
  readonly accountIds: readonly AccountId[]
  /** Oldest first. */
  readonly events: readonly ElementEvent[]
  readonly expiresAt: string
  readonly openedAt: string | null
  readonly finishedAt: string | null
  readonly exitedAt: string | null
  /** What is not in it is as in the beginning. */
  readonly progress: Partial<Progress>
  readonly createdAt: string
}

export interface ElementInput {
  readonly type: ElementType
  /** Whose element it is: a known consumer, one to be made, or the one of the session that is continued. */
  readonly subject: { readonly consumerId: string } | { readonly newConsumer: ConsumerInput } | null
  /** The session to continue. */
  readonly sessionId: string | null
  /** What a new session is about. */
  readonly terms: BalanceTransferTerms | null
  readonly detail: Omit<ElementDetail, 'teamName' | 'accountIds'> & {
    readonly teamName: string | null
    readonly accountIds: readonly string[]
  }
}

export interface CheckedElement {
  readonly type: ElementType
  readonly consumer: { readonly id: ConsumerId } | { readonly new: CheckedConsumer }
  readonly session: { readonly id: ElementSessionId } | { readonly terms: BalanceTransferTerms } | null
  readonly detail: ElementDetail
}

const TOKEN_MARK = 'pk_elem_'
const TOKEN_LENGTH = 32
const TOKEN_LIFE_MS = 30 * 60_000 // contract: method/entities §12.1
const PAGE_SECRET_LENGTH = 43
// How long a person may take once the page is open; a reload in the same browser continues. Inferred.
const PAGE_LIFE_MS = 60 * 60_000
const EVENTS_MAX = 500

/**
 * Checks what a new element is to do, and asks the network about a consumer that is to be made with it. Refuses
 * `consumer.not_found`, `element.account_not_found`, `.session_not_found`, `.session_inactive`, `.invalid_consumer`,
 * `.invalid_image`, `product.team_restricted`, `.consent_unavailable`, and what making a consumer refuses.
 */
export async function checkNewElement(ctx: Ctx<Asking>, input: ElementInput): Promise<CheckedElement> {
  const { type, detail } = input
  requireImage('teamLogo', detail.logoUrl)
  requireImage('teamIcon', detail.iconUrl)
  const session = await sessionOf(ctx, input)
  const consumer = await consumerOf(ctx, input, session)
  const accountIds = await accountsOf(ctx, detail.accountIds, consumer)
  requireCapability(ctx.team, type === 'auth' ? detail.products : ['connect', ...detail.products])
  return {
    type,
    consumer,
    session: session ?? (input.terms && { terms: input.terms }),
    detail: { ...detail, accountIds, teamName: detail.teamName ?? ctx.team.name },
  }
}

/** Makes the element, with its consumer and its session where they are new. The token is returned once, kept as a hash. */
export async function createElement(
  ctx: Ctx<Writing>,
  { type, consumer, session, detail }: CheckedElement,
): Promise<{ readonly element: Element; readonly token: string }> {
  const consumerId = 'new' in consumer ? (await createConsumer(ctx, consumer.new)).id : consumer.id
  const sessionId =
    session && ('terms' in session ? (await createSession(ctx, consumerId, session.terms)).id : session.id)
  const token = TOKEN_MARK + spellRandom(ctx.chance, TOKEN_LENGTH)
  const element = await store.addElement(
    ctx,
    {
      id: newId<ElementId>(ctx.chance),
      type,
      consumerId,
      sessionId,
      detail,
      expiresAt: addMs(ctx.clock.now(), TOKEN_LIFE_MS),
      createdAt: ctx.clock.stamp(),
    },
    hash(token),
  )
  return { element, token }
}

/** The element behind a token of the team, used or not, expired or not. Refuses `element.not_found`. */
export async function getElement(ctx: Ctx<Reading>, token: string): Promise<Element> {
  const element = await store.findElement(ctx, hash(token))
  if (!element) throw refuse('element.not_found')
  return element
}

/** A page at work, and who it works for. */
export interface OpenElement {
  readonly element: Element
  readonly team: Team
}

/**
 * Uses the token: whoever comes first gets the page and its secret, which the browser keeps for a reload. Refuses
 * `element.unknown_token`, and `element.expired_token` for one that is too old or was used.
 */
export async function openElement(
  base: Ctx<'db' | 'clocks' | 'chance'>,
  token: string,
): Promise<OpenElement & { readonly pageSecret: string }> {
  const tokenHash = hash(token)
  const teamId = await store.findTeamOfToken(base.db, tokenHash)
  if (!teamId) throw refuse('element.unknown_token')
  const ctx = await forTeamOf(base, teamId)
  const pageSecret = spellRandom(base.chance, PAGE_SECRET_LENGTH)
  const now = ctx.clock.now()
  const event: ElementEvent = { type: 'open', at: now }
  const element = await store.useToken(ctx, { tokenHash, pageHash: hash(pageSecret), event, now })
  if (!element) throw refuse('element.expired_token')
  return { element, team: ctx.team, pageSecret }
}

/** What a browser must show to go on with its page: the token, and the secret that the page alone was given. */
export interface PageProof {
  readonly token: string
  readonly pageSecret: string
}

/** The page that a browser opened before, until the person has left it. Refuses `element.expired_token`. */
export async function resumeElement(
  base: Ctx<'db' | 'clocks' | 'chance'>,
  { token, pageSecret }: PageProof,
): Promise<OpenElement> {
  const found = await store.findByPage(base.db, { tokenHash: hash(token), pageHash: hash(pageSecret) })
  if (!found) throw refuse('element.expired_token')
  const { teamId, ...element } = found
  const { team, clock } = await forTeamOf(base, teamId)
  const isOver = element.openedAt === null || element.openedAt <= addMs(clock.now(), -PAGE_LIFE_MS)
  if (isOver || element.exitedAt !== null) throw refuse('element.expired_token')
  return { element, team }
}

/** Whose page a token opens, used or not; null for a token that nobody made. */
export async function teamOfElement(base: Ctx<'db' | 'clocks' | 'chance'>, token: string): Promise<Team | null> {
  const teamId = await store.findTeamOfToken(base.db, hash(token))
  return teamId && (await forTeamOf(base, teamId)).team
}

/** The element as it is now, in the transaction that changed it. */
export function getElementById(ctx: Ctx<'tx' | 'team'>, id: ElementId): Promise<Element> {
  return store.getElement(ctx, id)
}

/** Locks the element for this transaction. */
export function takeElement(ctx: Ctx<'tx' | 'team'>, id: ElementId): Promise<Element> {
  return store.takeElement(ctx, id)
}

/** Keeps where the person stands, with what the page tells of that. The caller has taken the element. */
export function saveProgress(
  ctx: Ctx<'tx' | 'team' | 'clock'>,
  element: Element,
  progress: Progress,
  told: readonly StepEvent[],
): Promise<Element> {
  const room = Math.max(0, EVENTS_MAX - element.events.length)
  const events = told.slice(0, room).map((type): ElementEvent => ({ type, at: ctx.clock.now() }))
  return store.saveProgress(ctx, element.id, { progress, events })
}

/** Keeps what an open page tells. After its exit there is nothing more to tell, and nothing is kept. */
export function recordElementEvent(ctx: Ctx<Reading | 'clock'>, id: ElementId, event: PageEvent): Promise<void> {
  return store.addEvent(ctx, id, { event: { ...event, at: ctx.clock.now() }, most: EVENTS_MAX })
}

/** The person passed the Auth step, in which a connect may have run. */
export async function noteAuthenticated(
  ctx: Ctx<'tx' | 'team' | 'clock'>,
  id: ElementId,
  connectId: RetrievalId | null,
): Promise<Element> {
  const element = await store.markAuthenticated(ctx, id, connectId)
  if (element.sessionId) await noteProgress(ctx, element.sessionId, { isAuthenticated: true })
  return element
}

/** All steps are done, with these accounts. The first end counts; an element that was left has none. */
export async function finishElement(
  ctx: Ctx<'tx' | 'team' | 'clock'>,
  element: Element,
  accountIds: readonly AccountId[],
): Promise<Element> {
  const { id, consumerId, sessionId } = element
  const event: ElementEvent = { type: 'success', consumerId, accountIds, at: ctx.clock.now() }
  const finished = await store.markFinished(ctx, id, { accountIds, event })
  if (!finished) return store.getElement(ctx, id)
  if (sessionId) await noteProgress(ctx, sessionId, { isFirstPass: false })
  return finished
}

async function sessionOf(ctx: Ctx<Reading>, { sessionId }: ElementInput) {
  if (sessionId === null) return null
  const session = await getElementSession(ctx, sessionId)
  if (session.status === 'inactive') throw refuse('element.session_inactive')
  return session
}

async function consumerOf(
  ctx: Ctx<Asking>,
  { subject }: ElementInput,
  session: { readonly consumerId: ConsumerId } | null,
): Promise<CheckedElement['consumer']> {
  if (subject && 'newConsumer' in subject && !session) return { new: await checkNewConsumer(ctx, subject.newConsumer) }
  const named = subject && 'consumerId' in subject ? subject.consumerId : null
  const consumer = await getConsumer(ctx, named ?? session?.consumerId ?? '')
  if (session && session.consumerId !== consumer.id) throw refuse('element.session_not_found')
  if (consumer.kind !== 'individual' || consumer.status === 'disabled') throw refuse('element.invalid_consumer')
  return { id: consumer.id }
}

async function accountsOf(
  ctx: Ctx<Reading>,
  wanted: readonly string[],
  consumer: CheckedElement['consumer'],
): Promise<readonly AccountId[]> {
  const ids = [...new Set(wanted)].map((text) => readId<AccountId>(text))
  const known = await findAccounts(
    ctx,
    ids.filter((id) => id !== null),
  )
  const own = known.filter(({ consumerId }) => 'id' in consumer && consumerId === consumer.id)
  if (own.length < ids.length) throw refuse('element.account_not_found')
  return own.map(({ id }) => id)
}

// Shown to people in a page of ours, so nothing but an image from the web.
function requireImage(member: string, url: string | null): void {
  const isImage = url === null || (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol))
  if (!isImage) throw refuse('element.invalid_image', { member, rule: 'must be an http or https URL.' })
}

/** Tokens are long and random, so a plain hash hides them. */
function hash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
