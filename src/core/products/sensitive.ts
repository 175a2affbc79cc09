import type { AccountSecrets, LiabilityType } from '../../network/port.js'
import { openDetails } from '../accounts/accounts.js'
import type { Ctx } from '../ctx.js'
import { type Access, available, defineProduct, restricted, unavailable } from './define.js'
import { askAbout, isOpenLiability } from './liabilities.js'
import type { Retrieval } from './retrievals.js'

export const SENSITIVE_FIELDS = ['number', 'billingZip', 'expMonth', 'expYear', 'cvv'] as const
export type SensitiveField = (typeof SENSITIVE_FIELDS)[number]

/** What of which liability types can be asked for. Contract: method/accounts §5.2. */
export const SENSITIVE_TYPES = {
  credit_card: SENSITIVE_FIELDS,
  auto_loan: ['number'],
  mortgage: ['number'],
  personal_loan: ['number'],
  collection: ['number'],
} as const satisfies Partial<Record<LiabilityType, readonly SensitiveField[]>>
export type SensitiveType = keyof typeof SENSITIVE_TYPES

export interface SensitiveDetail {
  /** The type of the account. */
  readonly liabilityType: LiabilityType
  /** What was asked for, all of one type. */
  readonly type: SensitiveType
  readonly fields: readonly SensitiveField[]
}

/** In clear; what was not asked for, or is not known, is absent. */
export type SensitiveValues = { readonly [Field in SensitiveField]?: string }

/** The values are sealed in the row, as base64. */
interface SensitiveResult {
  readonly sealed: string
}

/**
 * Numbers of a verified account in clear, for those who may have them: only what was asked for is kept, sealed. A number
 * that the team brought itself in a rehearsal needs no proof. Contract: method/accounts §5, §1.11.
 */
export const sensitive = defineProduct({
  name: 'sensitive',
  owner: 'account',
  mode: 'sync',
  access(account, { environment }): Access {
    if (!isOpenLiability(account)) return unavailable
    const isOwnNumber = account.origin === 'caller' && environment === 'development'
    return account.verifiedAt || isOwnNumber ? available : restricted('product.account_unverified')
  },
  refuseDetail: ({ liability }, detail) =>
    (detail as Partial<SensitiveDetail>).type === liability?.type ? null : 'product.detail_of_another_type',
  detail: ({ liability }) => ({ liabilityType: liability?.type }),
  async ask(ctx, account, detail) {
    const own: SensitiveValues = openDetails(ctx, account)
    const told = await askAbout(ctx, account, ctx.network.accountSecrets)
    // What the caller said themself is known whoever else is silent.
    if (!told.ok && !(detail as SensitiveDetail).fields.some((field) => own[field])) return told
    return { ok: true, value: { ...(told.ok ? told.value : {}), ...own } }
  },
  async keep(ctx, _owner, secrets: Partial<AccountSecrets>, retrievalId, detail) {
    const { fields } = detail as SensitiveDetail
    const values = Object.fromEntries(fields.flatMap((field) => (secrets[field] ? [[field, secrets[field]]] : [])))
    const sealed = ctx.vault.seal(ctx.team, place(retrievalId), JSON.stringify(values)).toString('base64')
    return { result: { sealed } satisfies SensitiveResult, changes: [] }
  },
})

/** What a completed retrieval found, in clear; nothing for one that failed or was erased. */
export function openSensitive(ctx: Ctx<'team' | 'vault'>, retrieval: Retrieval): SensitiveValues {
  const result = retrieval.result as SensitiveResult | null
  if (!result) return {}
  return JSON.parse(ctx.vault.open(ctx.team, place(retrieval.id), Buffer.from(result.sealed, 'base64')))
}

function place(retrievalId: string): string {
  return `retrievals.sensitive.${retrievalId}`
}
