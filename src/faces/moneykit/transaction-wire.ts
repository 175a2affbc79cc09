/** The transaction and its enrichment. Contract: moneykit/data §4. */
import { Type } from 'typebox'
import type { EnrichedParty, Enrichment, HeldTransaction } from '../../core/connections/connections.js'
import { amountText, spellTimeOrNull } from './formats.js'
import { spellId } from './ids.js'
import { merchantLogoUrl } from './institution-art.js'
import type { Place } from './link-wire.js'
import type { Wire } from './routes.js'
import { Day, Decimal, nullable, oneOf, Text, Time } from './schema.js'

const Confidence = nullable(Type.Integer({ minimum: 0, maximum: 100 }))
const Judged = Type.Object({ value: Text, confidence: Confidence })
const Party = Type.Object({ id: Text, name: Text, logo: nullable(Text), confidence: Confidence })

const EnrichmentWire = Type.Object({
  category: Judged,
  subcategory: nullable(Judged),
  merchant: nullable(Party),
  processor: nullable(Party),
  recurrence: nullable(Type.Object({ frequency: Text, next_predicted_date: nullable(Day) })),
})

export const TransactionWire = Type.Object({
  transaction_id: Text,
  account_id: Text,
  amount: Decimal,
  type: oneOf(['credit', 'debit']),
  currency: Text,
  date: Day,
  datetime: nullable(Time),
  description: nullable(Text),
  raw_description: nullable(Text),
  pending: Type.Boolean(),
  category: nullable(Text),
  enrichment: nullable(EnrichmentWire),
  original_id: nullable(Text),
})

export function transactionWire(transaction: HeldTransaction, place: Place): Wire {
  const { category, subcategory, enrichment } = transaction
  return {
    transaction_id: spellId('transaction', transaction.id),
    account_id: spellId('account', transaction.accountId),
    amount: amountText(transaction.cents),
    type: transaction.direction,
    currency: transaction.currency,
    date: transaction.on,
    datetime: spellTimeOrNull(transaction.at),
    description: transaction.description,
    raw_description: transaction.rawDescription,
    pending: transaction.isPending,
    category: category !== null && subcategory !== null ? `${category}.${subcategory}` : category,
    enrichment: enrichment && enrichmentWire(enrichment, place),
    original_id: transaction.originalId,
  }
}

function enrichmentWire({ category, subcategory, merchant, processor, recurrence }: Enrichment, place: Place): Wire {
  return {
    category: judgedWire(category),
    subcategory: subcategory && judgedWire(subcategory),
    merchant: merchant && partyWire(merchant, place),
    processor: processor && partyWire(processor, place),
    recurrence: recurrence && { frequency: recurrence.frequency, next_predicted_date: recurrence.nextOn },
  }
}

function judgedWire({ value, confidence }: Enrichment['category']): Wire {
  return { value, confidence }
}

function partyWire({ id, name, confidence }: EnrichedParty, place: Place): Wire {
  return { id, name, logo: merchantLogoUrl(place, name), confidence }
}
