/** What runs are for, and what each reads. Contract: mx-connect/states §3. */
import type { Connection, GrantableProduct } from '../connections/connections.js'
import type { LoginRunId } from '../ids.js'
import { refuse } from './errors.js'
import type { RunStatus } from './transitions.js'

/** What a run needs the institution to offer, and what it takes where it is offered. */
const RUNS = {
  aggregation: { needs: ['transactions'], takes: ['investments'] },
  verification: { needs: ['account_numbers'], takes: [] },
  identification: { needs: ['identity'], takes: [] },
  history: { needs: ['transactions'], takes: [] },
  balance: { needs: [], takes: [] },
  /** What it reads, its caller says. */
  combination: { needs: [], takes: [] },
} as const satisfies Readonly<
  Record<string, { readonly needs: readonly GrantableProduct[]; readonly takes: readonly GrantableProduct[] }>
>
export type RunKind = keyof typeof RUNS

export interface LoginRun {
  readonly id: LoginRunId
  readonly connectionId: string
  readonly kind: RunKind
  readonly products: readonly GrantableProduct[]
  readonly status: RunStatus
  readonly startedAt: string
  readonly finishedAt: string | null
  readonly updatedAt: string
}

/** Refuses `login.product_not_supported`. */
export function productsOf(
  { products, availableProducts }: Pick<Connection, 'products' | 'availableProducts'>,
  kind: RunKind,
  asked: readonly GrantableProduct[],
): readonly GrantableProduct[] {
  const isOffered = (product: GrantableProduct) =>
    products[product] !== undefined || availableProducts.includes(product)
  const needs: readonly GrantableProduct[] = kind === 'combination' ? asked : RUNS[kind].needs
  const takes: readonly GrantableProduct[] = RUNS[kind].takes
  if (!needs.every(isOffered)) throw refuse('login.product_not_supported')
  return [...needs, ...takes.filter(isOffered)]
}

/** Whether it is about accounts that money can be taken from. */
export function wantsPayable({ kind, products }: Pick<LoginRun, 'kind' | 'products'>): boolean {
  return kind === 'verification' || (kind === 'combination' && products.includes('account_numbers'))
}
