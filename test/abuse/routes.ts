/**
 * Every route of the method face, read from the document it publishes, so that a new route is abused from its first day.
 * What the document can't tell stands here: whose id each place in a path takes, and a body that each write would accept.
 * A route that is missing here fails the tests with its name.
 */
import type { Wire } from '../../src/faces/method/versions/versions.js'
import {
  connectedKevin,
  IDENTITY_SESSION,
  KEVIN,
  type Kevin,
  type MethodApi,
  PHONE_SESSION,
} from '../setup/method-api.js'

export interface Route {
  readonly method: string
  /** Below the face's prefix, with its places: `/entities/{ent_id}`. */
  readonly path: string
  readonly takesBody: boolean
}

/** Needs no key, as the document needs none. */
export async function publishedRoutes(server: { readonly url: string }): Promise<readonly Route[]> {
  const document = (await (await fetch(`${server.url}/method/openapi.json`)).json()) as Wire
  return Object.entries(document.paths as Record<string, Record<string, Wire>>).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path: path.replace(/^\/method/, ''),
      takesBody: operation.requestBody !== undefined,
    })),
  )
}

const bodies: Readonly<Record<string, object>> = {
  'POST /entities': KEVIN,
  'PUT /entities/{}': { individual: { email: 'kevin.doyle@example.com' } },
  'POST /entities/{}/verification_sessions': PHONE_SESSION,
  'PUT /entities/{}/verification_sessions/{}': IDENTITY_SESSION,
  'POST /entities/{}/connect': {},
  'POST /accounts/{}/balances': {},
  'POST /accounts/{}/updates': {},
  'POST /webhooks': { type: 'balance.update', url: 'https://example.com/hooks' },
  'POST /simulate/personas': { personas: [{ phone: '+15125550142' }] },
}

/** A body that the route accepts. */
export function bodyFor({ method, path, takesBody }: Route): object | undefined {
  if (!takesBody) return undefined
  const route = `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`
  const body = bodies[route]
  if (!body) throw new Error(`test/abuse/routes.ts has no body for ${route}. Add one that the route accepts.`)
  return body
}

/** One id for each kind of place: the path before it, without its own places. */
export type Ids = Readonly<Record<string, string>>

/** The path with an id in each of its places. */
export function fillPath(path: string, ids: Ids): string {
  return path.replaceAll(/\{\w+\}/g, (_, offset: number) => {
    const place = placeAt(path, offset)
    const id = ids[place]
    if (!id) throw new Error(`test/abuse/routes.ts has no id for ${place}/{}. Add one to ownedIds.`)
    return id
  })
}

/** The places of a path, outermost first. */
export function placesOf(path: string): readonly string[] {
  return [...path.matchAll(/\{\w+\}/g)].map(({ index }) => placeAt(path, index))
}

function placeAt(path: string, offset: number): string {
  return path.slice(0, offset - 1).replaceAll(/\/\{\w+\}/g, '')
}

/** Merchants belong to nobody: everyone may read them. */
export const PUBLIC_PLACES: readonly string[] = ['/merchants']

export interface Owned {
  readonly kevin: Kevin
  readonly ids: Ids
}

/** Something of every kind, made by and belonging to the caller's team. */
export async function ownedIds(api: MethodApi): Promise<Owned> {
  const kevin = await connectedKevin(api)
  const { entityId, cardId } = kevin
  const idOf = async (path: string, body: object) => (await api.post(path, body)).body.data.id as string
  const firstOf = async (path: string) => (Object.values((await api.get(path)).body.data)[0] as Wire).id
  const ids = {
    '/entities': entityId,
    '/entities/verification_sessions': kevin.identitySessionId,
    '/entities/connect': kevin.connectId,
    '/entities/products': await firstOf(`/entities/${entityId}/products`),
    '/accounts': cardId,
    '/accounts/balances': await idOf(`/accounts/${cardId}/balances`, {}),
    '/accounts/updates': await idOf(`/accounts/${cardId}/updates`, {}),
    '/accounts/products': await firstOf(`/accounts/${cardId}/products`),
    '/webhooks': await idOf('/webhooks', { type: 'entity.create', url: 'https://example.com/hooks' }),
    '/merchants': 'mch_3',
  }
  return { kevin, ids }
}

/** Ids of the same kinds that belong to nothing. */
export function unknownIds(ids: Ids): Ids {
  return Object.fromEntries(
    Object.entries(ids).map(([place, id]) => [place, `${id.slice(0, id.indexOf('_'))}_${'4'.repeat(13)}`]),
  )
}
