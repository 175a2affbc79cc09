/** The faces that callers speak to: what they publish about their operations, and asking them in the name of a team. */
import type { Parts } from '../../core/ctx.js'
import type { AskedFace, ConsoleDesk, InsideRequest } from './desk.js'

export interface Operation {
  readonly method: string
  /** Within the face. */
  readonly path: string
  readonly summary: string
  /** Of its body; null where it takes none. */
  readonly schema: unknown
}

/** Every operation of a face. */
export async function operationsOf({ name, describe }: AskedFace): Promise<readonly Operation[]> {
  const { paths } = (await describe()) as Published
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { summary, requestBody }]) => ({
      method: method.toUpperCase(),
      path: path.replace(`/${name}`, ''),
      summary,
      schema: requestBody?.content['application/json']?.schema ?? null,
    })),
  )
}

interface Published {
  readonly paths: Readonly<Record<string, Readonly<Record<string, PublishedOperation>>>>
}

interface PublishedOperation {
  readonly summary: string
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: unknown }>> }
}

/** The face that has the team's webhooks and reports. */
export function mainFace({ faces }: ConsoleDesk): AskedFace {
  const found = faces.find(({ name }) => name === MAIN)
  if (!found) throw new Error(`There is no face called ${MAIN}.`)
  return found
}

const MAIN = 'method'
/** What goes with every request to a face: the newest of its versions. */
const HEADERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  method: { 'method-version': '2025-12-01' },
}

/** What a face answers a team, or an app of the team's. */
export function askFace(
  { name, ask }: AskedFace,
  team: Parts['team'],
  { method, path, body, app = null }: Asked,
): Promise<{ readonly status: number; readonly text: string }> {
  const hasBody = method !== 'GET' && method !== 'DELETE'
  return ask(team, app, {
    method,
    path,
    headers: { ...HEADERS[name], ...(hasBody ? { 'content-type': 'application/json' } : {}) },
    body: hasBody ? JSON.stringify(body ?? {}) : undefined,
  })
}

interface Asked extends Pick<InsideRequest, 'method' | 'path'> {
  readonly body?: unknown
  readonly app?: string | null
}
