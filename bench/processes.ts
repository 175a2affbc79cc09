/** Servers under measurement: child processes, each known to be ready and each ended by who started it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { get } from 'node:http'
import { createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Program, pinned, programFile, SERVER_FILE } from './programs.js'

export interface RunningProcess {
  /** Without a slash at the end. */
  readonly url: string
  readonly pid: number
  /** From spawning to the first 200 of /healthz. */
  readonly readyMs: number
  stop(): Promise<void>
}

type Environment = Readonly<Record<string, string>>

const READY_PATIENCE_MS = 60_000
const STOP_PATIENCE_MS = 15_000
const POLL_MS = 4
// A generator that stops leaves requests behind, which may end in peace.
const SETTLE_MS = 500

/** `clearspan serve` as `npm start` runs it; `flags` such as `--no-worker`. */
export function startServer(environment: Environment, flags: readonly string[] = []): Promise<RunningProcess> {
  return start(['--enable-source-maps', SERVER_FILE, 'serve', ...flags], {
    LOG_LEVEL: 'error',
    CLEARSPAN_ANSWER_DELAY_MS: '0',
    ...environment,
  })
}

export function startBaseline(program: Program, environment: Environment): Promise<RunningProcess> {
  return start([programFile(program)], environment)
}

/** Runs a program that reads an order and prints what it found. */
export async function runProgram<Found>(
  program: Program,
  order: object,
  { environment = {}, isPinned = false }: { readonly environment?: Environment; readonly isPinned?: boolean } = {},
): Promise<Found> {
  const plain = [process.execPath, programFile(program)]
  const [command = '', ...args] = isPinned ? pinned(plain) : plain
  const env = { ...process.env, ...environment }
  const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(JSON.stringify(order))
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'close')])
  if (code !== 0) throw new Error(`The program ${program} ended with code ${code}.`)
  return JSON.parse(output) as Found
}

/** Runs a command of the server's to its end. */
export async function runCommand(args: readonly string[], environment: Environment): Promise<void> {
  const env = { ...process.env, LOG_LEVEL: 'error', ...environment }
  const child = spawn(process.execPath, [SERVER_FILE, ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`clearspan ${args.join(' ')} ended with code ${code}.`)
}

async function start(args: readonly string[], environment: Environment): Promise<RunningProcess> {
  const port = await freePort()
  const inherited = Object.entries(process.env).filter(([name]) => /^(PATH|HOME|TMPDIR|LANG)$/.test(name))
  const startedAt = performance.now()
  const child = spawn(process.execPath, args, {
    env: { ...Object.fromEntries(inherited), NODE_ENV: 'production', ...environment, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const url = `http://127.0.0.1:${port}`
  try {
    await untilReady(child, url)
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
  return { url, pid: child.pid ?? 0, readyMs: performance.now() - startedAt, stop: () => stop(child) }
}

async function untilReady(child: ChildProcess, url: string): Promise<void> {
  const until = performance.now() + READY_PATIENCE_MS
  while (performance.now() < until) {
    if (hasEnded(child))
      throw new Error(`${child.spawnargs.join(' ')} ended (${child.exitCode ?? child.signalCode}) before it was ready.`)
    if ((await statusOf(`${url}/healthz`)) === 200) return
    await sleep(POLL_MS)
  }
  throw new Error(`The server was not ready after ${READY_PATIENCE_MS} ms.`)
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}

function statusOf(url: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    get(url, { agent: false }, (reply) => {
      reply.resume()
      resolve(reply.statusCode)
    }).on('error', () => resolve(undefined))
  })
}

async function stop(child: ChildProcess): Promise<void> {
  await sleep(SETTLE_MS)
  if (hasEnded(child)) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const late = sleep(STOP_PATIENCE_MS, 'late' as const, { ref: false })
  if ((await Promise.race([ended, late])) === 'late') child.kill('SIGKILL')
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}
