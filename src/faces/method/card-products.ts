/** `/card_products` and the images of their brands. Contract: method/accounts §3.2. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { CARD_NETWORKS, type CardProduct, getCardArt, getCardProduct } from '../../core/institutions/institutions.js'
import { cardArtUrl } from './account-retrieval-wire.js'
import type { MethodDesk } from './caller.js'
import { readBrandId, readCardProductNumber, spellBrandId, spellId } from './ids.js'
import { read } from './routes.js'
import { ErrorEnvelope, nullable, oneOf, ResourceError, Text, Timestamp } from './schema.js'
import type { Wire } from './versions/versions.js'

const CardProductWire = Type.Object({
  id: Text,
  name: Text,
  issuer: Text,
  network: Type.Optional(oneOf(CARD_NETWORKS)),
  type: oneOf(['specific', 'generic', 'in_review']),
  brands: Type.Array(
    Type.Object({
      id: Text,
      description: Text,
      network: oneOf(CARD_NETWORKS),
      network_tier: Type.Optional(nullable(Text)),
      default_image: Text,
    }),
  ),
  error: ResourceError,
  created_at: Timestamp,
  updated_at: Timestamp,
})

// The catalogue is a part of the software and has no history of its own.
const CATALOGUE_SINCE = '2024-04-04T00:00:00.000Z'

export function cardProductRoutes(app: FastifyInstance): void {
  // The specification says the first, official clients the second.
  for (const path of ['/card_products/:pdt_id', '/card_product/:pdt_id']) {
    read(
      app,
      path,
      { tag: 'Card products', summary: 'Retrieve a card product', reply: CardProductWire, resource: 'card_product' },
      async ({ ctx, params, publicUrl }) =>
        cardProductWire(await getCardProduct(ctx, readCardProductNumber(params.pdt_id ?? '')), publicUrl),
    )
  }
}

function cardProductWire(product: CardProduct, publicUrl: string): Wire {
  return {
    id: spellId('card_product', product.number),
    name: product.name,
    issuer: product.issuerName,
    network: product.network,
    type: product.kind,
    brands: product.brands.map((brand) => ({
      id: spellBrandId(brand.productNumber, brand.number),
      description: brand.description,
      network: brand.network,
      network_tier: null,
      default_image: cardArtUrl(brand, publicUrl),
    })),
    error: null,
    created_at: CATALOGUE_SINCE,
    updated_at: CATALOGUE_SINCE,
  }
}

const A_WEEK_S = 7 * 24 * 3600

/** Images are shown by browsers, which have no key. */
export function cardArtRoute(app: FastifyInstance, { base }: MethodDesk): void {
  const schema = {
    tags: ['Card products'],
    summary: 'Show the image of a card brand',
    security: [],
    response: { '4xx': ErrorEnvelope, '5xx': ErrorEnvelope },
  }
  app.get('/images/card_brands/:file', { schema, config: { isPublic: true } }, async (request, reply) => {
    const { file } = request.params as { readonly file: string }
    const art = await getCardArt(base, file.endsWith('.svg') ? readBrandId(file.slice(0, -'.svg'.length)) : null)
    return reply
      .type('image/svg+xml')
      .header('cache-control', `public, max-age=${A_WEEK_S}`)
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
      .send(art)
  })
}
