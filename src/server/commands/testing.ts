import { type ArgDef, defineCommand } from 'citty'
import { stopOnSignal } from '../signals.js'
import { sharedFolder, startTestServer } from '../testing/host.js'
import { keepPostgres } from '../testing/shared-postgres.js'
import { explained } from './explain.js'

const folder = {
  type: 'string',
  default: sharedFolder(process.env),
  description: 'Where the PostgreSQL that test processes share has its data',
  valueHint: 'path',
} satisfies ArgDef

const serve = defineCommand({
  meta: {
    name: 'serve',
    description: 'Run a server on a throwaway database until standard input ends; prints where it is as JSON.',
  },
  args: {
    folder,
    'database-url': { type: 'string', description: 'A PostgreSQL of your own, whose user may create databases' },
  },
  run: ({ args }) =>
    explained(async () => {
      try {
        await serveUntilInputEnds(args)
      } finally {
        // While it can be read, it keeps the process from ending.
        process.stdin.destroy()
      }
    }),
})

async function serveUntilInputEnds(args: { readonly folder: string; readonly 'database-url'?: string | undefined }) {
  const stopping = Promise.race([stopOnSignal(), inputEnded()])
  const server = await startTestServer({
    folder: args.folder,
    databaseUrl: args['database-url'] ?? null,
    environment: settingsIn(process.env),
  })
  const { url, doorUrl, token } = server
  process.stdout.write(`${JSON.stringify({ url, doorUrl, token })}\n`)
  await stopping
  await server.stop()
}

const postgres = defineCommand({
  meta: {
    name: 'postgres',
    description: 'Keep the PostgreSQL that test processes share, as long as somebody uses it.',
  },
  args: { folder },
  run: ({ args }) => explained(() => keepPostgres(args.folder)),
})

/** What `@clearspan/testing` runs. */
export const testing = defineCommand({
  meta: { name: 'testing', description: 'Servers for tests; the package @clearspan/testing starts them.' },
  subCommands: { serve, postgres },
})

/** Whoever started us is gone, however it ended, when nobody can write to us any more. */
function inputEnded(): Promise<void> {
  return new Promise((resolve) => process.stdin.once('close', resolve).once('end', resolve).resume())
}

function settingsIn(environment: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => /^(CLEARSPAN_\w+|LOG_LEVEL)$/.test(entry[0]) && entry[1] !== undefined,
    ),
  )
}
