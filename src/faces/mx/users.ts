/** Users, the sessions in which widgets serve them, and what they write to the team. Contract: mx-connect/callbacks §5.10, §5.28, §6. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import {
  changeUser,
  createUser,
  createWidgetSession,
  deleteUser,
  getUser,
  listTickets,
  listUsers,
  noteSmallScreen,
  openTicket,
  type SupportTicket,
  type WidgetUser,
} from '../../core/widgets/widgets.js'
import type { MxDesk } from './caller.js'
import { OwnFailure, ownErrors } from './errors.js'
import { readWireId, spellId } from './ids.js'
import { change, read } from './routes.js'
import {
  Flag,
  Instant,
  listWire,
  maybe,
  nullable,
  PageQuery,
  PaginationWire,
  pagination,
  partOf,
  readPage,
  Text,
} from './schema.js'
import { spellToken } from './tokens.js'
import { sessionWire, WidgetSettings } from './widget-config.js'

const UserWire = Type.Object({
  guid: Text,
  id: nullable(Text),
  email: nullable(Text),
  metadata: nullable(Text),
  is_disabled: Flag,
  created_at: Instant,
})
const ReplyWire = Type.Object({ user: UserWire })

const UserFacts = {
  email: maybe(Type.String({ maxLength: 254 })),
  metadata: maybe(Type.String({ maxLength: 4000 })),
  is_disabled: Type.Optional(Type.Boolean()),
}

const tag = 'Users'

export function userRoutes(app: FastifyInstance, desk: MxDesk): void {
  managingRoutes(app)
  sessionRoutes(app, desk)
  writingRoutes(app)
}

function managingRoutes(app: FastifyInstance): void {
  change(
    app,
    'POST',
    '/users',
    {
      tag,
      summary: 'Create a user, or find the one of this id',
      audience: 'team',
      body: Type.Object({ user: Type.Object({ id: Type.String({ minLength: 1, maxLength: 200 }), ...UserFacts }) }),
      status: 201,
      reply: ReplyWire,
    },
    {
      ask: ({ ctx, body: { user } }) => createUser(ctx, user.id, draftOf(user)),
      write: async (_, user) => user,
      toWire: (user) => ({ user: userWire(user) }),
    },
  )
  read(
    app,
    '/users',
    {
      tag,
      summary: 'List users',
      audience: 'team',
      query: PageQuery,
      reply: Type.Object({ users: Type.Array(UserWire), pagination: PaginationWire }),
    },
    async ({ ctx, query }) => {
      const page = readPage(query)
      const { users, total } = await listUsers(ctx, page)
      return { users: users.map(userWire), pagination: pagination(page, total) }
    },
  )
  read(
    app,
    '/users/:user_guid',
    { tag, summary: 'Retrieve a user', audience: 'team', reply: ReplyWire },
    async (incoming) => ({
      user: userWire(await getUser(incoming.ctx, idIn(incoming.params))),
    }),
  )
  change(
    app,
    'PUT',
    '/users/:user_guid',
    {
      tag,
      summary: 'Update a user',
      audience: 'team',
      body: Type.Object({ user: Type.Object(UserFacts) }),
      reply: ReplyWire,
    },
    {
      write: (ctx, _, { params, body }) => changeUser(ctx, idIn(params), draftOf(body.user)),
      toWire: (user) => ({ user: userWire(user) }),
    },
  )
  change(
    app,
    'DELETE',
    '/users/:user_guid',
    { tag, summary: 'Delete a user, with all members', audience: 'team', status: 204 },
    { write: (ctx, _, { params }) => deleteUser(ctx, idIn(params)), toWire: () => null },
  )
}

function idIn(params: Readonly<Record<string, string>>): string {
  return readWireId('user', params.user_guid ?? '')
}

function draftOf(given: { email?: string | null; metadata?: string | null; is_disabled?: boolean }) {
  const { email, metadata, is_disabled: isDisabled } = given
  return {
    ...(email === undefined ? {} : { email }),
    ...(metadata === undefined ? {} : { note: metadata }),
    ...(isDisabled === undefined ? {} : { isDisabled }),
  }
}

function userWire({ id, externalId, email, note, isDisabled, createdAt }: WidgetUser): Static<typeof UserWire> {
  return {
    guid: spellId('user', id),
    id: externalId,
    email,
    metadata: note,
    is_disabled: isDisabled,
    created_at: createdAt,
  }
}

const WidgetUrlWire = Type.Object({
  type: Text,
  url: Text,
  token: Text,
  expires_at: Instant,
  user_guid: Text,
  user_id: nullable(Text),
})

function sessionRoutes(app: FastifyInstance, { signer, publicUrl }: MxDesk): void {
  change(
    app,
    'POST',
    '/users/:user_guid/widget_urls',
    {
      tag: 'Widget sessions',
      summary: 'Open a widget session',
      audience: 'team',
      body: Type.Object({ widget_url: WidgetSettings }),
      status: 201,
      reply: Type.Object({ widget_url: WidgetUrlWire }),
    },
    {
      async write(ctx, _, { params, body }) {
        const id = idIn(params)
        const session = await createWidgetSession(ctx, id, body.widget_url)
        return { session, user: await getUser({ ...ctx, db: ctx.tx }, id) }
      },
      async toWire({ session, user }, ctx) {
        const token = await spellToken(signer, ctx, session)
        return {
          widget_url: {
            type: 'connect_widget',
            url: `${publicUrl}/connect?token=${token}`,
            token,
            expires_at: session.expiresAt,
            user_guid: spellId('user', user.id),
            user_id: user.externalId,
          },
        }
      },
    },
  )

  read(
    app,
    '/connect_session',
    {
      tag: 'Widget sessions',
      summary: 'What the hosted page begins with',
      audience: 'anyone',
      reply: Type.Object({ connect_session: sessionWire.schema }),
    },
    async ({ ctx, session, user }) => {
      if (!session || !user) throw new OwnFailure(ownErrors.unauthorized, 'This needs the token of a widget session.')
      return { connect_session: sessionWire.of(ctx, session, user) }
    },
  )
}

const TicketWire = Type.Object({
  guid: Text,
  user_guid: Text,
  email: Text,
  title: Text,
  message: Text,
  created_at: Instant,
})

const ProfileWire = Type.Object({ guid: Text, user_guid: Text, too_small_modal_dismissed_at: nullable(Instant) })

function writingRoutes(app: FastifyInstance): void {
  change(
    app,
    'POST',
    '/support_tickets',
    {
      tag: 'Support',
      summary: 'Write to the team',
      audience: 'user',
      body: Type.Object({ support_ticket: Type.Object({ email: Text, message: Text, title: Text }) }),
      status: 201,
      reply: Type.Object({ support_ticket: TicketWire }),
    },
    {
      write: (ctx, _, { user, body }) => openTicket(ctx, user.id, body.support_ticket),
      toWire: (ticket) => ({ support_ticket: ticketWire(ticket) }),
    },
  )
  read(
    app,
    '/support_tickets',
    {
      tag: 'Support',
      summary: 'What a user wrote to the team',
      audience: 'user',
      query: PageQuery,
      reply: listWire('support_tickets', TicketWire),
    },
    async (incoming) => {
      if (incoming.session) throw new OwnFailure(ownErrors.unauthorized, 'This needs an API key.')
      const { shown, envelope } = partOf(await listTickets(incoming.ctx, incoming.user.id), incoming)
      return { support_tickets: shown.map(ticketWire), ...envelope }
    },
  )

  change(
    app,
    'PUT',
    '/user_profile',
    {
      tag: 'Users',
      summary: 'Note what the widget told the user',
      audience: 'user',
      body: Type.Object({
        user_profile: Type.Object({
          too_small_modal_dismissed_at: maybe(
            Type.Unsafe<number | string>({
              anyOf: [{ type: 'number', minimum: 0, maximum: 1e11 }, { type: 'string' }],
            }),
          ),
        }),
      }),
      reply: Type.Object({ user_profile: ProfileWire }),
    },
    {
      write: (ctx, _, { user, body }) =>
        noteSmallScreen(ctx, user.id, readMoment(body.user_profile.too_small_modal_dismissed_at ?? null)),
      toWire: (user) => ({ user_profile: profileWire(user) }),
    },
  )
}

function ticketWire({ id, consumerId, email, title, message, createdAt }: SupportTicket): Static<typeof TicketWire> {
  return {
    guid: spellId('support_ticket', id),
    user_guid: spellId('user', consumerId),
    email,
    title,
    message,
    created_at: createdAt,
  }
}

export function profileWire({ id, smallScreenNotedAt }: WidgetUser): Static<typeof ProfileWire> {
  return {
    guid: spellId('user_profile', id),
    user_guid: spellId('user', id),
    too_small_modal_dismissed_at: smallScreenNotedAt,
  }
}

/** Seconds since 1970, as the widget says it, or ISO 8601. */
function readMoment(given: number | string | null): string | null {
  if (given === null) return null
  const ms = typeof given === 'number' ? given * 1000 : Date.parse(given)
  if (Number.isNaN(ms)) {
    throw new OwnFailure(ownErrors.validation, 'too_small_modal_dismissed_at is no time.', {
      fields: { 'user_profile.too_small_modal_dismissed_at': ['is no time.'] },
    })
  }
  return new Date(ms).toISOString()
}
