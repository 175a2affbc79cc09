import type { LiabilityReport, LiabilityType } from '../../network/port.js'
import type { Account } from '../accounts/accounts.js'
import { available, defineProduct, keepAsResult, unavailable } from './define.js'
import { askAbout, isReportedLiability } from './liabilities.js'

/** `direct`: from the institution on request. `snapshot`: the bureau's monthly picture. */
export interface UpdateDetail {
  readonly source: 'direct' | 'snapshot'
  readonly liabilityType: LiabilityType
}
export type UpdateResult = LiabilityReport

/** The state of a liability from its institution. Contract: method/accounts §6. */
export const update = defineProduct({
  name: 'update',
  owner: 'account',
  mode: 'async',
  access: (account) => (isReportedLiability(account) && account.liability?.reportsDirectly ? available : unavailable),
  detail: (account) => updateDetail(account, 'direct'),
  ask: (ctx, account) => askAbout(ctx, account, ctx.network.liabilityReport),
  keep: keepAsResult,
})

export function updateDetail(account: Account, source: UpdateDetail['source']): UpdateDetail {
  if (!account.liability) throw new Error('Only a liability has updates.')
  return { source, liabilityType: account.liability.type }
}
