import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import type { Import } from './rules.js'

const FOLDERS = ['src', 'web', 'clients', 'test']
const IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*)'(\.{1,2}\/[^']+)'/g
const SKIPPED = /(^|\/)(node_modules|dist)\//

/** Every relative import of our TypeScript, types included: a direction is one whatever is carried. */
export async function readImports(root: string): Promise<readonly Import[]> {
  const files = (await Promise.all(FOLDERS.map((folder) => typescriptIn(join(root, folder))))).flat()
  const found = await Promise.all(files.map((file) => importsOf(root, file)))
  return found.flat()
}

async function typescriptIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  return names.filter((name) => /\.tsx?$/.test(name) && !SKIPPED.test(name)).map((name) => join(folder, name))
}

async function importsOf(root: string, file: string): Promise<readonly Import[]> {
  const text = await readFile(file, 'utf8')
  const from = fromRoot(root, file)
  return [...text.matchAll(IMPORT)].map(([, path = '']) => {
    const target = resolve(dirname(file), path.replace(/\.js$/, '.ts'))
    return { from, to: fromRoot(root, target) }
  })
}

function fromRoot(root: string, file: string): string {
  return relative(root, file).split(sep).join('/')
}
