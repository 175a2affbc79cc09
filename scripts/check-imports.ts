/** Fails when an import points the wrong way, or capabilities of core import one another in a circle. */
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readImports } from './imports/read.js'
import { findCycles, judge } from './imports/rules.js'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const imports = await readImports(root)

for (const found of imports) {
  const violation = judge(found)
  if (violation) complain(`${violation.from} imports ${violation.to}\n  allowed: ${violation.allowed}`)
}
for (const cycle of findCycles(imports)) {
  complain(
    `capabilities import one another: ${cycle}\n  allowed: one direction; let wiring hand the inner one a function`,
  )
}

function complain(text: string): void {
  process.stderr.write(`${text}\n`)
  process.exitCode = 1
}
