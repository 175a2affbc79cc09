/**
 * `/entities/{ent_id}/manual_connect`: tradelines that an approved partner brings itself. No team is approved, so none can
 * be brought, and there are none to read. Contract: method/entities §10.
 */
import type { FastifyInstance } from 'fastify'
import { getConsumer } from '../../core/consumers/consumers.js'
import { consumerProducts, productRefusals, requireAvailable } from '../../core/products/products.js'
import { Refusal } from '../../core/refuse.js'
import { readWireId } from './ids.js'
import { change, read } from './routes.js'
import { AnyObject } from './schema.js'

const BASE = '/entities/:ent_id/manual_connect'

export function manualConnectRoutes(app: FastifyInstance): void {
  const facts = { tag: 'Connect', reply: AnyObject }

  change(
    app,
    'POST',
    BASE,
    { ...facts, summary: 'Bring tradelines (approved partners)', body: AnyObject },
    {
      async write(ctx, _, { params }) {
        const consumer = await getConsumer(ctx, readWireId('consumer', params.ent_id ?? ''))
        requireAvailable(consumerProducts.manual_connect.access(consumer, ctx.team))
        return null
      },
      toWire: () => null,
    },
  )

  read(app, `${BASE}/:mcxn_id`, { ...facts, summary: 'Retrieve a manual connect' }, async ({ ctx, params }) => {
    await getConsumer(ctx, readWireId('consumer', params.ent_id ?? ''))
    throw new Refusal('retrieval.not_found', productRefusals['retrieval.not_found'], null)
  })
}
