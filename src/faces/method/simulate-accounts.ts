/** `/simulate/accounts/{acc_id}/…`: what happens to a card, at a caller's word. Contract: method/simulate §2, §7. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { keepBrand, keepPurchase, reissueCard, simulatePurchase } from '../../core/simulation/simulation.js'
import { readBrandId, readWireId } from './ids.js'
import { retrievalWire } from './retrieval-wire.js'
import { CardBrandWire } from './retrievals.js'
import { change } from './routes.js'
import { Text } from './schema.js'
import { TransactionWire, transactionWire } from './transaction-wire.js'
import { isSince, type Version } from './versions/versions.js'

// A wine shop: what the suites of the late shape expect. Contract: method/simulate §2.
const LATE_CATEGORY = '5182'

const PurchaseBody = Type.Object({
  amount: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000_00 })),
  type: Type.Optional(Text),
  merchant_name: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
})
const CardBrandBody = Type.Object({ brand_id: Text })

export function simulatedAccountRoutes(app: FastifyInstance): void {
  const tag = 'Simulation'
  const owner = (params: Readonly<Record<string, string>>) => readWireId('account', params.acc_id ?? '')

  change(
    app,
    'POST',
    '/simulate/accounts/:acc_id/transactions',
    { tag, summary: 'Buy something', body: PurchaseBody, reply: TransactionWire, resource: 'transaction' },
    {
      ask: ({ ctx, params, body, version }) => simulatePurchase(ctx, owner(params), draftOf(body, version)),
      write: (ctx, purchase) => keepPurchase(ctx, purchase),
      // The early shape answers with the authorization, although the record is cleared by then.
      toWire: ({ authorized, transaction }, _, { version }) =>
        transactionWire(isSince(version, '2024-04-04-late') ? transaction : authorized),
    },
  )

  change(
    app,
    'POST',
    '/simulate/accounts/:acc_id/card_brands',
    { tag, summary: 'Give a card another brand', body: CardBrandBody, reply: CardBrandWire, resource: 'card_brand' },
    {
      ask: ({ ctx, params, body }) => reissueCard(ctx, owner(params), readBrandId(body.brand_id)),
      write: (ctx, answered) => keepBrand(ctx, answered),
      toWire: (retrieval, _, { publicUrl }) => retrievalWire(retrieval, publicUrl),
    },
  )
}

/** What is said about a purchase came with 2025-12-01; the rest is invented. */
function draftOf({ amount, merchant_name }: Static<typeof PurchaseBody>, version: Version) {
  if (!isSince(version, '2024-04-04-late')) return {}
  if (!isSince(version, '2025-12-01')) return { categoryCode: LATE_CATEGORY }
  return {
    categoryCode: LATE_CATEGORY,
    ...(amount === undefined ? {} : { amountCents: amount }),
    ...(merchant_name === undefined ? {} : { merchantName: merchant_name }),
  }
}
