import type { CreditReport, Inquiry } from '../../network/port.js'
import { findByNetworkRefs } from '../accounts/accounts.js'
import type { Change } from '../events/events.js'
import type { AccountId } from '../ids.js'
import { askAboutPerson, connectedConsumer } from './consumers.js'
import { defineProduct } from './define.js'
import { type Rating, rate } from './rating-bands.js'
import type { Retrieval } from './retrievals.js'

export const CREDIT_HEALTH_NAMES = [
  'credit_card_usage',
  'derogatory_marks',
  'hard_inquiries',
  'total_accounts',
  'credit_age',
  'payment_history',
  'soft_inquiries',
  'open_accounts',
  'entity_delinquent',
] as const
export type CreditHealthName = (typeof CREDIT_HEALTH_NAMES)[number]

export interface CreditHealth {
  readonly value: number | boolean
  readonly rating: Rating
  readonly inquiries?: readonly Inquiry[]
  readonly delinquentAccountIds?: readonly AccountId[]
}

export interface AttributeDetail {
  /** The names that were asked for; null for all. */
  readonly requested: readonly CreditHealthName[] | null
}
export type AttributeResult = Readonly<Record<CreditHealthName, CreditHealth>>

/** Figures of credit health, computed from the bureau's file, each with a rating. Contract: method/entities §6. */
export const attribute = defineProduct({
  name: 'attribute',
  owner: 'consumer',
  mode: 'sync',
  access: connectedConsumer,
  detail: (): AttributeDetail => ({ requested: null }),
  ask: (ctx, consumer) => askAboutPerson(ctx, consumer, ctx.network.creditReport),
  async keep(ctx, consumer, report) {
    const delinquent = await findByNetworkRefs(ctx, consumer.id, report.delinquentAccountRefs)
    return {
      result: healthOf(
        report,
        delinquent.map(({ id }) => id),
      ),
      changes: [],
    }
  },
  implies: figureMoves,
})

function healthOf(report: CreditReport, delinquentAccountIds: readonly AccountId[]): AttributeResult {
  const figure = (name: CreditHealthName, value: number): CreditHealth => ({ value, rating: rate(name, value) })
  return {
    credit_card_usage: figure('credit_card_usage', report.cardUsagePercent),
    derogatory_marks: figure('derogatory_marks', report.derogatoryMarks),
    hard_inquiries: { ...figure('hard_inquiries', report.hardInquiries.length), inquiries: report.hardInquiries },
    total_accounts: figure('total_accounts', report.totalAccounts),
    credit_age: figure('credit_age', report.averageAgeMonths),
    payment_history: figure('payment_history', report.onTimePaymentPercent),
    soft_inquiries: { ...figure('soft_inquiries', report.softInquiries.length), inquiries: report.softInquiries },
    open_accounts: figure('open_accounts', report.openAccounts),
    entity_delinquent: { value: delinquentAccountIds.length > 0, rating: 'no_rating', delinquentAccountIds },
  }
}

/** Figures whose moves are told. Contract: method/webhooks-events §5.4. */
export const MOVES_TOLD: readonly CreditHealthName[] = [
  'credit_card_usage',
  'derogatory_marks',
  'hard_inquiries',
  'total_accounts',
  'credit_age',
  'payment_history',
  'open_accounts',
  'soft_inquiries',
]

/** One change for each figure that moved since the last record; one that stands in only one of them did not move. */
function figureMoves(before: Retrieval | null, after: Retrieval): readonly Change[] {
  const [was, is] = [shown(before), shown(after)]
  return MOVES_TOLD.flatMap((name) => {
    const [old, now] = [was[name]?.value, is[name]?.value]
    if (typeof old !== 'number' || typeof now !== 'number' || old === now) return []
    const op = `${name}.${now > old ? 'increased' : 'decreased'}`
    return [{ resource: 'attribute', op, resourceId: after.id, before, after }]
  })
}

function shown(retrieval: Retrieval | null): Partial<AttributeResult> {
  const requested = (retrieval?.detail as AttributeDetail | undefined)?.requested
  const all = (retrieval?.result ?? {}) as Partial<AttributeResult>
  if (!requested) return all
  return Object.fromEntries(Object.entries(all).filter(([name]) => requested.some((wanted) => wanted === name)))
}
