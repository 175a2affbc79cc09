/** What the page asks of the server. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'

const BASE = '/dashboard/api'

/** A request that did not succeed, with the server's own sentence. */
export class Unreached extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export type Session =
  | { readonly isSignedIn: true; readonly token: string; readonly sessionId: string }
  | { readonly isSignedIn: false; readonly usesPassword: boolean }

// Goes with every change; no other site can read it.
let token = ''

export async function call<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const answer = await fetch(`${BASE}${path}`, {
    method,
    signal: signal ?? null,
    headers: {
      ...(method === 'GET' ? {} : { 'x-console-token': token }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new Unreached(0, 'The server does not answer. Is it running?')
  })
  const text = await answer.text()
  const value = text.startsWith('{') ? JSON.parse(text) : {}
  if (!answer.ok) throw new Unreached(answer.status, value.error ?? `The server answered ${answer.status}.`)
  return value
}

export async function readSession(signal: AbortSignal): Promise<Session> {
  return keep(await call<Session>('GET', '/session', undefined, signal))
}

export async function enter(by: { readonly link: string } | { readonly password: string }): Promise<Session> {
  return keep(await call<Session>('POST', '/session', by))
}

function keep(session: Session): Session {
  token = session.isSignedIn ? session.token : ''
  return session
}

/** The chosen team, which the path of the page names. */
export function useTeamId(): string {
  return encodeURIComponent(useParams({ strict: false }).team ?? '')
}

/** What the server says when there is something new of it. */
export type Newsworthy = 'requests' | 'events' | 'deliveries'

export interface Asked {
  /** Asks again whenever there is news of one of these, while somebody follows. */
  readonly follows?: readonly Newsworthy[]
  /** Asks again after so many milliseconds, as long as the page is looked at: for what changes by time alone. */
  readonly every?: number
  readonly enabled?: boolean
}

/** Something of the chosen team. `path` begins with a slash. */
export function useTeamQuery<T>(path: string, { follows = [], every, enabled = true }: Asked = {}) {
  const team = useTeamId()
  return useQuery({
    queryKey: ['team', team, path],
    queryFn: () => call<T>('GET', `/teams/${team}${path}`),
    meta: { follows },
    refetchInterval: every ?? false,
    enabled: enabled && team !== '',
    placeholderData: (former, query) => (query?.queryKey[2] === path ? former : undefined),
  })
}

/** Where the server tells what is new of a team. */
export function newsOf(team: string): EventSource {
  return new EventSource(`${BASE}/teams/${team}/live`)
}

/** A change of something of the chosen team, after which everything on the page is asked for anew. */
export function useTeamChange<Input, Output = unknown>(
  wanted: (input: Input) => { readonly method: string; readonly path: string; readonly body?: unknown },
) {
  const team = useTeamId()
  const client = useQueryClient()
  return useMutation<Output, Error, Input>({
    mutationFn: (input) => {
      const { method, path, body } = wanted(input)
      return call<Output>(method, `/teams/${team}${path}`, body ?? {})
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['team', team] }),
  })
}

/** `?a=1&b=2` of what is not empty. */
export function queryText(parts: Readonly<Record<string, string | number | null | undefined>>): string {
  const given = Object.entries(parts).filter(([, value]) => value !== null && value !== undefined && value !== '')
  return given.length === 0 ? '' : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`
}
