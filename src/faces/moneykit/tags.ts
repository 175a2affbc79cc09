/** What a team tags its links with. Contract: moneykit/links §1.1. */
import { Type } from 'typebox'
import { OwnFailure, ownErrors } from './errors.js'
import type { Scope } from './scopes.js'

export const Tag = Type.String({ maxLength: 99, pattern: '^[A-Za-z0-9]' })

const RESERVED_PREFIX = 'moneykit'
const RESERVED_SCOPE: Scope = 'link_session:tags:moneykit_reserved'

/** Throws for tags with a prefix that the client may not use. */
export function refuseReservedTags(tags: readonly string[], scopes: readonly string[]): void {
  if (scopes.includes(RESERVED_SCOPE) || !tags.some((tag) => tag.startsWith(RESERVED_PREFIX))) return
  throw new OwnFailure(ownErrors.forbiddenConfig, `Tags that begin with ${RESERVED_PREFIX} are reserved`)
}
