/** Whom the institution has on file as the holders of an account. */
import type { AccountOwners, Owner } from '../../port.js'
import { chanceOf } from '../chance.js'
import { FIRST_NAMES } from '../invent/names.js'
import type { Person } from '../store.js'
import type { Held, Holding } from './held.js'

const JOINT_SHARE = 0.15

/** Of a described set of accounts, the owners described, if they were. */
export function ownersOf({ bank, met, described }: Holding, accounts: readonly Held[]): readonly AccountOwners[] {
  const { person } = met
  const holder = ownerOf(person, bank.point.country)
  return accounts.map(({ ref, kind }) => {
    if (described?.owners) return { accountRef: ref, owners: described.owners }
    const isJoint = kind === 'deposit' && chanceOf('joint', ref).isLikely(JOINT_SHARE)
    return { accountRef: ref, owners: isJoint ? [holder, partnerOf(person, holder)] : [holder] }
  })
}

function ownerOf({ profile, phone, origin }: Person, bankCountry: string): Owner {
  const { firstName, lastName, address } = profile
  return {
    names: [`${firstName} ${lastName}`],
    addresses: [
      {
        street: address.line1 && [address.line1, address.line2].filter((line) => line !== null).join(' '),
        city: address.city,
        region: address.state,
        postalCode: address.zip,
        // Whoever is known by their phone is known in the United States.
        country: origin === 'login' ? bankCountry : 'US',
        isPrimary: true,
      },
    ],
    phones: [{ number: phone, type: 'mobile', isPrimary: true }],
    emails: [{ address: addressOf(firstName, lastName), isPrimary: true }],
  }
}

function partnerOf({ ref, profile }: Person, { addresses }: Owner): Owner {
  const others = FIRST_NAMES.filter((name) => name !== profile.firstName)
  const firstName = chanceOf('partner', ref).pick(others)
  return {
    names: [`${firstName} ${profile.lastName}`],
    addresses,
    phones: [],
    emails: [{ address: addressOf(firstName, profile.lastName), isPrimary: true }],
  }
}

function addressOf(firstName: string, lastName: string): string {
  return `${firstName}.${lastName}@example.com`.toLowerCase().replaceAll(/[^a-z.@]/g, '')
}
