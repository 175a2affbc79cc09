/** What the test login `user_custom` finds. Contract: moneykit/links §1.6. */
import { type Static, Type } from 'typebox'
import type { ConnectSessionDraft } from '../../core/connections/connections.js'
import { readAccountType } from './account-types.js'
import { OwnerWire } from './account-wire.js'
import { maybe } from './schema.js'

const ACCOUNTS_MAX = 100

export const CustomData = Type.Object({
  accounts: Type.Array(
    Type.Object({
      account_type: Type.String({ format: 'account-type' }),
      name: Type.String({ minLength: 1, maxLength: 200 }),
      account_number: Type.String({ minLength: 1, maxLength: 34 }),
      routing_number: maybe(Type.String({ format: 'routing-number' })),
    }),
    { minItems: 1, maxItems: ACCOUNTS_MAX },
  ),
  owners: maybe(Type.Array(OwnerWire, { maxItems: 10 })),
})

export function readCustomData(given: Static<typeof CustomData>): NonNullable<ConnectSessionDraft['customData']> {
  return {
    accounts: given.accounts.map((account) => ({
      type: readAccountType(account.account_type) ?? 'unknown',
      name: account.name,
      accountNumber: account.account_number,
      routingNumber: account.routing_number ?? null,
    })),
    owners: given.owners?.map(readOwner) ?? null,
  }
}

function readOwner({ names, addresses, phone_numbers, emails }: Static<typeof OwnerWire>) {
  return {
    names,
    addresses: addresses.map(({ city, country, postal_code, region, street, primary }) => ({
      street: street ?? null,
      city: city ?? null,
      region: region ?? null,
      postalCode: postal_code ?? null,
      country: country ?? null,
      isPrimary: primary ?? false,
    })),
    phones: phone_numbers.map(({ number, type, primary }) => ({ number, type, isPrimary: primary ?? false })),
    emails: emails.map(({ address, primary }) => ({ address, isPrimary: primary ?? false })),
  }
}
