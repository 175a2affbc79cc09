/** From an access to the accounts behind it, unless something forbids. */
import type { AccessFailure, AccessProduct, Ask, LoginRefusal } from '../../port.js'
import type { WorldDirectory } from '../directory.js'
import type { Town } from '../people.js'
import { type Held, type Holding, heldBy, openDescription } from './held.js'
import type { LoginDesk } from './login.js'
import type { Banks } from './points.js'
import * as store from './store.js'

export interface LoginParts extends Pick<LoginDesk, 'pageUrl'> {
  readonly town: Town
  directory(): Promise<WorldDirectory>
  /** The person with their debts. */
  readonly meet: LoginDesk['meet']
}

export interface Look {
  readonly accessRef: string
  readonly product: AccessProduct
}

export interface Opened {
  readonly holding: Holding
  readonly accounts: readonly Held[]
}

export async function openAccess(
  { town, directory, meet }: LoginParts,
  banks: Banks,
  { ask, accessRef, product }: Look & { readonly ask: Ask },
): Promise<Opened | { readonly reason: AccessFailure }> {
  const access = await store.findAccess(town.db, ask.realm, accessRef)
  if (!access || access.endedAt !== null) return { reason: 'access_ended' }
  const { customer } = access
  const bank = banks.bank(customer.institutionSlug)
  const met = await meet(town, ask, customer.personRef)
  if (!bank || !met) return { reason: 'access_ended' }
  const fault = await store.findFault(town.db, ask.realm, customer.institutionSlug)
  if (fault) return { reason: FAILURE_OF[fault] }
  if (!bank.point.products.includes(product)) return { reason: 'not_supported' }
  const described = openDescription(town, ask.realm, customer)
  const holding = { realm: ask.realm, bank, customer, met, directory: await directory(), described }
  return { holding, accounts: heldBy(town, holding) }
}

/** How an institution that refuses logins answers whoever is in already. */
const FAILURE_OF = {
  invalid_credentials: 'access_ended',
  rejected_without_reason: 'access_ended',
  wrong_answer: 'access_ended',
  challenge_expired: 'access_ended',
  locked: 'access_ended',
  too_many_failures: 'access_ended',
  setup_required: 'access_ended',
  reading_disabled: 'access_ended',
  access_denied: 'access_ended',
  no_accounts: 'no_accounts',
  institution_down: 'unreachable',
  institution_maintenance: 'unreachable',
  institution_unavailable: 'unreachable',
  provider_failed: 'provider_failed',
} as const satisfies Record<LoginRefusal, AccessFailure>
