/**
 * What a team's widget needs to know of the person in front of it: who that is, for how long, and how the team wants the
 * widget; and what the person writes to the team from there. Contract: mx-connect/callbacks §6, data §10–12.
 */
import { inTx } from '../../db/database.js'
import { addMs } from '../clock/clock.js'
import { deleteConnectionsOf } from '../connections/connections.js'
import { type Consumer, ensureExternalConsumer, findConsumers } from '../consumers/consumers.js'
import type { Asking, Ctx, Reading, Writing } from '../ctx.js'
import { type ConsumerId, newId, readId, type SupportTicketId, type WidgetSessionId } from '../ids.js'
import { refuse } from './errors.js'
import * as store from './store.js'

export type { WidgetRefusal } from './errors.js'

/** A consumer in front of a widget. */
export interface WidgetSession {
  readonly id: WidgetSessionId
  readonly consumerId: ConsumerId
  /** How the team wants the widget, in the words of its face. */
  readonly settings: Readonly<Record<string, unknown>>
  readonly expiresAt: string
  readonly createdAt: string
}

/** What a team noted of one of its users. */
export interface UserNotes {
  readonly consumerId: ConsumerId
  readonly email: string | null
  readonly note: string | null
  readonly isDisabled: boolean
  /** When the person was last told that the screen is small. */
  readonly smallScreenNotedAt: string | null
  readonly deletedAt: string | null
}

/** A consumer as the user of widgets. */
export interface WidgetUser extends Omit<UserNotes, 'consumerId' | 'deletedAt'> {
  readonly id: ConsumerId
  /** The team's own id; null for one that it made without. */
  readonly externalId: string | null
  readonly createdAt: string
}

export const WIDGET_SESSION_MS = 30 * 60_000
const KEPT_MS = 24 * 3_600_000

/** Refuses `widget.user_not_found`, `.user_disabled`. */
export async function createWidgetSession(
  ctx: Ctx<Writing>,
  userId: string,
  settings: WidgetSession['settings'],
): Promise<WidgetSession> {
  const user = await getUser({ ...ctx, db: ctx.tx }, userId)
  if (user.isDisabled) throw refuse('widget.user_disabled')
  await store.forgetSessions(ctx, addMs(ctx.clock.now(), -KEPT_MS))
  return store.addSession(ctx, {
    id: newId<WidgetSessionId>(ctx.chance),
    consumerId: user.id,
    settings,
    expiresAt: addMs(ctx.clock.now(), WIDGET_SESSION_MS),
    createdAt: ctx.clock.stamp(),
  })
}

/** One whose time is not over, of a user who is still one. Refuses `widget.unknown_session`. */
export async function findWidgetSession(
  ctx: Ctx<Reading | 'clock'>,
  id: string,
): Promise<{ readonly session: WidgetSession; readonly user: WidgetUser }> {
  const wanted = readId<WidgetSessionId>(id)
  const session = wanted && (await store.findSession(ctx, wanted))
  if (!session || session.expiresAt <= ctx.clock.now()) throw refuse('widget.unknown_session')
  const [user] = await findUsers(ctx, [session.consumerId])
  if (!user || user.isDisabled) throw refuse('widget.unknown_session')
  return { session, user }
}

/** What a caller says of a user; what is absent stays. */
export interface UserDraft {
  readonly email?: string | null
  readonly note?: string | null
  readonly isDisabled?: boolean
}

/** The user whom the team calls so; one that is there already is changed. Also one that another face made. */
export async function createUser(ctx: Ctx<Asking>, externalId: string, draft: UserDraft): Promise<WidgetUser> {
  const consumer = await ensureExternalConsumer(ctx, externalId, { phone: null, email: draft.email ?? null })
  return inTx(ctx.db, (tx) => put({ ...ctx, db: tx, tx }, consumer, { ...draft, deletedAt: null }))
}

/** Refuses `widget.user_not_found`. */
export async function changeUser(ctx: Ctx<Writing>, userId: string, draft: UserDraft): Promise<WidgetUser> {
  return put(ctx, await consumerOf({ ...ctx, db: ctx.tx }, userId), draft)
}

/** The person was told that the screen is small. Refuses `widget.user_not_found`. */
export async function noteSmallScreen(ctx: Ctx<Writing>, userId: string, at: string | null): Promise<WidgetUser> {
  return put(ctx, await consumerOf({ ...ctx, db: ctx.tx }, userId), { smallScreenNotedAt: at })
}

/** Ends all that the user has connected; the person is no user any more until made one again. Refuses `widget.user_not_found`. */
export async function deleteUser(ctx: Ctx<Writing>, userId: string): Promise<void> {
  const consumer = await consumerOf({ ...ctx, db: ctx.tx }, userId)
  await deleteConnectionsOf(ctx, consumer.id)
  await put(ctx, consumer, { deletedAt: ctx.clock.now() })
}

