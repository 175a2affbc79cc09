/**
 * What keeps a subscription producing: when it is due, a retrieval of its product is made, which a job completes like any
 * other, and the next due time is set. Due times are the domain's and are taken in batches.
 */
import { inTx } from '../../db/database.js'
import { addMs, DUE_BATCH, type DueWork } from '../clock/clock.js'
import type { Asking, Ctx } from '../ctx.js'
import type { TeamId } from '../ids.js'
import { refreshByProduct } from '../products/products.js'
import { teamById } from '../teams/teams.js'
import * as store from './store.js'

const DAY_MS = 24 * 3600 * 1000

// Contract: method/entities §9.4, none within the first minutes.
export const FIRST_TICK_MS = DAY_MS

interface Tick {
  readonly product: string
  readonly everyMs: number
}

/** By owner and name. Sources name no rhythm; a day is what the development environment is said to do. */
const ticks: Readonly<Record<string, Tick>> = {
  'consumer.connect': { product: 'connect', everyMs: DAY_MS },
  'consumer.credit_score': { product: 'credit_score', everyMs: DAY_MS },
  'consumer.attribute': { product: 'attribute', everyMs: DAY_MS },
  'account.update': { product: 'update', everyMs: DAY_MS },
}

export function subscriptionTicks(base: Ctx<Exclude<Asking, 'team'>>): DueWork {
  return {
    name: 'subscriptions.tick',
    async run() {
      const now = base.clock.now()
      const teams = await store.listDueTeams(base.db, now)
      let done = 0
      for (const teamId of teams) done += await tickTeam({ ...base, team: await teamById(base, teamId as TeamId) }, now)
      return done
    },
  }
}

async function tickTeam(ctx: Ctx<Asking>, now: string): Promise<number> {
  return inTx(ctx.db, async (tx) => {
    const inside = { ...ctx, db: tx, tx }
    const due = await store.takeDue(inside, { now, limit: DUE_BATCH })
    const made = []
    for (const [product, subscriptions] of byProduct(due)) {
      const retrievals = await refreshByProduct(
        inside,
        product,
        subscriptions.map(({ ownerId, payload }) => ({ ownerId, detail: payload ?? {} })),
      )
      made.push(...subscriptions.map((subscription, index) => ({ subscription, retrieval: retrievals[index] })))
    }
    await store.noteTicks(
      inside,
      made.map(({ subscription, retrieval }) => ({
        id: subscription.id,
        retrievalId: retrieval?.id ?? null,
        dueAt: addMs(now, tickOf(subscription)?.everyMs ?? DAY_MS),
      })),
    )
    return due.length
  })
}

type Due = Awaited<ReturnType<typeof store.takeDue>>[number]

function tickOf({ ownerKind, name }: Due): Tick | undefined {
  return ticks[`${ownerKind}.${name}`]
}

function byProduct(due: readonly Due[]): ReadonlyMap<string, readonly Due[]> {
  const groups = new Map<string, Due[]>()
  for (const subscription of due) {
    const product = tickOf(subscription)?.product
    if (product) groups.set(product, [...(groups.get(product) ?? []), subscription])
  }
  return groups
}
