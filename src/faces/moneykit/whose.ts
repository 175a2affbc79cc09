/** Which link or user a request is about. */
import type { Whose } from '../../core/connections/connections.js'
import { isStorable } from '../json-bodies.js'
import { readWireId } from './ids.js'
import type { Incoming } from './routes.js'

/** The link in the path. Clients of one app are one. */
export function whoseLink({ params, client }: Incoming): Whose {
  return { id: readWireId('link', params.id ?? ''), clientId: client.app }
}

/** The user in the path, by the caller's own id. */
export function whoseUser({ params, client }: Incoming): { readonly externalId: string; readonly clientId: string } {
  const id = params.id ?? ''
  // Nobody can have been given a name that cannot be kept.
  return { externalId: isStorable(id) ? id : '', clientId: client.app }
}

/** The accounts that a filter names; null for all. */
export function accountFilter(ids: readonly string[] | undefined): { readonly accountIds: readonly string[] | null } {
  return { accountIds: ids === undefined ? null : ids.map((id) => readWireId('account', id)) }
}
