import { execFileSync } from 'node:child_process'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { readConfig, readSecrets } from '../../src/server/config.js'
import { wire } from '../../src/server/wiring.js'
import { type FreshDatabase, freshDatabase } from '../setup/database.js'
import { DEMO_KEY, sharedEnvironment } from '../setup/method-api.js'
import { freePort, type SpawnedServer, spawnServer, temporaryFolder } from '../setup/server.js'
import { type Block, fileText, type Page, ROOT, readPages } from './pages.js'
import { playBash, playJavaScript, type Stage } from './run.js'

const pages = readPages()
const ofLanguage = (blocks: readonly Block[], language: string) =>
  blocks.filter((block) => block.language === language && block.marks['no-run'] === undefined)

// Longer than anything that a page shows may take.
const PATIENCE_MS = 130_000

let fresh: FreshDatabase
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let server: SpawnedServer
let environment: Readonly<Record<string, string>>
let keys: ReadonlyMap<string, string>

beforeAll(async () => {
  ;[fresh, folder] = await Promise.all([freshDatabase(), temporaryFolder()])
  environment = { ...sharedEnvironment(fresh), CLEARSPAN_DATA: folder.path }
  server = await spawnServer({ environment })
  keys = await makeKeys(pages.map(({ path }) => path))
})
afterAll(async () => {
  await server.stop()
  await Promise.all([fresh.close(), folder.remove()])
})

/** A page's own stage, or, for one that speaks of the demo team, that of the demo team. */
async function stageOf({ path, blocks }: Page): Promise<Stage> {
  const key = speaksOfDemo(blocks) ? undefined : keys.get(path)
  const receiverPort = await freePort()
  return { serverPort: server.port, receiverPort, environment, ...(key === undefined ? {} : { key }) }
}

/** What is about the demo team because it names no other, or about all teams. */
const OF_DEMO = /npx clearspan (?:clock|events|ledger|listen|seed|trigger|webhooks) (?!.*--team)|\bdemo\b/

function speaksOfDemo(blocks: readonly Block[]): boolean {
  return blocks.some(({ language, code }) => language === 'bash' && OF_DEMO.test(code.replaceAll(DEMO_KEY, '')))
}

/** A key of a team of its own for each name, made as the command line would. */
async function makeKeys(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const config = readConfig(environment, { isTTY: false })
  const secrets = readSecrets(environment, config.dataFolder)
  const { admin, close } = wire({ database: fresh.database, config, secrets, log: pino({ level: 'silent' }) })
  const made = await Promise.all(
    names.map((team) =>
      admin.createKey({ team, environment: 'development', label: null }).then(({ secret }) => secret),
    ),
  )
  await close()
  return new Map(names.map((name, index) => [name, made[index] ?? '']))
}

const spoken = pages.filter(({ blocks }) => ofLanguage(blocks, 'bash').length > 0)

async function playPage(page: Page): Promise<void> {
  for (const { block, printed, statuses } of await playBash(ofLanguage(page.blocks, 'bash'), await stageOf(page))) {
    const expected = block.marks.status ?? '200'
    expect(new Set([expected, ...statuses]), `line ${block.line}: ${printed}`).toEqual(new Set([expected]))
    expect(printed, `line ${block.line}`).toContain(block.marks.prints ?? '')
  }
}

describe('every command works when a page is typed from top to bottom', () => {
  const [shared, own] = [true, false].map((isShared) => spoken.filter((page) => speaksOfDemo(page.blocks) === isShared))
  test.concurrent.each(own ?? [])('$path', { timeout: PATIENCE_MS }, playPage)
  // Pages about one team come one after the other, beside all others.
  test.concurrent('of the demo team', { timeout: (shared?.length ?? 0) * PATIENCE_MS }, async () => {
    for (const page of shared ?? []) await playPage(page).catch((error) => Promise.reject(named(page, error)))
  })
})

function named({ path }: Page, error: unknown): Error {
  return new Error(`${path}, ${error instanceof Error ? error.message : String(error)}`, { cause: error })
}

const programs = pages.flatMap(({ path, blocks }) => ofLanguage(blocks, 'js').map((block) => ({ path, block })))

test.concurrent.each(programs)(
  'the program at $path:$block.line runs',
  { timeout: PATIENCE_MS },
  async ({ path, block }) => {
    const ofKit = { CLEARSPAN_INSTALLATION: ROOT, CLEARSPAN_TESTING_DATABASE_URL: inject('clusterUrl') }
    const stage = {
      serverPort: server.port,
      receiverPort: await freePort(),
      key: keys.get(path) ?? '',
      environment: { ...environment, ...ofKit },
    }
    expect(await playJavaScript(block, stage)).toContain(block.marks.prints ?? '')
  },
)

const documents = pages.flatMap(({ path, blocks }) => ofLanguage(blocks, 'json').map((block) => ({ path, block })))

test.each(documents)('the JSON at $path:$block.line is JSON, and that of the file it names', ({ block }) => {
  const shown: unknown = JSON.parse(block.code)
  if (block.marks.file) expect(shown).toEqual(JSON.parse(fileText(block.marks.file)))
})

test('npx finds the command line in this checkout', () => {
  expect(execFileSync('npx', ['clearspan', '--help'], { cwd: ROOT, encoding: 'utf8' })).toContain('serve')
})

const KNOWN_LANGUAGES = ['bash', 'js', 'json', 'sql', 'text', 'ts']
const UNTESTED_MAX = 6

test('few blocks are not run, each for a reason it names, and none is in a language that nothing tests', () => {
  const blocks = pages.flatMap((page) => page.blocks)
  expect(blocks.map(({ language }) => language).filter((language) => !KNOWN_LANGUAGES.includes(language))).toEqual([])
  const reasons = blocks.map(({ marks }) => marks['no-run']).filter((reason) => reason !== undefined)
  expect(reasons.every((reason) => reason.length > 10)).toBe(true)
  expect(reasons.length).toBeLessThanOrEqual(UNTESTED_MAX)
})
