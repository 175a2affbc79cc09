/**
 * Who stands between us and an institution. Each provider is an adapter of the port under one of the names that the wire
 * has for them; rules say in which order they are tried for an institution and a product. One is chosen for a connection
 * when the consumer begins to log in, the next one takes over when it fails for reasons of its own, and the connection
 * keeps the name of the one that made it.
 */
import type { AccessNetwork, AccessPoint, AccessProduct } from '../../network/port.js'

export const PROVIDER_NAMES = ['moneykit', 'finicity', 'plaid', 'yodlee', 'mx', 'akoya'] as const
export type ProviderName = (typeof PROVIDER_NAMES)[number]

export interface Provider {
  readonly name: ProviderName
  readonly network: AccessNetwork
  /** It is used only for sessions that name it. */
  readonly onlyOnRequest?: boolean
}

/** Which providers are tried, and in which order; a rule without an institution or a product is for all of them. */
export interface RoutingRule {
  readonly institutionSlug?: string
  readonly product?: AccessProduct
  readonly providers: readonly ProviderName[]
}

export interface Providers {
  /** Throws for a name that has no adapter. */
  named(name: ProviderName): AccessNetwork
  /** Every institution with logins, most popular first, with the providers that know it. */
  institutions(): Promise<readonly RoutedInstitution[]>
  /** The providers to try for an institution, best first: those that have the most of what is wanted, then as the rules say. */
  route(institution: RoutedInstitution, wish: RouteWish): readonly ProviderName[]
}

/** An institution with logins; its products are those that any of its providers can read. */
export interface RoutedInstitution extends AccessPoint {
  readonly providers: readonly ProviderName[]
  /** By provider, what it can read there. */
  readonly readable: Readonly<Partial<Record<ProviderName, readonly AccessProduct[]>>>
}

export interface RouteWish {
  readonly products: readonly AccessProduct[]
  /** Only these; null for all. */
  readonly providers: readonly ProviderName[] | null
}

// Institutions come and go rarely.
const BELIEF_MS = 60_000

/** The providers that wiring has adapters for, in the order in which they are tried where no rule says otherwise. */
export function createProviders(
  adapters: readonly Provider[],
  options: { readonly rules?: readonly RoutingRule[]; readonly readMs: () => number },
): Providers {
  const { rules = [], readMs } = options
  let known: { readonly until: number; readonly list: Promise<readonly RoutedInstitution[]> } | null = null
  const byName = new Map(adapters.map((adapter) => [adapter.name, adapter]))
  return {
    named(name) {
      const provider = byName.get(name)
      if (!provider) throw new Error(`There is no adapter for the provider ${name}.`)
      return provider.network
    },
    institutions() {
      if (known && known.until > readMs()) return known.list
      const list = loadInstitutions(adapters)
      known = { until: readMs() + BELIEF_MS, list }
      list.catch(() => {
        known = null
      })
      return list
    },
    route(institution, { products, providers }) {
      const isAllowed = ({ name, onlyOnRequest = false }: Provider) =>
        institution.readable[name] !== undefined && (providers === null ? !onlyOnRequest : providers.includes(name))
      const covers = ({ name }: Provider) =>
        products.filter((product) => institution.readable[name]?.includes(product)).length
      const ranks = rankingOf(adapters, rules, institution.institutionSlug, products)
      return adapters
        .filter(isAllowed)
        .sort((a, b) => covers(b) - covers(a) || rankIn(ranks, a.name) - rankIn(ranks, b.name))
        .map(({ name }) => name)
    },
  }
}

async function loadInstitutions(adapters: readonly Provider[]): Promise<readonly RoutedInstitution[]> {
  const found = new Map<string, RoutedInstitution>()
  for (const { name, network } of adapters) {
    for (const point of await network.accessPoints()) {
      const known = found.get(point.institutionSlug)
      found.set(point.institutionSlug, {
        ...(known ?? point),
        products: [...new Set([...(known?.products ?? []), ...point.products])],
        providers: [...(known?.providers ?? []), name],
        readable: { ...known?.readable, [name]: point.products },
      })
    }
  }
  return [...found.values()].sort((a, b) => a.popularity - b.popularity)
}

/** Every rule that fits adds its providers, the most specific first; then come all others as wiring lists them. */
function rankingOf(
  adapters: readonly Provider[],
  rules: readonly RoutingRule[],
  institutionSlug: string,
  products: readonly AccessProduct[],
): readonly ProviderName[] {
  const weight = (rule: RoutingRule) => (rule.institutionSlug ? 2 : 0) + (rule.product ? 1 : 0)
  const fitting = rules
    .filter((rule) => rule.institutionSlug === undefined || rule.institutionSlug === institutionSlug)
    .filter((rule) => rule.product === undefined || products.includes(rule.product))
    .sort((a, b) => weight(b) - weight(a))
  return [...new Set([...fitting.flatMap((rule) => rule.providers), ...adapters.map(({ name }) => name)])]
}

function rankIn(ranks: readonly ProviderName[], name: ProviderName): number {
  return ranks.indexOf(name)
}
