import { type Address, openDoor, readSharedAddress } from './door.js'
import { type RunOptions, runServer } from './server.js'
import { openTeam, type Team, type TeamOptions } from './team.js'

export interface StartOptions extends RunOptions {}

/** A server, and teams of it. */
export interface Clearspan {
  /** Where the server is, without a slash at the end. */
  readonly url: string
  /** The base URL for clients of Method. */
  readonly methodUrl: string
  /** The base URL for clients of MoneyKit. */
  readonly moneykitUrl: string
  /** A new team in development with a key, a client, a clock and a world of its own. No other team sees what it does. */
  team(options?: TeamOptions): Promise<Team>
  /** Lets go of everything. A server that was started for this is gone afterwards. */
  close(): Promise<void>
}

/** A server that nobody else uses, so that all of it can be put back. */
export interface OwnClearspan extends Clearspan {
  /** Everything as it was at the start: no team, key or webhook is left. The address stays. */
  reset(): Promise<void>
  /** Keeps everything as it is now, for any number of `restore`s. */
  snapshot(): Promise<Snapshot>
  /** Everything as it was at that snapshot, teams and their keys included. */
  restore(snapshot: Snapshot): Promise<void>
}

export interface Snapshot {
  readonly name: string
}

/**
 * Starts a server on a free port with an empty database of its own. All servers of a user's tests share one PostgreSQL, which
 * starts with the first and ends some seconds after the last. The server ends with `close()`, or with this process.
 */
export async function startClearspan(options: StartOptions = {}): Promise<OwnClearspan> {
  const server = await runServer(options)
  const door = openDoor(server.address)
  return {
    ...connect(server.address, server.stop),
    reset: async () => {
      await door.post('/reset')
    },
    snapshot: () => door.post<Snapshot>('/snapshots'),
    restore: async ({ name }) => {
      await door.post(`/snapshots/${name}/restore`)
    },
  }
}

/**
 * The server that `clearspan-testing <command>` or the global setup of the test runner started, which all test files share. Give
 * each test a team of its own.
 */
export async function connectClearspan(): Promise<Clearspan> {
  return connect(readSharedAddress(), async () => {})
}

function connect(address: Address, stop: () => Promise<void>): Clearspan {
  const door = openDoor(address)
  const teams = new Set<Team>()
  return {
    url: address.url,
    methodUrl: `${address.url}/method`,
    moneykitUrl: `${address.url}/moneykit`,
    async team(options = {}) {
      const team = openTeam(address.url, await door.post('/teams', options))
      teams.add(team)
      return team
    },
    async close() {
      await Promise.all([...teams].map((team) => team.close()))
      teams.clear()
      await stop()
    },
  }
}
