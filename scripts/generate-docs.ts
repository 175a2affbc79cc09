/**
 * Writes the pages that follow from the code: `docs/support.md`, `docs/errors.md`, and the table of what works in the
 * README. With `--check` nothing is written; it fails when a page is not what it would be.
 */
import { execFileSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { errorsPage, moneykitErrorsPage } from './docs/errors.js'
import { servedRoutes } from './docs/routes.js'
import { supportPage, supportSummary } from './docs/support.js'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const MARK = '<!-- Made by `npm run generate`; changes by hand are lost. -->'
const SUMMARY = /(?<=<!-- support: made by `npm run generate` -->\n)[\s\S]*?(?=<!-- support: end -->)/

const routes = await servedRoutes()
const readme = await readFile(join(ROOT, 'README.md'), 'utf8')
if (!SUMMARY.test(readme)) throw new Error('README.md has lost the marks around its support table.')

const pages = new Map([
  ['README.md', readme.replace(SUMMARY, `\n${supportSummary(routes)}\n\n`)],
  ['docs/support.md', `${MARK}\n\n${supportPage(routes)}\n`],
  ['docs/errors.md', `${MARK}\n\n${errorsPage()}\n`],
  ['docs/moneykit-errors.md', `${MARK}\n\n${moneykitErrorsPage()}\n`],
])
for (const [name, draft] of pages) {
  const path = join(ROOT, name)
  const text = formatted(name, draft)
  if (!process.argv.includes('--check')) await writeFile(path, text)
  else if ((await readFile(path, 'utf8').catch(() => '')) !== text) {
    process.stderr.write(`${name} is not up to date: run npm run generate.\n`)
    process.exitCode = 1
  }
}

/** As `npm run format` would leave it. */
function formatted(name: string, text: string): string {
  const biome = join(ROOT, 'node_modules', '.bin', 'biome')
  return execFileSync(biome, ['format', `--stdin-file-path=${name}`], { cwd: ROOT, input: text, encoding: 'utf8' })
}
