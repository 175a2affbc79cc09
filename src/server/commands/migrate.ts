import { defineCommand } from 'citty'
import { migrate as bringUpToDate } from '../../db/migrate.js'
import { readConfig, readSecrets } from '../config.js'
import { openLog } from '../log.js'
import { reachStorage } from '../storage.js'
import { explained } from './explain.js'

export const migrate = defineCommand({
  meta: { name: 'migrate', description: 'Bring the database up to date; a server does that by itself at its start.' },
  run: () =>
    explained(async () => {
      const config = readConfig(process.env, { isTTY: true })
      const storage = await reachStorage(config, readSecrets(process.env, config.dataFolder), openLog(config))
      try {
        await bringUpToDate(storage.connectionString)
      } finally {
        await storage.close()
      }
      process.stdout.write('The database is up to date.\n')
    }),
})
