import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { chmod, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PostgresBinaries } from './embedded-binaries.js'
import { handOver, type Launcher, launch } from './embedded-launch.js'
import { openPostgresLog } from './embedded-log.js'
import { DatabaseUnavailable } from './unavailable.js'

export const SUPERUSER = 'clearspan'

export interface ClusterPlan {
  /** The data folder. */
  readonly folder: string
  /** The cluster in it. */
  readonly cluster: string
  readonly binaries: PostgresBinaries
  readonly launcher: Launcher
}

/** Makes the cluster unless there is one. Returns the superuser's password. Throws `DatabaseUnavailable`. */
export async function ensureCluster(plan: ClusterPlan): Promise<string> {
  const password = await ensurePassword(plan.folder)
  if (!existsSync(join(plan.cluster, 'PG_VERSION'))) await makeCluster(plan, password)
  return password
}

/** A file that only its owner may read. Whoever reads it meanwhile finds all of it, or what was there before. */
export async function writeSecret(file: string, text: string): Promise<void> {
  const draft = `${file}.${process.pid}.new`
  await writeFile(draft, text, { mode: 0o600 })
  await chmod(draft, 0o600)
  await rename(draft, file)
}

export function readPassword(folder: string): string {
  return readFileSync(join(folder, 'postgres-password'), 'utf8').trim()
}

async function ensurePassword(folder: string): Promise<string> {
  const file = join(folder, 'postgres-password')
  if (!existsSync(file)) await writeSecret(file, `${randomBytes(24).toString('base64url')}\n`)
  return readPassword(folder)
}

/** initdb into a folder beside, renamed when complete: an interrupted first start leaves nothing half made. */
async function makeCluster({ folder, cluster, binaries, launcher }: ClusterPlan, password: string): Promise<void> {
  const unfinished = `${cluster}.new`
  // initdb reads the password from a file that it must be able to open as whoever it runs as.
  const passwordFile = `${cluster}-password.new`
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { mode: 0o700 })
  await writeSecret(passwordFile, `${password}\n`)
  handOver(launcher, unfinished)
  handOver(launcher, passwordFile)
  const flags = ['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', `--pwfile=${passwordFile}`]
  const log = openPostgresLog(folder)
  const child = log.lend((out) => launch(launcher, [binaries.initdb, '-D', unfinished, '-U', SUPERUSER, ...flags], out))
  const code = await new Promise((resolve, reject) => child.once('exit', resolve).once('error', reject))
  rmSync(passwordFile, { force: true })
  if (code !== 0) throw new DatabaseUnavailable(`The database could not be made: ${log.lastComplaint()}`)
  rmSync(cluster, { recursive: true, force: true })
  renameSync(unfinished, cluster)
}
