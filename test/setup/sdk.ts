/** The official clients as npm delivers them, pointed at a spawned server. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent } from 'node:https'
import { createRequire } from 'node:module'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Method as NewestMethod } from 'method-node'
import type { Method as LateMethod } from 'method-node-1'
import type { Method as EarlyMethod } from 'method-node-1-1'
import type { Wire } from '../../src/faces/method/versions/versions.js'

const require = createRequire(import.meta.url)

/** Loaded as CommonJS, which is how their packages say they are used. */
export const packages = {
  '1.1.6': () => require('method-node-1-1') as MethodPackage,
  '1.2.5': () => require('method-node-1') as MethodPackage,
  '2.1.1': () => require('method-node') as MethodPackage,
} as const
export type Release = keyof typeof packages

/** The clients as each release's own types describe them. What is called of a union of them must suit every one. */
export interface Clients {
  readonly '1.1.6': EarlyMethod
  readonly '1.2.5': LateMethod
  readonly '2.1.1': NewestMethod
}

export interface MethodPackage {
  readonly Method: new (options: object) => unknown
  readonly MethodInvalidRequestError: new () => MethodFailure
  readonly MethodAuthorizationError: new () => MethodFailure
}

interface MethodFailure extends Error {
  readonly type: string
  readonly sub_type: string
  readonly code: number
}

interface Readable {
  retrieve(id?: string, options?: object): Promise<Wire>
  list(options?: object): Promise<Wire & readonly Wire[]>
}
interface Creatable extends Readable {
  create(body?: object, ...options: object[]): Promise<Wire>
}

/**
 * What the three have in common, for calls that their own types do not allow: several answers at once, a list's last
 * response, filters with a dot. Everything else is called by `Clients`.
 */
export interface MethodClient {
  readonly entities: Creatable & {
    (
      id: string,
    ): {
      readonly verificationSessions: Creatable & { update(id: string, body: object): Promise<Wire> }
      readonly connect: Creatable
      readonly creditScores: Creatable
      readonly attributes: Creatable
      readonly products: Readable
    }
    update(id: string, body: object): Promise<Wire>
  }
  readonly accounts: Readable &
    ((id: string) => {
      readonly balances: Creatable
      readonly updates: Creatable
      readonly products: Readable
      readonly verificationSessions: Creatable & { update(id: string, body: object): Promise<Wire> }
      readonly payoffs: Creatable
      readonly cardBrands: Creatable
      readonly sensitive: Creatable
      readonly attributes: Creatable
      readonly paymentInstruments: Creatable
      readonly transactions: Readable
      readonly subscriptions: Readable & {
        create(name: string): Promise<Wire>
        delete(id: string): Promise<Wire>
      }
    })
  readonly payments: Creatable & {
    (id: string): { readonly reversals: Readable & { update(id: string, body: object): Promise<Wire> } }
    delete(id: string): Promise<Wire>
  }
  readonly simulate: {
    accounts(id: string): { readonly transactions: { create(): Promise<Wire> } }
    readonly events: Creatable
    readonly payments: { update(id: string, body: object): Promise<Wire> }
  }
  readonly events: Readable
  readonly cardProducts: Readable
  readonly merchants: Readable
  readonly webhooks: Creatable & {
    update(id: string, body: object): Promise<Wire>
    delete(id: string): Promise<Wire | null>
  }
  readonly healthcheck: { retrieve(): Promise<Wire> }
  ping(): Promise<Wire>
}

/** The client of a release for a server, as the release types it. Releases 1.x know no address but the vendor's, so theirs is diverted. */
export function clientOf<R extends Release>(release: R, server: { readonly url: string }, apiKey: string): Clients[R] {
  const { Method } = packages[release]()
  const { port } = new URL(server.url)
  const client =
    release === '2.1.1'
      ? new Method({ env: 'dev', apiKey, baseURL: `${server.url}/method` })
      : new Method({ env: 'dev', apiKey, httpsAgent: plainAgentTo(Number(port)) })
  return client as Clients[R]
}

/** The same client without its own types. */
export function untyped(client: Clients[Release]): MethodClient {
  return client as unknown as MethodClient
}

/** An agent whose connections, whatever their host, end at a port of this machine, without TLS. */
function plainAgentTo(port: number): Agent {
  return Object.assign(new Agent(), { createConnection: () => connect(port, '127.0.0.1') })
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const START_PATIENCE_MS = 60_000

export interface StartedServer {
  readonly url: string
  stop(): Promise<unknown>
}

/** `npm start` in this checkout, as the README says, with a data folder of one's own. */
export async function startByNpm(dataFolder: string): Promise<StartedServer> {
  const inherited = Object.entries(process.env).filter(([name]) => /^(PATH|HOME|TMPDIR|LANG)$/.test(name))
  const child = spawn('npm', ['start'], {
    cwd: ROOT,
    env: { ...Object.fromEntries(inherited), PORT: '0', CLEARSPAN_DATA: dataFolder },
    stdio: ['ignore', 'pipe', 'pipe'],
    // npm, its shell and the server are a group of their own, so that one signal reaches all of them.
    detached: true,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
    })
  }
  const { pid } = child
  const ended = once(child, 'close')
  const stop = async () => {
    if (pid && child.exitCode === null) process.kill(-pid, 'SIGTERM')
    await ended
  }
  const until = performance.now() + START_PATIENCE_MS
  while (performance.now() < until && child.exitCode === null) {
    const url = /(http:\/\/\S+)\/healthz/.exec(output)?.[1]
    if (url) return { url, stop }
    await sleep(20)
  }
  await stop()
  throw new Error(`npm start did not get ready. It said:\n${output}`)
}
