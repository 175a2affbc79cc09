/**
 * Programs of a team that prove themselves by an id and a secret, and the access tokens they get for it. A token says who and
 * what it is good for, and is signed; whether its client still may is asked anew each time, so that disabling a client ends
 * its tokens.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { addMs, type Instant } from '../clock/clock.js'
import type { Ctx } from '../ctx.js'
import { spellRandom, type TeamId } from '../ids.js'
import type { Signer } from '../signing/signing.js'
import { DEMO_TEAM, type Environment, ensureTeam, type Team, teamById } from '../teams/teams.js'
import { type ApiClientRefusal, refuse } from './errors.js'
import * as store from './store.js'

export type { ApiClientRefusal }

export interface ApiClient {
  readonly id: string
  readonly teamId: TeamId
  readonly teamName: string
  readonly environment: Environment
  /** Clients of one app share what they make; those of another do not see it. */
  readonly app: string
  readonly label: string | null
  /** What it may do, in the words of the face that it speaks to. */
  readonly scopes: readonly string[]
  readonly createdAt: Instant
  /** Since when, or from when on, it is refused. */
  readonly disabledAt: Instant | null
}

export const DEMO_CLIENT_ID = 'clearspan_demo'
/** Public knowledge: accepted only while the server listens on loopback. */
export const DEMO_CLIENT_SECRET = 'clearspan_demo_secret'

const SECRET_LENGTH = 40
const ID_BYTES = 10
const ID_MARKS = { development: 'sandbox_', sandbox: 'sandbox_', production: 'live_' } as const

export interface ClientDraft {
  readonly team: Team
  /** Default: the team's name. */
  readonly app?: string
  readonly label: string | null
  readonly scopes: readonly string[]
  readonly id?: string
  readonly secret?: string
}

/** A new client of a team. The secret is returned once and kept only as a hash. */
export async function createClient(
  ctx: Ctx<'db' | 'realClock' | 'chance'>,
  { team, label, scopes, ...wanted }: ClientDraft,
): Promise<{ readonly client: ApiClient; readonly secret: string }> {
  const secret = wanted.secret ?? spellRandom(ctx.chance, SECRET_LENGTH)
  const client: ApiClient = {
    id: wanted.id ?? ID_MARKS[team.environment] + ctx.chance.bytes(ID_BYTES).toString('hex'),
    teamId: team.id,
    teamName: team.name,
    environment: team.environment,
    app: wanted.app ?? team.name,
    label,
    scopes,
    createdAt: ctx.realClock.now(),
    disabledAt: null,
  }
  await store.addClient(ctx.db, client, hash(secret))
  return { client, secret }
}

/** Every client, newest first, of one team or of all. */
export function listClients(
  ctx: Ctx<'db'>,
  filter: { readonly teamName: string | null },
): Promise<readonly ApiClient[]> {
  return store.listClients(ctx.db, filter)
}

/** Ends a client and its tokens in every process within a second. Refuses `api_client.not_found`. */
export async function disableClient(ctx: Ctx<'db' | 'realClock'>, id: string): Promise<void> {
  if (!(await store.disableClient(ctx.db, id, ctx.realClock.now()))) throw refuse('api_client.not_found')
}

/** The well-known client of the demo team, with these scopes, for a server that only this machine can reach. */
export async function ensureDemoClient(
  ctx: Ctx<'db' | 'realClock' | 'chance' | 'vault'>,
  scopes: readonly string[],
): Promise<void> {
  const team = await ensureTeam(ctx, { name: DEMO_TEAM, environment: 'development' })
  const label = 'well-known demo client'
  await createClient(ctx, { team, label, scopes, id: DEMO_CLIENT_ID, secret: DEMO_CLIENT_SECRET })
}

/** Who calls, and for what. */
export interface Admitted {
  readonly client: ApiClient
  readonly team: Team
  /** Of the token, or all of the client's. */
  readonly scopes: readonly string[]
}

export interface AccessToken {
  readonly text: string
  readonly expiresInSeconds: number
}

export interface ClientDesk {
  /** Refuses `api_client.unknown`, `api_client.too_many_attempts`. */
  bySecret(given: { readonly id: string; readonly secret: string }): Promise<Admitted>
  /** Refuses `api_client.unknown`, `api_client.expired_token`. */
  byToken(text: string): Promise<Admitted>
  /** A token for some of the client's scopes; without a name, for all. Refuses `api_client.missing_scope`. */
  issue(admitted: Admitted, scopes: readonly string[]): Promise<AccessToken>
}

