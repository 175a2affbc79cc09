import { defineCommand } from 'citty'
import { Problem } from '../problem.js'
import { startServer } from '../serve.js'
import { stopOnSignal } from '../signals.js'
import { explained } from './explain.js'

export const worker = defineCommand({
  meta: {
    name: 'worker',
    description: 'Run background jobs only, beside any number of servers on the same DATABASE_URL.',
  },
  run: () =>
    explained(async () => {
      if (!process.env.DATABASE_URL) {
        throw new Problem(
          'A worker needs DATABASE_URL: the built-in PostgreSQL belongs to one server, which runs its own jobs.',
        )
      }
      const stopping = stopOnSignal()
      const server = await startServer({
        environment: process.env,
        isTTY: process.stderr.isTTY === true,
        parts: ['worker'],
      })
      process.stdout.write('Clearspan is running background jobs.\n')
      await stopping
      await server.stop()
    }),
})
