/**
 * Sends what waits at one webhook: the oldest of each resource, some at a time, until nothing is due. Whoever is slow holds up
 * nobody but itself, because each webhook has a job of its own. Of two jobs of one webhook, one has the turn and the other comes
 * back after it. Attempts are written down together with asking for the next ones, in one commit. A process that dies leaves a turn
 * that runs out, and what it was sending is sent again: deliveries arrive at least once.
 */
import { inTx } from '../../db/database.js'
import { enqueue } from '../../jobs/queue.js'
import type { Task } from '../../jobs/task.js'
import { addMs } from '../clock/clock.js'
import type { Base, Ctx, Writing } from '../ctx.js'
import { spellRandom, type TeamId, type WebhookId } from '../ids.js'
import { forTeamOf } from '../teams/teams.js'
import * as deliveries from './delivery-store.js'
import { judge, type Switched } from './judging.js'
import { openSecrets } from './secrets.js'
import type { DeliveryPolicy, Poster, SigningSecrets } from './spelling.js'

// No face gives receivers longer.
const ATTEMPT_TIMEOUT_MS_MAX = 10_000
const JITTER = 0.1
const IN_FLIGHT_MAX = 16
// Of what an attempt may take: what a killed process was sending is sent again that soon.
const LEASE_ATTEMPTS = 2
// Where nothing of the last lot arrived one is enough to see whether that has changed; if not, others come first for a while.
const IN_FLIGHT_FAILING_MAX = 1
const FAILED_LOTS_MAX = 2
const PAUSE_MS = 1000
// After that another turn is asked for, so that shutting down never waits for a long queue.
const TURN_MS = 5000
const TURN_LOTS_MAX = 50
const RESPONSE_HEAD_CHARACTERS = 1000
const HOLDER_CHARACTERS = 12

const DELIVER_TASK = 'webhook.deliver'

type Sending = Ctx<Exclude<Writing, 'tx'>>

/** The job of a webhook's next turn; one waits at most. */
export function turnOf(teamId: TeamId, webhookId: WebhookId) {
  return { task: DELIVER_TASK, key: `webhook:${webhookId}`, payload: { teamId, webhookId } }
}

export interface DeliveryParts {
  readonly base: Base
  readonly post: Poster
  /** Records that a webhook was switched off, in the transaction that did it. */
  readonly record: (ctx: Ctx<Writing>, switched: Switched) => Promise<void>
  /** Told after a webhook was switched off because its receiver fails. */
  readonly onDisabled: (facts: {
    readonly teamId: TeamId
    readonly webhookId: WebhookId
    readonly reason: string | null
  }) => void
}

export function deliveryTask(parts: DeliveryParts): Task {
  return {
    name: DELIVER_TASK,
    attemptsMax: 25,
    timeoutMs: TURN_MS + ATTEMPT_TIMEOUT_MS_MAX + 10_000,
    async run({ teamId, webhookId }, signal) {
      const ctx = await forTeamOf(parts.base, teamId as TeamId)
      const holder = spellRandom(ctx.chance, HOLDER_CHARACTERS)
      const turn = { teamId: ctx.team.id, webhookId: webhookId as WebhookId, holder }
      const notBefore = await sendInTurn(parts, ctx, turn, signal).catch(async (error: unknown) => {
        await deliveries.giveBackTurn(ctx, turn).catch(() => {})
        throw error
      })
      await askForNextTurn(ctx, turn, notBefore)
    },
  }
}

/** Sends until nothing is due or the turn is over. Returns before when there should be no other, if that matters. */
async function sendInTurn(
  { post, record, onDisabled }: DeliveryParts,
  ctx: Sending,
  turn: deliveries.Turn,
  signal: AbortSignal,
): Promise<string | null> {
  let sent: Sent | null = null
  let failedLots = 0
  let spentMs = 0
  for (let lots = 0; ; lots++) {
    const isOver = signal.aborted || spentMs > TURN_MS || lots > TURN_LOTS_MAX || failedLots >= FAILED_LOTS_MAX
    const limit = failedLots > 0 ? IN_FLIGHT_FAILING_MAX : IN_FLIGHT_MAX
    const { switchedOff, next } = await inTx(ctx.db, async (tx) => {
      const inside = { ...ctx, db: tx, tx }
      const off: Switched | null = sent && (await settle(inside, sent))
      if (off) await record(inside, off)
      const found = off || isOver ? null : await takeNext(inside, turn, limit)
      // Given back before the last look at what is due, which is what those rely on who come meanwhile.
      if (!found?.due.length) await deliveries.giveBackTurn(inside, turn)
      return { switchedOff: off, next: found }
    })
    if (switchedOff) {
      const { teamId, webhookId } = turn
      onDisabled({ teamId, webhookId, reason: switchedOff.after.statusReason })
    }
    // If whoever has the turn dies, somebody must come back for what is left.
    if (!next && !sent) return deliveries.findTurnEnd(ctx, turn)
    if (!next?.due.length) return failedLots > 0 ? addMs(ctx.realClock.now(), PAUSE_MS) : null
    const attempts = await Promise.all(next.due.map((delivery) => attempt(ctx, next, delivery, post)))
    sent = { target: next.target, attempts }
    spentMs += Math.max(...attempts.map(({ tookMs }) => tookMs))
    failedLots = attempts.some(({ status }) => status === 'delivered') ? 0 : failedLots + 1
  }
}

