/** Everything that can be told without running the product: types, lint and format, imports, dead code, generated files. */
import { spawn } from 'node:child_process'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))

const CHECKS: Readonly<Record<string, string>> = {
  types: 'tsc --noEmit',
  'types of pages': 'tsc --noEmit -p web',
  'lint and format': 'biome check --error-on-warnings',
  imports: 'tsx scripts/check-imports.ts',
  'dead code': 'knip',
  'lock file': 'tsx scripts/complete-lock.ts --check',
  'generated files': 'tsx scripts/generate-schema.ts --check',
  'generated pages': 'tsx scripts/generate-docs.ts --check',
}

const results = await Promise.all(Object.entries(CHECKS).map(([name, command]) => run(name, command)))
for (const { name, code, output } of results) {
  process.stdout.write(`${code === 0 ? '✓' : '✗'} ${name}\n`)
  if (code !== 0) process.stdout.write(`\n${output.trim()}\n\n`)
}
process.exitCode = results.every(({ code }) => code === 0) ? 0 : 1

function run(name: string, command: string): Promise<{ name: string; code: number | null; output: string }> {
  const PATH = `${join(ROOT, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}`
  const child = spawn(command, { cwd: ROOT, shell: true, env: { ...process.env, PATH } })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk
    })
  }
  return new Promise((resolve) => child.once('close', (code) => resolve({ name, code, output })))
}
