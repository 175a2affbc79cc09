/** Who calls. Contract: moneykit/conventions §4, §5.3. */
import type { FastifyRequest } from 'fastify'
import type { Admitted, ClientDesk } from '../../core/api-clients/api-clients.js'
import { forTeam } from '../../core/clock/clock.js'
import type { Asking, Base, Ctx } from '../../core/ctx.js'
import type { Signer } from '../../core/signing/signing.js'
import { moneykitRules } from '../../core/teams/teams.js'
import { OwnFailure, ownErrors } from './errors.js'
import type { RequestLimiter } from './limits.js'
import type { Scope } from './scopes.js'

export const FACE = 'moneykit'

/** What wiring hands to this face. */
export interface MoneykitDesk {
  readonly base: Base
  readonly clients: ClientDesk
  readonly signer: Signer
  /** A steady clock of the machine, in milliseconds. */
  readonly readMs: () => number
  /** How callers reach this face; without a slash at the end. */
  readonly publicUrl: string
}

export interface Caller extends Admitted {
  readonly ctx: Ctx<Asking>
  /** How this face is reached from outside. */
  readonly publicUrl: string
}

const CALLER = 'moneykitCaller'
export const requestDecorators = [CALLER] as const

/** Throws before the caller is known, which only a route outside the hooks could see. */
export function callerOf(request: FastifyRequest): Caller {
  return request.getDecorator<Caller>(CALLER)
}

export function findCaller(request: FastifyRequest): Caller | null {
  return request.getDecorator<Caller | null>(CALLER)
}

/** Finds out who calls, and whether they may do what the route does. */
export async function admit(
  desk: MoneykitDesk & { readonly limiter: RequestLimiter },
  request: FastifyRequest,
  wanted: readonly Scope[],
): Promise<void> {
  const admitted = await identify(desk, request)
  const missing = wanted.find((scope) => !admitted.scopes.includes(scope))
  if (missing !== undefined) throw new OwnFailure(ownErrors.unauthorized, `The scope ${missing} is missing.`)
  desk.limiter(admitted.client.id, moneykitRules(admitted.team).requestsPerMinute)
  request.setDecorator(CALLER, {
    ...admitted,
    ctx: await forTeam(desk.base, admitted.team),
    publicUrl: desk.publicUrl,
  } satisfies Caller)
}

/** A token wins over the headers of a client. */
function identify({ clients }: MoneykitDesk, { headers }: FastifyRequest): Promise<Admitted> {
  const token = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1]
  if (token !== undefined) return clients.byToken(token)
  const [id, secret] = [headers['x-client-id'], headers['x-client-secret']]
  if (typeof id === 'string' && typeof secret === 'string') return clients.bySecret({ id, secret })
  throw new OwnFailure(ownErrors.unauthorized, 'Send an access token, or the headers X-Client-Id and X-Client-Secret.')
}
