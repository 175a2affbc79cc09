/**
 * Where ACH files wait for whoever carries them to a bank. A file appears under its name only when it is whole and on the
 * disk; entries that a file of their window already has are not written again, so handing over a window once more, after a
 * crash or by a second process, adds nothing. Whoever carries files away moves them to `sent`, where they still count.
 */
import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readdir, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { composeFile, ENTRIES_MAX, type NamedFile, nameOfWindow, type Window, type WindowEntry } from './window-file.js'

// They hold account numbers in clear.
const FOLDER_MODE = 0o700
const FILE_MODE = 0o600
const SENT = 'sent'

/** Writes what no file of the window has yet; returns the names of new files. Throws `AchFault` for what fits no entry. */
export async function writeWindow(
  folder: string,
  window: Window,
  entries: readonly WindowEntry[],
): Promise<readonly string[]> {
  await mkdir(join(folder, SENT), { recursive: true, mode: FOLDER_MODE })
  const written: string[] = []
  for (;;) {
    const files = await filesOf(folder, window)
    const known = await tracesIn(folder, files)
    const rest = entries.filter(({ traceNumber }) => !known.has(traceNumber))
    if (rest.length === 0) return written
    const file = composeFile(window, files.length + 1, byTrace(rest).slice(0, ENTRIES_MAX))
    if (await place(folder, file)) written.push(file.name)
  }
}

/** Of the window, carried away or not: `sent/name` or `name`. */
async function filesOf(folder: string, window: Window): Promise<readonly string[]> {
  const start = `${nameOfWindow(window)}-`
  const isOfWindow = (name: string) => name.startsWith(start) && name.endsWith('.ach')
  const waiting = await readdir(folder)
  const sent = await readdir(join(folder, SENT))
  return [...waiting.filter(isOfWindow), ...sent.filter(isOfWindow).map((name) => join(SENT, name))]
}

/** The trace numbers of entries, from their columns. */
async function tracesIn(folder: string, files: readonly string[]): Promise<ReadonlySet<string>> {
  const traces = new Set<string>()
  for (const name of files) {
    for (const line of (await readFile(join(folder, name), 'latin1')).split('\n')) {
      if (line.startsWith('6')) traces.add(line.slice(79, 94))
    }
  }
  return traces
}

/** False when another process has taken the name meanwhile. Linking, unlike renaming, never replaces a file. */
async function place(folder: string, { name, content }: NamedFile): Promise<boolean> {
  const draft = join(folder, `.${name}.${randomUUID()}.tmp`)
  const file = await open(draft, 'wx', FILE_MODE)
  try {
    await file.writeFile(content, 'latin1')
    await file.sync()
  } finally {
    await file.close()
  }
  try {
    await link(draft, join(folder, name))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await unlink(draft)
  }
  await syncFolder(folder)
  return true
}

/** The name itself must survive a crash too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function byTrace(entries: readonly WindowEntry[]): readonly WindowEntry[] {
  return [...entries].sort((a, b) => (a.traceNumber < b.traceNumber ? -1 : 1))
}
