/** Institutions at which consumers have logins. Contract: moneykit/links §6.4, §6.5. */
import type { Country } from '../../network/port.js'
import type { Ctx } from '../ctx.js'
import type { GrantableProduct } from './products.js'
import type { ProviderName, RoutedInstitution } from './providers.js'

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

/** Featured ones first, then by name. Refuses `connection.unknown_cursor`. */
export async function listInstitutions(
  _ctx: Ctx<'providers'>,
  _filter: InstitutionFilter,
  _page: { readonly cursor: string | null; readonly limit: number },
): Promise<InstitutionPage> {
  throw new Error('not written yet')
}

/** By its id, or by a provider's name of it (`mx.chase`). Refuses `connection.institution_not_found`. */
export async function getInstitution(_ctx: Ctx<'providers'>, _id: string): Promise<RoutedInstitution> {
  throw new Error('not written yet')
}
