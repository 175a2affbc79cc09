/** `/merchants`. Contract: method/payments §4. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { getMerchant, listMerchants, type Merchant, PROVIDERS } from '../../core/institutions/institutions.js'
import { success } from './answers.js'
import { callerOf } from './caller.js'
import { readMerchantNumber, spellId } from './ids.js'
import { readLiabilityType, spellMerchantType, WIRE_LIABILITY_TYPES } from './liability-types.js'
import { numberedPageQuery, PAGE_LIMIT_DEFAULT, sendPageHeaders } from './paging.js'
import { read } from './routes.js'
import { ErrorEnvelope, enveloped, oneOf, Text } from './schema.js'
import type { Wire } from './versions/versions.js'

const Ids = Type.Array(Text)
const MerchantWire = Type.Object({
  id: Text,
  parent_name: Text,
  name: Text,
  logo: Text,
  type: Text,
  provider_ids: Type.Object({ plaid: Ids, mx: Ids, finicity: Ids, dpp: Ids }),
  is_temp: Type.Boolean(),
  account_number_formats: Type.Array(Text),
})

const providerFilters = {
  'provider_id.plaid': Type.Optional(Text),
  'provider_id.mx': Type.Optional(Text),
  'provider_id.finicity': Type.Optional(Text),
  'provider_id.dpp': Type.Optional(Text),
}
const Query = Type.Object({
  name: Type.Optional(Text),
  creditor_name: Type.Optional(Text),
  type: Type.Optional(oneOf(WIRE_LIABILITY_TYPES)),
  ...providerFilters,
  ...numberedPageQuery(),
})

export function merchantRoutes(app: FastifyInstance): void {
  const tag = 'Merchants'

  read(
    app,
    '/merchants/:mch_id',
    { tag, summary: 'Retrieve a merchant', reply: MerchantWire },
    async ({ ctx, params }) => merchantWire(await getMerchant(ctx, readMerchantNumber(params.mch_id ?? ''))),
  )

  const schema = {
    tags: [tag],
    summary: 'List merchants',
    querystring: Query,
    response: { 200: enveloped(Type.Array(MerchantWire)), '4xx': ErrorEnvelope, '5xx': ErrorEnvelope },
  }
  app.get('/merchants', { schema }, async (request, reply) => {
    const query = request.query as Type.Static<typeof Query>
    const providerIds = PROVIDERS.flatMap((provider) => {
      const id = query[`provider_id.${provider}`]
      return id === undefined ? [] : [{ provider, id }]
    })
    const page = await listMerchants(
      callerOf(request).ctx,
      {
        name: query.name ?? null,
        creditorName: query.creditor_name ?? null,
        type: query.type === undefined ? null : readLiabilityType(query.type),
        providerIds,
      },
      { number: query.page ?? 1, limit: query.page_limit ?? PAGE_LIMIT_DEFAULT },
    )
    sendPageHeaders(reply, page, String)
    return success(page.items.map(merchantWire))
  })
}

export function merchantWire(merchant: Merchant): Wire {
  const id = spellId('merchant', merchant.number)
  return {
    id,
    parent_name: merchant.institutionName,
    name: merchant.name,
    // Compared literally by clients, also against a self-hosted server. Contract: method/dev-fixtures-accounts F.7.
    logo: `https://static.methodfi.com/mch_logos/${id}.png`,
    type: spellMerchantType(merchant.type),
    provider_ids: merchant.providerIds,
    is_temp: false,
    account_number_formats: merchant.accountNumberFormats,
  }
}
