/** `/entities/{ent_id}/products` and `/accounts/{acc_id}/products`. Contract: method/entities §8, accounts §10. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { getAccount } from '../../core/accounts/accounts.js'
import { getConsumer } from '../../core/consumers/consumers.js'
import type { Ctx, Reading } from '../../core/ctx.js'
import { deriveId } from '../../core/ids.js'
import {
  type Access,
  accountAccess,
  accountProducts,
  accountSubscriptions,
  consumerAccess,
  consumerProducts,
  consumerSubscriptions,
  latestCompleted,
  productRefusals,
} from '../../core/products/products.js'
import { Refusal } from '../../core/refuse.js'
import { success } from './answers.js'
import { callerOf } from './caller.js'
import { rowOf } from './errors.js'
import { type Named, readWireId, spellId, spellIdOrNull } from './ids.js'
import { AnyObject, ErrorEnvelope, enveloped, nullable, oneOf, Text, Timestamp } from './schema.js'
import { ENTITY_PRODUCTS } from './versions/2024-04-04.js'
import { downTo, isSince, type Version, type Wire } from './versions/versions.js'

const ProductWire = Type.Object({
  id: Type.Optional(Text),
  name: Text,
  status: oneOf(['available', 'unavailable', 'restricted']),
  status_error: nullable(Type.Object({ type: Text, sub_type: Text, message: Text })),
  latest_request_id: nullable(Text),
  latest_successful_request_id: Type.Optional(nullable(Text)),
  is_subscribable: Type.Boolean(),
  created_at: Timestamp,
  updated_at: Timestamp,
})

export function productRoutes(app: FastifyInstance): void {
  const kinds = [
    { base: '/entities/:owner_id/products', tag: 'Entity products', load: entityProducts },
    { base: '/accounts/:owner_id/products', tag: 'Account products', load: accountProductsOf },
  ] as const
  for (const { base, tag, load } of kinds) {
    const errors = { '4xx': ErrorEnvelope, '5xx': ErrorEnvelope }
    const mapSchema = { tags: [tag], summary: 'Show all products', response: { 200: enveloped(AnyObject), ...errors } }
    app.get(base, { schema: mapSchema }, async (request) => {
      const { ctx, version } = callerOf(request)
      const products = await load(ctx, version, ownerIdOf(request.params))
      return success(Object.fromEntries(products.map(({ key, wire }) => [key, wire])))
    })
    const schema = { tags: [tag], summary: 'Retrieve a product', response: { 200: enveloped(ProductWire), ...errors } }
    app.get(`${base}/:prd_id`, { schema }, async (request) => {
      const { ctx, version } = callerOf(request)
      const wanted = (request.params as { readonly prd_id: string }).prd_id
      const products = await load(ctx, version, ownerIdOf(request.params))
      const found = products.find(({ id }) => id === wanted)
      if (!found) throw new Refusal('product.not_found', productRefusals['product.not_found'], null)
      return success(found.wire)
    })
  }
}

interface Shown {
  readonly key: string
  readonly id: string
  readonly wire: Wire
}

/** False for a product that came with a later version. */
export function isKnownProduct(version: Version, name: string): boolean {
  return isSince(version, '2024-04-04-late') || !LATE_PRODUCTS.includes(name)
}

const LATE_PRODUCTS = ['vehicle', 'manual_connect', 'payment_instrument']

function ownerIdOf(params: unknown): string {
  return (params as { readonly owner_id: string }).owner_id
}

async function entityProducts(ctx: Ctx<Reading>, version: Version, ownerId: string): Promise<readonly Shown[]> {
  const consumer = await getConsumer(ctx, readWireId('consumer', ownerId))
  const access = consumerAccess(consumer, ctx.team)
  const shown = (Object.keys(consumerProducts) as (keyof typeof consumerProducts)[]).filter(
    (name) => isSince(version, '2024-04-04-late') || ENTITY_PRODUCTS.includes(name),
  )
  const completed = await latestCompleted(ctx, consumer.id)
  if (!access) return []
  return shown.map((name) => {
    const wire = productWire({
      owner: consumer,
      name,
      access: access[name],
      completed,
      isSubscribable: Object.hasOwn(consumerSubscriptions, name),
    })
    // The entity's map has ids in the early shape only. Contract: method/entities §8.
    return shownAs(wire, version, 'entity_product', version === '2024-04-04')
  })
}

async function accountProductsOf(ctx: Ctx<Reading>, version: Version, ownerId: string): Promise<readonly Shown[]> {
  const account = await getAccount(ctx, readWireId('account', ownerId))
  const isEarly = !isSince(version, '2024-04-04-late')
  const names = (Object.keys(accountProducts) as (keyof typeof accountProducts)[]).filter((name) => {
    if (account.kind === 'ach') return name === 'payment'
    return !isEarly || (name !== 'attribute' && name !== 'payment_instrument')
  })
  const completed = await latestCompleted(ctx, account.id)
  const access = accountAccess(account, ctx.team)
  const unavailable: Access = { status: 'unavailable', code: 'product.unavailable' }
  return names.map((name) => {
    const wire = productWire({
      owner: account,
      name,
      access: access?.[name] ?? unavailable,
      completed,
      isSubscribable: Object.hasOwn(accountSubscriptions, name) || name === 'payment_instrument',
    })
    return shownAs(wire, version, 'account_product', isEarly || isSince(version, '2025-12-01'))
  })
}

function shownAs(
  newest: Wire,
  version: Version,
  resource: 'entity_product' | 'account_product',
  hasId: boolean,
): Shown {
  const { id, ...rest } = downTo(version, resource, newest)
  return { key: rest.name, id, wire: hasId ? { id, ...rest } : rest }
}

// Which kind of record a product's requests make.
const recordKinds: Readonly<Record<string, Named>> = {
  attribute: 'attribute',
  balance: 'balance',
  connect: 'connect',
  credit_score: 'credit_score',
  identity: 'identity',
  update: 'update',
  vehicle: 'vehicle',
}

function productWire(product: {
  readonly owner: {
    readonly id: string
    readonly latest: Readonly<Record<string, string>>
    readonly createdAt: string
    readonly updatedAt: string
  }
  readonly name: string
  readonly access: Access
  readonly completed: Readonly<Record<string, string>>
  readonly isSubscribable: boolean
}): Wire {
  const { owner, name, access } = product
  const kind = recordKinds[name]
  const recordId = (id: string | undefined) => (kind ? spellIdOrNull(kind, id) : null)
  return {
    // A product has no row: its id follows from its owner's.
    id: spellId('product', deriveId(owner.id, name)),
    name,
    status: access.status,
    status_error: access.status === 'available' ? null : statusError(access.code),
    latest_request_id: recordId(owner.latest[name]),
    latest_successful_request_id: recordId(product.completed[name]),
    is_subscribable: product.isSubscribable,
    created_at: owner.createdAt,
    updated_at: owner.updatedAt,
  }
}

/** Without a code, as everywhere in the evidence. Contract: method/conventions §18.15. */
function statusError(code: keyof typeof productRefusals): Wire {
  const row = rowOf(new Refusal(code, '', null))
  const isUnverified = code === 'product.consumer_inactive'
  return {
    type: 'INVALID_REQUEST',
    sub_type: isUnverified ? 'ENTITY_IDENTITY_VERIFICATION_MISSING' : row.subType,
    message: literalMessages[row.subType] ?? productRefusals[code],
  }
}

const literalMessages: Readonly<Record<string, string>> = {
  TEAM_CAPABILITY_RESTRICTED: 'Team access is not available. Reach out to the Method team to learn more.',
}
