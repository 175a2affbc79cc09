import * as accounts from '../accounts/accounts.js'
import * as consumers from '../consumers/consumers.js'
import type { Ctx, Reading, Writing } from '../ctx.js'
import { type Change, record } from '../events/events.js'
import { type AccountId, type CardTransactionId, newId, type RetrievalId, readId, type SubscriptionId } from '../ids.js'
import { type Access, accountSubscriptions, consumerSubscriptions } from '../products/products.js'
import type { Team } from '../teams/teams.js'
import { refuse } from './errors.js'
import { firstDueAt } from './rhythms.js'
import * as store from './store.js'

export { feedTask } from './feeds.js'
export { subscriptionTicks } from './ticks.js'

export type OwnerKind = 'consumer' | 'account'

/** What a subscription makes. */
export type RecordId = RetrievalId | CardTransactionId

/** An enrolment: while it is active, records are made again and again. */
export interface Subscription {
  readonly id: SubscriptionId
  readonly ownerKind: OwnerKind
  readonly ownerId: string
  readonly name: string
  /** `inactive` is the end; enrolling again makes a new one. */
  readonly status: 'active' | 'inactive'
  /** What each retrieval is asked for beyond its owner; null for nothing. */
  readonly payload: object | null
  /** The newest record it made; null until the first. */
  readonly latestRecordId: RecordId | null
  readonly createdAt: string
  readonly updatedAt: string
}

export interface Enrolment {
  readonly ownerKind: OwnerKind
  readonly ownerId: string
  readonly name: string
  readonly payload: object | null
}

const RESTRICTED: Access = { status: 'restricted', code: 'product.team_restricted' }
// No source tells what a subscription to payment instruments makes: nobody has it, and no account lists it.
const accountRules = { ...accountSubscriptions, payment_instrument: () => RESTRICTED }

/**
 * Enrols an owner. The first record comes later, by the rhythm of the subscription. Refuses an unknown owner, `subscription.unknown`,
 * `.team_restricted`, `.restricted`, `.unavailable`, `.duplicate`.
 */
export async function enrol(ctx: Ctx<Writing>, wanted: Enrolment): Promise<Subscription> {
  const owner = await takeOwner(ctx, wanted)
  const access = owner.accessOf(wanted.name)
  if (!access) throw refuse('subscription.unknown')
  if (access.status === 'restricted') {
    throw refuse(access.code === 'product.team_restricted' ? 'subscription.team_restricted' : 'subscription.restricted')
  }
  if (access.status === 'unavailable') throw refuse('subscription.unavailable')
  if (owner.names.includes(wanted.name)) throw refuse('subscription.duplicate')
  const [subscription] = await store.addSubscriptions(ctx, [newSubscription(ctx, { ...wanted, ownerId: owner.id })])
  if (!subscription) throw new Error('PostgreSQL returned no row for a new subscription.')
  await record(ctx, [changed('created', null, subscription), await owner.note(ctx, [...owner.names, wanted.name])])
  return subscription
}

/** Enrols accounts that the caller's transaction made in each of the subscriptions that they can have; nothing is refused. */
export async function enrolAccounts(
  ctx: Ctx<Writing>,
  accountIds: readonly AccountId[],
  names: readonly string[],
): Promise<void> {
  const enrolled = (await accounts.findAccounts(ctx, accountIds)).flatMap((before) => {
    const fresh = names.filter((name) => {
      const isPossible = accessIn(accountRules, name)?.(before, ctx.team).status === 'available'
      return isPossible && before.status === 'active' && !before.subscriptions.includes(name)
    })
    return fresh.length === 0 ? [] : [{ before, fresh }]
  })
  if (enrolled.length === 0) return
  const added = await store.addSubscriptions(
    ctx,
    enrolled.flatMap(({ before, fresh }) =>
      fresh.map((name) => newSubscription(ctx, { ownerKind: 'account', ownerId: before.id, name, payload: null })),
    ),
  )
  const noted = await accounts.noteSubscriptionsOfMany(
    ctx,
    enrolled.map(({ before, fresh }) => ({ before, names: [...before.subscriptions, ...fresh] })),
  )
  await record(ctx, [...added.map((subscription) => changed('created', null, subscription)), ...noted])
}

function newSubscription(ctx: Ctx<'clock' | 'chance'>, enrolment: Enrolment): store.NewSubscription {
  return {
    ...enrolment,
    id: newId<SubscriptionId>(ctx.chance),
    dueAt: firstDueAt(enrolment, ctx.clock.now()),
    createdAt: ctx.clock.stamp(),
  }
}

