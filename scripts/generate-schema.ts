/**
 * Writes down what the migrations make: `src/db/schema.generated.ts`, the row types for Kysely, and beside it
 * `schema.generated.sql`, the schema for people to read and reviewers to compare. With `--check` nothing is written; it
 * fails when a file is not what it would be.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { migrate } from '../src/db/migrate.js'
import { inDatabase, runOn } from '../test/setup/address.js'
import { startScratchCluster } from '../test/setup/scratch.js'
import { readSchema } from './schema/read.js'
import { rowTypes } from './schema/row-types.js'
import { schemaText } from './schema/text.js'

const FOLDER = join(dirname(dirname(fileURLToPath(import.meta.url))), 'src', 'db')

async function generate(): Promise<ReadonlyMap<string, string>> {
  const cluster = await startScratchCluster()
  const name = `clearspan_schema_${process.pid}`
  try {
    await runOn(cluster.url, `create database ${name}`)
    const url = inDatabase(cluster.url, name)
    await migrate(url)
    const schema = await withClient(url, readSchema)
    await runOn(cluster.url, `drop database ${name} with (force)`)
    return new Map([
      ['schema.generated.ts', rowTypes(schema)],
      ['schema.generated.sql', schemaText(schema)],
    ])
  } finally {
    await cluster.stop()
  }
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return work(client).finally(() => client.end())
}

const files = await generate()
for (const [name, text] of files) {
  const path = join(FOLDER, name)
  if (!process.argv.includes('--check')) await writeFile(path, text)
  else if ((await readFile(path, 'utf8').catch(() => '')) !== text) {
    process.stderr.write(`src/db/${name} is not up to date: run npm run generate.\n`)
    process.exitCode = 1
  }
}
