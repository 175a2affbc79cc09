import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, lstatSync, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname } from 'node:path'
import type { PostgresBinaries } from './embedded-binaries.js'
import { DatabaseUnavailable } from './unavailable.js'

/** How a PostgreSQL program is started here: the words before it, and the user it runs as. */
export interface Launcher {
  readonly prefix: readonly string[]
  readonly user?: { readonly uid: number; readonly gid: number }
}

const NOBODY = 65_534

// A user namespace in which our files belong to somebody else: PostgreSQL sees an ordinary user with a name, root or not.
const NAMESPACE = ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, '--']

// Linux tells the postmaster when its parent is gone, SIGKILL included, so that it shuts down by itself.
const DIES_WITH_PARENT = ['setpriv', '--pdeathsig', 'INT', '--']

/**
 * Finds a way to run PostgreSQL on the cluster in `clusterFolder` (which need not exist yet). PostgreSQL refuses to be
 * root, or a user without a name (a container's bare number). Such a one runs it in a user namespace; where those are
 * forbidden, root still can as `nobody`, who then owns the cluster.
 */
export function findLauncher(binaries: PostgresBinaries, clusterFolder: string): Launcher {
  const lasting = works([...DIES_WITH_PARENT, 'true']) ? DIES_WITH_PARENT : []
  const isRoot = process.getuid?.() === 0
  if (!isRoot && hasName()) return { prefix: lasting }
  const owner = isRoot && existsSync(clusterFolder) ? lstatSync(clusterFolder) : undefined
  if (owner && owner.uid !== 0) return { prefix: lasting, user: { uid: owner.uid, gid: owner.gid } }
  const inNamespace = [...NAMESPACE, ...lasting]
  if (canUse({ prefix: inNamespace }, binaries, clusterFolder)) return { prefix: inNamespace }
  if (isRoot) return launchAsNobody(binaries, clusterFolder, lasting)
  throw new DatabaseUnavailable(
    `PostgreSQL needs a user with a name, and number ${process.getuid?.()} is not in /etc/passwd: start Clearspan as a user that is, or set DATABASE_URL.`,
  )
}

function hasName(): boolean {
  try {
    return userInfo().username !== ''
  } catch {
    return false
  }
}

function launchAsNobody(binaries: PostgresBinaries, clusterFolder: string, prefix: readonly string[]): Launcher {
  const launcher = { prefix, user: { uid: NOBODY, gid: NOBODY } }
  // Passing through the data folder is allowed to others, listing it is not; every secret in it is 0600.
  chmodSync(dirname(clusterFolder), 0o711)
  if (canUse(launcher, binaries, clusterFolder)) return launcher
  throw new DatabaseUnavailable(
    `PostgreSQL does not run as root, and neither a user namespace nor the user nobody can reach ${clusterFolder} and ${binaries.postgres}: start Clearspan as an ordinary user, set CLEARSPAN_DATA to a folder others may pass through (such as /var/lib/clearspan), or set DATABASE_URL.`,
  )
}

/** Gives an empty cluster folder to whom PostgreSQL runs as. */
export function handOver(launcher: Launcher, clusterFolder: string): void {
  if (launcher.user) spawnSync('chown', ['-R', `${launcher.user.uid}:${launcher.user.gid}`, clusterFolder])
}

/** Starts a program away from the terminal's process group: Ctrl-C is for the server, which stops PostgreSQL in its turn. */
export function launch(launcher: Launcher, command: readonly string[], output: number): ChildProcess {
  const [program = '', ...args] = [...launcher.prefix, ...command]
  return spawn(program, args, {
    cwd: '/',
    detached: true,
    windowsHide: true,
    stdio: ['ignore', output, output],
    env: cleanEnvironment(),
    ...launcher.user,
  })
}

/** The environment without PostgreSQL's own variables, which would reach into the cluster, and with fixed messages. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('PG') && !name.startsWith('LC_'))
  return { ...Object.fromEntries(kept), LC_ALL: 'C' }
}

function canUse(launcher: Launcher, binaries: PostgresBinaries, clusterFolder: string): boolean {
  const reach = '"$1" --version && test -x "$2"'
  return works([...launcher.prefix, 'sh', '-c', reach, 'sh', binaries.postgres, dirname(clusterFolder)], launcher.user)
}

function works(command: readonly string[], user?: Launcher['user']): boolean {
  if (process.platform !== 'linux') return false
  const [program = '', ...args] = command
  return spawnSync(program, args, { cwd: '/', stdio: 'ignore', ...user }).status === 0
}

/** True when the folder may be used by the one who starts us: PostgreSQL wants to own its cluster. */
export function ownsFolder(folder: string): boolean {
  const uid = process.getuid?.()
  return uid === undefined || uid === 0 || statSync(folder).uid === uid
}
