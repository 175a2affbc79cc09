/**
 * The link, in its two serializations: by itself, and inside answers about something else. Both have the members of the first
 * generation in their documented order; those of the second follow. Contract: moneykit/links §2, conventions §1.
 */
import { Type } from 'typebox'
import {
  CONNECTION_PRODUCTS,
  type Connection,
  type ConnectionProduct,
  type GrantedProduct,
  PROVIDER_NAMES,
  type ProductSettings,
} from '../../core/connections/connections.js'
import { spellTimeOrNull } from './formats.js'
import { spellId } from './ids.js'
import { avatarUrl } from './institution-art.js'
import { LinkErrorWire, LinkStateWire, linkStates } from './link-states.js'
import type { Wire } from './routes.js'
import { nullable, oneOf, Text, Time } from './schema.js'

export const ProductName = oneOf(CONNECTION_PRODUCTS)
const ProductErrorCode = oneOf([
  'rate_limit',
  'auth_expired',
  'not_supported',
  'timeout',
  'unknown',
  'no_accounts',
  'institution_error',
  'no_permission',
])

const progress = {
  refreshed_at: nullable(Time),
  last_attempted_at: nullable(Time),
}
const trouble = {
  error_code: Type.Optional(ProductErrorCode),
  error_message: Type.Optional(Text),
  unavailable: Type.Optional(Text),
}
const settings = { required: Type.Boolean(), prefetch: Type.Boolean() }
const detailSettings = {
  ...settings,
  product: ProductName,
  require_permission: Type.Boolean(),
  reason: Type.Optional(Text),
}

function productsSchema(plain: Parameters<typeof Type.Object>[0], ofTransactions: Parameters<typeof Type.Object>[0]) {
  const product = Type.Object({ ...progress, settings: Type.Object(plain), ...trouble })
  return Type.Object({
    accounts: Type.Optional(Type.Object({ ...progress, ...trouble })),
    account_numbers: Type.Optional(product),
    identity: Type.Optional(product),
    transactions: Type.Optional(
      Type.Object({ ...progress, settings: Type.Object(ofTransactions), ...trouble, has_history: Type.Boolean() }),
    ),
    investments: Type.Optional(product),
    enrichment: Type.Optional(Type.Object({ ...progress, ...trouble })),
  })
}

const members = {
  link_id: Text,
  institution_id: Text,
  institution_name: Text,
  state: LinkStateWire,
  error_code: Type.Optional(LinkErrorWire),
  last_synced_at: nullable(Time),
  tags: Type.Array(Text),
  provider: oneOf(PROVIDER_NAMES),
  webhook: Type.Optional(Text),
  institution_avatar: Text,
  link_tags: Type.Array(Text),
  available_products: Type.Array(ProductName),
}

export const LinkWire = Type.Object({
  ...members,
  products: productsSchema(detailSettings, { ...detailSettings, extend_history: Type.Boolean() }),
})
export const EmbeddedLinkWire = Type.Object({ ...members, products: productsSchema(settings, settings) })

/** What a link shows of the place where it is shown. */
export interface Place {
  readonly publicUrl: string
}

export function linkWire(link: Connection, place: Place): Wire {
  return {
    link_id: spellId('link', link.id),
    institution_id: link.institution.slug,
    institution_name: link.institution.name,
    state: linkStates[link.state],
    error_code: link.errorCode ?? undefined,
    last_synced_at: spellTimeOrNull(link.lastSyncedAt),
    tags: link.tags,
    products: productsWire(link, detailSettingsWire),
    provider: link.provider,
    webhook: link.webhookUrl ?? undefined,
    institution_avatar: avatarUrl(place, link.institution.slug),
    link_tags: link.tags,
    available_products: link.availableProducts,
  }
}

export function embeddedLinkWire(link: Connection, place: Place): Wire {
  return {
    link_id: spellId('link', link.id),
    institution_id: link.institution.slug,
    institution_name: link.institution.name,
    provider: link.provider,
    state: linkStates[link.state],
    last_synced_at: spellTimeOrNull(link.lastSyncedAt),
    tags: link.tags,
    products: productsWire(link, (_, { required, prefetch }) => ({ required, prefetch })),
    institution_avatar: avatarUrl(place, link.institution.slug),
    link_tags: link.tags,
    error_code: link.errorCode ?? undefined,
    webhook: link.webhookUrl ?? undefined,
    available_products: link.availableProducts,
  }
}

type SettingsWire = (name: ConnectionProduct, settings: ProductSettings) => Wire

// Nobody asked for the products of a link that was imported.
const UNASKED: ProductSettings = {
  required: false,
  requirePermission: false,
  prefetch: false,
  reason: null,
  extendHistory: false,
}

function productsWire({ products }: Connection, settingsWire: SettingsWire): Wire {
  return Object.fromEntries(
    CONNECTION_PRODUCTS.flatMap((name) => {
      const product = products[name]
      return product ? [[name, productWire(name, product, settingsWire)] as const] : []
    }),
  )
}

function productWire(name: ConnectionProduct, product: GrantedProduct, settingsWire: SettingsWire): Wire {
  const isAsked = name !== 'accounts' && name !== 'enrichment'
  return {
    refreshed_at: spellTimeOrNull(product.refreshedAt),
    last_attempted_at: spellTimeOrNull(product.lastAttemptedAt),
    settings: isAsked ? settingsWire(name, product.settings ?? UNASKED) : undefined,
    error_code: product.errorCode ?? undefined,
    error_message: product.errorMessage ?? undefined,
    unavailable: product.unavailable ?? undefined,
    has_history: name === 'transactions' ? product.hasHistory : undefined,
  }
}

function detailSettingsWire(name: ConnectionProduct, settings: ProductSettings): Wire {
  return {
    required: settings.required,
    prefetch: settings.prefetch,
    product: name,
    extend_history: name === 'transactions' ? settings.extendHistory : undefined,
    require_permission: settings.requirePermission,
    reason: settings.reason ?? undefined,
  }
}
