/** Runs what a page shows, as its reader would: bash in one session from top to bottom, JavaScript program by program. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { DEMO_KEY } from '../setup/method-api.js'
import { MAIN } from '../setup/server.js'
import { type Block, ROOT } from './pages.js'

const TEST_KIT = new URL('../../clients/testing/dist/index.js', import.meta.url).href

export interface Stage {
  /** Takes the place of 4000, where pages say the server is. */
  readonly serverPort: number
  /** Takes the place of 4001, where pages receive webhooks. */
  readonly receiverPort: number
  /** Takes the place of the demo key: pages that are played side by side need teams of their own. Default: none does. */
  readonly key?: string
  readonly environment: Readonly<Record<string, string>>
}

export interface Played {
  readonly block: Block
  readonly printed: string
  readonly complaints: string
  /** The status of every answer that curl got, in order. */
  readonly statuses: readonly string[]
}

// What curl is for the pages: also tells the status, where it doesn't mix with what is printed. npx would take longer to find the
// program than the program takes; that it finds it is for a test of its own.
const PREAMBLE = `set -euo pipefail
curl() { command curl "$@" -w '\\n%{stderr}@@status %{http_code}\\n'; }
npx() { [ "$1" = clearspan ] || { command npx "$@"; return; }; shift; node '${MAIN}' "$@"; }
`

/** Plays the bash blocks of a page. Fails with what was printed when one of them fails. */
export async function playBash(blocks: readonly Block[], stage: Stage): Promise<readonly Played[]> {
  const begin = 'echo; echo @@block; echo @@block >&2'
  const script = PREAMBLE + blocks.map(({ code }) => `${begin}\n${staged(code, stage)}`).join('\n')
  const { code, stdout, stderr } = await runProgram('bash', ['-c', script], stage)
  const printed = stdout.split('@@block\n').slice(1)
  const complaints = stderr.split('@@block\n').slice(1)
  if (code !== 0) {
    const last = blocks[printed.length - 1]
    throw new Error(`The block at line ${last?.line} ended with ${code}:\n${printed.at(-1)}\n${complaints.at(-1)}`)
  }
  return blocks.map((block, index) => ({
    block,
    printed: printed[index] ?? '',
    complaints: complaints[index] ?? '',
    statuses: [...(complaints[index] ?? '').matchAll(/@@status (\d+)/g)].map(([, status = '']) => status),
  }))
}

/** Plays one program. The mark `method-node=1` gives it the old client under its real name; the test kit is this checkout's. */
export async function playJavaScript(block: Block, stage: Stage): Promise<string> {
  const old = block.marks['method-node'] === '1'
  const named = old ? block.code.replaceAll("'method-node'", "'method-node-1'") : block.code
  const program = named.replaceAll("'@clearspan/testing'", `'${TEST_KIT}'`)
  const { code, stdout, stderr } = await runProgram(
    process.execPath,
    ['--input-type=module', '-e', staged(program, stage)],
    stage,
  )
  if (code !== 0) throw new Error(`The program at line ${block.line} ended with ${code}:\n${stdout}\n${stderr}`)
  return stdout
}

function staged(code: string, { serverPort, receiverPort, key = DEMO_KEY }: Stage): string {
  return code
    .replaceAll(/\b4000\b/g, String(serverPort))
    .replaceAll(/\b4001\b/g, String(receiverPort))
    .replaceAll(DEMO_KEY, key)
}

async function runProgram(program: string, args: readonly string[], stage: Stage) {
  // A group of its own, so that what it left running in the background goes with it.
  const child = spawn(program, args, {
    cwd: ROOT,
    detached: true,
    env: { ...process.env, ...stage.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const late = setTimeout(() => endGroup(child.pid), PATIENCE_MS)
  const [code] = (await once(child, 'close')) as [number | null]
  clearTimeout(late)
  endGroup(child.pid)
  return { code, stdout, stderr }
}

const PATIENCE_MS = 120_000

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Everything in it has ended already.
  }
}
