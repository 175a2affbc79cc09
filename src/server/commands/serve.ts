import { defineCommand } from 'citty'
import { banner } from '../banner.js'
import { startServer } from '../serve.js'
import { stopOnSignal } from '../signals.js'
import { explained } from './explain.js'

export const serve = defineCommand({
  meta: { name: 'serve', description: 'Run the server: the API, and the background jobs in the same process.' },
  args: {
    worker: {
      type: 'boolean',
      default: true,
      description: 'Run background jobs too',
      negativeDescription: 'Answer requests only; jobs wait for a worker process',
    },
  },
  run: ({ args }) =>
    explained(async () => {
      const stopping = stopOnSignal()
      const parts = args.worker ? (['api', 'worker'] as const) : (['api'] as const)
      const server = await startServer({ environment: process.env, isTTY: process.stderr.isTTY === true, parts })
      process.stdout.write(banner(server.config, server.consoleUrl))
      await stopping
      await server.stop()
    }),
})
