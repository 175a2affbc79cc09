/** Runs a server for tests, as a child process or in this one. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Address } from './door.js'

export interface RunOptions {
  /** Runs the server in this process, where a debugger reaches it, instead of in one of its own. Not under jest. */
  readonly inProcess?: boolean
  /**
   * A PostgreSQL of your own, 14 or newer, whose user may create databases. Default: the one of `CLEARSPAN_TESTING_DATABASE_URL`, or
   * a built-in one that all tests of a user share.
   */
  readonly databaseUrl?: string
  /** Settings of the server by their environment variables, such as `{ CLEARSPAN_SEED: 'same' }`. */
  readonly settings?: Readonly<Record<string, string>>
  /** The folder of the package `clearspan`. Default: `CLEARSPAN_INSTALLATION`, or found from the working directory. */
  readonly installation?: string
}

export interface RunningServer {
  readonly address: Address
  stop(): Promise<void>
}

interface ServerModule {
  startInProcess(options: {
    readonly databaseUrl: string | null
    readonly environment: Readonly<Record<string, string>>
  }): Promise<Address & { stop(): Promise<void> }>
}

const STOP_PATIENCE_MS = 15_000

export async function runServer({ inProcess, installation, ...options }: RunOptions): Promise<RunningServer> {
  const folder = realpathSync(installation ?? (process.env.CLEARSPAN_INSTALLATION || findInstallation()))
  const order = {
    databaseUrl: options.databaseUrl ?? (process.env.CLEARSPAN_TESTING_DATABASE_URL || null),
    settings: options.settings ?? {},
  }
  return inProcess ? runInside(folder, order) : runChild(folder, order)
}

interface Order {
  readonly databaseUrl: string | null
  readonly settings: Readonly<Record<string, string>>
}

function findInstallation(): string {
  for (const from of [join(process.cwd(), 'package.json'), import.meta.url]) {
    try {
      return dirname(createRequire(from).resolve('clearspan/package.json'))
    } catch {
      // Looked for at the other place.
    }
  }
  throw new Error('The package "clearspan" is not installed: npm install --save-dev clearspan')
}

async function runInside(folder: string, { databaseUrl, settings }: Order): Promise<RunningServer> {
  // Its modules are not Node's: the server's could not be loaded into them.
  if (process.env.JEST_WORKER_ID)
    throw new Error('Under jest the server needs a process of its own: leave out inProcess.')
  const module = (await import(pathToFileURL(join(folder, 'dist', 'testing.js')).href)) as ServerModule
  const { stop, ...address } = await module.startInProcess({ databaseUrl, environment: settings })
  return { address, stop }
}

async function runChild(folder: string, { databaseUrl, settings }: Order): Promise<RunningServer> {
  const flags = databaseUrl === null ? [] : ['--database-url', databaseUrl]
  const program = join(folder, 'dist', 'main.js')
  const child = spawn(process.execPath, [program, 'testing', 'serve', ...flags], {
    // As long as its standard input is open, it runs.
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', ...settings },
  })
  const address = await readAddress(child)
  letGo(child)
  return { address, stop: () => stop(child) }
}

/** The line that the server prints when it is ready. */
async function readAddress(child: ChildProcess): Promise<Address> {
  let printed = ''
  let complaints = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-10_000)
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`Clearspan ended with ${code} before it was ready:\n${complaints}`)))
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      printed += text
      if (printed.includes('\n')) resolve(JSON.parse(printed) as Address)
    })
  })
}

/** A suite that forgets to close its server can end all the same; the server ends with it. */
function letGo(child: ChildProcess): void {
  child.unref()
  for (const stream of child.stdio) (stream as unknown as { unref?(): void } | null)?.unref?.()
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.ref()
  const ended = once(child, 'exit')
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE_MS)
  child.stdin?.end()
  await ended
  clearTimeout(late)
}
