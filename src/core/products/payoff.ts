import { available, defineProduct, keepAsResult, unavailable } from './define.js'
import { askAbout, isReportedLiability, isType } from './liabilities.js'

/** What would end a loan at once, from its servicer. Contract: method/accounts §4. */
export const payoff = defineProduct({
  name: 'payoff',
  owner: 'account',
  mode: 'async',
  access: (account) =>
    isReportedLiability(account) && isType(account, 'auto_loan', 'mortgage') ? available : unavailable,
  detail: () => ({}),
  ask: (ctx, account) => askAbout(ctx, account, ctx.network.payoffQuote),
  keep: keepAsResult,
})
