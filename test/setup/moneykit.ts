/**
 * The moneykit face as its clients see it. Every answer is held against the schema that its route declares, and every
 * failure against the one flat shape that failures have.
 */
import type { Environment } from '../../src/core/teams/teams.js'
import { ErrorWire } from '../../src/faces/moneykit/schema.js'
import type { App, Method, Wire } from './app.js'
import { expectDeclared } from './declared.js'

export interface MoneykitCall {
  /** Sent as JSON. */
  readonly body?: unknown
  /** Sent as it is, instead of `body`. */
  readonly text?: string
  /** Instead of those of the client that the caller stands for. */
  readonly headers?: Readonly<Record<string, string>>
}

export interface MoneykitReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  /** The bytes of the body. */
  readonly text: string
  /** `{}` where there is no body. */
  readonly body: Wire
}

/** Somebody who calls the face, as one client. */
export interface MoneykitCaller {
  readonly id: string
  readonly secret: string
  call(method: Method, path: string, call?: MoneykitCall): Promise<MoneykitReply>
}

/** A new client of a team, of the app's first one where none is named, that may do everything unless scopes are given. */
export async function moneykitClient(
  app: App,
  wanted: {
    readonly team?: string
    readonly environment?: Environment
    readonly app?: string
    readonly scopes?: readonly string[]
  } = {},
): Promise<MoneykitCaller> {
  const { team = app.keys.team, environment = 'development', scopes = null, app: name = null } = wanted
  const client = await app.admin.createClient({ team, environment, app: name, label: null, scopes })
  const credentials = { 'x-client-id': client.id, 'x-client-secret': client.secret }
  return {
    ...client,
    call: (method, path, call = {}) => ask(app, method, path, { headers: credentials, ...call }),
  }
}

/** A request as it is, by nobody in particular. */
export async function ask(app: App, method: Method, path: string, call: MoneykitCall = {}): Promise<MoneykitReply> {
  const payload = call.text ?? (call.body === undefined ? undefined : JSON.stringify(call.body))
  const answer = await app.http.inject({
    method,
    url: `/moneykit${path}`,
    headers: { ...(payload === undefined ? {} : { 'content-type': 'application/json' }), ...call.headers },
    ...(payload === undefined ? {} : { payload }),
  })
  const { statusCode: status, payload: text } = answer
  const body: Wire = text === '' ? {} : JSON.parse(text)
  const declared = app.routes.schemaOf(method, `/moneykit${path}`, status) ?? ErrorWire
  if (text !== '') expectDeclared(`${method} ${path} (${status})`, declared, body)
  return { status, text, body, headers: answer.headers as MoneykitReply['headers'] }
}

// ---- what most tests begin with -------------------------------------------------------------------------------------

/** Lets in at every institution that asks for a user name and a password. */
export const GOOD = { username: 'user_good', password: 'pass_good' }
export const CREDENTIALS_BANK = 'moneykit-creds-bank'
export const REDIRECT_URI = 'https://app.example.com/oauth'

/** Every product that a session can ask for, fetched at once. */
export const EVERYTHING = {
  account_numbers: { prefetch: true },
  identity: { prefetch: true },
  transactions: { prefetch: true },
  investments: { prefetch: true },
}

export interface LinkWish {
  /** Default: a new one. */
  readonly user?: string
  /** Default: `EVERYTHING`. */
  readonly products?: Readonly<Record<string, object>>
  /** More members of the session. */
  readonly session?: object
  /** Members of the user's way through Connect. Default: a good login at Credentials Bank. */
  readonly login?: object
}

let users = 0

export function newUser(): string {
  return `user-${String(++users)}`
}

/** A session as its back end asks for it; returns its token. */
export async function openSession(caller: MoneykitCaller, wish: LinkWish = {}): Promise<string> {
  const { user = newUser(), products = EVERYTHING, session = {} } = wish
  const body = { customer_user: { id: user }, redirect_uri: REDIRECT_URI, settings: { products }, ...session }
  const reply = await caller.call('POST', '/link-session', { body })
  if (reply.status !== 201) throw new Error(reply.text)
  return reply.body.link_session_token
}

/** The user goes through Connect. */
export async function goThrough(caller: MoneykitCaller, token: string, login: object = {}): Promise<MoneykitReply> {
  const body = { link_session_token: token, institution_id: CREDENTIALS_BANK, credentials: GOOD, ...login }
  return caller.call('POST', '/simulate/link-session/complete', { body })
}

/** A link that its back end has exchanged; what was to be fetched is still to be fetched. */
export async function exchangedLink(caller: MoneykitCaller, wish: LinkWish = {}): Promise<string> {
  const completed = await goThrough(caller, await openSession(caller, wish), wish.login)
  if (completed.status !== 200) throw new Error(completed.text)
  const body = { exchangeable_token: completed.body.exchangeable_token }
  const exchanged = await caller.call('POST', '/link-session/exchange-token', { body })
  if (exchanged.status !== 201) throw new Error(exchanged.text)
  return exchanged.body.link_id
}

/** A link with all its data. */
export async function linked(app: App, caller: MoneykitCaller, wish: LinkWish = {}): Promise<string> {
  const id = await exchangedLink(caller, wish)
  await app.drain()
  return id
}

/** A link out of data that the caller has. */
export async function imported(caller: MoneykitCaller, more: object = {}): Promise<MoneykitReply> {
  const body = {
    customer_user: { id: newUser() },
    institution_id: CREDENTIALS_BANK,
    accounts: [
      {
        account_id: 'a-1',
        name: 'Everyday',
        type: 'Checking',
        mask: '7714',
        balances: { currency: 'USD', current: 12.5 },
      },
    ],
    transactions: [
      { account_id: 'a-1', transaction_id: 't-1', amount: '-18.40', date: '2026-02-15', description: 'Corner Bakery' },
      { account_id: 'a-1', transaction_id: 't-2', amount: 2450, date: '2026-02-14T08:00:00', description: 'Payroll' },
    ],
    ...more,
  }
  return caller.call('POST', '/links/import', { body })
}