// A disabled client must be refused everywhere within a second, so nobody believes an answer longer than that.
const BELIEF_MS = 1000
const KNOWN_MAX = 10_000
const TOKEN_SECONDS = 3600 // contract: moneykit/conventions §4.1
const TOKEN_USE = 'access'
const WRONG_SECRETS_MAX = 20
const WRONG_SECRETS_FORGOTTEN_MS = 60_000

/** `refusesDemo` is for servers that others can reach; `readMs` is a steady clock of the machine. */
export function openClientDesk(
  ctx: Ctx<'db' | 'realClock' | 'chance'>,
  options: { readonly signer: Signer; readonly refusesDemo: boolean; readonly readMs: () => number },
): ClientDesk {
  const { signer, readMs } = options
  const known = new Map<string, { readonly until: number; readonly client: Promise<Known | null> }>()
  const wrong = new Map<string, { count: number; readonly until: number }>()

  const read = async (id: string): Promise<Known | null> => {
    const client = await store.findClient(ctx.db, id)
    return client && { client, team: await teamById(ctx, client.teamId) }
  }
  const find = async (id: string): Promise<Known | null> => {
    if (options.refusesDemo && id === DEMO_CLIENT_ID) return null
    const entry = known.get(id)
    const isBelieved = entry !== undefined && entry.until > readMs()
    const client = isBelieved ? entry.client : read(id)
    if (!isBelieved) {
      if (known.size >= KNOWN_MAX) known.clear()
      known.set(id, { until: readMs() + BELIEF_MS, client })
      client.catch(() => known.delete(id))
    }
    const found = await client
    const isDisabled = found?.client.disabledAt != null && found.client.disabledAt <= ctx.realClock.now()
    return isDisabled ? null : found
  }
  const noteWrong = (id: string) => {
    const entry = wrong.get(id)
    if (entry && entry.until > readMs()) {
      entry.count += 1
      return
    }
    if (wrong.size >= KNOWN_MAX) wrong.clear()
    wrong.set(id, { count: 1, until: readMs() + WRONG_SECRETS_FORGOTTEN_MS })
  }

  return {
    async bySecret({ id, secret }) {
      const found = await find(id)
      if (found && timingSafeEqual(found.client.secretHash, hash(secret))) {
        return { ...found, scopes: found.client.scopes }
      }
      // Whoever knows the secret is never kept out by somebody who guesses.
      const entry = wrong.get(id)
      if (entry && entry.until > readMs() && entry.count >= WRONG_SECRETS_MAX) {
        throw refuse('api_client.too_many_attempts')
      }
      noteWrong(id)
      throw refuse('api_client.unknown')
    },
    async byToken(text) {
      const claims = await signer.read('token', text)
      if (!claims || claims.use !== TOKEN_USE) throw refuse('api_client.unknown')
      const { sub, exp, scope } = claims as { sub: string; exp: number; scope: string }
      if (exp * 1000 <= Date.parse(ctx.realClock.now())) throw refuse('api_client.expired_token')
      const found = await find(sub)
      if (!found) throw refuse('api_client.unknown')
      // What was taken from the client since is taken from its tokens.
      const scopes = scope.split(' ').filter((name) => found.client.scopes.includes(name))
      return { ...found, scopes }
    },
    async issue({ client }, wanted) {
      const missing = wanted.find((scope) => !client.scopes.includes(scope))
      if (missing !== undefined) {
        throw refuse('api_client.missing_scope', { member: 'The client', rule: `does not have the scope ${missing}.` })
      }
      const now = ctx.realClock.now()
      const text = await signer.sign('token', {
        use: TOKEN_USE,
        sub: client.id,
        scope: (wanted.length > 0 ? wanted : client.scopes).join(' '),
        iat: seconds(now),
        exp: seconds(addMs(now, TOKEN_SECONDS * 1000)),
        jti: spellRandom(ctx.chance, 16),
      })
      return { text, expiresInSeconds: TOKEN_SECONDS }
    },
  }
}

interface Known {
  readonly client: store.KnownClient
  readonly team: Team
}

function seconds(at: Instant): number {
  return Math.floor(Date.parse(at) / 1000)
}

function hash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
