/**
 * What a product is. A definition is the whole fact: who owns it, who may use it and why not, what it asks of the network,
 * what it keeps. Routes, products maps, the lists on a resource, eligibility, events and jobs follow from it; a face adds
 * only the spelling.
 */
import type { Outcome } from '../../network/port.js'
import type { Account } from '../accounts/accounts.js'
import type { Consumer } from '../consumers/consumers.js'
import type { Asking, Ctx, Writing } from '../ctx.js'
import type { Change } from '../events/events.js'
import type { AccountId, RetrievalId } from '../ids.js'
import { isProductRestricted, type Team } from '../teams/teams.js'
import type { ProductRefusal } from './errors.js'
import type { FailureReason, Retrieval } from './retrievals.js'

/** `restricted`: something is missing that can be had. `unavailable`: never for this owner. */
export type Access =
  | { readonly status: 'available' }
  | { readonly status: 'restricted' | 'unavailable'; readonly code: ProductRefusal }

export const available: Access = { status: 'available' }
export const restricted = (code: ProductRefusal): Access => ({ status: 'restricted', code })
export const unavailable: Access = { status: 'unavailable', code: 'product.unavailable' }

export interface Owners {
  readonly consumer: Consumer
  readonly account: Account
}
export type OwnerKind = keyof Owners

export type AccessRule<Owner> = (owner: Owner, team: Team) => Access

/** What every product has, also those that are never requested (a payment has its own door). */
export interface ProductFacts<Kind extends OwnerKind = OwnerKind> {
  readonly name: string
  readonly owner: Kind
  /** Whether the team may use it for the owner, and if not, why. */
  readonly access: AccessRule<Owners[Kind]>
}

/** A product whose data is retrieved on request. */
export interface Retrievable<Kind extends OwnerKind = OwnerKind, Answer = never> extends ProductFacts<Kind> {
  /** `sync`: the request waits for the answer. `async`: a job fetches it. */
  readonly mode: 'sync' | 'async'
  /** What is known of a retrieval before its answer. */
  readonly detail: (owner: Owners[Kind]) => object
  readonly ask: (ctx: Ctx<Asking>, owner: Owners[Kind], detail: object) => Promise<Outcome<Answer>>
  /** Where what is asked for decides the access of what makes itself, such as subscriptions; default: `access`. */
  readonly accessTo?: (owner: Owners[Kind], team: Team, detail: object) => Access
  /** What its events are about; default: its name. */
  readonly resource?: string
  /** How a retrieval waits for its answer; default: `pending`. Contract: method/accounts §3.2. */
  readonly waitsAs?: 'in_progress'
  /** The longest that an answer by a job may be waited for; default: as long as institutions take. */
  readonly answerMsMax?: number
  /** Refused at once, where others would make a record that failed, when nobody is found. */
  readonly refusesUnknown?: ProductRefusal
  /** Why what a request says does not fit its owner; null when it does. */
  readonly refuseDetail?: (owner: Owners[Kind], detail: object) => ProductRefusal | null
  /** Why an outcome is a failure of a kind that the product tells apart; null for others. */
  readonly whyFailed?: (outcome: Outcome<Answer>) => FailureReason | null
  /** What of an answer is told at once where the rest is told later. */
  readonly foretold?: (answer: Answer) => object
  /** What a completed retrieval says beside itself, compared with the owner's previous completed one. */
  readonly implies?: (before: Retrieval | null, after: Retrieval, owner: Owners[Kind]) => readonly Change[]
  /**
   * What its completion means for the owner, who is pointed to the retrieval here, too: done, and returned for recording after
   * everything else. Default: only the pointing.
   */
  readonly concluded?: (ctx: Ctx<Writing>, owner: Owners[Kind], retrieval: Retrieval) => Promise<readonly Change[]>
  /** Stores what the answer means beyond the retrieval itself, and says what the retrieval's own result is. */
  readonly keep: (
    ctx: Ctx<Writing>,
    owner: Owners[Kind],
    answer: Answer,
    retrievalId: RetrievalId,
    detail: object,
  ) => Promise<Kept>
}

export interface Kept {
  readonly result: object
  /** What it made: recorded before the retrieval is said to have completed. */
  readonly made?: readonly Change[]
  /** What else changed, recorded last, in this order. */
  readonly changes: readonly Change[]
  /** What a job goes on to ask of accounts. The retrieval ends when that has, and fails when some of it did. */
  readonly next?: NextRequests
}

/** Products and subscriptions by name, each for those of the accounts that can have it. */
export interface NextRequests {
  readonly accountIds: readonly AccountId[]
  readonly products: readonly string[]
  readonly subscriptions: readonly string[]
  /** Retrievals that were made already, and are part of what was asked for. */
  readonly made: readonly RetrievalId[]
}

export const keepAsResult = (_ctx: unknown, _owner: unknown, answer: object): Promise<Kept> =>
  Promise.resolve({ result: answer, changes: [] })

/** What an outcome means for the retrieval that waited for it: an answer to keep, or why it failed. */
export function judge<Kind extends OwnerKind, Answer>(
  product: Retrievable<Kind, Answer>,
  outcome: Outcome<Answer>,
): { readonly answer: Answer } | { readonly failure: FailureReason } {
  const failure = product.whyFailed?.(outcome)
  if (failure) return { failure }
  return outcome.ok ? { answer: outcome.value } : { failure: 'unavailable' }
}

/** The rule, for teams that may use the product at all. What an owner can never have stays unavailable. */
export function withinTeam<Owner>(product: string, rule: AccessRule<Owner>): AccessRule<Owner> {
  return (owner, team) => {
    const access = rule(owner, team)
    const isBarred = access.status !== 'unavailable' && isProductRestricted(team, product)
    return isBarred ? restricted('product.team_restricted') : access
  }
}

/** Checks a definition's types, and puts the team's restrictions before its own access rule. */
export function defineProduct<Kind extends OwnerKind, Answer>(
  definition: Retrievable<Kind, Answer>,
): Retrievable<Kind, Answer> {
  return { ...definition, access: withinTeam(definition.name, definition.access) }
}
