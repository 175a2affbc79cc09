/** `/entities/{ent_id}/products` and `/accounts/{acc_id}/products`. Contract: method/entities §8, accounts §10. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { type Account, getAccount } from '../../core/accounts/accounts.js'
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
import { INBOUND_INSTRUMENT, PAYMENT_INSTRUMENTS } from './product-names.js'
import { AnyObject, ErrorEnvelope, enveloped, nullable, oneOf, Text, Timestamp } from './schema.js'
import { ENTITY_PRODUCTS } from './versions/2024-04-04.js'
import { downTo, isSince, type Version, type Wire, withFormer } from './versions/versions.js'

const ProductWire = Type.Object({
  id: Type.Optional(Text),
  name: Text,
  status: oneOf(['available', 'unavailable', 'restricted']),
  status_error: nullable(Type.Object({ type: Text, sub_type: Text, message: Text })),
  latest_request_id: Type.Optional(nullable(Text)),
  latest_successful_request_id: Type.Optional(nullable(Text)),
  is_subscribable: Type.Optional(Type.Boolean()),
  capabilities: Type.Optional(Type.Array(Text)),
  reportable: Type.Optional(Type.Boolean()),
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
      product: name,
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
  const completed = await latestCompleted(ctx, account.id)
  const access = accountAccess(account, ctx.team)
  const unavailable: Access = { status: 'unavailable', code: 'product.unavailable' }
  return shownAccountProducts(account, version).map(({ name, key }) => {
    const wire = productWire({
      owner: account,
      name: key,
      product: accountProducts[name].name,
      access: access?.[name] ?? unavailable,
      completed,
      isSubscribable: isSubscribable(name, key),
    })
    return shownAs(accountProductWire(wire), version, 'account_product', showsAccountProductId(version))
  })
}

interface AccountProductName {
  readonly name: keyof typeof accountProducts
  /** What the map calls it. */
  readonly key: string
}

/** The products that a version knows, in order. What is no debt has only payments. Contract: method/accounts §10. */
function shownAccountProducts(account: Account, version: Version): readonly AccountProductName[] {
  const names = Object.keys(accountProducts) as (keyof typeof accountProducts)[]
  return names
    .filter((name) => {
      if (account.kind !== 'liability') return name === 'payment'
      return isSince(version, '2024-04-04-late') || (name !== 'attribute' && name !== 'payment_instrument')
    })
    .flatMap((name): readonly AccountProductName[] => {
      const isManifold = name === 'payment_instrument' && isSince(version, '2025-12-01')
      return isManifold ? PAYMENT_INSTRUMENTS.map((key) => ({ name, key })) : [{ name, key: name }]
    })
}

function isSubscribable(name: string, key: string): boolean {
  const isInstrument = name === 'payment_instrument' && key !== INBOUND_INSTRUMENT
  return Object.hasOwn(accountSubscriptions, name) || isInstrument
}

function showsAccountProductId(version: Version): boolean {
  return version === '2024-04-04' || version === '2025-12-01'
}

/**
 * The newest shape tells what can be done with a product instead of what was: no source lists the words, so they are those of
 * the two ways there are. Nothing is reported to bureaus.
 */
function accountProductWire(wire: Wire): Wire {
  const { latest_request_id, latest_successful_request_id, is_subscribable, ...rest } = wire
  const { created_at, updated_at, ...head } = rest
  const capabilities = [
    ...(Object.hasOwn(recordKinds, wire.name) ? ['request'] : []),
    ...(is_subscribable ? ['subscribe'] : []),
  ]
  return withFormer(
    { ...head, capabilities, reportable: false, created_at, updated_at },
    { latest_request_id, latest_successful_request_id, is_subscribable },
  )
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
  account_attribute: 'account_attribute',
  attribute: 'attribute',
  balance: 'balance',
  card_brand: 'card_brand',
  connect: 'connect',
  credit_score: 'credit_score',
  identity: 'identity',
  manual_connect: 'manual_connect',
  payment_instrument: 'payment_instrument',
  payoff: 'payoff',
  sensitive: 'sensitive',
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
  /** What the core calls it. */
  readonly product: string
  readonly access: Access
  readonly completed: Readonly<Record<string, string>>
  readonly isSubscribable: boolean
}): Wire {
  const { owner, name, access } = product
  const kind = recordKinds[product.product]
  const recordId = (id: string | undefined) => (kind ? spellIdOrNull(kind, id) : null)
  return {
    // A product has no row: its id follows from its owner's.
    id: spellId('product', deriveId(owner.id, name)),
    name,
    status: access.status,
    status_error: access.status === 'available' ? null : statusError(access.code),
    latest_request_id: recordId(owner.latest[product.product]),
    latest_successful_request_id: recordId(product.completed[product.product]),
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
