/** Account products that are retrieved on request: each is its definition in the core plus the spelling here. */
import type { FastifyInstance } from 'fastify'
import { type TSchema, Type } from 'typebox'
import { LIABILITY_TYPES } from '../../core/institutions/institutions.js'
import {
  accountProducts,
  checkRequest,
  createRetrieval,
  getRetrieval,
  listRetrievals,
  type Retrievable,
} from '../../core/products/products.js'
import { type Named, readWireId } from './ids.js'
import { retrievalWire } from './retrieval-wire.js'
import { change, list, read } from './routes.js'
import { AnyObject, Cents, nullable, oneOf, ResourceError, Text, Timestamp } from './schema.js'
import type { VersionedResource } from './versions/versions.js'

const STATUSES = ['pending', 'in_progress', 'completed', 'failed'] as const
const EmptyBody = Type.Object({})

const BalanceWire = Type.Object({
  id: Text,
  account_id: Text,
  status: oneOf(STATUSES),
  amount: nullable(Cents),
  error: ResourceError,
  created_at: Timestamp,
  updated_at: Timestamp,
})

const UpdateWire = Type.Object({
  id: Text,
  status: oneOf(STATUSES),
  account_id: Text,
  source: oneOf(['direct', 'snapshot']),
  type: oneOf(LIABILITY_TYPES),
  // Exactly the one that `type` names is there.
  ...Object.fromEntries(LIABILITY_TYPES.map((type) => [type, Type.Optional(AnyObject)])),
  data_as_of: Type.Optional(nullable(Timestamp)),
  error: ResourceError,
  created_at: Timestamp,
  updated_at: Timestamp,
})

export function accountRetrievalRoutes(app: FastifyInstance): void {
  accountRetrieval(app, accountProducts.balance, {
    path: 'balances',
    kind: 'balance',
    reply: BalanceWire,
    noun: 'balance',
  })
  accountRetrieval(app, accountProducts.update, {
    path: 'updates',
    kind: 'update',
    reply: UpdateWire,
    noun: 'update',
    resource: 'update',
  })
}

interface Spelling {
  readonly path: string
  readonly kind: Named
  readonly reply: TSchema
  readonly noun: string
  readonly resource?: VersionedResource
}

function accountRetrieval<Answer>(
  app: FastifyInstance,
  product: Retrievable<'account', Answer>,
  spelling: Spelling,
): void {
  const { path, kind, reply, noun, resource } = spelling
  const base = `/accounts/:acc_id/${path}`
  const facts = { tag: 'Account products', reply, ...(resource ? { resource } : {}) }
  const owner = (params: Readonly<Record<string, string>>) => readWireId('account', params.acc_id ?? '')

  change(
    app,
    'POST',
    base,
    { ...facts, summary: `Request a ${noun}`, body: EmptyBody },
    {
      ask: ({ ctx, params }) => checkRequest(ctx, product, owner(params)),
      write: (ctx, checked) => createRetrieval(ctx, product, checked),
      toWire: retrievalWire,
    },
  )

  read(app, `${base}/:id`, { ...facts, summary: `Retrieve a ${noun}` }, async ({ ctx, params }) =>
    retrievalWire(
      await getRetrieval(ctx, product, { ownerId: owner(params), retrievalId: readWireId(kind, params.id ?? '') }),
    ),
  )

  list(
    app,
    base,
    { ...facts, summary: `List the ${noun}s of an account`, cursor: kind },
    ({ ctx, params }, page) => listRetrievals(ctx, product, { ownerId: owner(params) }, page),
    async (retrievals) => retrievals.map(retrievalWire),
  )
}
