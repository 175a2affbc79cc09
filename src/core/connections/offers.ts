/** What a consumer may grant: the products that were asked for and that the institution has, and open accounts. */
import type { Ctx, Reading } from '../ctx.js'
import { listAccounts } from './account-store.js'
import { GRANTABLE_PRODUCTS, type GrantableProduct, type ProductSettings } from './products.js'
import type { Choosing } from './progress.js'
import type { RoutedInstitution } from './providers.js'
import type { HeldSession } from './session-store.js'
import { findConnection } from './store.js'

export interface Offer {
  readonly products: readonly OfferedProduct[]
  readonly accounts: readonly OfferedAccount[]
  readonly onlyOne: boolean
}

export interface OfferedProduct {
  readonly product: GrantableProduct
  readonly settings: ProductSettings
  /** It cannot be switched off. */
  readonly isFixed: boolean
}

export interface OfferedAccount {
  /** Its name within this session. */
  readonly ref: string
  readonly type: string
  readonly name: string
  readonly mask: string | null
  /** Granted before; cannot be taken back here. */
  readonly isFixed: boolean
}

export async function offerOf(
  ctx: Ctx<Reading>,
  { settings, isRenewal, connectionId }: HeldSession,
  { provider, accounts }: Choosing,
  institution: RoutedInstitution,
): Promise<Offer> {
  const renewed = isRenewal && connectionId !== null ? await findConnection(ctx, connectionId) : null
  const before = renewed ? await listAccounts(ctx, [renewed.id]) : []
  const permitted = new Set(before.filter(({ isPermitted }) => isPermitted).map(({ networkRef }) => networkRef))
  const { onlyOneAccount, onlyDepositoryAccounts } = settings.features
  return {
    products: GRANTABLE_PRODUCTS.flatMap((product) => {
      const wanted = settings.products[product]
      const isReadable = institution.readable[provider]?.includes(product)
      if (!wanted || !isReadable || renewed?.products[product]) return []
      return [{ product, settings: wanted, isFixed: wanted.required || wanted.requirePermission }]
    }),
    accounts: accounts
      .filter(({ isClosed, type }) => !isClosed && (!onlyDepositoryAccounts || type.startsWith('depository.')))
      .map(({ ref, type, name, mask }) => ({ ref, type, name, mask, isFixed: permitted.has(ref) })),
    onlyOne: onlyOneAccount && permitted.size === 0,
  }
}
