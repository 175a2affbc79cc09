/** What an operator built of MX's widget. */
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { WidgetFiles } from '../faces/mx/mx.js'

const HERE = dirname(fileURLToPath(import.meta.url))
const EXAMPLE = join('examples', 'mx-connect-widget', 'dist')
// Beside the bundle's folder, or beside that of the sources.
const FOLDERS = [join(HERE, '..', EXAMPLE), join(HERE, '..', '..', EXAMPLE)]

/** Looks each time, so that what is built meanwhile is there. */
export function openWidgetFiles(folder: string | null): WidgetFiles {
  return async (name) => {
    for (const place of folder === null ? FOLDERS : [folder]) {
      const file = await readFile(join(place, name)).catch(() => null)
      if (file) return file
    }
    return null
  }
}
