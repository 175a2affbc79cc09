import { available, defineProduct, keepAsResult, unavailable } from './define.js'
import { askAbout, isReportedLiability } from './liabilities.js'

/** What is owed on a liability right now, from its institution. Contract: method/accounts §2. */
export const balance = defineProduct({
  name: 'balance',
  owner: 'account',
  mode: 'async',
  access: (account) => (isReportedLiability(account) ? available : unavailable),
  detail: () => ({}),
  ask: (ctx, account) => askAbout(ctx, account, ctx.network.balance),
  keep: keepAsResult,
})