/** Refuses `widget.user_not_found`. */
export async function getUser(ctx: Ctx<Reading>, userId: string): Promise<WidgetUser> {
  const wanted = readId<ConsumerId>(userId)
  const [user] = wanted ? await findUsers(ctx, [wanted]) : []
  if (!user) throw refuse('widget.user_not_found')
  return user
}

export interface UserPage {
  readonly users: readonly WidgetUser[]
  readonly total: number
}

/** Those that were made as users, oldest first. */
export async function listUsers(
  ctx: Ctx<Reading>,
  page: { readonly number: number; readonly size: number },
): Promise<UserPage> {
  const { ids, total } = await store.listUserIds(ctx, { offset: (page.number - 1) * page.size, limit: page.size })
  const users = new Map((await findUsers(ctx, ids)).map((user) => [user.id, user]))
  return { users: ids.flatMap((id) => users.get(id) ?? []), total }
}

/** Consumers of whom nothing is noted are users as well. */
async function findUsers(ctx: Ctx<Reading>, ids: readonly ConsumerId[]): Promise<readonly WidgetUser[]> {
  const consumers = await findConsumers(ctx, ids)
  const notes = new Map((await store.findNotes(ctx, ids)).map((each) => [each.consumerId, each]))
  return consumers.flatMap((consumer) => {
    const noted = notes.get(consumer.id) ?? null
    return noted?.deletedAt ? [] : [userOf(consumer, noted)]
  })
}

async function consumerOf(ctx: Ctx<Reading>, userId: string): Promise<Consumer> {
  const { id } = await getUser(ctx, userId)
  const [consumer] = await findConsumers(ctx, [id])
  if (!consumer) throw refuse('widget.user_not_found')
  return consumer
}

async function put(
  ctx: Ctx<Writing>,
  consumer: Consumer,
  draft: Partial<Omit<UserNotes, 'consumerId'>>,
): Promise<WidgetUser> {
  const [before] = await store.findNotes({ ...ctx, db: ctx.tx }, [consumer.id])
  const said = Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== undefined))
  const row = { ...NOTHING_NOTED, ...before, ...said, consumerId: consumer.id }
  return userOf(consumer, await store.putNotes(ctx, row, ctx.clock.stamp()))
}

const NOTHING_NOTED = { email: null, note: null, isDisabled: false, smallScreenNotedAt: null, deletedAt: null } as const

function userOf({ id, externalId, individual, createdAt }: Consumer, notes: UserNotes | null): WidgetUser {
  const { email, note, isDisabled, smallScreenNotedAt } = notes ?? { ...NOTHING_NOTED }
  return { id, externalId, email: email ?? individual?.email ?? null, note, isDisabled, smallScreenNotedAt, createdAt }
}

// ---- what users write ----------------------------------------------------------------------------------------------

/** What a person wrote to the team. */
export interface SupportTicket {
  readonly id: SupportTicketId
  readonly consumerId: ConsumerId
  readonly email: string
  readonly title: string
  readonly message: string
  readonly createdAt: string
}

const TEXT_MAX = 10_000 // contract: mx-connect/callbacks §5.10

type TicketDraft = Pick<SupportTicket, 'email' | 'title' | 'message'>

/** Refuses `widget.invalid_ticket` with the member at fault. */
export async function openTicket(
  ctx: Ctx<Writing>,
  consumerId: ConsumerId,
  draft: TicketDraft,
): Promise<SupportTicket> {
  const { email, title, message } = draft
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email) || email.length > 254) throw flaw('email', 'is not an e-mail address.')
  for (const [member, text] of Object.entries({ title, message })) {
    if (text.trim() === '') throw flaw(member, 'must not be blank.')
    if (text.length > TEXT_MAX) throw flaw(member, `must have at most ${TEXT_MAX} characters.`)
  }
  const id = newId<SupportTicketId>(ctx.chance)
  const sealed = ctx.vault.seal(ctx.team, ticketPlace(id), JSON.stringify({ email, title, message }))
  const { createdAt } = await store.addTicket(ctx, { id, consumerId, sealed, createdAt: ctx.clock.stamp() })
  return { id, consumerId, email, title, message, createdAt }
}

/** Of a user, oldest first, 100 at most. */
export async function listTickets(
  ctx: Ctx<Reading | 'vault'>,
  consumerId: ConsumerId,
): Promise<readonly SupportTicket[]> {
  const rows = await store.listTickets(ctx, consumerId)
  return rows.map(({ id, sealed, createdAt }) => {
    const clear = JSON.parse(ctx.vault.open(ctx.team, ticketPlace(id), sealed)) as TicketDraft
    return { ...clear, id, consumerId, createdAt }
  })
}

const ticketPlace = (id: SupportTicketId) => `support_tickets.${id}`

function flaw(member: string, rule: string) {
  return refuse('widget.invalid_ticket', { member, rule })
}
