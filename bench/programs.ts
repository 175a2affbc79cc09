/** The bench's own programs, made into JavaScript beforehand so that none of them starts slower than the server. */
import { spawnSync } from 'node:child_process'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build as transpile } from 'esbuild'
import { build } from '../scripts/build.js'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
// Inside the repository, so that packages are found from there.
const OUTPUT = join(ROOT, 'node_modules', '.cache', 'clearspan-bench')

const SOURCES = {
  generator: 'bench/generator.ts',
  'select-one': 'bench/baselines/select-one.ts',
  'insert-one': 'bench/baselines/insert-one.ts',
  'insert-three': 'bench/baselines/insert-three.ts',
  'minimal-app': 'bench/baselines/minimal-app.ts',
  'sign-and-post': 'bench/baselines/sign-and-post.ts',
  sink: 'bench/sink.ts',
  'job-latency': 'bench/job-latency.ts',
} as const
export type Program = keyof typeof SOURCES

export const SERVER_FILE = join(ROOT, 'dist', 'main.js')

/** Builds the server and the bench's programs. */
export async function buildPrograms(): Promise<void> {
  const options = { bundle: true, packages: 'external', format: 'esm', platform: 'node', target: 'node20.19' } as const
  const entryPoints = Object.entries(SOURCES).map(([out, source]) => ({ in: join(ROOT, source), out }))
  await Promise.all([
    build(),
    transpile({ ...options, entryPoints, outdir: OUTPUT, outExtension: { '.js': '.mjs' }, logLevel: 'warning' }),
  ])
}

export function programFile(program: Program): string {
  return join(OUTPUT, `${program}.mjs`)
}

const GENERATOR_CORE = 1
const canPin =
  cpus().length > GENERATOR_CORE && spawnSync('taskset', ['-c', String(GENERATOR_CORE), 'true']).status === 0

/** The command held to one core, always the same one, where the machine can do that. */
export function pinned(command: readonly string[]): readonly string[] {
  return canPin ? ['taskset', '-c', String(GENERATOR_CORE), ...command] : command
}
