import type { IdentityRecord } from '../../network/port.js'
import { claimOf } from '../consumers/consumers.js'
import type { Ctx } from '../ctx.js'
import { takeEnabled } from './consumers.js'
import { available, defineProduct, restricted } from './define.js'
import type { Retrieval } from './retrievals.js'

/** The records are PII in clear, so the row holds them sealed, as base64. */
interface IdentityResult {
  readonly sealed: string
}

/** Every record that the consumer's details could mean. Needs no verification. Contract: method/entities §5. */
export const identity = defineProduct({
  name: 'identity',
  owner: 'consumer',
  mode: 'sync',
  access: ({ individual }) =>
    individual?.firstName && individual.lastName && individual.phone
      ? available
      : restricted('product.details_missing'),
  refusesUnknown: 'product.no_identities',
  detail: () => ({}),
  async ask(ctx, consumer) {
    const claim = await claimOf(ctx, consumer)
    const records = await ctx.network.identityRecords({ realm: ctx.team.id, at: ctx.clock.now() }, claim)
    return records.length === 0 ? { ok: false, reason: 'not_found' } : { ok: true, value: records }
  },
  async keep(ctx, owner, records, retrievalId) {
    await takeEnabled(ctx, owner)
    const sealed = ctx.vault.seal(ctx.team, place(retrievalId), JSON.stringify(records)).toString('base64')
    return { result: { sealed } satisfies IdentityResult, changes: [] }
  },
})

/** The records of a completed retrieval, in clear; empty for one that failed. */
export function openIdentities(ctx: Ctx<'team' | 'vault'>, retrieval: Retrieval): readonly IdentityRecord[] {
  const result = retrieval.result as IdentityResult | null
  if (!result) return []
  return JSON.parse(ctx.vault.open(ctx.team, place(retrieval.id), Buffer.from(result.sealed, 'base64')))
}

function place(retrievalId: string): string {
  return `retrievals.identities.${retrievalId}`
}
