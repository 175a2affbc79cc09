/** Institutions at which consumers have logins. Contract: moneykit/links §6.4, §6.5. */
import type { Country } from '../../network/port.js'
import type { Ctx } from '../ctx.js'
import { refuse } from './errors.js'
import type { GrantableProduct } from './products.js'
import { PROVIDER_NAMES, type ProviderName, type RoutedInstitution } from './providers.js'

export interface InstitutionFilter {
  /** Begins the name, or one of its words; in any case. */
  readonly name: string | null
  readonly onlyFeatured: boolean
  /** Any of these; null for all. */
  readonly countries: readonly Country[] | null
  readonly providers: readonly ProviderName[] | null
  /** All of these. */
  readonly products: readonly GrantableProduct[]
  /** Those for tests only, those for real only, or all. */
  readonly kind: 'test' | 'real' | 'all'
}

export interface InstitutionPage {
  readonly institutions: readonly RoutedInstitution[]
  /** Null on the last page. */
  readonly next: string | null
}

/** Featured ones first, then by name; unlisted ones are left out. The cursor is the id of the first. Refuses `connection.unknown_cursor`. */
export async function listInstitutions(
  ctx: Ctx<'providers'>,
  filter: InstitutionFilter,
  { cursor, limit }: { readonly cursor: string | null; readonly limit: number },
): Promise<InstitutionPage> {
  const all = [...(await ctx.providers.institutions())].sort(featuredThenByName)
  const found = all.filter((institution) => !institution.isUnlisted && passes(institution, filter))
  const start = cursor === null ? 0 : found.findIndex(({ institutionSlug }) => institutionSlug === cursor)
  if (start < 0) throw refuse('connection.unknown_cursor')
  return {
    institutions: found.slice(start, start + limit),
    next: found[start + limit]?.institutionSlug ?? null,
  }
}

/** By its id, or by a provider's name of it (`mx.chase`). Refuses `connection.institution_not_found`. */
export async function getInstitution(ctx: Ctx<'providers'>, id: string): Promise<RoutedInstitution> {
  const all = await ctx.providers.institutions()
  const slug = withoutProvider(id)
  const found = all.find(({ institutionSlug }) => institutionSlug === id || institutionSlug === slug)
  if (!found) throw refuse('connection.institution_not_found')
  return found
}

/** Whether a session with these wishes may offer it. */
export function passes(
  institution: RoutedInstitution,
  { name, onlyFeatured, countries, providers, products, kind }: InstitutionFilter,
): boolean {
  return (
    (name === null || isNamed(institution.name, name)) &&
    (!onlyFeatured || institution.isFeatured) &&
    (countries === null || countries.includes(institution.country)) &&
    (providers === null || institution.providers.some((provider) => providers.includes(provider))) &&
    products.every((product) => institution.products.includes(product)) &&
    (kind === 'all' || institution.isTest === (kind === 'test'))
  )
}

/** Whether the name, or one of its words, begins so. */
export function isNamed(name: string, part: string): boolean {
  const [whole, wanted] = [name.toLowerCase(), part.trim().toLowerCase()]
  return whole.startsWith(wanted) || whole.includes(` ${wanted}`)
}

function featuredThenByName(a: RoutedInstitution, b: RoutedInstitution): number {
  return (
    Number(b.isFeatured) - Number(a.isFeatured) ||
    compare(a.name.toLowerCase(), b.name.toLowerCase()) ||
    compare(a.institutionSlug, b.institutionSlug)
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function withoutProvider(id: string): string | null {
  const dot = id.indexOf('.')
  const isProvider = PROVIDER_NAMES.some((name) => name === id.slice(0, dot))
  return isProvider ? id.slice(dot + 1) : null
}
