/**
 * Who is behind a login, and what they have there: the person whose phone number the caller knows, else somebody the world
 * meets at this login. Their accounts are invented when they first log in and stay; the first institution of a person is
 * the one where they are paid and from which they pay.
 */
import type { Ask, CustomData } from '../../port.js'
import { refOf } from '../chance.js'
import type { WorldDirectory } from '../directory.js'
import { dayOf } from '../life/calendar.js'
import { ownerOf, personByPhone, type Town } from '../people.js'
import type { Person, PersonWithDebts } from '../store.js'
import { describedTerms } from './described.js'
import { owedBy } from './life/debt-payments.js'
import { withHousehold } from './life/household.js'
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

/** What becoming a customer depends on; `meet` finds a person with their debts. */
export interface Counter {
  readonly town: Town
  readonly directory: WorldDirectory
  meet(town: Town, ask: Ask, personRef: string): Promise<PersonWithDebts | null>
}

/** The customer, written down the first time. */
export async function customerBehind(
  counter: Counter,
  ask: Ask,
  { bank, claim }: { readonly bank: Bank; readonly claim: Claim },
): Promise<Customer> {
  const { town } = counter
  const { institutionSlug } = bank.point
  const person = await personBehind(town, ask, { bank, claim })
  const variant = variantOf(town, ask.realm, claim)
  const key = { personRef: person.ref, institutionSlug, variant }
  const known = await findCustomer(town.db, ask.realm, key)
  if (known) return known
  const met = await counter.meet(town, ask, person.ref)
  if (!met) throw new Error('somebody who was just met is there')
  const becoming = { bank, claim, met, variant }
  const isMain = canBeMain(becoming) && !(await hasMain(town.db, ask.realm, person.ref))
  const isRecorded = await recordCustomer(town.db, ask.realm, newCustomer(counter, ask, { ...becoming, isMain }))
  // Somebody else may have made another institution the main one meanwhile.
  if (!isRecorded && isMain) {
    await recordCustomer(town.db, ask.realm, newCustomer(counter, ask, { ...becoming, isMain: false }))
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

interface Becoming {
  readonly bank: Bank
  readonly claim: Claim
  readonly met: PersonWithDebts
  readonly variant: string
}

/** Nobody is paid, and pays dollars they owe, in another country's money. */
function canBeMain({ bank, met, variant }: Becoming): boolean {
  return variant === 'own' && (bank.point.country === 'US' || met.person.origin === 'login')
}

function newCustomer(
  { town: { seed, secrets }, directory }: Counter,
  { realm, at }: Ask,
  { bank, claim, met, variant, isMain }: Becoming & { readonly isMain: boolean },
): Customer {
  const { institutionSlug, isTest } = bank.point
  const { person } = met
  const ref = refOf(seed, 'customer', realm, person.key, institutionSlug, variant)
  const own = refOf(seed, 'customer', person.key, institutionSlug, variant)
  const day = dayOf(at)
  const data = variant.startsWith('described/') ? claim.customData : null
  const terms = data
    ? describedTerms(own, { bank, day, data })
    : openingTerms(own, { bank, day, ownsCard: isTest || person.origin === 'login' })
  const ownCards = terms.accounts.flatMap((account) => (account.kind === 'card' ? [account.card] : []))
  const owed = owedBy(
    { met, directory, bank },
    ownCards.map((card) => ({ ref: '', terms: card })),
  )
  const role = isMain ? 'main' : variant === 'busy' ? 'busy' : 'side'
  return {
    ref,
    personRef: person.ref,
    institutionSlug,
    variant,
    isMain,
    terms: withHousehold(terms, { role, profile: person.profile, owed }),
    describedSealed: data && secrets.seal(JSON.stringify(data), ownerOf(realm, ref)),
  }
}
