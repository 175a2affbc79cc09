/**
 * Hands written-down entries to the network, outside any transaction, and marks them. A process that dies in between hands
 * them over again, under the same references, which changes nothing.
 */
import type { Task } from '../../jobs/task.js'
import type { AchHolder, AchOrder, AchParty } from '../../network/port.js'
import { type Account, findAccounts, openDetails } from '../accounts/accounts.js'
import type { DueWork } from '../clock/clock.js'
import { type Consumer, findConsumers } from '../consumers/consumers.js'
import type { Asking, Base, Ctx } from '../ctx.js'
import type { TeamId } from '../ids.js'
import { forTeamOf } from '../teams/teams.js'
import type { AchEntry } from './entries.js'
import * as store from './entry-store.js'
import { SEND_TASK } from './send-jobs.js'

const BATCH = 2_000

// The last hand-over of each team in this process, while one goes on.
const turns = new Map<TeamId, Promise<unknown>>()

/**
 * Hands over a batch, of one payment only where one is named; returns how many, none when the network cannot be reached. Within
 * a process one of a team goes on at a time: a window that moves and the jobs it leaves behind would hand over the same twice.
 */
export function sendWaiting(ctx: Ctx<Asking>, paymentId: string | null): Promise<number> {
  const send = () => sendBatch(ctx, paymentId)
  const turn = (turns.get(ctx.team.id) ?? Promise.resolve()).then(send, send)
  turns.set(ctx.team.id, turn)
  const end = () => {
    if (turns.get(ctx.team.id) === turn) turns.delete(ctx.team.id)
  }
  turn.then(end, end)
  return turn
}

async function sendBatch(ctx: Ctx<Asking>, paymentId: string | null): Promise<number> {
  const waiting = await store.listWaiting(ctx, { paymentId, limit: BATCH })
  if (waiting.length === 0) return 0
  const at = ctx.clock.now()
  const answer = await ctx.network.originate({ realm: ctx.team.id, at }, await ordersOf(ctx, waiting))
  if (!answer.ok) return 0
  // Before they are marked, so that nothing that may come back is ever out without being looked for.
  if (answer.value.lookAgainAt !== null) await store.expectReturns(ctx, answer.value.lookAgainAt)
  await store.noteSent(
    ctx,
    waiting.map(({ reference }) => reference),
    at,
  )
  return waiting.length
}

/** Hands over what nobody has handed over yet. */
export const entrySending: DueWork = {
  name: 'payments.send_entries',
  waiting: store.waiting,
  runTeam: (ctx) => sendWaiting(ctx, null),
}

/** Hands over what a transaction wrote down, as soon as it has committed. */
export function sendingTask(base: Base): Task {
  return {
    name: SEND_TASK,
    attemptsMax: 25,
    timeoutMs: 60_000,
    async run(payload) {
      const ctx = await forTeamOf(base, payload.teamId as TeamId)
      while ((await sendWaiting(ctx, null)) > 0);
    },
  }
}

async function ordersOf(ctx: Ctx<Asking>, entries: readonly AchEntry[]): Promise<readonly AchOrder[]> {
  const accounts = await findAccounts(ctx, [...new Set(entries.map(({ accountId }) => accountId))])
  const consumers = await findConsumers(ctx, [...new Set(accounts.map(({ consumerId }) => consumerId))])
  const holders = new Map(consumers.map((consumer) => [consumer.id, holderOf(consumer)]))
  const parties = new Map(
    accounts.map((account) => {
      const holder = holders.get(account.consumerId) ?? { name: null, isCompany: false }
      return [account.id, { party: partyOf(ctx, account), holder }]
    }),
  )
  return entries.map(({ reference, direction, accountId, amountCents, description, traceId, effectiveOn }) => {
    const whose = parties.get(accountId)
    if (!whose) throw new Error(`The account of entry ${reference} is gone.`)
    return { ...whose, reference, direction, amountCents, description, traceId, effectiveOn }
  })
}

function holderOf({ kind, individual, corporation }: Consumer): AchHolder {
  const names = [individual?.firstName, individual?.lastName].filter((name) => name)
  return { name: corporation?.name ?? (names.join(' ') || null), isCompany: kind === 'corporation' }
}

function partyOf(ctx: Ctx<'team' | 'vault'>, account: Account): AchParty {
  const { number = '' } = openDetails(ctx, account)
  const { bank, debitCard, networkRef, liability } = account
  if (debitCard) return { kind: 'debit_card', number }
  if (bank)
    return { kind: 'deposit', account: { routingNumber: bank.routingNumber, accountNumber: number, type: bank.type } }
  if (networkRef !== null) return { kind: 'debt', accountRef: networkRef }
  return { kind: 'unknown_debt', merchantNumber: liability?.merchantNumber ?? 0, accountNumber: number }
}
