/** The wire object of a card transaction, in the newest shape. Contract: method/accounts §7. */
import { Type } from 'typebox'
import type { Transaction } from '../../core/transactions/transactions.js'
import { spellId, spellIdOrNull } from './ids.js'
import { AnyObject, Cents, nullable, oneOf, ResourceError, Text, Timestamp } from './schema.js'
import { type Wire, withFormer } from './versions/versions.js'

/** Members that the early shape of 2024-04-04 or all later ones lack are optional. */
export const TransactionWire = Type.Object({
  id: Text,
  account_id: Text,
  status: oneOf(['pending', 'posted', 'voided', 'auth', 'cleared', 'refund', 'unknown']),
  descriptor: Type.Optional(Text),
  merchant: nullable(AnyObject),
  merchant_category_code: Type.Optional(Text),
  network: Type.Optional(Text),
  network_data: Type.Optional(nullable(AnyObject)),
  amount: Cents,
  auth_amount: Type.Optional(Cents),
  currency_code: Type.Optional(Text),
  currency: Type.Optional(Text),
  billing_amount: Type.Optional(Cents),
  billing_currency: Type.Optional(Text),
  transaction_amount: Type.Optional(Cents),
  transaction_auth_amount: Type.Optional(Cents),
  transaction_currency_code: Type.Optional(Text),
  transacted_at: Type.Optional(Timestamp),
  posted_at: Type.Optional(nullable(Timestamp)),
  voided_at: Type.Optional(nullable(Timestamp)),
  original_txn_id: Type.Optional(nullable(Text)),
  error: Type.Optional(ResourceError),
  created_at: Timestamp,
  updated_at: Timestamp,
})

/** With what only the early shape shows. Enrichment of merchants is off. */
export function transactionWire(transaction: Transaction): Wire {
  const { kind, merchant, network } = transaction
  const wire = {
    id: spellId('card_transaction', transaction.id),
    account_id: spellId('account', transaction.accountId),
    status: transaction.status,
    descriptor: transaction.descriptor,
    merchant: null,
    merchant_category_code: merchant.categoryCode,
    amount: transaction.amountCents,
    auth_amount: transaction.authorizedCents,
    currency_code: 'USD',
    transaction_amount: transaction.amountCents,
    transaction_auth_amount: transaction.authorizedCents,
    transaction_currency_code: 'USD',
    transacted_at: transaction.transactedAt,
    posted_at: transaction.postedAt,
    voided_at: transaction.voidedAt,
    original_txn_id: spellIdOrNull('card_transaction', transaction.originalId),
    created_at: transaction.createdAt,
    updated_at: transaction.updatedAt,
  }
  return withFormer(wire, {
    kind,
    network,
    merchant: {
      name: merchant.name,
      category_code: merchant.categoryCode,
      city: merchant.city,
      state: merchant.state,
      country: merchant.country,
      descriptor: transaction.descriptor,
      acquirer_bin: merchant.acquirerBin,
      acquirer_card_acceptor_id: merchant.acceptorId,
    },
  })
}
