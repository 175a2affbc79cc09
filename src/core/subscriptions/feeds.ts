/** Subscriptions that listen: a job asks whether there are news, and makes records of those only. */
import { inTx } from '../../db/database.js'
import { enqueue } from '../../jobs/queue.js'
import type { Task } from '../../jobs/task.js'
import { findAccounts, takeAccount } from '../accounts/accounts.js'
import type { Asking, Base, Ctx } from '../ctx.js'
import type { AccountId, SubscriptionId, TeamId } from '../ids.js'
import { accountSubscriptions, askAgain, keepIfNew } from '../products/products.js'
import { forTeamOf } from '../teams/teams.js'
import { askForTransactions, keepTransactions } from '../transactions/transactions.js'
import * as store from './store.js'
import type { Subscription } from './subscriptions.js'

const FEED_TASK = 'subscription.feed'

/** One job for each, so that what one institution does holds up nobody else's. */
export function queueFeeds(ctx: Ctx<'tx' | 'team'>, subscriptions: readonly Subscription[]): Promise<void> {
  return enqueue(
    ctx.tx,
    subscriptions.map(({ id }) => ({
      task: FEED_TASK,
      key: `feed:${id}`,
      payload: { teamId: ctx.team.id, subscriptionId: id },
    })),
  )
}

/** Asks for the news of one subscription. What could not be asked now is asked at the next tick. */
export function feedTask(base: Base): Task {
  return {
    name: FEED_TASK,
    attemptsMax: 3,
    timeoutMs: 60_000,
    async run(payload) {
      const ctx = await forTeamOf(base, payload.teamId as TeamId)
      const listening = await store.findListening(ctx, payload.subscriptionId as SubscriptionId)
      if (listening?.name === 'transaction') await fetchTransactions(ctx, listening)
      if (listening?.name === 'card_brand') await fetchCardBrand(ctx, listening)
    },
  }
}

type Listening = NonNullable<Awaited<ReturnType<typeof store.findListening>>>

/** Begins where the last question ended, the first time with the enrolment. */
async function fetchTransactions(ctx: Ctx<Asking>, { id, ownerId, createdAt, fetchedUntil }: Listening): Promise<void> {
  const [account] = await findAccounts(ctx, [ownerId as AccountId])
  if (!account || accountSubscriptions.transaction(account, ctx.team).status !== 'available') return
  const until = ctx.clock.now()
  const outcome = await askForTransactions(ctx, account, fetchedUntil ?? createdAt)
  if (!outcome.ok) return
  await inTx(ctx.db, async (tx) => {
    const inside = { ...ctx, db: tx, tx }
    const held = await takeAccount(inside, account.id)
    if (held.status !== 'active') return
    if (!(await store.noteFetched(inside, { id, since: fetchedUntil, until }))) return
    const newest = (await keepTransactions(inside, held, outcome.value)).at(-1)
    if (newest) await store.noteLatest(inside, { id, recordId: newest.id })
  })
}

/** A record only where the card has another brand than the last one said. */
async function fetchCardBrand(ctx: Ctx<Asking>, { id, ownerId }: Listening): Promise<void> {
  const answered = await askAgain(ctx, 'card_brand', ownerId)
  if (!answered) return
  await inTx(ctx.db, async (tx) => {
    const inside = { ...ctx, db: tx, tx }
    const held = await takeAccount(inside, ownerId as AccountId)
    if (!held.subscriptions.includes('card_brand')) return
    const made = await keepIfNew(inside, 'card_brand', answered)
    if (made) await store.noteLatest(inside, { id, recordId: made.id })
  })
}
