/**
 * Installs MX's widget in its example and bundles the hosted page with it, for the tests that need the real one. Done once for
 * each state of the lock file and the sources; of several who ask at the same time one builds.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const EXAMPLE = join(ROOT, 'examples', 'mx-connect-widget')
const CLIENT = join(ROOT, 'clients', 'mx-connect-api', 'src')
const PRINT = join(EXAMPLE, 'dist', '.sources')
const INSTALLED = join(EXAMPLE, 'node_modules', '.lock-print')
const BUSY = join(EXAMPLE, '.building')
const run = promisify(execFile)

/** Returns once the bundle is that of the sources. */
export async function buildMxWidget(): Promise<void> {
  const print = await printOf([join(EXAMPLE, 'package-lock.json'), join(EXAMPLE, 'build.js'), ...(await sources())])
  while ((await textOf(PRINT)) !== print) {
    if (await isMine()) {
      try {
        await install()
        await run(process.execPath, ['build.js'], { cwd: EXAMPLE })
        await writeFile(PRINT, print)
      } finally {
        await rm(BUSY, { recursive: true, force: true })
      }
    } else await sleep(LOOK_MS)
  }
}

const LOOK_MS = 200
// Longer than any installation; whoever began has died.
const BUSY_MS_MAX = 5 * 60_000

async function isMine(): Promise<boolean> {
  const since = await stat(BUSY).catch(() => null)
  if (since && Date.now() - since.mtimeMs > BUSY_MS_MAX) await rm(BUSY, { recursive: true, force: true })
  return mkdir(BUSY).then(
    () => true,
    () => false,
  )
}

async function install(): Promise<void> {
  const print = await printOf([join(EXAMPLE, 'package-lock.json')])
  if ((await textOf(INSTALLED)) === print) return
  await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: EXAMPLE })
  await writeFile(INSTALLED, print)
}

async function sources(): Promise<readonly string[]> {
  const folders = [join(EXAMPLE, 'src'), CLIENT]
  const lists = await Promise.all(
    folders.map(async (folder) => (await readdir(folder)).map((name) => join(folder, name))),
  )
  return lists.flat().sort()
}

async function printOf(files: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const file of files) hash.update(await readFile(file))
  return hash.digest('hex')
}

function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '')
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await buildMxWidget()
