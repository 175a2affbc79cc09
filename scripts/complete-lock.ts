/**
 * Fills the holes of `package-lock.json`. A tool with native parts names one optional package per platform; npm leaves
 * those out of the lock file that the registry in use does not carry, and then `npm ci` refuses the whole file. Their
 * names and versions are known, so they are put in; each is fetched only on its own platform. With `--check` nothing is
 * written; it fails when there are holes.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

interface LockEntry {
  readonly version?: string
  readonly dev?: boolean
  readonly optional?: boolean
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly os?: readonly string[]
  readonly cpu?: readonly string[]
  readonly libc?: readonly string[]
}

const FILE = fileURLToPath(new URL('../package-lock.json', import.meta.url))

const lock: { packages: Record<string, LockEntry> } = JSON.parse(await readFile(FILE, 'utf8'))
const holes = new Map(Object.entries(lock.packages).flatMap(([path, entry]) => holesOf(path, entry)))

if (holes.size > 0 && process.argv.includes('--check')) {
  process.stderr.write(
    `package-lock.json lacks ${[...holes.keys()].join(', ')}: run npx tsx scripts/complete-lock.ts.\n`,
  )
  process.exitCode = 1
} else if (holes.size > 0) {
  const { '': root, ...packages } = { ...lock.packages, ...Object.fromEntries(holes) }
  const sorted = Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en'))
  lock.packages = { ...(root && { '': root }), ...Object.fromEntries(sorted) }
  await writeFile(FILE, `${JSON.stringify(lock, null, 2)}\n`)
}

function holesOf(path: string, entry: LockEntry): readonly (readonly [string, LockEntry])[] {
  return Object.entries(entry.optionalDependencies ?? {})
    .filter(([name]) => !isLocked(path, name))
    .map(([name, version]) => [`node_modules/${name}`, platformEntry(name, version, entry)])
}

function isLocked(path: string, name: string): boolean {
  return (
    lock.packages[`${path}/node_modules/${name}`] !== undefined || lock.packages[`node_modules/${name}`] !== undefined
  )
}

/** `@biomejs/cli-linux-x64-musl` says by its name where it runs: system, processor, C library. */
function platformEntry(name: string, version: string, owner: LockEntry): LockEntry {
  const match = /-(android|darwin|freebsd|linux|openharmony|win32)-([a-z0-9]+)(?:-([a-z]+))?$/.exec(name)
  if (!match || !/^\d+\.\d+\.\d+/.test(version))
    throw new Error(`${name}@${version} is missing and no platform package`)
  const [, os = '', cpu = '', variant = ''] = match
  return {
    version,
    cpu: [cpu],
    ...(owner.dev && { dev: true }),
    ...(os === 'linux' && variant && { libc: [variant.startsWith('musl') ? 'musl' : 'glibc'] }),
    optional: true,
    os: [os],
  }
}
