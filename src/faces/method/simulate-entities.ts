/** `/simulate/entities/{ent_id}/…`: what a credit file says, at a caller's word. Contract: method/simulate §4–§6. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { BUREAUS, type CreditScoreResult, SCORE_MAX, SCORE_MIN, SCORE_MODELS } from '../../core/products/products.js'
import {
  awaitNewDebts,
  awaitSoftInquiries,
  checkScore,
  NEW_DEBT_TYPES,
  settleScore,
} from '../../core/simulation/simulation.js'
import { creditScoreWire } from './consumer-retrieval-wire.js'
import { CreditScoreWire } from './consumer-retrievals.js'
import { readWireId } from './ids.js'
import { invalidRequest } from './invalid.js'
import { spellMerchantType } from './liability-types.js'
import { change } from './routes.js'
import { oneOf, Text } from './schema.js'
import { isSince, type Version } from './versions/versions.js'

const ITEMS_MAX = 20
const ScoreValue = Type.Integer({ minimum: SCORE_MIN, maximum: SCORE_MAX })
const ScoreBody = Type.Object({
  score: ScoreValue,
  source: oneOf(BUREAUS),
  model: oneOf(SCORE_MODELS),
  factors: Type.Array(Type.Object({ code: Text, description: Text }), { maxItems: ITEMS_MAX }),
  created_at: Text,
})
const ScoresBody = Type.Object({
  scores: Type.Optional(Type.Array(ScoreBody, { maxItems: ITEMS_MAX })),
  score: Type.Optional(ScoreValue),
  status: Type.Optional(oneOf(['completed'])),
})

const behaviors = <const Words extends readonly string[]>(words: Words) =>
  Type.Object({ behaviors: Type.Array(oneOf(words), { minItems: 1, maxItems: 100 }) })

type DebtType = (typeof NEW_DEBT_TYPES)[number]
const spellDebt = (type: DebtType) => `new_${spellMerchantType(type)}_account`
const ConnectBehaviors = behaviors(NEW_DEBT_TYPES.map(spellDebt))
const AttributeBehaviors = behaviors(['new_soft_inquiry'])

const BASE = '/simulate/entities/:ent_id'

export function simulatedEntityRoutes(app: FastifyInstance): void {
  const tag = 'Simulation'
  const owner = (params: Readonly<Record<string, string>>) => readWireId('consumer', params.ent_id ?? '')

  change(
    app,
    'POST',
    `${BASE}/credit_scores/:crs_id`,
    { tag, summary: 'Settle a credit score', body: ScoresBody, reply: CreditScoreWire },
    {
      async ask({ ctx, params, body, version }) {
        const retrievalId = readWireId('credit_score', params.crs_id ?? '')
        const retrieval = await checkScore(ctx, { ownerId: owner(params), retrievalId })
        return { retrieval, scores: readScores(body, { version, now: ctx.clock.now() }) }
      },
      write: (ctx, { retrieval, scores }) => settleScore(ctx, retrieval, scores),
      toWire: (retrieval) => creditScoreWire(retrieval),
    },
  )

  for (const { path, id } of withQuirk(`${BASE}/connect`)) {
    change(
      app,
      'POST',
      path,
      { tag, summary: 'Let the next connect find new debts', body: ConnectBehaviors, reply: Type.Null() },
      {
        ask: ({ ctx, params, body }) => awaitNewDebts(ctx, id(params), body.behaviors.map(readDebt)),
        write: async () => null,
        toWire: () => null,
      },
    )
  }

  for (const { path, id } of withQuirk(`${BASE}/attributes`)) {
    change(
      app,
      'POST',
      path,
      { tag, summary: 'Let the next attributes find new inquiries', body: AttributeBehaviors, reply: Type.Null() },
      {
        ask: ({ ctx, params, body }) => awaitSoftInquiries(ctx, id(params), body.behaviors.length),
        write: async () => null,
        toWire: () => null,
      },
    )
  }
}

/** The official clients say the entity's id a second time, at the end [N211, P211]. Another one there is the id of nothing. */
function withQuirk(path: string) {
  type Params = Readonly<Record<string, string>>
  const id = (params: Params) => readWireId('consumer', params.ent_id ?? '')
  return [
    { path, id },
    { path: `${path}/:again_id`, id: (params: Params) => (params.again_id === params.ent_id ? id(params) : '') },
  ]
}

function readDebt(word: string): DebtType {
  const type = NEW_DEBT_TYPES.find((candidate) => spellDebt(candidate) === word)
  if (!type) throw invalidRequest('behaviors', `has no ${word} here.`)
  return type
}

/** A bare `score` came with 2025-12-01, in place of `scores` or beside them. */
function readScores(
  { scores = [], score }: Static<typeof ScoresBody>,
  { version, now }: { readonly version: Version; readonly now: string },
): CreditScoreResult {
  if (scores.length > 0) return { scores: scores.map(readScore) }
  if (!isSince(version, '2025-12-01')) throw invalidRequest('scores', 'must hold at least one score.')
  if (score === undefined) throw invalidRequest('score', 'or scores is required.')
  return { scores: [{ score, bureau: 'equifax', model: 'vantage_4', factors: [], computedAt: now }] }
}

function readScore(given: Static<typeof ScoreBody>, index: number) {
  const { created_at: at } = given
  if (!/^\d{4}-\d{2}-\d{2}T/.test(at) || at.length > 40 || Number.isNaN(Date.parse(at))) {
    throw invalidRequest(`scores[${index}].created_at`, 'must be an ISO 8601 timestamp: when the score was computed.')
  }
  const { score, source, model, factors } = given
  return {
    score,
    bureau: source,
    model,
    factors: factors.map(({ code, description }) => ({ code, description })),
    computedAt: at,
  }
}
