/** Institutions: search, the popular ones, one of them, what one types there. Contract: mx-connect/callbacks §5.11–5.15, §5.25. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import type { RoutedInstitution } from '../../core/connections/connections.js'
import type { Asking, Ctx } from '../../core/ctx.js'
import { isOpenToLogins, listLogins } from '../../core/logins/logins.js'
import type { MxDesk } from './caller.js'
import { OwnFailure, ownErrors } from './errors.js'
import {
  CredentialWire,
  credentialsWire,
  InstitutionWire,
  institutionGuid,
  institutionWire,
  MANUAL_SLUG,
  manualInstitutionWire,
  type Place,
} from './institution-wire.js'
import { drawing } from './logos.js'
import { type Incoming, read, type Wire } from './routes.js'
import { PageQuery, PaginationWire, pagination, readPage } from './schema.js'

const flag = Type.Optional(Type.Boolean())

const FilterQuery = {
  search_name: Type.Optional(Type.String({ maxLength: 200 })),
  routing_number: Type.Optional(Type.String({ maxLength: 20 })),
  iso_country_code: Type.Optional(Type.String({ maxLength: 3 })),
  products: Type.Optional(Type.Array(Type.String(), { maxItems: 20 })),
  account_verification_is_enabled: flag,
  account_identification_is_enabled: flag,
  tax_statement_is_enabled: flag,
  ...PageQuery,
}
type Filter = Static<ReturnType<typeof Type.Object<typeof FilterQuery>>>

const ListWire = Type.Object({ institutions: Type.Array(InstitutionWire), pagination: PaginationWire })
const OneWire = Type.Object({ institution: InstitutionWire })

const tag = 'Institutions'

export function institutionRoutes(app: FastifyInstance, { base, publicUrl }: MxDesk): void {
  read(
    app,
    '/institutions',
    { tag, summary: 'Search institutions', audience: 'anyone', query: FilterQuery, reply: ListWire, keptSeconds },
    listOf,
  )
  read(
    app,
    '/institutions/favorites',
    { tag, summary: 'Popular institutions', audience: 'anyone', query: FilterQuery, reply: ListWire, keptSeconds },
    listOf,
  )
  read(
    app,
    '/institutions/discovered',
    {
      tag,
      summary: "Institutions that the user's accounts point to",
      audience: 'user',
      query: FilterQuery,
      reply: ListWire,
    },
    async (incoming) => {
      const { ctx, user, query } = incoming
      const known = new Set((await listLogins(ctx, user.id)).map(({ institutionSlug }) => institutionSlug))
      const found = (await search(ctx, query)).filter(({ institutionSlug }) => known.has(institutionSlug))
      return pageOf(found, incoming)
    },
  )
  read(
    app,
    '/institutions/:guid',
    { tag, summary: 'Retrieve an institution, by guid or by code', audience: 'anyone', reply: OneWire, keptSeconds },
    async ({ ctx, params, publicUrl: url }) => {
      const wanted = params.guid ?? ''
      const isManual = wanted === institutionGuid(MANUAL_SLUG) || wanted === MANUAL_SLUG
      const place = { publicUrl: url }
      if (isManual) return { institution: manualInstitutionWire(place) }
      return { institution: institutionWire(await findInstitution(ctx, wanted), place) }
    },
  )
  read(
    app,
    '/institutions/:guid/credentials',
    {
      tag,
      summary: 'What one types to log in',
      audience: 'anyone',
      reply: Type.Object({ credentials: Type.Array(CredentialWire) }),
      keptSeconds,
    },
    async ({ ctx, params }) => ({ credentials: credentialsWire(await findInstitution(ctx, params.guid ?? '')) }),
  )

  // Loaded by browsers, which have no token.
  app.get('/logos/:guid.svg', { config: { isPublic: true }, schema: { hide: true } }, async (request, reply) => {
    const { guid = '' } = request.params as { guid?: string }
    const found = guid === institutionGuid(MANUAL_SLUG) ? manualInstitutionWire({ publicUrl }) : null
    const { name, color } = found ? { name: found.name, color: '#374151' } : await findInstitution(base, guid)
    return reply.headers(imageHeaders).send(drawing(name, color))
  })
}

const keptSeconds = 60 // contract: mx-connect/callbacks §4

const imageHeaders = {
  'content-type': 'image/svg+xml; charset=utf-8',
  'cache-control': 'public, max-age=86400',
  // The image may be opened by itself: nothing in it runs.
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  'x-content-type-options': 'nosniff',
}

async function listOf(incoming: Incoming<Filter>): Promise<Wire> {
  return pageOf(await search(incoming.ctx, incoming.query), incoming)
}

function pageOf(found: readonly RoutedInstitution[], incoming: Incoming<Filter> & Place): Wire {
  const page = readPage(incoming.query)
  const shown = found.slice((page.number - 1) * page.size, page.number * page.size)
  return {
    institutions: shown.map((institution) => institutionWire(institution, incoming)),
    pagination: pagination(page, found.length),
  }
}

async function search(ctx: Ctx<'providers'>, filter: Filter): Promise<readonly RoutedInstitution[]> {
  const all = (await ctx.providers.institutions()).filter(isOpenToLogins)
  return all.filter((institution) => passes(institution, filter)).sort(popularThenByName)
}

function passes(institution: RoutedInstitution, filter: Filter): boolean {
  const { products = [] } = filter
  const needsNumbers = filter.account_verification_is_enabled || products.includes('account_verification')
  const needsIdentity = filter.account_identification_is_enabled || products.includes('identity_verification')
  const country = filter.iso_country_code?.toUpperCase()
  return (
    (country === undefined || institution.country === country) &&
    (!needsNumbers || institution.products.includes('account_numbers')) &&
    (!needsIdentity || institution.products.includes('identity')) &&
    // No institution of the world has tax statements.
    !filter.tax_statement_is_enabled &&
    (filter.routing_number === undefined || institution.routingNumbers.includes(filter.routing_number)) &&
    (filter.search_name === undefined || isNamed(institution, filter.search_name))
  )
}

function isNamed({ name, domain, institutionSlug }: RoutedInstitution, part: string): boolean {
  const wanted = part.trim().toLowerCase()
  return [name, domain ?? '', institutionSlug].some((text) => text.toLowerCase().includes(wanted))
}

function popularThenByName(a: RoutedInstitution, b: RoutedInstitution): number {
  return a.popularity - b.popularity || (a.name < b.name ? -1 : 1)
}

/** By guid or by code. Throws for one that nobody knows, or at which nobody logs in by this face. */
export async function findInstitution(ctx: Ctx<'providers'>, wanted: string): Promise<RoutedInstitution> {
  const all = await ctx.providers.institutions()
  const found = wanted.startsWith('INS-')
    ? all.find(({ institutionSlug }) => institutionGuid(institutionSlug) === wanted)
    : all.find(({ institutionSlug }) => institutionSlug === wanted)
  if (!found || !isOpenToLogins(found)) throw new OwnFailure(ownErrors.notFound, 'Institution not found.')
  return found
}

/** As the member's institution is found again, whoever made it; null for one without logins. */
export async function institutionOf(ctx: Ctx<Asking>, slug: string): Promise<RoutedInstitution | null> {
  return (await ctx.providers.institutions()).find(({ institutionSlug }) => institutionSlug === slug) ?? null
}
