/** Which institutions a session offers: those of its countries and providers that have what is required. */
import type { Ctx, Reading } from '../ctx.js'
import type { ConsumerId } from '../ids.js'
import { refuse } from './errors.js'
import { type InstitutionFilter, isNamed, passes } from './institutions.js'
import { GRANTABLE_PRODUCTS } from './products.js'
import type { RoutedInstitution } from './providers.js'
import type { HeldSession } from './session-store.js'
import { findOpenSession } from './sessions.js'
import { listConnectedAt } from './store.js'

export interface OfferedInstitution {
  readonly institution: RoutedInstitution
  /** The consumer has a connection there that works. */
  readonly isConnected: boolean
}

export interface OfferedPage {
  readonly institutions: readonly OfferedInstitution[]
  /** Null on the last page. */
  readonly next: string | null
}

/**
 * What the consumer chooses from: the session's first country first, then featured ones, then by popularity. The cursor is
 * the id of the first. Refuses what `findOpenSession` refuses, `connection.unknown_cursor`.
 */
export async function listOffered(
  ctx: Ctx<Reading | 'clock' | 'providers'>,
  sessionId: string,
  wish: { readonly name: string | null; readonly cursor: string | null; readonly limit: number },
): Promise<OfferedPage> {
  const session = await findOpenSession(ctx, sessionId)
  const { countries } = session.settings
  const offers = await offererOf(ctx, session)
  const found = (await ctx.providers.institutions())
    .filter((institution) => wish.name === null || isNamed(institution.name, wish.name))
    .filter(offers.isOffered)
    .sort(
      (a, b) =>
        countries.indexOf(a.country) - countries.indexOf(b.country) ||
        Number(b.isFeatured) - Number(a.isFeatured) ||
        a.popularity - b.popularity,
    )
  const start = wish.cursor === null ? 0 : found.findIndex(({ institutionSlug }) => institutionSlug === wish.cursor)
  if (start < 0) throw refuse('connection.unknown_cursor')
  return {
    institutions: found
      .slice(start, start + wish.limit)
      .map((institution) => ({ institution, isConnected: offers.isConnected(institution) })),
    next: found[start + wish.limit]?.institutionSlug ?? null,
  }
}

/** Whether a session that makes a new connection offers an institution, and whether the consumer is connected there. */
export async function offererOf(
  ctx: Ctx<Reading>,
  { consumerId, settings }: Pick<HeldSession, 'settings'> & { readonly consumerId: ConsumerId },
) {
  const { products, countries, providers, features } = settings
  const required = GRANTABLE_PRODUCTS.filter((product) => products[product]?.required)
  const connected = new Set(await listConnectedAt(ctx, consumerId))
  const kind = ctx.team.environment === 'production' ? 'real' : 'all'
  const filter: InstitutionFilter = { name: null, onlyFeatured: false, products: required, providers, countries, kind }
  const isConnected = ({ institutionSlug }: RoutedInstitution) => connected.has(institutionSlug)
  return {
    isConnected,
    isOffered: (institution: RoutedInstitution) =>
      passes(institution, filter) && !(features.rejectDuplicates && isConnected(institution)),
  }
}
