/** What commands do beside a running server. */
import { type ApiClient, createClient, disableClient, listClients } from '../core/api-clients/api-clients.js'
import { forTeam, type Move, type Mover, type Reading } from '../core/clock/clock.js'
import type { Base } from '../core/ctx.js'
import { createLink, setPassword } from '../core/operators/operators.js'
import { checkLedger, type LedgerProof } from '../core/payments/payments.js'
import { type Purpose, rotateSigningKey } from '../core/signing/signing.js'
import {
  type ApiKey,
  changeSettings,
  createKey,
  type Environment,
  ensureTeam,
  getTeam,
  listKeys,
  listTeams,
  revokeKey,
  type Team,
  type TeamName,
  type TeamSettings,
} from '../core/teams/teams.js'
import {
  type DeliveryFilter,
  deliveryLog,
  type LoggedDelivery,
  listAllWebhooks,
  type NewSecret,
  resend,
  rotateSecret,
  type Webhook,
} from '../core/webhooks/webhooks.js'
import { inTx } from '../db/database.js'
import { SCOPES } from '../faces/moneykit/moneykit.js'
import type { AskAsTeam } from './insiders.js'
import { plantSeed } from './seed.js'

/** Each changes what a running server sees at once, and needs none. */
export interface Admin {
  createKey(wanted: {
    readonly team: string
    readonly environment: Environment
    readonly label: string | null
  }): Promise<{ readonly id: string; readonly secret: string }>
  listKeys(filter: { readonly team: string | null }): Promise<readonly ApiKey[]>
  revokeKey(id: string): Promise<void>
  /** A client of a team; without scopes it has all of them. */
  createClient(wanted: {
    readonly team: string
    readonly environment: Environment
    readonly app: string | null
    readonly label: string | null
    readonly scopes: readonly string[] | null
  }): Promise<{ readonly id: string; readonly secret: string }>
  listClients(filter: { readonly team: string | null }): Promise<readonly ApiClient[]>
  disableClient(id: string): Promise<void>
  /** Makes the next key of a purpose; returns its id. */
  rotateSigningKey(purpose: Purpose): Promise<string>
  showTeam(wanted: TeamName): Promise<Team>
  /** Settles something for a team, which running servers know within a second. */
  changeTeam(wanted: TeamName, change: (settings: TeamSettings) => TeamSettings): Promise<Team>
  /** The clock of a team in development. */
  showClock(team: string): Promise<Reading>
  moveClock(team: string, move: Move): Promise<Reading>
  /** Brings clocks on their way to where they are going, unless a server does. */
  resumeClocks(): Promise<void>
  /** Proves the ledgers of teams, all of them where none is named. */
  checkLedgers(wanted: TeamName | null): Promise<readonly (LedgerProof & { readonly team: Team })[]>
  /** What was sent to webhooks, newest first. */
  listDeliveries(wanted: TeamName, filter: DeliveryFilter, limit: number): Promise<readonly LoggedDelivery[]>
  /** Has deliveries sent again; returns how many. */
  resend(wanted: TeamName, filter: DeliveryFilter): Promise<number>
  /** The method face as a team sees it, without a key of the team's. */
  askAs(wanted: TeamName): Promise<AskAsTeam>
  /** The webhooks of a team, newest first. */
  listWebhooks(wanted: TeamName): Promise<readonly Webhook[]>
  /** Gives a webhook another signing secret, beside which the former one stays valid for a while. */
  rotateSecret(
    wanted: TeamName,
    rotation: { readonly id: string; readonly secret: string | null; readonly overlapMs: number },
  ): Promise<NewSecret>
  /** A link into the console that is good once. */
  createConsoleLink(): Promise<string>
  /** Sets the operators' password, which ends their sessions. */
  setConsolePassword(password: string): Promise<void>
  /** Adds what a seed document describes; returns one line saying what that was. */
  seed(document: unknown): Promise<string>
}

export interface AdminParts {
  readonly base: Base
  readonly mover: Mover
  readonly publicUrl: string
  /** What has to be in the database before the first request. */
  readonly prepare: () => Promise<void>
  /** The method face as a team sees it. */
  readonly askAs: (team: Team) => AskAsTeam
}

export function openAdmin({ base, mover, publicUrl, prepare, askAs }: AdminParts): Admin {
  return {
    async createKey({ team: name, environment, label }) {
      const team = await ensureTeam(base, { name, environment })
      const { key, secret } = await createKey(base, { team, label })
      return { id: key.id, secret }
    },
    listKeys: ({ team }) => listKeys(base, team === null ? {} : { teamName: team }),
    revokeKey: (id) => revokeKey(base, id),
    async createClient({ team: name, environment, app, label, scopes }) {
      const team = await ensureTeam(base, { name, environment })
      const { client, secret } = await createClient(base, {
        team,
        ...(app === null ? {} : { app }),
        label,
        scopes: scopes ?? SCOPES,
      })
      return { id: client.id, secret }
    },
    listClients: (filter) => listClients(base, { teamName: filter.team }),
    disableClient: (id) => disableClient(base, id),
    rotateSigningKey: (purpose) => rotateSigningKey(base, purpose),
    showTeam: (wanted) => getTeam(base, wanted),
    changeTeam: (wanted, change) => changeSettings(base, wanted, change),
    showClock: async (team) => mover.show(await getTeam(base, rehearsing(team))),
    moveClock: async (team, move) => mover.move(await getTeam(base, rehearsing(team)), move),
    resumeClocks: () => mover.resume(),
    async checkLedgers(wanted) {
      const teams = wanted === null ? await listTeams(base) : [await getTeam(base, wanted)]
      const proofs = []
      for (const team of teams) proofs.push({ team, ...(await checkLedger(await forTeam(base, team))) })
      return proofs
    },
    listDeliveries: async (wanted, filter, limit) =>
      deliveryLog({ db: base.db, team: await getTeam(base, wanted) }, filter, limit),
    resend: async (wanted, filter) => {
      const team = await getTeam(base, wanted)
      return inTx(base.db, (tx) => resend({ ...base, tx, team }, filter))
    },
    async askAs(wanted) {
      await prepare()
      return askAs(await getTeam(base, wanted))
    },
    listWebhooks: async (wanted) => listAllWebhooks({ db: base.db, team: await getTeam(base, wanted) }),
    async rotateSecret(wanted, rotation) {
      const ctx = await forTeam(base, await getTeam(base, wanted))
      return inTx(base.db, (tx) => rotateSecret({ ...ctx, db: tx, tx }, rotation))
    },
    createConsoleLink: async () => `${publicUrl}/dashboard/sign-in#${await createLink(base)}`,
    setConsolePassword: (password) => setPassword(base, password),
    seed: (document) => plantSeed(base, document),
  }
}

function rehearsing(name: string): TeamName {
  return { name, environment: 'development' }
}
