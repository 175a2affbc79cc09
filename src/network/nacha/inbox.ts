/**
 * Where a bank's files are dropped: entries that came back, and notifications that an account's details have changed. A file
 * that is still being written is left alone; a whole one is told to the listener and moved to `done`, or to `failed` beside a
 * text that says why. Should the process die in between, the file is told again: the listener notes each return once.
 */
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AchFile, Entry } from './file.js'
import { AchFault } from './layouts.js'
import { FILE_BYTES_MAX, isWhole, parseFile } from './parse.js'

/** An entry of ours that a bank sent back. */
export interface ReturnedEntry {
  readonly traceNumber: string
  /** Nacha's, such as `R01`. */
  readonly code: string
  readonly amountCents: number
}

/** A bank's word that an account should be addressed otherwise from now on. */
export interface NotedChange {
  readonly traceNumber: string
  /** Nacha's, such as `C01`. */
  readonly code: string
  readonly correctedData: string
}

export interface Dropped {
  readonly returns: readonly ReturnedEntry[]
  readonly changes: readonly NotedChange[]
}

/** Notes what came back, each once, and returns the trace numbers that belong to nothing. */
export type Listener = (dropped: Dropped) => Promise<readonly string[]>

const FOLDER_MODE = 0o700
const IGNORED = /^\.|\.(tmp|part|partial|filepart)$/i

/** Reads every whole file of the folder, in the order of their names; returns how many were moved away. */
export async function readInbox(folder: string, listener: Listener): Promise<number> {
  for (const place of ['done', 'failed']) await mkdir(join(folder, place), { recursive: true, mode: FOLDER_MODE })
  const found = await readdir(folder, { withFileTypes: true })
  const names = found.filter((item) => item.isFile() && !IGNORED.test(item.name)).map(({ name }) => name)
  let moved = 0
  for (const name of names.sort()) if (await readDropped(folder, name, listener)) moved++
  return moved
}

async function readDropped(folder: string, name: string, listener: Listener): Promise<boolean> {
  const path = join(folder, name)
  const content = await contentOf(path)
  if (content === null || isUnfinished(content)) return false
  try {
    const unknown = await listener(droppedIn(parseFile(content)))
    if (unknown.length === 0) return await done(folder, name)
    return await fail(folder, name, `No entry has the trace number ${unknown.join(', ')}. Everything else was taken.`)
  } catch (error) {
    if (!(error instanceof AchFault)) throw error
    return await fail(folder, name, `Nothing was taken. ${error.message}`)
  }
}

/** Null for a file that is gone again. One too large to be meant is cut off, and so is no whole file. */
async function contentOf(path: string): Promise<string | null> {
  try {
    const { size } = await stat(path)
    return size > FILE_BYTES_MAX ? 'too large' : await readFile(path, 'latin1')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** Begun as an ACH file, or empty, and without its end. What begins as anything else will not become one. */
function isUnfinished(content: string): boolean {
  return '101'.startsWith(content.slice(0, 3)) && !isWhole(content)
}

/** What a file says of entries of ours. Throws `AchFault` for an entry that is neither a return nor a change. */
export function droppedIn(file: AchFile): Dropped {
  const entries = file.batches.flatMap((batch) => batch.entries)
  const told = entries.map((entry) => toldBy(entry))
  return {
    returns: told.flatMap((each) => ('amountCents' in each ? [each] : [])),
    changes: told.flatMap((each) => ('correctedData' in each ? [each] : [])),
  }
}

function toldBy({ addenda, amountCents, traceNumber }: Entry): ReturnedEntry | NotedChange {
  for (const each of addenda) {
    if (each.kind === 'return') return { traceNumber: each.originalTraceNumber, code: each.reasonCode, amountCents }
    if (each.kind === 'change') {
      const { changeCode, correctedData } = each
      return { traceNumber: each.originalTraceNumber, code: changeCode, correctedData }
    }
  }
  throw new AchFault(
    null,
    `The entry with the trace number ${traceNumber} is neither a return nor a notification of change.`,
  )
}

async function fail(folder: string, name: string, reason: string): Promise<boolean> {
  const free = await freeName(folder, name, 'failed')
  await writeFile(join(folder, 'failed', `${free}.reason.txt`), `${reason}\n`, { mode: 0o600 })
  return move(folder, name, join('failed', free))
}

async function done(folder: string, name: string): Promise<boolean> {
  return move(folder, name, join('done', await freeName(folder, name, 'done')))
}

/** Another file of that name keeps its place: the new one gets a number. */
async function freeName(folder: string, name: string, place: 'done' | 'failed'): Promise<string> {
  const taken = new Set(await readdir(join(folder, place)))
  let free = name
  for (let number = 2; taken.has(free); number++) free = `${name}.${number}`
  return free
}

async function move(folder: string, name: string, to: string): Promise<boolean> {
  try {
    await rename(join(folder, name), join(folder, to))
  } catch (error) {
    // Another process has moved it.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  return true
}
