import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const FAST_STOP_MS = 4_000
const IMMEDIATE_STOP_MS = 2_000

/**
 * Stops the PostgreSQL that a killed server left behind on this cluster. It is stopped rather than taken over: a start
 * is a matter of milliseconds, and the new process is then the parent of its database, with this version's settings.
 * The caller holds the data folder's lock, so no living server can be using it.
 */
export async function stopLeftover(clusterFolder: string): Promise<void> {
  const pidFile = join(clusterFolder, 'postmaster.pid')
  if (!existsSync(pidFile)) return
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0])
  if (Number.isInteger(pid) && pid > 1 && (await isPostmasterOf(clusterFolder, pid))) await stopPostmaster(pid)
  // A number that now belongs to another program, or to nobody, would only stop PostgreSQL from starting.
  rmSync(pidFile, { force: true })
}

/** Shuts down in steps: fast (sessions are cut, data written), immediate (as in a crash), killed. */
export async function stopPostmaster(pid: number): Promise<void> {
  if (await endedAfter(pid, 'SIGINT', FAST_STOP_MS)) return
  if (await endedAfter(pid, 'SIGQUIT', IMMEDIATE_STOP_MS)) return
  await endedAfter(pid, 'SIGKILL', IMMEDIATE_STOP_MS)
}

async function endedAfter(pid: number, signal: NodeJS.Signals, patienceMs: number): Promise<boolean> {
  if (!send(pid, signal)) return true
  const until = performance.now() + patienceMs
  while (performance.now() < until) {
    await sleep(10)
    if (!isAlive(pid)) return true
  }
  return false
}

/** False also for a process that has ended and that its parent has not asked about yet: in containers nobody may. */
export function isAlive(pid: number): boolean {
  return send(pid, 0) && !isZombie(pid)
}

function isZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return true
  }
}

function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** A postmaster's working directory is its cluster; where that can't be read, its command line names it. */
async function isPostmasterOf(clusterFolder: string, pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false
  if (process.platform === 'linux') {
    const workingFolder = await readlink(`/proc/${pid}/cwd`).catch(() => '')
    return workingFolder === realpathSync(clusterFolder)
  }
  if (process.platform === 'win32') return commandLine('tasklist', ['/FI', `PID eq ${pid}`]).includes('postgres.exe')
  return commandLine('ps', ['-o', 'command=', '-p', String(pid)]).includes(clusterFolder)
}

function commandLine(program: string, args: readonly string[]): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8' })
  } catch {
    return ''
  }
}
