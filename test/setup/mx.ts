/**
 * The mx face as its callers see it: a team's back end, and widgets. Every answer is held against the schema that its route
 * declares, and every failure against the one flat shape that failures have.
 */
import { ErrorWire } from '../../src/faces/mx/schema.js'
import type { App, Method, Wire } from './app.js'
import { expectDeclared } from './declared.js'

export interface MxReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  /** `{}` where there is no body. */
  readonly body: Wire
}

/** Somebody who calls the face. */
export type MxCaller = (method: Method, path: string, body?: unknown) => Promise<MxReply>

/** The team's back end, with its API key. */
export function mxBackEnd(app: App, key: string = app.keys.development): MxCaller {
  return (method, path, body) => ask(app, method, path, { body, authorization: `Bearer ${key}` })
}

/** A request as it is, by nobody in particular. */
export async function ask(
  app: App,
  method: Method,
  path: string,
  call: {
    readonly body?: unknown
    readonly text?: string
    readonly authorization?: string
    readonly headers?: Readonly<Record<string, string>>
  } = {},
): Promise<MxReply> {
  const payload = call.text ?? (call.body === undefined ? undefined : JSON.stringify(call.body))
  const answer = await app.http.inject({
    method,
    url: `/mx${path}`,
    headers: {
      ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
      ...(call.authorization === undefined ? {} : { authorization: call.authorization }),
      ...call.headers,
    },
    ...(payload === undefined ? {} : { payload }),
  })
  const { statusCode: status, payload: text } = answer
  const isJson = String(answer.headers['content-type']).startsWith('application/json')
  const body: Wire = text === '' || !isJson ? {} : JSON.parse(text)
  const declared = status < 400 ? app.routes.schemaOf(method, `/mx${path}`, status) : ErrorWire
  if (declared && isJson) expectDeclared(`${method} ${path} (${status})`, declared, body)
  return { status, body, headers: answer.headers as MxReply['headers'] }
}

export interface Widget {
  readonly call: MxCaller
  readonly token: string
  readonly userGuid: string
  readonly userId: string
}

let users = 0

/** A widget in front of a user, of a new one where none is named. */
export async function openWidget(
  app: App,
  wish: { readonly userId?: string; readonly settings?: object; readonly key?: string } = {},
): Promise<Widget> {
  const { userId = `mx-user-${String(++users)}`, settings = {}, key } = wish
  const backEnd = mxBackEnd(app, key)
  const user = await backEnd('POST', '/users', { user: { id: userId } })
  if (user.status !== 201) throw new Error(JSON.stringify(user.body))
  const userGuid: string = user.body.user.guid
  const opened = await backEnd('POST', `/users/${userGuid}/widget_urls`, { widget_url: settings })
  if (opened.status !== 201) throw new Error(JSON.stringify(opened.body))
  const { token } = opened.body.widget_url
  return {
    token,
    userGuid,
    userId,
    call: (method, path, body) => ask(app, method, path, { body, authorization: `Bearer ${token}` }),
  }
}

export const BANK = 'mxbank'
export const OAUTH_BANK = 'mx_bank_oauth'

/** An institution and what one types there. */
export async function institutionAt(widget: Widget, code = BANK): Promise<{ guid: string; credentials: Wire[] }> {
  const { institution } = (await widget.call('GET', `/institutions/${code}`)).body
  const { credentials } = (await widget.call('GET', `/institutions/${institution.guid}/credentials`)).body
  return { guid: institution.guid, credentials }
}

/** The body of a new member who types a password. */
export async function memberBody(widget: Widget, password: string, { code = BANK, name = 'mxuser' } = {}) {
  const { guid, credentials } = await institutionAt(widget, code)
  const values = [name, password]
  return {
    member: {
      institution_guid: guid,
      credentials: credentials.map((each, index) => ({ guid: each.guid, value: values[index] })),
    },
  }
}

/** A member as it was just made. */
export async function newMember(
  widget: Widget,
  password: string,
  at: { code?: string; name?: string } = {},
): Promise<Wire> {
  const made = await widget.call('POST', '/members', await memberBody(widget, password, at))
  if (made.status !== 201) throw new Error(JSON.stringify(made.body))
  return made.body.member
}

/** Runs a job of a member, and looks what it made of it. */
export async function run(app: App, widget: Widget, guid: string, jobType = 0, job: object = {}): Promise<Wire> {
  const asked = await widget.call('POST', `/members/${guid}/jobs`, { job: { job_type: jobType, ...job } })
  if (asked.status !== 202) throw new Error(JSON.stringify(asked.body))
  await app.drain()
  return memberOf(widget, guid)
}

export async function memberOf(widget: Widget, guid: string): Promise<Wire> {
  return (await widget.call('GET', `/members/${guid}`)).body.member
}

/** A member after its first job. */
export async function triedMember(
  app: App,
  widget: Widget,
  password: string,
  { jobType = 0, ...at }: { jobType?: number; code?: string; name?: string } = {},
): Promise<Wire> {
  const { guid } = await newMember(widget, password, at)
  return run(app, widget, guid, jobType)
}

/** Answers what is asked, in its order: with texts, or with the values of options. */
export async function answer(app: App, widget: Widget, member: Wire, ...values: readonly string[]): Promise<Wire> {
  const challenges = member.mfa.credentials.map((challenge: Wire, index: number) => {
    const said = values[index] ?? ''
    const option = challenge.options.find((each: Wire) => each.value === said || each.label === said)
    return { guid: challenge.guid, value: option?.guid ?? said }
  })
  const resumed = await widget.call('PUT', `/members/${member.guid}/resume`, { member: { challenges } })
  if (resumed.status !== 202) throw new Error(JSON.stringify(resumed.body))
  await app.drain()
  return memberOf(widget, member.guid)
}
