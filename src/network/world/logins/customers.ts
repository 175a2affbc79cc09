/**
 * Who is behind a login, and what they have there: the person whose phone number the caller knows, else somebody the world
 * meets at this login. Their accounts are invented when they first log in and stay; the first institution of a person is
 * the one where they are paid and from which they pay.
 */
import type { Ask, CustomData } from '../../port.js'
import { refOf } from '../chance.js'
import { dayOf } from '../life/calendar.js'
import { ownerOf, personByPhone, type Town } from '../people.js'
import type { Person } from '../store.js'
import { describedTerms } from './described.js'
import { openingTerms } from './opening.js'
import type { Bank } from './points.js'
import { residentBehind } from './residents.js'
import type { Variant } from './scripts.js'
import { type Customer, findCustomer, hasMain, recordCustomer } from './store.js'

export interface Claim {
  readonly consumerRef: string
  readonly phone: string | null
  readonly userName: string
  readonly variant: Variant
  readonly customData: CustomData | null
}

/** The customer, written down the first time. */
export async function customerBehind(
  town: Town,
  ask: Ask,
  { bank, claim }: { readonly bank: Bank; readonly claim: Claim },
): Promise<Customer> {
  const { institutionSlug } = bank.point
  const person = await personBehind(town, ask, { bank, claim })
  const variant = variantOf(town, ask.realm, claim)
  const key = { personRef: person.ref, institutionSlug, variant }
  const known = await findCustomer(town.db, ask.realm, key)
  if (known) return known
  const isMain = variant === 'own' && !(await hasMain(town.db, ask.realm, person.ref))
  const customer = newCustomer(town, ask, { bank, claim, person, variant })
  if (!(await recordCustomer(town.db, ask.realm, { ...customer, isMain })) && isMain) {
    await recordCustomer(town.db, ask.realm, { ...customer, isMain: false })
  }
  const recorded = await findCustomer(town.db, ask.realm, key)
  if (!recorded) throw new Error('a customer who was just written down is there')
  return recorded
}

async function personBehind(
  town: Town,
  { realm }: Ask,
  { bank, claim }: { readonly bank: Bank; readonly claim: Claim },
): Promise<Person> {
  const { phone, consumerRef, userName } = claim
  const known = phone === null ? null : await personByPhone(town, realm, { phone, consumerRef })
  const { institutionSlug, country } = bank.point
  return known ?? residentBehind(town, realm, { institutionSlug, country, consumerRef, userName })
}

/** Each description has accounts of its own. */
function variantOf({ secrets }: Town, realm: string, { variant, customData }: Claim): string {
  if (variant !== 'described') return variant
  return customData ? `described/${secrets.mark(JSON.stringify(customData), `customers/${realm}`)}` : 'own'
}

interface NewCustomer {
  readonly bank: Bank
  readonly claim: Claim
  readonly person: Person
  readonly variant: string
}

function newCustomer(
  { seed, secrets }: Town,
  { realm, at }: Ask,
  { bank, claim, person, variant }: NewCustomer,
): Omit<Customer, 'isMain'> {
  const { institutionSlug, isTest } = bank.point
  const ref = refOf(seed, 'customer', realm, person.key, institutionSlug, variant)
  const own = refOf(seed, 'customer', person.key, institutionSlug, variant)
  const day = dayOf(at)
  const data = variant.startsWith('described/') ? claim.customData : null
  return {
    ref,
    personRef: person.ref,
    institutionSlug,
    variant,
    terms: data
      ? describedTerms(own, { bank, day, data })
      : openingTerms(own, { bank, day, ownsCard: isTest || person.origin === 'login' }),
    describedSealed: data && secrets.seal(JSON.stringify(data), ownerOf(realm, ref)),
  }
}
