/**
 * The pages on a user's way to an institution: in a rehearsal the institution's own, with a button for everything that can
 * happen there, and always the one a user comes back to. Contract: mx-connect/states §5, §8.3.
 */
import { parse } from 'node:querystring'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { forTeam } from '../../core/clock/clock.js'
import type { Asking, Ctx } from '../../core/ctx.js'
import { comeBack, getVisit, rehearseVisit, teamOfVisit, type Visit } from '../../core/logins/logins.js'
import { Refusal } from '../../core/refuse.js'
import { teamById } from '../../core/teams/teams.js'
import type { MxDesk } from './caller.js'
import { readWireId, spellId } from './ids.js'
import { ERROR_REASONS, errorReasonOf, type VisitRefusal, visitRefusals, type Wishes } from './oauth.js'
import { backPage, bankPage, sorryPage } from './oauth-html.js'

const FORM_BYTES_MAX = 10_000
const open = { config: { isPublic: true }, schema: { hide: true } } as const

export function oauthPages(app: FastifyInstance, desk: MxDesk): void {
  app.register(async (pages) => {
    pages.removeAllContentTypeParsers()
    pages.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: FORM_BYTES_MAX },
      (_request, text, done) => done(null, parse(text as string)),
    )
    pages.setErrorHandler((error, request, reply) => {
      if (!(error instanceof Refusal)) request.log.error({ err: error }, 'mx.page_failed')
      return html(reply, error instanceof Refusal ? 400 : 500, sorryPage())
    })

    pages.get('/oauth/authorize', open, async (request, reply) => {
      const query = request.query as Record<string, string | undefined>
      const { ctx, visit } = await find(desk, query.state)
      refuseOver(visit)
      // Only a rehearsal plays institutions; elsewhere they have pages of their own.
      if (ctx.team.environment !== 'development') return reply.redirect(visit.url)
      const isApproved = query.auto === 'approve'
      return html(reply, 200, bankPage({ state: String(query.state), isApproved, delayMs: readDelay(query.delay_ms) }))
    })

    pages.post('/oauth/authorize', open, async (request, reply) => {
      const form = request.body as Record<string, string | undefined>
      const { ctx, visit } = await find(desk, form.state)
      refuseOver(visit)
      const reason = refusals[form.outcome ?? '']
      const { username = '', password = '' } = form
      await rehearseVisit(
        ctx,
        visit.id,
        reason
          ? { kind: 'refused', reason }
          : { kind: 'login', userName: username || 'mxuser', password: password || 'approved' },
      )
      return reply.redirect(`${desk.publicUrl}/oauth/redirect_from?state=${spellId('oauth_state', visit.id)}`, 303)
    })

    pages.get('/oauth/redirect_from', open, async (request, reply) => {
      const query = request.query as Record<string, string | undefined>
      const { ctx, visit } = await find(desk, query.state)
      const isFresh = visit.status === 'pending'
      const after = isFresh ? await comeBack(ctx, visit.id, { isRefused: query.error !== undefined }) : visit
      // What a rehearsal did is over already when its user comes back; nobody comes back twice.
      if (!isFresh && !isRecent(ctx, visit)) throw new Refusal('login.visit_is_over', 'The visit is over.', null)
      const { redirectUrl, referralSource, scheme } = after.wishes as Wishes
      const outcome = outcomeOf(after)
      if (referralSource === 'APP') return reply.redirect(leaveTo(redirectUrl, scheme, outcome))
      return html(reply, 200, backPage(outcome, originOf(desk.publicUrl)))
    })
  })
}

/** By the name of the page's button. */
const refusals: Readonly<Record<string, VisitRefusal>> = {
  cancel: visitRefusals.CANCELLED,
  wrong_login: visitRefusals.DENIED,
  needs_attention: visitRefusals.IMPEDED,
  bank_error: visitRefusals.PROVIDER_ERROR,
  server_error: visitRefusals.SERVER_ERROR,
  session_error: visitRefusals.SESSION_ERROR,
}

async function find(
  { base }: MxDesk,
  state: string | undefined,
): Promise<{ readonly ctx: Ctx<Asking>; readonly visit: Visit }> {
  const id = readWireId('oauth_state', state ?? '')
  const teamId = await teamOfVisit(base, id)
  if (!teamId) throw new Refusal('login.visit_not_found', 'No visit has this id.', null)
  const ctx = await forTeam(base, await teamById(base, teamId))
  return { ctx, visit: await getVisit(ctx, { id, consumerId: null }) }
}

function refuseOver({ status }: Visit): void {
  if (status !== 'pending') throw new Refusal('login.visit_is_over', 'The visit is over.', null)
}

// From one page of ours to the next.
const RECENT_MS = 60_000

function isRecent({ clock }: Ctx<'clock'>, { updatedAt }: Visit): boolean {
  return Date.parse(clock.now()) - Date.parse(updatedAt) < RECENT_MS
}

/** What the page that opened this one, or the app, is told. */
export interface BackAgain {
  readonly type: 'mx/oauthComplete/success' | 'mx/oauthComplete/error'
  readonly metadata: Readonly<Record<string, string>>
}

function outcomeOf(visit: Visit): BackAgain {
  const reason = errorReasonOf(visit)
  return {
    type: reason === null ? 'mx/oauthComplete/success' : 'mx/oauthComplete/error',
    metadata: {
      member_guid: spellId('member', visit.connectionId),
      user_guid: spellId('user', visit.consumerId),
      ...(reason === null ? {} : { error_reason: ERROR_REASONS[reason] ?? 'UNKNOWN_ERROR' }),
    },
  }
}

function leaveTo(redirectUrl: string | null, scheme: string, { type, metadata }: BackAgain): string {
  const query = new URLSearchParams({
    status: type.endsWith('success') ? 'success' : 'error',
    member_guid: metadata.member_guid ?? '',
    ...(metadata.error_reason ? { error_reason: metadata.error_reason } : {}),
  })
  const isWebAddress =
    redirectUrl !== null && URL.canParse(redirectUrl) && /^https?:$/.test(new URL(redirectUrl).protocol)
  if (!isWebAddress) return `${scheme}://oauth_complete?${query}`
  return `${redirectUrl}${redirectUrl.includes('?') ? '&' : '?'}${query}`
}

const DELAY_MS_MAX = 60_000

function readDelay(text: string | undefined): number {
  return /^\d{1,5}$/.test(text ?? '') ? Math.min(Number(text), DELAY_MS_MAX) : AUTO_APPROVE_MS
}
const AUTO_APPROVE_MS = 2000 // contract: mx-connect/states §8.5

function originOf(publicUrl: string): string {
  return new URL(publicUrl).origin
}

function html(reply: FastifyReply, status: number, page: { readonly text: string; readonly policy: string }) {
  return reply
    .code(status)
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': page.policy,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
    .send(page.text)
}
