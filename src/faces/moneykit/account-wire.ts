/** The account, and what is read about it. Contract: moneykit/data §1–3. */
import { type TProperties, Type } from 'typebox'
import type { HeldAccount, WithNumbers, WithOwners } from '../../core/connections/connections.js'
import { spellInstant, unitsOf } from './formats.js'
import { spellId } from './ids.js'
import type { Wire } from './routes.js'
import { Instant, maybe, nullable, oneOf, Text, Units } from './schema.js'

const withMore = (more: TProperties) =>
  Type.Object({
    account_id: Text,
    account_type: Text,
    name: Text,
    account_mask: nullable(Text),
    balances: Type.Object({
      currency: nullable(Text),
      available: nullable(Units),
      current: nullable(Units),
      limit: nullable(Units),
      balance_date: nullable(Instant),
    }),
    ...more,
    nickname: nullable(Text),
    original_id: nullable(Text),
    closed: nullable(Type.Boolean()),
  })

export const PHONE_TYPES = ['home', 'work', 'mobile', 'other'] as const

/** Also what data for a test login are described with. */
export const OwnerWire = Type.Object({
  names: Type.Array(Text),
  addresses: Type.Array(
    Type.Object({
      city: maybe(Text),
      country: maybe(Text),
      postal_code: maybe(Text),
      region: maybe(Text),
      street: maybe(Text),
      primary: Type.Optional(Type.Boolean()),
    }),
  ),
  phone_numbers: Type.Array(
    Type.Object({ number: Text, primary: Type.Optional(Type.Boolean()), type: oneOf(PHONE_TYPES) }),
  ),
  emails: Type.Array(Type.Object({ address: Text, primary: Type.Optional(Type.Boolean()) })),
})

const NumbersWire = Type.Object({
  ach: Type.Array(Type.Object({ account_number: Text, routing_number: Text, wire_routing_number: nullable(Text) })),
  eft: Type.Array(Type.Object({ account_number: Text, institution_number: Text, branch_number: Text })),
  bacs: Type.Array(Type.Object({ account_number: Text, sort_code: Text })),
  international: Type.Array(Type.Object({ iban: Text, bic: Text })),
})

export const AccountWire = withMore({})
export const AccountWithOwnersWire = withMore({ owners: Type.Array(OwnerWire) })
export const AccountWithNumbersWire = withMore({ numbers: NumbersWire })

export function accountWire(account: HeldAccount): Wire {
  return { ...bareAccount(account), ...laterMembers(account) }
}

/** The owners stand where the first generation has them, before the members of the second. */
export function accountWithOwnersWire(account: WithOwners): Wire {
  return { ...bareAccount(account), owners: account.owners.map(ownerWire), ...laterMembers(account) }
}

export function accountWithNumbersWire(account: WithNumbers): Wire {
  return { ...accountWire(account), numbers: numbersWire(account.numbers) }
}

function bareAccount({ id, type, name, mask, balances }: HeldAccount): Wire {
  return {
    account_id: spellId('account', id),
    account_type: type,
    name,
    account_mask: mask,
    balances: {
      currency: balances.currency,
      available: unitsOf(balances.availableCents),
      current: unitsOf(balances.currentCents),
      limit: unitsOf(balances.limitCents),
      balance_date: balances.at === null ? null : spellInstant(balances.at),
    },
  }
}

function laterMembers({ nickname, originalId, isClosed }: HeldAccount): Wire {
  return { nickname, original_id: originalId, closed: isClosed }
}

function ownerWire({ names, addresses, phones, emails }: WithOwners['owners'][number]): Wire {
  return {
    names,
    addresses: addresses.map(({ city, country, postalCode, region, street, isPrimary }) => ({
      city,
      country,
      postal_code: postalCode,
      region,
      street,
      primary: isPrimary,
    })),
    phone_numbers: phones.map(({ number, isPrimary, type }) => ({ number, primary: isPrimary, type })),
    emails: emails.map(({ address, isPrimary }) => ({ address, primary: isPrimary })),
  }
}

/** Each rail is a list of at most one entry. */
function numbersWire({ ach, eft, bacs, international }: WithNumbers['numbers']): Wire {
  return {
    ach: listOf(ach, ({ number, routingNumber, wireRoutingNumber }) => ({
      account_number: number,
      routing_number: routingNumber,
      wire_routing_number: wireRoutingNumber,
    })),
    eft: listOf(eft, ({ number, institutionNumber, branchNumber }) => ({
      account_number: number,
      institution_number: institutionNumber,
      branch_number: branchNumber,
    })),
    bacs: listOf(bacs, ({ number, sortCode }) => ({ account_number: number, sort_code: sortCode })),
    international: listOf(international, ({ iban, bic }) => ({ iban, bic })),
  }
}

function listOf<T>(entry: T | null, toWire: (entry: T) => Wire): readonly Wire[] {
  return entry === null ? [] : [toWire(entry)]
}
