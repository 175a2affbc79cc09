/** The method face by plain HTTP, for what the official clients would never send, and a person to do it for. */
import { randomBytes } from 'node:crypto'
import type { Wire } from '../../src/faces/method/versions/versions.js'
import { runClearspan } from './server.js'

export const DEMO_KEY = 'sk_dev_clearspan_demo'

export interface Reply {
  readonly status: number
  readonly headers: Headers
  /** The exact bytes, as text. */
  readonly text: string
  /** The envelope; empty for an answer without one. */
  readonly body: Wire
}

type HeaderLines = Readonly<Record<string, string>>

export interface MethodApi {
  get(path: string, headers?: HeaderLines): Promise<Reply>
  post(path: string, body: unknown, headers?: HeaderLines): Promise<Reply>
  put(path: string, body: unknown, headers?: HeaderLines): Promise<Reply>
  delete(path: string, headers?: HeaderLines): Promise<Reply>
  /** Any method, and the body as it stands. */
  send(method: string, path: string, body?: string | Uint8Array, headers?: HeaderLines): Promise<Reply>
}

export function methodApi(server: { readonly url: string }, key: string = DEMO_KEY): MethodApi {
  const send: MethodApi['send'] = async (method, path, body, headers = {}) => {
    const reply = await fetch(`${server.url}/method${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...headers },
      ...(body === undefined ? {} : { body }),
    })
    const text = await reply.text()
    const isJson = reply.headers.get('content-type')?.startsWith('application/json')
    return { status: reply.status, headers: reply.headers, text, body: isJson ? JSON.parse(text) : {} }
  }
  const sendJson = (method: string) => (path: string, body: unknown, headers?: HeaderLines) =>
    send(method, path, JSON.stringify(body), { 'content-type': 'application/json', ...headers })
  return {
    send,
    get: (path, headers) => send('GET', path, undefined, headers),
    post: sendJson('POST'),
    put: sendJson('PUT'),
    delete: (path, headers) => send('DELETE', path, undefined, headers),
  }
}

/** The environment of servers and commands that share one database, and so one master key. */
export function sharedEnvironment(database: { readonly connectionString: string }) {
  return { DATABASE_URL: database.connectionString, CLEARSPAN_MASTER_KEY: randomBytes(32).toString('base64') }
}

/** A key of a team of that name, made as a user makes one. */
export async function createTeamKey(team: string, environment: Readonly<Record<string, string>>): Promise<string> {
  const { code, output } = await runClearspan(['keys', 'create', '--team', team], environment)
  const key = /^sk_dev_\w+/m.exec(output)?.[0]
  if (code !== 0 || !key) throw new Error(`No key was made: ${output}`)
  return key
}

export interface Kevin {
  readonly entityId: string
  readonly phoneSessionId: string
  readonly identitySessionId: string
  readonly connectId: string
  readonly accountIds: readonly string[]
  /** The Chase card. */
  readonly cardId: string
}

export const KEVIN = {
  type: 'individual',
  individual: { first_name: 'Kevin', last_name: 'Doyle', phone: '+15121231111' },
}
export const PHONE_SESSION = { type: 'phone', method: 'byo_sms', byo_sms: { timestamp: '2021-09-01T00:00:00.000Z' } }
export const IDENTITY_SESSION = { type: 'identity', method: 'kba', kba: {} }

/** The documented persona, verified and connected. Contract: method/dev-fixtures §3, §5. */
export async function connectedKevin(api: MethodApi): Promise<Kevin> {
  const entityId = await madeId(api.post('/entities', KEVIN))
  const base = `/entities/${entityId}`
  const phoneSessionId = await madeId(api.post(`${base}/verification_sessions`, PHONE_SESSION))
  const identitySessionId = await madeId(api.post(`${base}/verification_sessions`, IDENTITY_SESSION))
  const connect = await api.post(`${base}/connect`, {})
  const cards = await api.get(`/accounts?holder_id=${entityId}&liability.mch_id=mch_302086`)
  return {
    entityId,
    phoneSessionId,
    identitySessionId,
    connectId: connect.body.data.id,
    accountIds: connect.body.data.accounts,
    cardId: cards.body.data[0].id,
  }
}

async function madeId(pending: Promise<Reply>): Promise<string> {
  const { status, text, body } = await pending
  if (status !== 200) throw new Error(`Nothing was made: ${text}`)
  return body.data.id
}