interface Sent {
  readonly target: deliveries.Target
  readonly attempts: readonly deliveries.Attempt[]
}

interface Next {
  readonly target: deliveries.Target
  readonly secrets: SigningSecrets
  readonly due: readonly deliveries.DueDelivery[]
}

/** What is sent next; null when it is not our turn. */
async function takeNext(ctx: Sending & Ctx<'tx'>, turn: deliveries.Turn, limit: number): Promise<Next | null> {
  const now = ctx.realClock.now()
  const leasesMs = Object.fromEntries(
    Object.entries(ctx.spellers).map(([face, { policy }]) => [face, LEASE_ATTEMPTS * policy.timeoutMs]),
  )
  const target = await deliveries.holdTurn(ctx, { ...turn, now, leasesMs })
  if (!target) return null
  const due = await deliveries.listDue(ctx, { ...turn, now, limit })
  return { target, secrets: openSecrets(ctx, target), due }
}

/** Writes attempts down and judges the webhook by them; returns how it was switched off, if it was. */
async function settle(
  ctx: Ctx<'tx' | 'team' | 'clock' | 'realClock' | 'spellers'>,
  { target, attempts }: Sent,
): Promise<Switched | null> {
  await deliveries.recordAttempts(ctx, attempts)
  return policyOf(ctx, target.face).switchesOff ? judge(ctx, target.id, attempts) : null
}

function policyOf(ctx: Ctx<'spellers'>, face: string): DeliveryPolicy {
  return spellerOf(ctx, face).policy
}

function spellerOf(ctx: Ctx<'spellers'>, face: string) {
  const speller = ctx.spellers[face]
  if (!speller) throw new Error(`No face called ${face} is wired to send deliveries.`)
  return speller
}

/** A turn that was asked for meanwhile is sooner, and stays. */
async function askForNextTurn(
  ctx: Sending,
  { teamId, webhookId }: deliveries.Turn,
  notBefore: string | null,
): Promise<void> {
  const at = await deliveries.nextDueAt(ctx, { teamId, webhookId })
  if (at === null) return
  const next = notBefore === null || at > notBefore ? at : notBefore
  const delayMs = Math.max(0, Date.parse(next) - Date.parse(ctx.realClock.now()))
  await inTx(ctx.db, (tx) => enqueue(tx, [{ ...turnOf(teamId, webhookId), delayMs }], { keepsTimes: true }))
}

async function attempt(
  ctx: Sending,
  { target, secrets }: Next,
  due: deliveries.DueDelivery,
  post: Poster,
): Promise<deliveries.Attempt> {
  const sentAt = ctx.realClock.stamp()
  const { id: deliveryId, eventId, body, attempts } = due
  const message = { deliveryId, eventId, body, attempts, sentAt: ctx.realClock.now() }
  const headers = {
    'content-type': 'application/json',
    ...(await spellerOf(ctx, target.face).headers(secrets, message)),
  }
  const policy = policyOf(ctx, target.face)
  const { tookMs, outcome } = await post({
    url: target.url,
    headers,
    body: due.body,
    timeoutMs: policy.timeoutMs,
    allowsPrivateAddresses: ctx.team.environment === 'development',
  })
  const wasAccepted = outcome.ok && policy.isAccepted(outcome.status)
  const retryDelayMs = policy.retryDelaysMs[attempts]
  const isLast = retryDelayMs === undefined
  return {
    deliveryId: due.id,
    status: wasAccepted ? 'delivered' : isLast ? 'exhausted' : 'pending',
    dueAt: wasAccepted || isLast ? sentAt : addMs(ctx.realClock.now(), Math.round(retryDelayMs * jitter(ctx))),
    sentAt,
    tookMs,
    requestHeaders: withoutSecrets(headers),
    outcome: outcome.ok ? String(outcome.status) : outcome.reason,
    // PostgreSQL has no place for a NUL.
    responseHead: outcome.ok ? outcome.head.replaceAll('\0', '').slice(0, RESPONSE_HEAD_CHARACTERS) : null,
  }
}

function withoutSecrets(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return 'authorization' in headers ? { ...headers, authorization: '…' } : headers
}

/** Between 0.9 and 1.1, so that receivers that failed together are not retried together. */
function jitter(ctx: Ctx<'chance'>): number {
  return 1 - JITTER + (2 * JITTER * ctx.chance.bytes(2).readUInt16BE()) / 65_535
}
