/**
 * Identifiers. The stored value is 13 characters of an alphabet without look-alikes: 49^13, just under 2^73. Each face
 * respells it by a pure function (a prefix, a permutation); nothing ever looks one up in a table.
 */
import { createHash } from 'node:crypto'

declare const kind: unique symbol
type Id<Kind extends string> = string & { readonly [kind]: Kind }

export type TeamId = Id<'team'>
export type ApiKeyId = Id<'api_key'>
export type ConsumerId = Id<'consumer'>
export type AccountId = Id<'account'>
export type RetrievalId = Id<'retrieval'>
export type VerificationSessionId = Id<'verification_session'>
export type AccountVerificationSessionId = Id<'account_verification_session'>
export type CardTransactionId = Id<'card_transaction'>
export type SnaLinkId = Id<'sna_link'>
export type SubscriptionId = Id<'subscription'>
export type ElementId = Id<'element'>
export type ElementSessionId = Id<'element_session'>
export type OpalSessionId = Id<'opal_session'>
export type EventId = Id<'event'>
export type PaymentId = Id<'payment'>
export type ReversalId = Id<'payment_reversal'>
export type ReportId = Id<'report'>
export type RequestLogId = Id<'request_log'>
export type WebhookId = Id<'webhook'>
export type DeliveryId = Id<'delivery'>
export type ConnectSessionId = Id<'connect_session'>
export type ConnectionId = Id<'connection'>
export type LoginRunId = Id<'login_run'>
export type WidgetSessionId = Id<'widget_session'>
export type SupportTicketId = Id<'support_ticket'>
export type MicroDepositId = Id<'micro_deposit'>
export type HeldAccountId = Id<'held_account'>
export type HeldTransactionId = Id<'held_transaction'>
export type SecurityId = Id<'security'>
export type InvestmentTransactionId = Id<'investment_transaction'>

export const ID_ALPHABET = '346789ABCDEFGHJKLMNPQRTUVWXYabcdefghijkmnpqrtwxyz'
export const ID_LENGTH = 13

/** Where chance comes from: random in earnest, seeded in a rehearsal that must repeat. */
export interface Chance {
  /** `count` bytes nobody can guess. */
  bytes(count: number): Buffer
  /** That of somebody: in a rehearsal that must repeat, it follows from the name and from what `turn` says at each draw. */
  of(name: string, turn: () => string): Chance
}

// Bytes at or above this would favour the first letters: 5 × 49.
const FAIR_BYTE_LIMIT = 256 - (256 % ID_ALPHABET.length)

/** A fresh id. The kind is the caller's claim: `newId<ConsumerId>(chance)`. */
export function newId<T extends Id<string>>(chance: Pick<Chance, 'bytes'>): T {
  return spellRandom(chance, ID_LENGTH) as T
}

/** `length` random characters of the id alphabet, for secrets and tokens as well. */
export function spellRandom(chance: Pick<Chance, 'bytes'>, length: number): string {
  let text = ''
  while (text.length < length) {
    for (const byte of chance.bytes(length - text.length + 4)) {
      if (byte < FAIR_BYTE_LIMIT && text.length < length) text += ID_ALPHABET[byte % ID_ALPHABET.length]
    }
  }
  return text
}

const ID_SHAPE = new RegExp(`^[${ID_ALPHABET}]{${ID_LENGTH}}$`)

/** The id, or null when the text cannot be one; so that a malformed id is simply unknown. */
export function readId<T extends Id<string>>(text: string): T | null {
  return ID_SHAPE.test(text) ? (text as T) : null
}

/** An id that follows from another: for parts of a resource that have no row of their own. */
export function deriveId(ownerId: string, part: string): string {
  let value = BigInt(`0x${createHash('sha256').update(`${ownerId}:${part}`).digest('hex')}`)
  let text = ''
  for (let index = 0; index < ID_LENGTH; index++) {
    text += ID_ALPHABET[Number(value % BigInt(ID_ALPHABET.length))]
    value /= BigInt(ID_ALPHABET.length)
  }
  return text
}
