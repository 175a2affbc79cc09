/**
 * Makes `dist` from `src` and `web`: the pages, and the program in a few bundled files, and beside them the data it reads. Packages that are made of
 * hundreds of small modules are bundled too, because loading those one by one took a third of a start; the others stay
 * packages. Nothing is checked here; `npm run check` does that. Every `npm start` runs it, so this one script is JavaScript
 * itself: it is done before a TypeScript loader would have loaded.
 */
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build as bundle } from 'esbuild'
import { buildClients } from './build-clients.js'
import { filesIn, printOf } from './build-files.js'
import { buildGuides } from './build-guides.js'
import { buildWeb } from './build-web.js'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const SOURCE = join(ROOT, 'src')
const OUTPUT = join(ROOT, 'dist')
const BUNDLED = [
  '@fastify/cookie',
  '@fastify/static',
  '@fastify/swagger',
  'citty',
  'csv-parse',
  'fast-json-stringify',
  'fastify',
  'ipaddr.js',
  'kysely',
  'libphonenumber-js',
  'prom-client',
  'temporal-polyfill',
  'typebox',
  'undici',
]
// What is bundled may be CommonJS, which asks for modules of Node by itself.
const REQUIRE =
  "import { createRequire as __makeRequire } from 'node:module'; const require = __makeRequire(import.meta.url);"
// What `dist` was made of; written last, so that a build that was cut short is done again.
const PRINT = join(OUTPUT, '.sources')
const MIGRATIONS = join('db', 'migrations')

/** Does nothing when the sources are the ones that `dist` was made of. */
export async function build() {
  await Promise.all([buildProgram(), buildWeb(), buildGuides(), buildClients()])
}

async function buildProgram() {
  const print = await fingerprint()
  if ((await readFile(PRINT, 'utf8').catch(() => '')) === print) return
  const { dependencies } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'))
  const external = Object.keys(dependencies).filter((name) => !BUNDLED.includes(name))
  const { outputFiles, metafile } = await bundle({
    entryPoints: [join(SOURCE, 'main.ts'), join(SOURCE, 'testing.ts')],
    outdir: OUTPUT,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: external.flatMap((name) => [name, `${name}/*`]),
    sourcemap: true,
    sourcesContent: false,
    banner: { js: REQUIRE },
    metafile: true,
    logLevel: 'warning',
    write: false,
  })
  const assets = await Promise.all((await filesIn(SOURCE)).filter(isAsset).map(readAsset))
  const outputs = [...outputFiles, ...assets, await licensesOf(Object.keys(metafile.inputs))]
  await Promise.all(outputs.map(writeChanged))
  // npm marks it so only the first time that it sees a folder.
  await chmod(join(OUTPUT, 'main.js'), 0o755)
  await removeStale(new Set(outputs.map(({ path }) => relative(OUTPUT, path))))
  await writeFile(PRINT, print)
}

async function fingerprint() {
  const sources = (await filesIn(SOURCE)).map((file) => join(SOURCE, file))
  const others = ['package-lock.json', join('scripts', 'build.js')].map((file) => join(ROOT, file))
  return printOf([...sources, ...others])
}

/**
 * The terms of what is bundled, which ask to go with it.
 * @param {readonly string[]} inputs files, from the folder that the build runs in
 */
async function licensesOf(inputs) {
  const folders = new Set(inputs.flatMap((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []))
  const texts = await Promise.all(
    [...folders].sort().map(async (folder) => {
      const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
      const terms = (await readdir(folder)).find((file) => /^licen[cs]e/i.test(file))
      return `## ${name} ${version}: ${license}\n\n${terms ? (await readFile(join(folder, terms), 'utf8')).trim() : ''}\n`
    }),
  )
  const contents = Buffer.from(`# What is bundled here, and its terms\n\n${texts.join('\n')}`)
  return { path: join(OUTPUT, 'licenses.md'), contents }
}

/**
 * Data lies beside the bundle that reads it, because every module of a bundle has the bundle's own address.
 * @param {string} file
 */
async function readAsset(file) {
  const place = dirname(file) === MIGRATIONS ? join('migrations', basename(file)) : basename(file)
  return { path: join(OUTPUT, place), contents: await readFile(join(SOURCE, file)) }
}

/** @param {string} file */
function isAsset(file) {
  return /\.(sql|json|csv)$/.test(file) && !file.endsWith('.generated.sql')
}

/**
 * What is there already is left alone: a server that starts from it meanwhile must not find a file half written.
 * @param {{ path: string, contents: Uint8Array }} output
 */
async function writeChanged({ path, contents }) {
  const held = await readFile(path).catch(() => null)
  if (held?.equals(contents)) return
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, contents)
}

/**
 * File by file, never the whole folder: a server that runs from it may still load a part.
 * @param {ReadonlySet<string>} wanted
 */
async function removeStale(wanted) {
  const stale = (await filesIn(OUTPUT)).filter((file) => !wanted.has(file) && !file.startsWith(`web${sep}`))
  await Promise.all(stale.map((file) => rm(join(OUTPUT, file), { force: true })))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build()
