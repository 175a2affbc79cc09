/**
 * One server per data folder: the file `lock` holds the number of the process that has it. A process that was killed
 * leaves its lock behind; the next one sees that the number is nobody's, or a younger process's, and takes over.
 */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Problem } from './problem.js'

export interface DataLock {
  release(): void
}

/** Throws `Problem` naming the process that has the folder. */
export function lockData(folder: string): DataLock {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, 'lock')
  const own = describe(process.pid)
  const draft = join(folder, `lock.${process.pid}`)
  // Written first and linked then, so that nobody ever reads half a lock.
  writeFileSync(draft, own, { mode: 0o600 })
  try {
    take(file, draft, folder)
  } finally {
    rmSync(draft, { force: true })
  }
  return {
    release() {
      if (read(file) === own) rmSync(file, { force: true })
    },
  }
}

/** The process that runs a server on this folder, or undefined. */
export function findLockHolder(folder: string): number | undefined {
  return holderOf(read(join(folder, 'lock')))
}

function take(file: string, draft: string, folder: string): void {
  if (tryLink(draft, file)) return
  const found = read(file)
  const holder = holderOf(found)
  if (holder !== undefined) throw taken(folder, holder)
  setAside(file, found)
  if (!tryLink(draft, file)) throw taken(folder, holderOf(read(file)))
}

function taken(folder: string, holder: number | undefined): Problem {
  const who = holder === undefined ? 'Another process' : `Process ${holder}`
  return new Problem(
    `${who} is already using the data folder ${folder}: stop it, or set CLEARSPAN_DATA to another one.`,
  )
}

/** Removes a dead process's lock; should it have become a living one's in between, that one gets it back. */
function setAside(file: string, expected: string): void {
  const aside = `${file}.${process.pid}.old`
  try {
    renameSync(file, aside)
  } catch {
    return
  }
  if (read(aside) !== expected) tryLink(aside, file)
  rmSync(aside, { force: true })
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch {
    return false
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function holderOf(text: string): number | undefined {
  const pid = Number(text.split(' ')[0])
  const isAlive = Number.isInteger(pid) && pid > 0 && describe(pid) === text && exists(pid)
  return isAlive ? pid : undefined
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** The number and, where the system tells, when that process began: numbers are used again. */
function describe(pid: number): string {
  const stat = process.platform === 'linux' ? read(`/proc/${pid}/stat`) : ''
  // The 22nd field is the start time; the second, in brackets, may hold spaces.
  const startedAt = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  return `${pid} ${startedAt}`.trim()
}
