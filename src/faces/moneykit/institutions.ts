/** `/institutions`: where consumers have logins. Contract: moneykit/links §6.4, §6.5. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { getInstitution, listInstitutions, type RoutedInstitution } from '../../core/connections/connections.js'
import { avatarUrl } from './institution-art.js'
import type { Place } from './link-wire.js'
import { type Incoming, read, type Wire } from './routes.js'
import { COUNTRIES, nullable, oneOf, Text } from './schema.js'

const Color = Type.String({ pattern: '^#[0-9A-Fa-f]{6}$' })

const InstitutionWire = Type.Object({
  institution_id: Text,
  institution_id_aliases: Type.Array(Text),
  name: Text,
  country: oneOf(COUNTRIES),
  domain: nullable(Text),
  color: Color,
  color_dark: nullable(Color),
  is_featured: Type.Boolean(),
})

const StylingWire = Type.Object({
  name: Text,
  domain: nullable(Text),
  color: Color,
  color_dark: nullable(Color),
  avatar: nullable(Text),
  avatar_dark: nullable(Text),
  logo: nullable(Text),
  logo_dark: nullable(Text),
})

const INSTITUTIONS_MAX = 1000
const INSTITUTIONS_DEFAULT = 50

export function institutionRoutes(app: FastifyInstance): void {
  const tag = 'Institutions'
  const scope = 'institutions:read'

  read(
    app,
    '/institutions',
    {
      tag,
      summary: 'List institutions',
      scope,
      query: {
        name: Type.Optional(Text),
        featured: Type.Optional(Type.Boolean()),
        cursor: Type.Optional(Text),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: INSTITUTIONS_MAX })),
      },
      reply: Type.Object({
        institutions: Type.Array(InstitutionWire),
        cursors: Type.Object({ next: nullable(Text) }),
      }),
    },
    async (incoming) => {
      const { ctx, query } = incoming
      const filter = {
        name: query.name ?? null,
        onlyFeatured: query.featured ?? false,
        countries: null,
        providers: null,
        products: [],
        kind: kindFor(incoming),
      }
      const page = { cursor: readCursor(query.cursor), limit: query.limit ?? INSTITUTIONS_DEFAULT }
      const { institutions, next } = await listInstitutions(ctx, filter, page)
      return {
        institutions: institutions.map(institutionWire),
        cursors: { next: next === null ? null : Buffer.from(next).toString('base64url') },
      }
    },
  )

  read(
    app,
    '/institutions/:institution_id',
    { tag, summary: 'Get an institution', scope, reply: InstitutionWire },
    async ({ ctx, params }) => institutionWire(await getInstitution(ctx, params.institution_id ?? '')),
  )

  read(
    app,
    '/institutions/:institution_id/styling',
    { tag, summary: 'Get how an institution looks', scope: 'institutions:assets:read', reply: StylingWire },
    async (incoming) => stylingWire(await getInstitution(incoming.ctx, incoming.params.institution_id ?? ''), incoming),
  )
}

function readCursor(text: string | undefined): string | null {
  return text === undefined ? null : Buffer.from(text, 'base64url').toString()
}

/** How an institution looks; an operation of the first generation. */
function stylingWire(institution: RoutedInstitution, place: Place): Wire {
  const avatar = avatarUrl(place, institution.institutionSlug)
  return {
    name: institution.name,
    domain: institution.domain,
    color: institution.color,
    color_dark: institution.colorDark,
    avatar,
    avatar_dark: avatar,
    logo: null,
    logo_dark: null,
  }
}

/** Sandbox clients see the institutions for tests, and others only where they may. */
function kindFor({ team, scopes }: Incoming): 'test' | 'real' | 'all' {
  if (team.environment === 'production') return 'real'
  return scopes.includes('link_session:features:provider_sandbox_institutions') ? 'all' : 'test'
}

function institutionWire(institution: RoutedInstitution): Wire {
  return {
    institution_id: institution.institutionSlug,
    institution_id_aliases: institution.providers.map((provider) => `${provider}.${institution.institutionSlug}`),
    name: institution.name,
    country: institution.country,
    domain: institution.domain,
    color: institution.color,
    color_dark: institution.colorDark,
    is_featured: institution.isFeatured,
  }
}
