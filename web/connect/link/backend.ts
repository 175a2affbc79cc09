/** The page's own back end: each request carries the token of the session, and nothing else says who asks. */
import type { Done, OfferedInstitution, Product, Session, Step } from './wire.js'

/** A request that came to nothing, by the name that the back end has for it. */
export class Failure extends Error {
  readonly id: string
  readonly requestId: string | null

  constructor(id: string, requestId: string | null) {
    super(id)
    this.name = 'Failure'
    this.id = id
    this.requestId = requestId
  }
}

export type Opened = Session & { readonly step: Step | null }

export interface Backend {
  open(origin: string): Promise<Opened>
  institutions(wish: { readonly name: string | null; readonly cursor: string | null }): Promise<{
    readonly institutions: readonly OfferedInstitution[]
    readonly next: string | null
  }>
  choose(institutionId: string | null): Promise<Step>
  logIn(credentials: Readonly<Record<string, string>>): Promise<Step>
  answer(answers: readonly { readonly id: string; readonly value: string }[]): Promise<Step>
  comeBack(redirectUrl: string): Promise<Step>
  report(issue: { readonly screen: string; readonly text: string }): Promise<object>
  grant(choice: { readonly accounts: readonly string[]; readonly products: readonly Product[] }): Promise<Done>
}

export function backendFor(token: string): Backend {
  async function ask<Answer>(path: string, body: object): Promise<Answer> {
    const answer = await fetch(`/connect/link/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      credentials: 'omit',
    }).catch(() => null)
    if (!answer) throw new Failure('offline', null)
    const said = await answer.json().catch(() => ({}))
    if (!answer.ok) throw new Failure(said.error_id ?? 'system_error', said.request_id ?? null)
    return said as Answer
  }
  return {
    open: (origin) => ask('open', { origin }),
    institutions: (wish) => ask('institutions', wish),
    choose: (institutionId) => ask('institution', { institution_id: institutionId }),
    logIn: (credentials) => ask('login', { credentials }),
    answer: (answers) => ask('answers', { answers }),
    comeBack: (redirectUrl) => ask('return', { redirect_url: redirectUrl }),
    report: (issue) => ask('issue', issue),
    grant: (choice) => ask('choice', choice),
  }
}

export function markOf(institutionId: string): string {
  return `/connect/link/marks/${encodeURIComponent(institutionId)}.svg`
}
