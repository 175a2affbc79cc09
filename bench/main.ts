/**
 * `npm run bench [-- W1 W4 …] [--quick] [--statements]`: the workloads, each beside its baseline. README.md says what they measure. A full
 * run of all of them writes `results/latest.md`.
 */
import { writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { type Finding, isMet, tableOf } from './findings.js'
import { type Ground, prepareGround } from './ground.js'
import { type Effort, FULL, QUICK } from './pairs.js'
import { buildPrograms } from './programs.js'
import { measureW1 } from './workloads/w1.js'
import { measureW2 } from './workloads/w2.js'
import { measureW3 } from './workloads/w3.js'
import { measureW3b } from './workloads/w3b.js'
import { measureW4 } from './workloads/w4.js'
import { measureW5 } from './workloads/w5.js'
import { measureW6 } from './workloads/w6.js'
import { measureW7 } from './workloads/w7.js'
import { measureW8 } from './workloads/w8.js'
import { measureW9 } from './workloads/w9.js'
import { measureW12 } from './workloads/w12.js'
import { measureW13 } from './workloads/w13.js'
import { measureW14 } from './workloads/w14.js'

const WORKLOADS: Readonly<Record<string, (ground: Ground, effort: Effort) => Promise<readonly Finding[]>>> = {
  W1: measureW1,
  W2: measureW2,
  W3: measureW3,
  W3b: measureW3b,
  W4: measureW4,
  W5: measureW5,
  W6: measureW6,
  W7: measureW7,
  W9: measureW9,
  W12: measureW12,
  W13: measureW13,
  W14: measureW14,
  // Last, because the team's clock is years ahead afterwards.
  W8: measureW8,
}
const RESULTS = new URL('./results/latest.md', import.meta.url)

const { values: flags, positionals: asked } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, statements: { type: 'boolean', default: false } },
})
const names = Object.keys(WORKLOADS).filter((name) => asked.length === 0 || asked.includes(name))
const unknown = asked.filter((name) => !(name in WORKLOADS))
if (unknown.length > 0) {
  throw new Error(`There is no ${unknown.join(', ')}. There are: ${Object.keys(WORKLOADS).join(', ')}.`)
}

const loadBefore = loadavg()[0] ?? 0
await buildPrograms()
const ground = await prepareGround()
try {
  const findings: Finding[] = []
  for (const name of names) {
    process.stderr.write(`${name} …\n`)
    findings.push(...((await WORKLOADS[name]?.(ground, flags.quick ? QUICK : FULL)) ?? []))
  }
  process.stdout.write(`${tableOf(findings)}\n`)
  if (flags.statements) for (const finding of findings) process.stdout.write(detailsOf(finding))
  if (!flags.quick && asked.length === 0) await writeFile(RESULTS, report(findings, ground))
  process.exitCode = findings.some((finding) => isMet(finding) === false) ? 1 : 0
} finally {
  await ground.clear()
}

function detailsOf({ workload, what, details = [] }: Finding): string {
  return details.length === 0 ? '' : `\n${workload} ${what}\n  ${details.join('\n  ')}\n`
}

function report(findings: readonly Finding[], { postgresVersion }: Ground): string {
  const { pairs, warmUpMs, measuredMs } = FULL
  return `# Latest full run

Written by \`npm run bench\`; ../README.md says what is measured. ${cpus().length} cores, Node ${process.versions.node},
PostgreSQL ${postgresVersion}; ${pairs} pairs, ${warmUpMs / 1000} s to warm up and ${measuredMs / 1000} s measured each. The load of the machine was
${loadBefore.toFixed(1)} before the run: with more than a few tenths of a core in use by others, believe the counts and not the times.
"Seen" is Clearspan beside its baseline.

${tableOf(findings)}
`
}
