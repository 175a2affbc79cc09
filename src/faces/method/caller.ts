/** Who calls: the key's team, the wire version, and the request's own ids. Contract: method/conventions §2, §3, §8, §10. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { forTeam, type Mover } from '../../core/clock/clock.js'
import type { Asking, Base, Ctx } from '../../core/ctx.js'
import { spellRandom } from '../../core/ids.js'
import { Refusal } from '../../core/refuse.js'
import type { Signer } from '../../core/signing/signing.js'
import type { Keyring, Team } from '../../core/teams/teams.js'
import { invalidRequest } from './invalid.js'
import { DEFAULT_VERSION_DATE, readVersion, type Shape2024, type Version } from './versions/versions.js'

export const FACE = 'method'

/** What wiring hands to this face. */
export interface MethodDesk {
  readonly base: Base
  readonly keyring: Keyring
  readonly mover: Mover
  readonly signer: Signer
  readonly shape2024: Shape2024
  /** How callers, and the phones of consumers, reach this face; without a slash at the end. */
  readonly publicUrl: string
}

export interface Caller {
  readonly ctx: Ctx<Asking>
  readonly version: Version
  readonly publicUrl: string
}

const CALLER = 'methodCaller'
const KEY = 'methodIdempotencyKey'
const KEY_CHARACTERS_MAX = 255

export const requestDecorators = [CALLER, KEY] as const

/** Throws before the caller is known, which only a route outside the hooks could see. */
export function callerOf(request: FastifyRequest): Caller {
  return request.getDecorator<Caller>(CALLER)
}

export function findCaller(request: FastifyRequest): Caller | null {
  return request.getDecorator<Caller | null>(CALLER)
}

/** The name the caller gave the request, or null. */
export function keyOf(request: FastifyRequest): string | null {
  return request.getDecorator<string | null>(KEY)
}

/** Names the request on its reply, whoever calls. */
export function nameRequest(desk: MethodDesk, reply: FastifyReply): void {
  const requestId = `req_${spellRandom(desk.base.chance, 24)}`
  reply.headers({ 'request-id': requestId, 'idem-request-id': requestId, 'idem-status': 'bypassed' })
}

/** Finds out who calls. Refuses `team.unknown_key` and a version that is not served. */
export async function admit(desk: MethodDesk, request: FastifyRequest): Promise<void> {
  const secret = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  const team = secret === undefined ? null : await desk.keyring.read(secret)
  if (!team) {
    throw new Refusal('team.unknown_key', 'The API key is missing or not valid for this environment.', null)
  }
  request.setDecorator(CALLER, {
    ctx: await forTeam(desk.base, team),
    version: versionOf(desk, team, request),
    publicUrl: desk.publicUrl,
  } satisfies Caller)
  request.setDecorator(KEY, idempotencyKeyOf(request))
}

function versionOf(desk: MethodDesk, team: Team, request: FastifyRequest): Version {
  const settings = team.settings[FACE] ?? {}
  const given = request.headers['method-version']
  const date = typeof given === 'string' && given !== '' ? given : (settings.version ?? DEFAULT_VERSION_DATE)
  const version = readVersion(date, settings.shape2024 ?? desk.shape2024, request.headers['user-agent'] ?? '')
  if (!version) {
    throw invalidRequest(
      'Method-Version',
      'names a version that is not served. Send 2024-04-04, 2025-07-04 or 2025-12-01.',
    )
  }
  return version
}

// Some releases of the official clients put the key into the query string by mistake. Contract: method/conventions §21.
function idempotencyKeyOf(request: FastifyRequest): string | null {
  if (request.method === 'GET' || request.method === 'HEAD') return null
  const header = request.headers['idempotency-key']
  const query = (request.query as Readonly<Record<string, unknown>>).idempotency_key
  const given = header ?? query
  if (given === undefined) return null
  if (typeof given !== 'string' || given.length > KEY_CHARACTERS_MAX || !/^[\x20-\x7e]+$/.test(given)) {
    throw invalidRequest('Idempotency-Key', `must be 1 to ${KEY_CHARACTERS_MAX} printable ASCII characters.`)
  }
  return given
}
