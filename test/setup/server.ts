/** The real server as a child process: started, asked, killed at the worst moment, started again. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** The built command line. */
export const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const READY_PATIENCE_MS = 30_000
const STOP_PATIENCE_MS = 15_000

export interface ServerRequest {
  /** Default: `serve`. */
  readonly command?: readonly string[]
  /** Wanted on top of a quiet environment: `DATABASE_URL`, `CLEARSPAN_DATA`, `LOG_LEVEL`, … */
  readonly environment?: Readonly<Record<string, string>>
  /** Default: any free one. Give the former one to a server that starts again under the same address. */
  readonly port?: number
}

export interface SpawnedServer {
  /** Where it answers, without a slash at the end. */
  readonly url: string
  readonly port: number
  readonly pid: number
  readonly child: ChildProcess
  /** Everything it has written so far, banner and log. */
  output(): string
  /** SIGKILL: no goodbye, no clean-up. Returns when it is gone. */
  kill9(): Promise<void>
  /** SIGTERM. Returns the exit code. */
  stop(): Promise<number | null>
}

/** Starts `clearspan serve` and returns once /healthz answers. Fails with what it printed. */
export async function spawnServer(request: ServerRequest = {}): Promise<SpawnedServer> {
  const { child, output } = spawnClearspan(request.command ?? ['serve'], {
    PORT: String(request.port ?? 0),
    ...request.environment,
  })
  const url = await waitUntilReady(child, output)
  return {
    url,
    port: Number(new URL(url).port),
    pid: child.pid ?? 0,
    child,
    output,
    kill9: () => end(child, 'SIGKILL').then(() => undefined),
    stop: () => end(child, 'SIGTERM'),
  }
}

/** Runs a command to its end. */
export async function runClearspan(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly output: string }> {
  const { child, output } = spawnClearspan(args, environment)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, output: output() }
}

/** A port that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => probe.once('listening', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  return address && typeof address === 'object' ? address.port : 0
}

/** A data folder of one's own, for servers with the built-in PostgreSQL. */
export async function temporaryFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'clearspan-data-'))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}

/** Starts any command of the built program without waiting for it. */
export function spawnClearspan(args: readonly string[], environment: Readonly<Record<string, string>>) {
  const inherited = Object.entries(process.env).filter(([name]) => /^(PATH|HOME|TMPDIR|LANG)$/.test(name))
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...Object.fromEntries(inherited), LOG_LEVEL: 'warn', CLEARSPAN_ANSWER_DELAY_MS: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
  }
  return { child, output: () => text }
}

async function waitUntilReady(child: ChildProcess, output: () => string): Promise<string> {
  const until = performance.now() + READY_PATIENCE_MS
  while (performance.now() < until && child.exitCode === null && child.signalCode === null) {
    const url = /(http:\/\/\S+)\/healthz/.exec(output())?.[1]
    if (url && (await isHealthy(url))) return url
    await sleep(20)
  }
  child.kill('SIGKILL')
  throw new Error(`The server did not become ready. It said:\n${output()}`)
}

async function isHealthy(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/healthz`).catch(() => undefined)
  return answer?.ok ?? false
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  const ended = once(child, 'exit')
  child.kill(signal)
  const late = sleep(STOP_PATIENCE_MS, 'late' as const, { ref: false })
  if ((await Promise.race([ended, late])) === 'late') {
    child.kill('SIGKILL')
    throw new Error(`The server did not stop within ${STOP_PATIENCE_MS} ms after ${signal}`)
  }
  return child.exitCode
}
