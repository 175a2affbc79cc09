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
