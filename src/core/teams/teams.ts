import { createHash, timingSafeEqual } from 'node:crypto'
import { inTx } from '../../db/database.js'
import { forTeamAnew } from '../clock/clock.js'
import type { Ctx } from '../ctx.js'
import { type ApiKeyId, newId, spellRandom, type TeamId } from '../ids.js'
import { refuse } from './errors.js'
import type { TeamSettings } from './settings.js'
import * as store from './store.js'

export {
  autoVerifies,
  endsAccountsWithHolder,
  enrichesTransactions,
  handlesDebtNumbers,
  hostedOrigins,
  isProductGranted,
  isProductRestricted,
  type MoneykitRules,
  mayAskAccountConsent,
  moneykitRules,
  newAccountsAwaitConsent,
  type PaymentRules,
  paymentRules,
  refreshPauses,
  TeamSettings,
  trustsRouting,
  withoutProduct,
  withProduct,
} from './settings.js'

export const ENVIRONMENTS = ['development', 'sandbox', 'production'] as const
export type Environment = (typeof ENVIRONMENTS)[number]

/**
 * A tenant: one customer in one environment. Its id scopes every row, so nothing crosses from one environment to another
 * any more than from one customer to another.
 */
export interface Team {
  readonly id: TeamId
  readonly name: string
  readonly environment: Environment
  readonly settings: TeamSettings
  /** Wrapped by the vault's master key. */
  readonly dataKey: Buffer
}

export interface ApiKey {
  readonly id: ApiKeyId
  readonly teamId: TeamId
  readonly teamName: string
  readonly environment: Environment
  readonly label: string | null
  /** The first characters of the secret, enough to recognise it. */
  readonly prefix: string
  readonly createdAt: string
  readonly revokedAt: string | null
}

export const DEMO_TEAM = 'demo'
/** Public knowledge: accepted only while the server listens on loopback. */
export const DEMO_KEY = 'sk_dev_clearspan_demo'

const KEY_PREFIX_LENGTH = 12
const KEY_SECRET_LENGTH = 40
const KEY_MARKS = { development: 'sk_dev_', sandbox: 'sk_sandbox_', production: 'sk_live_' } as const

/** The team of that name and environment, made when there is none yet. */
export async function ensureTeam(ctx: Ctx<'db' | 'realClock' | 'chance' | 'vault'>, wanted: TeamName): Promise<Team> {
  const known = await store.findTeam(ctx.db, wanted)
  if (known) return known
  const isRehearsal = wanted.environment === 'development'
  const id = newId<TeamId>(isRehearsal ? ctx.chance.of(`team ${wanted.name}`, () => '') : ctx.chance)
  const team: Team = { id, ...wanted, settings: {}, dataKey: ctx.vault.newDataKey(id) }
  await store.addTeam(ctx.db, team, ctx.realClock.stamp())
  return store.getTeam(ctx.db, wanted)
}

export interface TeamName {
  readonly name: string
  readonly environment: Environment
}

/** Refuses `team.not_found`. */
export async function getTeam(ctx: Ctx<'db'>, wanted: TeamName): Promise<Team> {
  const team = await store.findTeam(ctx.db, wanted)
  if (!team) throw refuse('team.not_found')
  return team
}

/** Settles something for a team; every process knows within a second. Refuses `team.not_found`. */
export async function changeSettings(
  ctx: Ctx<'db'>,
  wanted: TeamName,
  change: (settings: TeamSettings) => TeamSettings,
): Promise<Team> {
  return inTx(ctx.db, async (tx) => {
    const team = await store.takeTeam(tx, wanted)
    if (!team) throw refuse('team.not_found')
    const settings = change(team.settings)
    await store.updateSettings(tx, team.id, settings)
    return { ...team, settings }
  })
}

/** Every team, by name. */
export function listTeams(ctx: Ctx<'db'>): Promise<readonly Team[]> {
  return store.listTeams(ctx.db)
}

/** The ids of the team in its other environments. */
export function listOtherEnvironments({ db, team }: Ctx<'db' | 'team'>): Promise<readonly TeamId[]> {
  return store.listOtherEnvironments(db, team)
}

/** The team of an id that somebody outside names; null where there is none. */
export function findTeam(ctx: Ctx<'db'>, id: TeamId): Promise<Team | null> {
  return store.findTeamById(ctx.db, id)
}

