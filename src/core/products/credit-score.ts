import type { CreditReport } from '../../network/port.js'
import type { Change } from '../events/events.js'
import { activeConsumer, askAboutPerson } from './consumers.js'
import { defineProduct } from './define.js'
import type { Retrieval } from './retrievals.js'

export const BUREAUS = ['equifax', 'experian', 'transunion'] as const satisfies readonly CreditReport['bureau'][]
export const SCORE_MODELS = ['vantage_4', 'vantage_3'] as const satisfies readonly CreditReport['model'][]
export const SCORE_MIN = 300
export const SCORE_MAX = 850

export type CreditScoreResult = { readonly scores: readonly Score[] }

export interface Score extends Pick<CreditReport, 'score' | 'bureau' | 'model' | 'factors'> {
  readonly computedAt: string
}

/** A bureau's score with the reasons for it. Contract: method/entities §4. */
export const creditScore = defineProduct({
  name: 'credit_score',
  owner: 'consumer',
  mode: 'async',
  access: activeConsumer,
  detail: () => ({}),
  ask: (ctx, consumer) => askAboutPerson(ctx, consumer, ctx.network.creditReport),
  async keep(_ctx, _owner, { score, bureau, model, factors, asOf }) {
    const scores = [{ score, bureau, model, factors, computedAt: asOf }]
    return { result: { scores } satisfies CreditScoreResult, changes: [] }
  },
  implies: scoreMoves,
})

/** The score went up or down, compared with the last one of the same model. Contract: method/webhooks-events §5.4. */
function scoreMoves(before: Retrieval | null, after: Retrieval): readonly Change[] {
  const [was, is] = [before, after].map((retrieval) => (retrieval?.result as CreditScoreResult | null)?.scores[0])
  if (!was || !is || was.bureau !== is.bureau || was.model !== is.model || was.score === is.score) return []
  const op = is.score > was.score ? 'increased' : 'decreased'
  return [{ resource: 'credit_score', op, resourceId: after.id, before, after }]
}
