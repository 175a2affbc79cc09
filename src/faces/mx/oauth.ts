/** OAuth: the way of a user to the pages of an institution, and how it went. Contract: mx-connect/callbacks §5.7–5.9, §5.27, states §5. */
import type { FastifyInstance } from 'fastify'
import { type Static, type TProperties, Type } from 'typebox'
import type { Asking, Ctx } from '../../core/ctx.js'
import {
  beginVisit,
  type Login,
  type LoginFailure,
  listVisits,
  lookAtVisit,
  noteSetOut,
  type rehearseVisit,
  type Visit,
} from '../../core/logins/logins.js'
import type { MxDesk } from './caller.js'
import { readWireId, spellId } from './ids.js'
import { whoseOf } from './members.js'
import { change, read } from './routes.js'
import { Count, Instant, listWire, maybe, nullable, PageQuery, partOf, Text } from './schema.js'

/** What a caller may want of a user's way back. */
export const WindowWishes = {
  referral_source: maybe(Type.String({ maxLength: 20 })),
  ui_message_webview_url_scheme: maybe(Type.String({ maxLength: 100, pattern: '^[A-Za-z][A-Za-z0-9+.-]*$' })),
  client_redirect_url: maybe(Type.String({ maxLength: 2000 })),
  enable_app2app: maybe(Type.Boolean()),
  skip_aggregation: maybe(Type.Boolean()),
} satisfies TProperties

export type Wishes = {
  readonly referralSource: string
  readonly scheme: string
  readonly redirectUrl: string | null
}

export function windowWishes(given: {
  referral_source?: string | null
  ui_message_webview_url_scheme?: string | null
  client_redirect_url?: string | null
}): Wishes {
  return {
    referralSource: given.referral_source ?? 'BROWSER',
    scheme: given.ui_message_webview_url_scheme ?? 'mx',
    redirectUrl: given.client_redirect_url ?? null,
  }
}

const AUTH_STATUSES = ['UNKNOWN', 'PENDING', 'SUCCESS', 'ERRORED'] as const
const authStatusOf = { pending: 1, succeeded: 2, failed: 3 } as const satisfies Record<Visit['status'], number>

export const ERROR_REASONS = [
  'UNKNOWN_ERROR',
  'CANCELLED',
  'DENIED',
  'IMPEDED',
  'PROVIDER_ERROR',
  'SERVER_ERROR',
  'SESSION_ERROR',
] as const

const reasons: Readonly<Partial<Record<LoginFailure, number>>> = {
  access_denied: 1,
  invalid_credentials: 2,
  rejected_without_reason: 2,
  setup_required: 3,
  locked: 3,
  institution_down: 4,
  institution_maintenance: 4,
  institution_unavailable: 4,
  provider_failed: 5,
  challenge_expired: 6,
}

export function errorReasonOf({ reason }: Visit): number | null {
  return reason === null ? null : (reasons[reason] ?? 0)
}

export type VisitRefusal = Extract<Parameters<typeof rehearseVisit>[2], { readonly kind: 'refused' }>['reason']

/** What an institution says of a visit that shall end so. */
export const visitRefusals = {
  UNKNOWN_ERROR: 'no_accounts',
  CANCELLED: 'access_denied',
  DENIED: 'invalid_credentials',
  IMPEDED: 'setup_required',
  PROVIDER_ERROR: 'institution_down',
  SERVER_ERROR: 'provider_failed',
  SESSION_ERROR: 'challenge_expired',
} as const satisfies Record<(typeof ERROR_REASONS)[number], VisitRefusal>

export const OAuthStateWire = Type.Object({
  guid: Text,
  auth_status: Count,
  auth_status_name: Text,
  error_reason: nullable(Count),
  error_reason_name: nullable(Text),
  inbound_member_guid: nullable(Text),
  outbound_member_guid: Text,
  user_guid: Text,
  first_retrieved_at: nullable(Instant),
  started_at: nullable(Instant),
  expires_at: Instant,
  created_at: Instant,
  updated_at: Instant,
})

export function oauthStateWire(visit: Visit): Static<typeof OAuthStateWire> {
  const status = authStatusOf[visit.status]
  const reason = errorReasonOf(visit)
  const member = spellId('member', visit.connectionId)
  return {
    guid: spellId('oauth_state', visit.id),
    auth_status: status,
    auth_status_name: AUTH_STATUSES[status],
    error_reason: reason,
    error_reason_name: reason === null ? null : (ERROR_REASONS[reason] ?? 'UNKNOWN_ERROR'),
    // Always the member that went there: with any other the widget finds no way on.
    inbound_member_guid: visit.status === 'pending' ? null : member,
    outbound_member_guid: member,
    user_guid: spellId('user', visit.consumerId),
    first_retrieved_at: visit.firstReadAt,
    started_at: visit.startedAt,
    expires_at: visit.expiresAt,
    created_at: visit.createdAt,
    updated_at: visit.updatedAt,
  }
}

