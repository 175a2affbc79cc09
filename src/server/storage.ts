/** The database this process uses: the one of DATABASE_URL, or the built-in PostgreSQL of the data folder. */
import type { Logger } from 'pino'
import { findRunningEmbedded, startEmbedded } from '../db/embedded.js'
import { migrate } from '../db/migrate.js'
import type { Config, Secrets } from './config.js'
import { findLockHolder, lockData } from './data-lock.js'
import { Problem } from './problem.js'

export interface Storage {
  readonly connectionString: string
  /** Stops what was started for it, if anything. */
  close(): Promise<void>
}

/** For a server: takes the data folder, starts its PostgreSQL and brings the tables up to date. */
export async function openStorage(config: Config, secrets: Secrets, log: Logger): Promise<Storage> {
  const storage = secrets.databaseUrl ? external(secrets.databaseUrl) : await startOwn(config.dataFolder, log)
  try {
    const applied = await migrate(storage.connectionString)
    if (applied.length > 0) log.info({ applied }, 'database.migrated')
    return storage
  } catch (error) {
    await storage.close()
    throw error
  }
}

/** For a command: the database of the server that runs on this data folder, or one started for the duration. */
export async function reachStorage(config: Config, secrets: Secrets, log: Logger): Promise<Storage> {
  const isFree = !secrets.databaseUrl && findLockHolder(config.dataFolder) === undefined
  return secrets.databaseUrl || isFree ? openStorage(config, secrets, log) : findStorage(config, secrets)
}

/** The database of the server that runs on this data folder. Throws `Problem` where none does. */
export async function findStorage(config: Config, secrets: Secrets): Promise<Storage> {
  if (secrets.databaseUrl) return external(secrets.databaseUrl)
  const holder = findLockHolder(config.dataFolder)
  if (holder === undefined)
    throw new Problem(`No server runs on ${config.dataFolder}: start one with "clearspan serve".`)
  const running = findRunningEmbedded(config.dataFolder)
  if (running) return external(running)
  throw new Problem(`The server (process ${holder}) is just starting or stopping: try again in a moment.`)
}

function external(connectionString: string): Storage {
  return { connectionString, close: async () => {} }
}

async function startOwn(folder: string, log: Logger): Promise<Storage> {
  const lock = lockData(folder)
  try {
    const onCrash = (complaint: string) => log.error({ complaint }, 'database.restarted')
    const postgres = await startEmbedded({ folder, onCrash })
    return {
      connectionString: postgres.connectionString,
      async close() {
        await postgres.stop()
        lock.release()
      },
    }
  } catch (error) {
    lock.release()
    throw error
  }
}
