import type { LiabilityReport, LiabilityType } from '../../network/port.js'
import { type Account, closeDebts } from '../accounts/accounts.js'
import type { Ctx, Writing } from '../ctx.js'
import type { Change } from '../events/events.js'
import { type AccessRule, available, defineProduct, type Kept, unavailable, withinTeam } from './define.js'
import { askAbout, isReportedLiability } from './liabilities.js'
import type { Retrieval } from './retrievals.js'

/** `direct`: from the institution on request. `snapshot`: the bureau's monthly picture. */
export interface UpdateDetail {
  readonly source: 'direct' | 'snapshot'
  readonly liabilityType: LiabilityType
}
export type UpdateResult = LiabilityReport

const FIGURES_TOLD = { balance: 'balanceCents', credit_limit: 'creditLimitCents' } as const

/** An account as it was when one of its figures moved. */
export interface AccountWithFigure extends Account {
  readonly figure: { readonly name: keyof typeof FIGURES_TOLD; readonly cents: number }
}

const direct: AccessRule<Account> = (account) =>
  isReportedLiability(account) && account.liability?.reportsDirectly ? available : unavailable
// Every open liability is in the bureau's file, whether or not its institution answers.
const reported: AccessRule<Account> = (account) => (isReportedLiability(account) ? available : unavailable)

/** The state of a liability from its institution, or for a subscription from its bureau. Contract: method/accounts §6. */
export const update = defineProduct({
  name: 'update',
  owner: 'account',
  mode: 'async',
  access: direct,
  accessTo: (account, team, detail) => withinTeam('update', isSnapshot(detail) ? reported : direct)(account, team),
  detail: (account) => updateDetail(account, 'direct'),
  ask: (ctx, account, detail) =>
    askAbout(ctx, account, isSnapshot(detail) ? ctx.network.liabilitySnapshot : ctx.network.liabilityReport),
  keep: keepReport,
  implies: figureMoves,
})

function isSnapshot(detail: object): boolean {
  return (detail as UpdateDetail).source === 'snapshot'
}

/** A debt that turns out to be paid off or gone closes its account. Contract: method/accounts §1.3. */
async function keepReport(ctx: Ctx<Writing>, account: Account, report: LiabilityReport): Promise<Kept> {
  const refs = report.closedOn !== null && account.networkRef !== null ? [account.networkRef] : []
  const closed = await closeDebts(ctx, account.consumerId, refs)
  return {
    result: report,
    changes: closed.map((pair) => ({ resource: 'account', op: 'updated', resourceId: pair.after.id, ...pair })),
  }
}

/** Figures that differ from those of the last update. That a debt closed says more than what is owed of it. Contract: method/webhooks-events §5.4. */
function figureMoves(before: Retrieval | null, after: Retrieval, account: Account): readonly Change[] {
  const [was, is] = [before, after].map((update) => (update?.result ?? null) as UpdateResult | null)
  if (!was || !is || is.closedOn !== null) return []
  return Object.entries(FIGURES_TOLD).flatMap(([name, member]) => {
    const [old, now] = [was[member], is[member]]
    if (old === null || now === null || old === now) return []
    const op = `${name}_${now > old ? 'increased' : 'decreased'}`
    const withFigure = (cents: number) => ({ ...account, figure: { name, cents } }) as AccountWithFigure
    return [{ resource: 'account', op, resourceId: account.id, before: withFigure(old), after: withFigure(now) }]
  })
}

export function updateDetail(account: Account, source: UpdateDetail['source']): UpdateDetail {
  if (!account.liability) throw new Error('Only a liability has updates.')
  return { source, liabilityType: account.liability.type }
}
