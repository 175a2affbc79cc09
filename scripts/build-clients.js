/**
 * Makes the packages for callers under `clients/` from their sources: ES modules, CommonJS for runners such as jest that load
 * nothing else, and types for both.
 */
import { execFile } from 'node:child_process'
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build as bundle } from 'esbuild'
import { filesIn, printOf } from './build-files.js'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const TESTING = join(ROOT, 'clients', 'testing')
const OUTPUT = join(TESTING, 'dist')
const PRINT = join(OUTPUT, '.sources')
const IMPORTABLE = ['index', 'global-setup']

const MX = join(ROOT, 'clients', 'mx-connect-api')
const MX_OUTPUT = join(MX, 'dist')
const MX_PRINT = join(MX_OUTPUT, '.sources')

/** Does nothing when the sources are the ones that `dist` was made of. */
export async function buildClients() {
  await Promise.all([buildTesting(), buildMxConnectApi()])
}

/** For browsers first, so there are only ES modules. */
async function buildMxConnectApi() {
  const sources = (await filesIn(join(MX, 'src'))).map((file) => join(MX, 'src', file))
  const others = ['package-lock.json', join('scripts', 'build-clients.js')].map((file) => join(ROOT, file))
  const print = await printOf([...sources, ...others])
  if ((await readFile(MX_PRINT, 'utf8').catch(() => '')) === print) return
  await rm(MX_OUTPUT, { recursive: true, force: true })
  await mkdir(MX_OUTPUT, { recursive: true })
  await bundle({
    entryPoints: [join(MX, 'src', 'index.ts')],
    outdir: MX_OUTPUT,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'warning',
  })
  await describe(MX)
  await writeFile(MX_PRINT, print)
}

async function buildTesting() {
  const print = await fingerprint()
  if ((await readFile(PRINT, 'utf8').catch(() => '')) === print) return
  await rm(OUTPUT, { recursive: true, force: true })
  await mkdir(OUTPUT, { recursive: true })
  await Promise.all([bundleModules(), bundleCommonJs(), describeTypes()])
  await chmod(join(OUTPUT, 'run.js'), 0o755)
  await writeFile(PRINT, print)
}

const common = /** @type {const} */ ({
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  outdir: OUTPUT,
  logLevel: 'warning',
})

function bundleModules() {
  const entryPoints = [...IMPORTABLE, 'run'].map((name) => join(TESTING, 'src', `${name}.ts`))
  return bundle({ ...common, entryPoints, format: 'esm', splitting: true })
}

function bundleCommonJs() {
  return bundle({
    ...common,
    entryPoints: IMPORTABLE.map((name) => join(TESTING, 'src', `${name}.ts`)),
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    define: { 'import.meta.url': 'ownUrl' },
    banner: { js: "const ownUrl = require('node:url').pathToFileURL(__filename).href" },
  })
}

async function describeTypes() {
  await describe(TESTING)
  const names = (await readdir(OUTPUT)).filter((name) => name.endsWith('.d.ts'))
  await Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(OUTPUT, name), 'utf8')
      const forCommonJs = text.replaceAll(/(from '\.\/[\w-]+)\.js'/g, "$1.cjs'")
      await writeFile(join(OUTPUT, name.replace('.d.ts', '.d.cts')), forCommonJs)
    }),
  )
}

/**
 * The types of a package, by its own settings.
 * @param {string} folder
 */
async function describe(folder) {
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')
  await promisify(execFile)(process.execPath, [tsc, '-p', folder])
}

async function fingerprint() {
  const sources = (await filesIn(join(TESTING, 'src'))).map((file) => join(TESTING, 'src', file))
  const others = ['package-lock.json', join('scripts', 'build-clients.js')].map((file) => join(ROOT, file))
  return printOf([...sources, ...others])
}
