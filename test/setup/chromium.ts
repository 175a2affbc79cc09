/** Finds a Chromium on this machine, or installs Debian's: browser tests need one, and nothing is downloaded by npm. */
import { execFile } from 'node:child_process'
import { accessSync, constants, existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

// The shell has no windows to draw, and takes a sixth less work.
const NAMES = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
]
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]
const INSTALL_TIMEOUT_MS = 300_000

/** The program's path. Throws an error that tells what to do when there is none and it can't be installed. */
export async function ensureChromium(): Promise<string> {
  return findChromium() ?? (await installChromium())
}

/** CHROMIUM_PATH, then a browser of the system, then one that Playwright has downloaded. */
function findChromium(): string | null {
  const folders = (process.env.PATH ?? '').split(':')
  const onPath = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)))
  const candidates = [process.env.CHROMIUM_PATH ?? '', ...onPath, ...PLACES, ...playwrights()]
  return candidates.find((path) => path !== '' && isProgram(path)) ?? null
}

function playwrights(): readonly string[] {
  const cache = process.env.PLAYWRIGHT_BROWSERS_PATH ?? join(homedir(), '.cache', 'ms-playwright')
  if (!existsSync(cache)) return []
  const versions = readdirSync(cache).filter((name) => /^chromium-\d+$/.test(name))
  return versions.flatMap((version) =>
    ['chrome-linux', 'chrome-linux64'].map((folder) => join(cache, version, folder, 'chrome')),
  )
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

async function installChromium(): Promise<string> {
  const advice = 'Install one (Debian: apt-get install chromium), or set CHROMIUM_PATH to the program.'
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) throw new Error(`No Chromium was found. ${advice}`)
  const run = promisify(execFile)
  const options = { timeout: INSTALL_TIMEOUT_MS, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
  try {
    await run('apt-get', ['update'], options)
    const install = (name: string) => run('apt-get', ['install', '-y', '--no-install-recommends', name], options)
    await install('chromium-headless-shell').catch(() => install('chromium'))
  } catch (error) {
    throw new Error(`No Chromium was found, and Debian's could not be installed. ${advice}`, { cause: error })
  }
  const path = findChromium()
  if (path === null) throw new Error(`Debian's package was installed and has no program. ${advice}`)
  return path
}
