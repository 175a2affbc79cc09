/** Every product, in the order faces list them. Those with only an access rule are retrieved elsewhere or not yet. */
import type { Account } from '../accounts/accounts.js'
import type { Consumer } from '../consumers/consumers.js'
import type { Team } from '../teams/teams.js'
import { accountAttribute } from './account-attribute.js'
import { attribute } from './attribute.js'
import { balance } from './balance.js'
import { cardBrand } from './card-brand.js'
import { connect } from './connect.js'
import { creditScore } from './credit-score.js'
import {
  type Access,
  type AccessRule,
  available,
  type ProductFacts,
  restricted,
  unavailable,
  withinTeam,
} from './define.js'
import { identity } from './identity.js'
import { isCardOfItsNetwork, isReportedLiability, isType } from './liabilities.js'
import { manualConnect } from './manual-connect.js'
import { paymentInstrument } from './payment-instrument.js'
import { payoff } from './payoff.js'
import { sensitive } from './sensitive.js'
import { update } from './update.js'
import { vehicle } from './vehicle.js'

export const consumerProducts = {
  connect,
  credit_score: creditScore,
  identity,
  attribute,
  vehicle,
  manual_connect: manualConnect,
} as const
export type ConsumerProductName = keyof typeof consumerProducts

export const accountProducts = {
  balance,
  card_brand: cardBrand,
  update,
  payoff,
  payment: facts('payment', 'account', (account) => {
    if (account.status !== 'active') return unavailable
    return account.kind === 'liability' || account.verifiedAt ? available : restricted('product.account_unverified')
  }),
  sensitive,
  transaction: facts('transaction', 'account', transactionAccess),
  attribute: accountAttribute,
  payment_instrument: paymentInstrument,
} as const
export type AccountProductName = keyof typeof accountProducts

/** Those with a way to ask the network; the job that completes a retrieval finds its product here. */
export const retrievables = [
  connect,
  manualConnect,
  creditScore,
  identity,
  attribute,
  vehicle,
  balance,
  cardBrand,
  update,
  payoff,
  sensitive,
  accountAttribute,
  paymentInstrument,
] as const

function facts<Kind extends 'consumer' | 'account'>(
  name: string,
  owner: Kind,
  access: ProductFacts<Kind>['access'],
): ProductFacts<Kind> {
  return { name, owner, access: withinTeam(name, access) }
}

function transactionAccess(account: Account): Access {
  if (!isCardOfItsNetwork(account)) return unavailable
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
  update: (account: Account, team: Team) =>
    isType(account, 'credit_card', 'auto_loan', 'mortgage', 'personal_loan', 'student_loans')
      ? accountProducts.update.access(account, team)
      : unavailable,
  'update.snapshot': withinTeam('update', (account: Account) =>
    isReportedLiability(account) && account.origin === 'connect' ? available : unavailable,
  ),
  transaction: accountProducts.transaction.access,
  card_brand: accountProducts.card_brand.access,
} as const
export type AccountSubscriptionName = keyof typeof accountSubscriptions

/** The team's access to each product of a consumer; null for one that has none: a company, or a disabled one. */
export function consumerAccess(consumer: Consumer, team: Team): Readonly<Record<ConsumerProductName, Access>> | null {
  if (consumer.kind !== 'individual' || consumer.status === 'disabled') return null
  return mapAccess(consumerProducts, consumer, team)
}

export function accountAccess(account: Account, team: Team): Readonly<Record<AccountProductName, Access>> | null {
  return account.status === 'active' ? mapAccess(accountProducts, account, team) : null
}

function mapAccess<Name extends string, Owner>(
  products: Readonly<Record<Name, { readonly access: AccessRule<Owner> }>>,
  owner: Owner,
  team: Team,
): Readonly<Record<Name, Access>> {
  const access = {} as Record<Name, Access>
  for (const name in products) access[name] = products[name].access(owner, team)
  return access
}