const tag = 'OAuth'
const WindowWire = Type.Object({ member: Type.Object({ guid: Text, oauth_window_uri: Text }) })

export function oauthRoutes(app: FastifyInstance, { publicUrl }: MxDesk): void {
  const facts = { tag, audience: 'user', reply: WindowWire } as const
  const url = '/members/:guid/oauth_window_uri'
  const toWire = ({ id, uri }: { readonly id: string; readonly uri: string }) => ({
    member: { guid: spellId('member', id), oauth_window_uri: uri },
  })
  change(
    app,
    'POST',
    url,
    { ...facts, summary: 'Begin a visit to the institution', body: Type.Object(WindowWishes) },
    {
      ask: async (incoming) => {
        const whose = whoseOf(incoming)
        return { id: whose.id, uri: await window(incoming.ctx, publicUrl, whose, windowWishes(incoming.body)) }
      },
      write: async (_, begun) => begun,
      toWire,
    },
  )
  // As MX's own API has it.
  change(
    app,
    'GET',
    url,
    { ...facts, summary: 'Begin a visit to the institution, as MX spells it', query: QueryWishes },
    {
      ask: async (incoming) => {
        const whose = whoseOf(incoming)
        return { id: whose.id, uri: await window(incoming.ctx, publicUrl, whose, windowWishes(incoming.query)) }
      },
      write: async (_, begun) => begun,
      toWire,
    },
  )

  change(
    app,
    'POST',
    '/members/:guid/oauth_start',
    { tag, summary: 'The user sets out for the institution', audience: 'user', status: 204 },
    { write: (ctx, _, incoming) => noteSetOut(ctx, whoseOf(incoming)), toWire: () => null },
  )

  read(
    app,
    '/oauth_states',
    {
      tag,
      summary: 'List visits of a member, newest first',
      audience: 'user',
      query: { outbound_member_guid: Type.Optional(Text), auth_status: Type.Optional(Text), ...PageQuery },
      reply: listWire('oauth_states', OAuthStateWire),
    },
    async (incoming) => {
      const { ctx, user, query } = incoming
      const whose = { id: readWireId('member', query.outbound_member_guid ?? ''), consumerId: user.id }
      const wanted = query.auth_status?.toUpperCase()
      const states = (await listVisits(ctx, whose))
        .map(oauthStateWire)
        .filter(
          ({ auth_status, auth_status_name }) =>
            wanted === undefined || wanted === String(auth_status) || wanted === auth_status_name,
        )
      const { shown, envelope } = partOf(states, incoming)
      return { oauth_states: shown, ...envelope }
    },
  )

  read(
    app,
    '/oauth_states/:guid',
    { tag, summary: 'Retrieve a visit', audience: 'user', reply: Type.Object({ oauth_state: OAuthStateWire }) },
    async ({ ctx, user, params }) => ({
      oauth_state: oauthStateWire(
        await lookAtVisit(ctx, { id: readWireId('oauth_state', params.guid ?? ''), consumerId: user.id }),
      ),
    }),
  )
}

const QueryWishes = {
  referral_source: Type.Optional(Type.String({ maxLength: 20 })),
  ui_message_webview_url_scheme: Type.Optional(Type.String({ maxLength: 100, pattern: '^[A-Za-z][A-Za-z0-9+.-]*$' })),
  client_redirect_url: Type.Optional(Type.String({ maxLength: 2000 })),
  enable_app2app: Type.Optional(Type.Boolean()),
  skip_aggregation: Type.Optional(Type.Boolean()),
}

/** Where a member that was just made logs in. */
export function beginWindow(ctx: Ctx<Asking>, publicUrl: string, login: Login, wishes: Wishes): Promise<string> {
  return window(ctx, publicUrl, { id: login.connection.id, consumerId: login.consumerId }, wishes)
}

async function window(
  ctx: Ctx<Asking>,
  publicUrl: string,
  whose: Parameters<typeof beginVisit>[1],
  wishes: Wishes,
): Promise<string> {
  const { id } = await beginVisit(ctx, whose, {
    wishes,
    returnUrlOf: (visit) => `${publicUrl}/oauth/redirect_from?state=${spellId('oauth_state', visit)}`,
  })
  return `${publicUrl}/oauth/authorize?state=${spellId('oauth_state', id)}`
}