/** Ends an enrolment; the same answer for one that has ended. Refuses an unknown owner and `subscription.not_found`. */
export async function cancel(ctx: Ctx<Writing>, wanted: Named): Promise<Subscription> {
  const owner = await takeOwner(ctx, wanted)
  const before = await getSubscription(ctx, wanted)
  if (before.status === 'inactive') return before
  const [after = before] = await store.endSubscriptions(ctx, { ids: [before.id], at: ctx.clock.stamp() })
  const names = owner.names.filter((name) => name !== before.name)
  await record(ctx, [changed('updated', before, after), await owner.note(ctx, names)])
  return after
}

/** Ends every active enrolment of owners that are being disabled, and says so; the owners' own change is the caller's. */
export async function endAll(ctx: Ctx<Writing>, ownerIds: readonly string[]): Promise<void> {
  const active = await store.listActive(ctx, ownerIds)
  if (active.length === 0) return
  const ended = await store.endSubscriptions(ctx, { ids: active.map(({ id }) => id), at: ctx.clock.stamp() })
  const before = new Map(active.map((subscription) => [subscription.id, subscription]))
  await record(
    ctx,
    ended.map((after) => changed('updated', before.get(after.id) ?? null, after)),
  )
}

/** The active ones of an owner, oldest first. Refuses an unknown owner. */
export async function listSubscriptions(
  ctx: Ctx<Reading>,
  owner: { readonly ownerKind: OwnerKind; readonly ownerId: string },
): Promise<readonly Subscription[]> {
  const { id } = await getOwner(ctx, owner)
  return store.listActive(ctx, [id])
}

interface Named {
  readonly ownerKind: OwnerKind
  readonly ownerId: string
  readonly subscriptionId: string
}

/** Also one that has ended. Refuses `subscription.not_found`. */
export async function getSubscription(ctx: Ctx<Reading>, wanted: Named): Promise<Subscription> {
  const id = readId<SubscriptionId>(wanted.subscriptionId)
  const found = id && (await store.findSubscription(ctx, { id, ownerId: wanted.ownerId, ownerKind: wanted.ownerKind }))
  if (!found) throw refuse('subscription.not_found')
  return found
}

function changed(op: string, before: Subscription | null, after: Subscription): Change {
  return { resource: 'subscription', op, resourceId: after.id, before, after }
}

/** An owner as subscriptions see it, whichever kind it is. */
interface Owner {
  readonly id: string
  readonly names: readonly string[]
  accessOf(name: string): Access | null
  /** Stores the names of the active ones; returns the owner's change, for recording last. */
  note(ctx: Ctx<Writing>, names: readonly string[]): Promise<Change>
}

interface Wanted {
  readonly ownerKind: OwnerKind
  readonly ownerId: string
}

function getOwner(ctx: Ctx<Reading>, { ownerKind, ownerId }: Wanted): Promise<{ readonly id: string }> {
  return ownerKind === 'consumer' ? consumers.getConsumer(ctx, ownerId) : accounts.getAccount(ctx, ownerId)
}

async function takeOwner(ctx: Ctx<Writing>, { ownerKind, ownerId }: Wanted): Promise<Owner> {
  if (ownerKind === 'account') {
    const account = await accounts.takeAccount(ctx, (await accounts.getAccount(ctx, ownerId)).id)
    return {
      id: account.id,
      names: account.subscriptions,
      accessOf: (name) => accountAccessTo(account, name, ctx.team),
      note: (inside, names) => accounts.noteSubscriptions(inside, account, names),
    }
  }
  const consumer = await consumers.takeConsumer(ctx, (await consumers.getConsumer(ctx, ownerId)).id)
  return {
    id: consumer.id,
    names: consumer.subscriptions,
    accessOf: (name) =>
      consumer.kind === 'individual' ? (accessIn(consumerSubscriptions, name)?.(consumer, ctx.team) ?? null) : null,
    note: (inside, names) => consumers.noteSubscriptions(inside, consumer, names),
  }
}

/** The rules are about open accounts. */
function accountAccessTo(account: accounts.Account, name: string, team: Team): Access | null {
  const access = accessIn(accountRules, name)?.(account, team) ?? null
  return access && account.status !== 'active' ? { status: 'unavailable', code: 'product.unavailable' } : access
}

function accessIn<Rule>(rules: Readonly<Record<string, Rule>>, name: string): Rule | undefined {
  return Object.hasOwn(rules, name) ? rules[name] : undefined
}
