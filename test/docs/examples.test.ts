import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../setup/database.js'
import { freePort, type SpawnedServer, spawnServer, temporaryFolder } from '../setup/server.js'
import { type Block, fileText, readPages } from './pages.js'
import { playBash, playJavaScript, type Stage } from './run.js'

const pages = readPages()
const ofLanguage = (blocks: readonly Block[], language: string) =>
  blocks.filter((block) => block.language === language && block.marks['no-run'] === undefined)

// Longer than anything that a page shows may take.
const PATIENCE_MS = 70_000

let fresh: FreshDatabase
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let server: SpawnedServer
let stage: Stage

beforeAll(async () => {
  ;[fresh, folder] = await Promise.all([freshDatabase(), temporaryFolder()])
  const environment = { DATABASE_URL: fresh.connectionString, CLEARSPAN_DATA: folder.path }
  server = await spawnServer({ environment })
  stage = { serverPort: server.port, receiverPort: await freePort(), environment }
})
afterAll(async () => {
  await server.stop()
  await Promise.all([fresh.close(), folder.remove()])
})

describe.each(pages.filter(({ blocks }) => ofLanguage(blocks, 'bash').length > 0))('$path', ({ blocks }) => {
  test('every command works when they are typed from top to bottom', { timeout: PATIENCE_MS }, async () => {
    for (const { block, printed, statuses } of await playBash(ofLanguage(blocks, 'bash'), stage)) {
      const expected = block.marks.status ?? '200'
      expect(new Set([expected, ...statuses]), `line ${block.line}: ${printed}`).toEqual(new Set([expected]))
      expect(printed, `line ${block.line}`).toContain(block.marks.prints ?? '')
    }
  })
})

const programs = pages.flatMap(({ path, blocks }) => ofLanguage(blocks, 'js').map((block) => ({ path, block })))

test.each(programs)('the program at $path:$block.line runs', { timeout: PATIENCE_MS }, async ({ block }) => {
  expect(await playJavaScript(block, stage)).toContain(block.marks.prints ?? '')
})

const documents = pages.flatMap(({ path, blocks }) => ofLanguage(blocks, 'json').map((block) => ({ path, block })))

test.each(documents)('the JSON at $path:$block.line is JSON, and that of the file it names', ({ block }) => {
  const shown: unknown = JSON.parse(block.code)
  if (block.marks.file) expect(shown).toEqual(JSON.parse(fileText(block.marks.file)))
})

const KNOWN_LANGUAGES = ['bash', 'js', 'json', 'sql', 'text', 'ts']
const UNTESTED_MAX = 4

test('few blocks are not run, each for a reason it names, and none is in a language that nothing tests', () => {
  const blocks = pages.flatMap((page) => page.blocks)
  expect(blocks.map(({ language }) => language).filter((language) => !KNOWN_LANGUAGES.includes(language))).toEqual([])
  const reasons = blocks.map(({ marks }) => marks['no-run']).filter((reason) => reason !== undefined)
  expect(reasons.every((reason) => reason.length > 10)).toBe(true)
  expect(reasons.length).toBeLessThanOrEqual(UNTESTED_MAX)
})