/** The team of an id that a row or a job names. */
export function teamById(ctx: Ctx<'db'>, id: TeamId): Promise<Team> {
  return store.getTeamById(ctx.db, id)
}

/** What a team's operations lean on, for work that names its team by id. The clock is read anew. */
export async function forTeamOf<Base extends Ctx<'db' | 'clocks' | 'chance'>>(
  base: Base,
  id: TeamId,
): Promise<Base & Ctx<'team' | 'clock'>> {
  return forTeamAnew(base, await teamById(base, id))
}

/** A new key of a team. The secret is returned once and kept only as a hash. */
export async function createKey(
  ctx: Ctx<'db' | 'realClock' | 'chance'>,
  wanted: { readonly team: Team; readonly label: string | null; readonly secret?: string },
): Promise<{ readonly key: ApiKey; readonly secret: string }> {
  const { team, label } = wanted
  const secret = wanted.secret ?? KEY_MARKS[team.environment] + spellRandom(ctx.chance, KEY_SECRET_LENGTH)
  const key: ApiKey = {
    id: newId<ApiKeyId>(ctx.chance),
    teamId: team.id,
    teamName: team.name,
    environment: team.environment,
    label,
    prefix: secret.slice(0, KEY_PREFIX_LENGTH),
    createdAt: ctx.realClock.now(),
    revokedAt: null,
  }
  await store.addKey(ctx.db, key, hash(secret))
  return { key, secret }
}

/** Every key, newest first, of one team or of all. Secrets are not known any more. */
export function listKeys(ctx: Ctx<'db'>, filter: { readonly teamName?: string }): Promise<readonly ApiKey[]> {
  return store.listKeys(ctx.db, filter)
}

/** Ends a key in every process within a second. Refuses `team.key_not_found`. */
export async function revokeKey(ctx: Ctx<'db' | 'realClock'>, id: string): Promise<void> {
  if (!(await store.revokeKey(ctx.db, id, ctx.realClock.stamp()))) throw refuse('team.key_not_found')
}

/** The demo team with its well-known key, for a server that only this machine can reach. */
export async function ensureDemoTeam(ctx: Ctx<'db' | 'realClock' | 'chance' | 'vault'>): Promise<Team> {
  const team = await ensureTeam(ctx, { name: DEMO_TEAM, environment: 'development' })
  if (!(await readKey(ctx, DEMO_KEY))) await createKey(ctx, { team, label: 'well-known demo key', secret: DEMO_KEY })
  return team
}

/** The team a live secret belongs to, or null. */
async function readKey(ctx: Ctx<'db'>, secret: string): Promise<Team | null> {
  const wanted = hash(secret)
  for (const candidate of await store.findKeysByPrefix(ctx.db, secret.slice(0, KEY_PREFIX_LENGTH))) {
    if (timingSafeEqual(candidate.secretHash, wanted)) return candidate.team
  }
  return null
}

function hash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

// A revoked key must be refused everywhere within a second, so nobody believes an answer longer than that.
const KEYRING_BELIEF_MS = 1000
const KEYRING_SIZE_MAX = 10_000

export interface Keyring {
  /** The secret's team, or null for an unknown or revoked one. */
  read(secret: string): Promise<Team | null>
}

/**
 * Reads keys through a memory of one second. `refusesDemoKey` is for servers that others can reach.
 * `readMs` is a steady clock of the machine: belief is about real time, not the team's.
 */
export function createKeyring(
  ctx: Ctx<'db'>,
  options: { readonly refusesDemoKey: boolean; readonly readMs: () => number },
): Keyring {
  const known = new Map<string, { readonly until: number; readonly team: Promise<Team | null> }>()
  return {
    read(secret) {
      if (options.refusesDemoKey && secret === DEMO_KEY) return Promise.resolve(null)
      const now = options.readMs()
      const entry = known.get(secret)
      if (entry && entry.until > now) return entry.team
      if (known.size >= KEYRING_SIZE_MAX) known.clear()
      const team = readKey(ctx, secret)
      known.set(secret, { until: now + KEYRING_BELIEF_MS, team })
      team.catch(() => known.delete(secret))
      return team
    },
  }
}
