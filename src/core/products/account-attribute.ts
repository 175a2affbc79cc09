import type { AccountHealth } from '../../network/port.js'
import { available, keepAsResult, type Retrievable, unavailable, withinTeam } from './define.js'
import { askAbout, isReportedLiability } from './liabilities.js'

export type AccountAttributeResult = AccountHealth

/**
 * How one liability is being held, in a few figures. It has a name of its own in the core, where a consumer's attributes are
 * another product; teams know both, and hear of both, as one. Contract: method/accounts §8.
 */
export const accountAttribute: Retrievable<'account', AccountHealth> = {
  name: 'account_attribute',
  resource: 'attribute',
  owner: 'account',
  mode: 'sync',
  access: withinTeam('attribute', (account) => (isReportedLiability(account) ? available : unavailable)),
  detail: () => ({}),
  ask: (ctx, account) => askAbout(ctx, account, ctx.network.accountHealth),
  keep: keepAsResult,
}
