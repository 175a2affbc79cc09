import type { Db, Tx } from '../db/database.js'
import type { Network } from '../network/port.js'
import type { Clock, Clocks } from './clock/clock.js'
import type { Providers } from './connections/connections.js'
import type { Implication } from './events/events.js'
import type { Chance } from './ids.js'
import type { Team } from './teams/teams.js'
import type { Vault } from './vault/vault.js'
import type { Speller } from './webhooks/webhooks.js'

/** Everything an operation may lean on. What one really uses is in its `Ctx<…>`, for the reader of the signature. */
export interface Parts {
  /** For reading: the pool, or the open transaction when there is one. */
  readonly db: Db
  /** The open transaction. Whoever asks for it writes. */
  readonly tx: Tx
  readonly team: Team
  /** The team's own. */
  readonly clock: Clock
  /** Real time, for what is no business of the domain: leases, deliveries, keys. */
  readonly realClock: Clock
  readonly clocks: Clocks
  readonly chance: Chance
  readonly vault: Vault
  readonly network: Network
  /** By whom connections are made and read. */
  readonly providers: Providers
  /** How long institutions take to answer what is asked of them later. */
  readonly answerDelayMs: number
  /** What a change implies beyond itself, by the rules of the capabilities it touches. */
  readonly implications: readonly Implication[]
  /** How each face words an event for its subscribers. */
  readonly spellers: Readonly<Record<string, Speller>>
}

export type Ctx<K extends keyof Parts> = Pick<Parts, K>

/** What every operation that changes a resource needs: the change is recorded as an event in the same transaction. */
export type Writing =
  | 'db'
  | 'tx'
  | 'team'
  | 'clock'
  | 'realClock'
  | 'chance'
  | 'vault'
  | 'spellers'
  | 'implications'
  | 'answerDelayMs'
export type Reading = 'db' | 'team'
/** A request before its transaction is open: it may ask the network. */
export type Asking = Exclude<keyof Parts, 'tx'>
/** What is there before a team is known. `forTeam` adds the team and its clock, always together. */
export type Base = Ctx<Exclude<Asking, 'team' | 'clock'>>
