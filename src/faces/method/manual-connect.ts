/**
 * `/entities/{ent_id}/manual_connect`: tradelines that an approved partner brings itself, where the team was granted that.
 * Contract: method/entities §10.
 */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { getConsumer } from '../../core/consumers/consumers.js'
import {
  type BroughtTradeline,
  BUREAUS,
  checkRequest,
  consumerProducts,
  createRetrieval,
  getRetrieval,
  manualConnectDetail,
  requireAvailable,
} from '../../core/products/products.js'
import { ConnectWire } from './connect.js'
import { readMerchantNumber, readWireId } from './ids.js'
import { invalidRequest } from './invalid.js'
import { retrievalWire } from './retrieval-wire.js'
import { change, prefersLater, read } from './routes.js'
import { nullable, oneOf, Text } from './schema.js'

const product = consumerProducts.manual_connect
const BASE = '/entities/:ent_id/manual_connect'
const TRADELINES_MAX = 100
const AccountNumber = Type.String({ pattern: '^[A-Za-z0-9]{1,32}$' })

// What is missing is said only to teams that may do this at all.
const Body = Type.Object({
  bureau: Type.Optional(oneOf(BUREAUS)),
  tradelines: Type.Optional(
    Type.Array(
      Type.Object({
        mch_id: Type.Optional(nullable(Text)),
        creditor_name: Type.Optional(nullable(Text)),
        account_number: AccountNumber,
      }),
      { minItems: 1, maxItems: TRADELINES_MAX },
    ),
  ),
})

export function manualConnectRoutes(app: FastifyInstance): void {
  const facts = { tag: 'Connect', reply: ConnectWire, resource: 'connect' } as const
  const owner = (params: Readonly<Record<string, string>>) => readWireId('consumer', params.ent_id ?? '')

  change(
    app,
    'POST',
    BASE,
    { ...facts, summary: 'Bring tradelines (approved partners)', body: Body },
    {
      async ask(incoming) {
        const { ctx, params, body } = incoming
        requireAvailable(product.access(await getConsumer(ctx, owner(params)), ctx.team))
        const { bureau, tradelines } = readBody(body)
        const detail = manualConnectDetail(ctx, bureau, tradelines)
        return checkRequest(ctx, product, owner(params), { detail, isAnsweredLater: prefersLater(incoming) })
      },
      write: (ctx, checked) => createRetrieval(ctx, product, checked),
      toWire: (retrieval, _, { publicUrl }) => retrievalWire(retrieval, publicUrl),
    },
  )

  read(app, `${BASE}/:mcxn_id`, { ...facts, summary: 'Retrieve a manual connect' }, async (incoming) => {
    const { ctx, params, publicUrl } = incoming
    const retrievalId = readWireId('manual_connect', params.mcxn_id ?? '')
    return retrievalWire(await getRetrieval(ctx, product, { ownerId: owner(params), retrievalId }), publicUrl)
  })
}

function readBody({ bureau, tradelines }: Static<typeof Body>) {
  if (!bureau) throw invalidRequest('bureau', `must be one of ${BUREAUS.join(', ')}.`)
  if (!tradelines) throw invalidRequest('tradelines', `must have 1 to ${TRADELINES_MAX} entries.`)
  return { bureau, tradelines: tradelines.map(readTradeline) }
}

type Tradeline = NonNullable<Static<typeof Body>['tradelines']>[number]

function readTradeline({ mch_id, creditor_name, account_number }: Tradeline, index: number): BroughtTradeline {
  const member = `tradelines[${index}]`
  if (!mch_id === !creditor_name) throw invalidRequest(member, 'must have exactly one of mch_id and creditor_name.')
  const merchantNumber = mch_id ? readMerchantNumber(mch_id) : null
  if (mch_id && merchantNumber === null) throw invalidRequest(`${member}.mch_id`, 'must be the id of a merchant.')
  return { merchantNumber, creditorName: creditor_name ?? null, accountNumber: account_number }
}
