import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbedded } from '../../src/db/embedded.js'
import { inDatabase } from './address.js'

// Nothing in it outlives the run, so nothing has to be safe on disk.
const FORGETFUL = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: '200' }

export interface ScratchCluster {
  /** Its maintenance database. */
  readonly url: string
  stop(): Promise<void>
}

/** The server of TEST_DATABASE_URL, or a throwaway PostgreSQL in a temporary folder that goes with `stop`. */
export async function startScratchCluster(): Promise<ScratchCluster> {
  const given = process.env.TEST_DATABASE_URL
  if (given) return { url: inDatabase(given, 'postgres'), stop: async () => {} }
  const folder = await mkdtemp(join(tmpdir(), 'clearspan-test-'))
  const embedded = await startEmbedded({ folder, settings: FORGETFUL })
  return {
    url: inDatabase(embedded.connectionString, 'postgres'),
    async stop() {
      await embedded.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
