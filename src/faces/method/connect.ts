/** `/entities/{ent_id}/connect`. Contract: method/entities §3. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import {
  CONNECTED_PRODUCTS,
  CONNECTED_SUBSCRIPTIONS,
  type ConnectDetail,
  checkRequest,
  consumerProducts,
  createRetrieval,
  getRetrieval,
  listRetrievals,
  requireCapability,
} from '../../core/products/products.js'
import { connectExpandables, expandConnects, expandQuery, readExpand } from './expand.js'
import { readWireId } from './ids.js'
import { invalidRequest } from './invalid.js'
import { change, type Incoming, list, prefersLater, read } from './routes.js'
import { expandable, nullable, oneOf, ResourceError, Text, Timestamp } from './schema.js'
import { isSince } from './versions/versions.js'

const { connect } = consumerProducts
const BASE = '/entities/:ent_id/connect'

const ConnectBody = Type.Object({
  products: Type.Optional(nullable(Type.Array(Text, { maxItems: 20 }))),
  subscriptions: Type.Optional(nullable(Type.Array(Text, { maxItems: 20 }))),
})

export const ConnectWire = Type.Object({
  id: Text,
  entity_id: Text,
  status: oneOf(['pending', 'in_progress', 'completed', 'failed']),
  accounts: nullable(Type.Array(expandable('acc_…'))),
  requested_products: Type.Optional(nullable(Type.Array(Text))),
  requested_subscriptions: Type.Optional(nullable(Type.Array(Text))),
  error: ResourceError,
  created_at: Timestamp,
  updated_at: Timestamp,
})

export function connectRoutes(app: FastifyInstance): void {
  const facts = { tag: 'Connect', reply: ConnectWire, resource: 'connect', query: expandQuery } as const
  const owner = (params: Readonly<Record<string, string>>) => readWireId('consumer', params.ent_id ?? '')

  change(
    app,
    'POST',
    BASE,
    { ...facts, summary: 'Find what an entity owes', body: ConnectBody },
    {
      async ask(incoming) {
        expandOf(incoming)
        const detail = detailOf(incoming)
        requireCapability(incoming.ctx.team, namesOf(detail))
        return checkRequest(incoming.ctx, connect, owner(incoming.params), {
          detail,
          isAnsweredLater: prefersLater(incoming) || namesOf(detail).length > 0,
        })
      },
      write: (ctx, checked) => createRetrieval(ctx, connect, checked),
      async toWire(retrieval, ctx, incoming) {
        const [wire] = await expandConnects({ ...incoming, ctx }, expandOf(incoming), [retrieval])
        return wire ?? null
      },
    },
  )

  read(app, `${BASE}/:cxn_id`, { ...facts, summary: 'Retrieve a connect' }, async (incoming) => {
    const names = expandOf(incoming)
    const { ctx, params } = incoming
    const wanted = { ownerId: owner(params), retrievalId: readWireId('connect', params.cxn_id ?? '') }
    const [wire] = await expandConnects(incoming, names, [await getRetrieval(ctx, connect, wanted)])
    return wire ?? null
  })

  list(
    app,
    BASE,
    { ...facts, summary: 'List the connects of an entity', cursor: 'connect' },
    ({ ctx, params }, page) => listRetrievals(ctx, connect, { ownerId: owner(params) }, page),
    (connects, incoming) => expandConnects(incoming, expandOf(incoming), connects),
  )
}

type Asked = Pick<Incoming<unknown, { readonly expand?: readonly string[] | undefined }>, 'query' | 'version'>

// The early shape of 2024-04-04 had no expansion here.
function expandOf({ query, version }: Asked) {
  return isSince(version, '2024-04-04-late') ? readExpand(query, connectExpandables(version)) : []
}

/** What is asked of every account that is found; the early shape ignores these members. */
function detailOf({ body, version }: Asked & { readonly body: Static<typeof ConnectBody> }): ConnectDetail {
  if (!isSince(version, '2024-04-04-late')) return {}
  return {
    products: readNames('products', body.products, CONNECTED_PRODUCTS),
    subscriptions: readNames('subscriptions', body.subscriptions, CONNECTED_SUBSCRIPTIONS),
  }
}

function readNames<const Name extends string>(
  member: string,
  given: readonly string[] | null | undefined,
  known: readonly Name[],
): readonly Name[] {
  return (given ?? []).map((text) => {
    const name = known.find((candidate) => candidate === text)
    if (name === undefined) throw invalidRequest(member, `has no ${text} here. Use any of: ${known.join(', ')}.`)
    return name
  })
}

function namesOf({ products = [], subscriptions = [] }: ConnectDetail): readonly string[] {
  return [...products, ...subscriptions]
}
