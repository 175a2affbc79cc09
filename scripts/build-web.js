/**
 * Makes `dist/web` from `web`: the pages that browsers load, each folder with a Vite configuration an application of its own. Done
 * by `scripts/build.js`, and again only when something under `web` has changed.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { filesIn, printOf } from './build-files.js'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const WEB = join(ROOT, 'web')
const PRINT = join(ROOT, 'dist', 'web', '.sources')

/** Does nothing when the sources are the ones that `dist/web` was made of. */
export async function buildWeb() {
  const sources = await filesIn(WEB)
  const others = ['package-lock.json', join('scripts', 'build-web.js')].map((file) => join(ROOT, file))
  const print = await printOf([...sources.map((file) => join(WEB, file)), ...others])
  if ((await readFile(PRINT, 'utf8').catch(() => '')) === print) return
  // Loading it takes longer than all the rest of a start.
  const { build } = await import('vite')
  const apps = new Set(
    sources.filter((file) => /^[^/\\]+[/\\]vite\.config\.js$/.test(file)).map((file) => dirname(file)),
  )
  // Vite believes the environment, where a test runner says something else; pages are always what people get.
  const before = process.env.NODE_ENV
  process.env.NODE_ENV = 'production'
  for (const app of apps) {
    await build({
      root: join(WEB, app),
      configFile: join(WEB, app, 'vite.config.js'),
      logLevel: 'warn',
      build: {
        outDir: join(ROOT, 'dist', 'web', app),
        emptyOutDir: true,
        sourcemap: true,
        assetsInlineLimit: 0,
        license: { fileName: 'licenses.md' },
      },
    })
  }
  if (before === undefined) delete process.env.NODE_ENV
  else process.env.NODE_ENV = before
  await writeFile(PRINT, print)
}
