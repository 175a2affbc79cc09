/** What both builds need to know about files. */
import { mkdir, readdir, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'

/**
 * Every file under a folder, from it; none where it isn't there yet.
 * @param {string} folder
 */
export async function filesIn(folder) {
  await mkdir(folder, { recursive: true })
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)))
}

/**
 * Tells one state of these files from another without reading them.
 * @param {readonly string[]} files
 */
export async function printOf(files) {
  return JSON.stringify(await Promise.all(files.map(async (file) => [file, (await stat(file)).mtimeMs])))
}
