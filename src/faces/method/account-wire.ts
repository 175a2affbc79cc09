/** The wire object of an account, in the newest shape. Contract: method/accounts §1.1. */
import { Type } from 'typebox'
import {
  ACCOUNT_KINDS,
  type Account,
  type BankFacts,
  CLEARING_USES,
  type DebitCardFacts,
  openDetails,
} from '../../core/accounts/accounts.js'
import type { Ctx } from '../../core/ctx.js'
import { LIABILITY_TYPES, OWNERSHIPS } from '../../core/institutions/institutions.js'
import { type Access, accountAccess, accountSubscriptions } from '../../core/products/products.js'
import { spellId, spellIdOrNull } from './ids.js'
import { PAYMENT_INSTRUMENTS } from './product-names.js'
import { accountErrors } from './resource-errors.js'
import { AnyObject, expandable, Metadata, nullable, oneOf, ResourceError, Text, Timestamp } from './schema.js'
import type { Wire } from './versions/versions.js'
import { isWithdrawn, withdrawnAccountWire } from './withdrawn-wire.js'

const Names = Type.Array(Text)

/** Members that one variant or one version lacks are optional. */
export const WIRE_ACCOUNT_STATUSES = ['active', 'disabled', 'closed'] as const

export const AccountWire = Type.Object({
  id: Text,
  holder_id: Text,
  status: oneOf(WIRE_ACCOUNT_STATUSES),
  type: nullable(oneOf(ACCOUNT_KINDS)),
  consent_status: Type.Optional(oneOf(['pending', 'withdrawn', 'approved'])),
  ach: Type.Optional(nullable(AnyObject)),
  liability: Type.Optional(
    nullable(
      Type.Object({
        mch_id: Type.Unsafe<string | object>({
          type: ['string', 'object'],
          additionalProperties: true,
          description: 'mch_…, or the merchant when expanded',
        }),
        mask: nullable(Text),
        ownership: nullable(oneOf(OWNERSHIPS)),
        fingerprint: nullable(Text),
        type: oneOf(LIABILITY_TYPES),
        sub_type: Type.Optional(nullable(Text)),
        name: nullable(Text),
      }),
    ),
  ),
  clearing: Type.Optional(nullable(Type.Object({ type: oneOf(CLEARING_USES), routing: Text, number: Text }))),
  debit_card: Type.Optional(nullable(Type.Object({ network: Text, mask: Text, exp_month: Text, exp_year: Text }))),
  latest_verification_session: Type.Optional(expandable('avf_…')),
  balance: Type.Optional(expandable('bal_… of the latest balance')),
  update: Type.Optional(expandable('upt_… of the latest update')),
  card_brand: Type.Optional(expandable('cbrd_… of the latest card brand')),
  payoff: Type.Optional(expandable('pyf_… of the latest payoff')),
  attribute: Type.Optional(expandable('acc_attr_… of the latest attributes')),
  payment_instrument: Type.Optional(expandable('pmt_inst_… of the latest payment instrument')),
  sensitive: Type.Optional(expandable('astv_… of the latest sensitive fields')),
  transactions: Type.Optional(Type.Array(AnyObject)),
  transaction: Type.Optional(Type.Array(AnyObject)),
  products: Names,
  restricted_products: Names,
  subscriptions: Type.Optional(Names),
  available_subscriptions: Type.Optional(Names),
  restricted_subscriptions: Type.Optional(Names),
  error: ResourceError,
  metadata: Metadata,
  created_at: Timestamp,
  updated_at: Timestamp,
})

const SUBSCRIPTIONS = Object.entries(accountSubscriptions)

/** The newest shape, with the products that the team may use. */
export function accountWire(account: Account, ctx: Ctx<'team' | 'vault'>): Wire {
  if (isWithdrawn(account)) return withdrawnAccountWire(account)
  const { team } = ctx
  const { liability, bank } = account
  // Transactions are had by subscribing, so they stand in no list of products. Contract: method/accounts §1.11.
  const access = Object.entries(accountAccess(account, team) ?? {})
    .filter(([name]) => name !== 'transaction')
    .flatMap(([name, of]) =>
      name === 'payment_instrument' ? PAYMENT_INSTRUMENTS.map((kind) => [kind, of] as const) : [[name, of] as const],
    )
  const subscriptions =
    account.status === 'active' ? SUBSCRIPTIONS.map(([name, of]) => [name, of(account, team)] as const) : []
  return {
    id: spellId('account', account.id),
    holder_id: spellId('consumer', account.consumerId),
    // That it waits is told by `consent_status`. Contract: method/accounts §1.1
    status: account.status === 'awaiting_consent' ? 'active' : account.status,
    type: account.kind,
    consent_status: account.status === 'awaiting_consent' ? 'pending' : 'approved',
    ach: bank && account.kind === 'ach' ? { ...numbersOf(bank, account, ctx), type: bank.type } : null,
    liability: liability && {
      mch_id: spellId('merchant', liability.merchantNumber),
      mask: liability.mask,
      ownership: liability.ownership,
      fingerprint: liability.fingerprint,
      type: liability.type,
      sub_type: liability.subType,
      name: liability.name,
    },
    clearing: bank && account.clearingUse ? { type: account.clearingUse, ...numbersOf(bank, account, ctx) } : null,
    debit_card: account.debitCard && debitCardWire(account, account.debitCard, ctx),
    latest_verification_session: spellIdOrNull('account_verification_session', account.verificationSessionId),
    balance: spellIdOrNull('balance', account.latest.balance),
    update: spellIdOrNull('update', account.latest.update),
    card_brand: spellIdOrNull('card_brand', account.latest.card_brand),
    payoff: spellIdOrNull('payoff', account.latest.payoff),
    attribute: spellIdOrNull('account_attribute', account.latest.account_attribute),
    payment_instrument: spellIdOrNull('payment_instrument', account.latest.payment_instrument),
    sensitive: spellIdOrNull('sensitive', account.latest.sensitive),
    products: names(access, 'available'),
    restricted_products: names(access, 'restricted'),
    subscriptions: account.subscriptions,
    available_subscriptions: names(subscriptions, 'available').filter((name) => !account.subscriptions.includes(name)),
    restricted_subscriptions: names(subscriptions, 'restricted'),
    error: account.statusReason && accountErrors[account.statusReason],
    metadata: account.metadata,
    created_at: account.createdAt,
    updated_at: account.updatedAt,
  }
}

function numbersOf({ routingNumber }: BankFacts, account: Account, ctx: Ctx<'team' | 'vault'>): Wire {
  return { routing: routingNumber, number: openDetails(ctx, account).number }
}

/** Never its whole number. */
function debitCardWire(account: Account, { network, mask }: DebitCardFacts, ctx: Ctx<'team' | 'vault'>): Wire {
  const { expMonth, expYear } = openDetails(ctx, account)
  return { network, mask, exp_month: expMonth, exp_year: expYear }
}

/** The names that have a status, in the order given. */
export function names(access: readonly (readonly [string, Access])[], status: Access['status']): readonly string[] {
  return access.filter(([, { status: held }]) => held === status).map(([name]) => name)
}
