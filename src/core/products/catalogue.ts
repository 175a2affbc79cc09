/** Every product, in the order faces list them. Those with only an access rule are retrieved elsewhere or not yet. */
import type { Account } from '../accounts/accounts.js'
import type { Consumer } from '../consumers/consumers.js'
import { balance } from './balance.js'
import { connect } from './connect.js'
import { type Access, available, type ProductFacts, restricted, unavailable } from './define.js'
import { isOpenLiability, isType, isVisaOrMastercard } from './liabilities.js'
import { update } from './update.js'

export const consumerProducts = {
  connect,
  credit_score: facts('credit_score', 'consumer', connect.access),
  identity: facts('identity', 'consumer', ({ individual }) =>
    individual?.firstName && individual.lastName && individual.phone
      ? available
      : restricted('product.details_missing'),
  ),
  attribute: facts('attribute', 'consumer', needsConnect),
  vehicle: facts('vehicle', 'consumer', needsConnect),
  manual_connect: facts('manual_connect', 'consumer', () => restricted('product.team_restricted')),
} as const
export type ConsumerProductName = keyof typeof consumerProducts

export const accountProducts = {
  balance,
  card_brand: facts('card_brand', 'account', (account) =>
    isOpenLiability(account) && isVisaOrMastercard(account) ? available : unavailable,
  ),
  update,
  payoff: facts('payoff', 'account', (account) =>
    isOpenLiability(account) && isType(account, 'auto_loan', 'mortgage') ? available : unavailable,
  ),
  payment: facts('payment', 'account', (account) => {
    if (account.status !== 'active') return unavailable
    return account.kind === 'liability' || account.verifiedAt ? available : restricted('product.account_unverified')
  }),
  sensitive: facts('sensitive', 'account', (account) => {
    if (!isOpenLiability(account)) return unavailable
    return account.verifiedAt ? available : restricted('product.account_unverified')
  }),
  transaction: facts('transaction', 'account', transactionAccess),
  attribute: facts('attribute', 'account', (account) => (isOpenLiability(account) ? available : unavailable)),
  payment_instrument: facts('payment_instrument', 'account', (account) =>
    isOpenLiability(account) ? restricted('product.team_restricted') : unavailable,
  ),
} as const
export type AccountProductName = keyof typeof accountProducts

function facts<Kind extends 'consumer' | 'account'>(
  name: string,
  owner: Kind,
  access: ProductFacts<Kind>['access'],
): ProductFacts<Kind> {
  return { name, owner, access }
}

function needsConnect(consumer: Consumer): Access {
  return consumer.status === 'active' && consumer.connectedAt ? available : restricted('product.connect_required')
}

function transactionAccess(account: Account): Access {
  if (!isOpenLiability(account) || !isVisaOrMastercard(account)) return unavailable
  return account.verifiedAt ? available : restricted('product.account_unverified')
}

/** What may be subscribed to, with the access that decides it. Contract: method/entities §1.8, accounts §1.11. */
export const consumerSubscriptions = {
  connect: consumerProducts.connect.access,
  credit_score: consumerProducts.credit_score.access,
  attribute: consumerProducts.attribute.access,
} as const
export type ConsumerSubscriptionName = keyof typeof consumerSubscriptions

export const accountSubscriptions = {
  update: (account: Account) =>
    isType(account, 'credit_card', 'auto_loan', 'mortgage', 'personal_loan', 'student_loans')
      ? accountProducts.update.access(account)
      : unavailable,
  'update.snapshot': (account: Account) => (isOpenLiability(account) ? available : unavailable),
  transaction: transactionAccess,
  card_brand: accountProducts.card_brand.access,
} as const
export type AccountSubscriptionName = keyof typeof accountSubscriptions

/** The access of a consumer to each of its products; null for one that has none: a company, or a disabled one. */
export function consumerAccess(consumer: Consumer): Readonly<Record<ConsumerProductName, Access>> | null {
  if (consumer.kind !== 'individual' || consumer.status === 'disabled') return null
  return mapAccess(consumerProducts, consumer)
}

export function accountAccess(account: Account): Readonly<Record<AccountProductName, Access>> | null {
  return account.status === 'active' ? mapAccess(accountProducts, account) : null
}

function mapAccess<Name extends string, Owner>(
  products: Readonly<Record<Name, { access(owner: Owner): Access }>>,
  owner: Owner,
): Readonly<Record<Name, Access>> {
  const access = {} as Record<Name, Access>
  for (const name in products) access[name] = products[name].access(owner)
  return access
}
