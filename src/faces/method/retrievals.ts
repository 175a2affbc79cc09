/** Account products that are retrieved on request: each is its definition in the core plus the spelling here. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { LIABILITY_TYPES } from '../../core/institutions/institutions.js'
import { accountProducts } from '../../core/products/products.js'
import { retrievalResource } from './retrieval-resource.js'
import { AnyObject, Cents, nullable, oneOf, ResourceError, Text, Timestamp } from './schema.js'

const STATUSES = ['pending', 'in_progress', 'completed', 'failed'] as const

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
  retrievalResource(app, accountProducts.balance, {
    path: 'balances',
    kind: 'balance',
    reply: BalanceWire,
    noun: 'balance',
  })
  retrievalResource(app, accountProducts.update, {
    path: 'updates',
    kind: 'update',
    reply: UpdateWire,
    noun: 'update',
    resource: 'update',
  })
}
