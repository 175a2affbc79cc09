/**
 * Makes `dist` from `src`: TypeScript becomes JavaScript file by file, assets are copied, and what no longer has a source
 * is removed. Nothing is checked here; `npm run check` does that. Every `npm start` runs it, so this one script is
 * JavaScript itself: it is done before a TypeScript loader would have loaded.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build as transpile } from 'esbuild'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const SOURCE = join(ROOT, 'src')
const OUTPUT = join(ROOT, 'dist')
const ASSET = /\.(sql|json|csv)$/
const NOT_SHIPPED = /\.test\.ts$|\.d\.ts$|\.generated\.sql$/

export async function build() {
  const sources = (await filesIn(SOURCE)).filter(isBuilt)
  const { outputFiles } = await transpile({
    entryPoints: sources.map((file) => join(SOURCE, file)),
    outdir: OUTPUT,
    outbase: SOURCE,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    sourcemap: true,
    sourcesContent: false,
    loader: { '.sql': 'copy', '.json': 'copy', '.csv': 'copy' },
    logLevel: 'warning',
    write: false,
  })
  await Promise.all(outputFiles.map(writeChanged))
  await removeStale(new Set(sources.flatMap(outputsOf)))
}

/**
 * What is there already is left alone: a server that starts from it meanwhile must not find a file half written.
 * @param {import('esbuild').OutputFile} output
 */
async function writeChanged({ path, contents }) {
  const held = await readFile(path).catch(() => null)
  if (held?.equals(contents)) return
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, contents)
}

/** @param {string} file */
function isBuilt(file) {
  return (file.endsWith('.ts') || ASSET.test(file)) && !NOT_SHIPPED.test(file)
}

/** @param {string} file */
function outputsOf(file) {
  if (!file.endsWith('.ts')) return [file]
  const script = file.replace(/\.ts$/, '.js')
  return [script, `${script}.map`]
}

/**
 * File by file, never the whole folder: a server that runs from it may still load a part.
 * @param {ReadonlySet<string>} wanted
 */
async function removeStale(wanted) {
  const stale = (await filesIn(OUTPUT)).filter((file) => !wanted.has(file))
  await Promise.all(stale.map((file) => rm(join(OUTPUT, file), { force: true })))
}

/** @param {string} folder */
async function filesIn(folder) {
  await mkdir(folder, { recursive: true })
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build()
