/**
 * Sends what waits at one webhook: the oldest of each resource, some at a time, until nothing is due. Whoever is slow holds up
 * nobody but itself, because each webhook has a job of its own; two jobs of one webhook share its limit and never send the
 * same, because what is being sent is leased. A process that dies leaves leases that run out: deliveries arrive at least once.
 */
import { inTx } from '../../db/database.js'
import { enqueue } from '../../jobs/queue.js'
import type { Task } from '../../jobs/task.js'
import { addMs } from '../clock/clock.js'
import type { Base, Ctx } from '../ctx.js'
import type { TeamId, WebhookId } from '../ids.js'
import { forTeamOf } from '../teams/teams.js'
import * as deliveries from './delivery-store.js'
import { type Health, healthAfter } from './health.js'
import type { DeliveryPolicy, Poster } from './spelling.js'
import * as store from './store.js'

// No face gives receivers longer.
const ATTEMPT_TIMEOUT_MS_MAX = 10_000
const JITTER = 0.1
const IN_FLIGHT_MAX = 16
// Of what an attempt may take: what a killed process was sending is sent again that soon.
const LEASE_ATTEMPTS = 2
// After that another turn is asked for, so that shutting down never waits for a long queue.
const TURN_MS = 5000
const RESPONSE_HEAD_CHARACTERS = 1000

export const DELIVER_TASK = 'webhook.deliver'

type Sending = Ctx<'db' | 'team' | 'clock' | 'realClock' | 'chance' | 'vault' | 'spellers'>

/** Asks for what waits at webhooks to be sent, now. */
export function queueSending(ctx: Ctx<'tx' | 'team'>, webhookIds: readonly WebhookId[]): Promise<void> {
  return enqueue(
    ctx.tx,
    [...new Set(webhookIds)].map((webhookId) => turnOf(ctx.team.id, webhookId)),
  )
}

function turnOf(teamId: TeamId, webhookId: WebhookId) {
  return { task: DELIVER_TASK, key: `webhook:${webhookId}`, payload: { teamId, webhookId } }
}

/** `onDisabled` is told of a webhook that was switched off because five deliveries in a row were given up. */
export function deliveryTask(
  base: Base,
  post: Poster,
  onDisabled: (facts: { readonly teamId: TeamId; readonly webhookId: WebhookId; readonly reason: string }) => void,
): Task {
  return {
    name: DELIVER_TASK,
    attemptsMax: 25,
    timeoutMs: TURN_MS + ATTEMPT_TIMEOUT_MS_MAX + 10_000,
    async run({ teamId, webhookId }, signal) {
      const ctx = await forTeamOf(base, teamId as TeamId)
      const whose = { teamId: ctx.team.id, webhookId: webhookId as WebhookId }
      let spentMs = 0
      for (;;) {
        const target = await deliveries.findTarget(ctx, whose)
        if (!target) return
        const isOver = signal.aborted || spentMs > TURN_MS
        const due = isOver ? [] : await claim(ctx, whose, policyOf(ctx, target))
        if (due.length === 0) break
        const attempts = await Promise.all(due.map((delivery) => attempt(ctx, target, delivery, post)))
        spentMs += Math.max(...attempts.map(({ tookMs }) => tookMs))
        const reason = await settle(ctx, target, attempts)
        if (reason) return onDisabled({ ...whose, reason })
      }
      await askForNextTurn(ctx, whose)
    },
  }
}

interface Whose {
  readonly teamId: TeamId
  readonly webhookId: WebhookId
}

function claim(ctx: Sending, whose: Whose, { timeoutMs }: DeliveryPolicy) {
  const now = ctx.realClock.now()
  const leasedUntil = addMs(now, LEASE_ATTEMPTS * timeoutMs)
  return deliveries.claimDue(ctx, { ...whose, now, leasedUntil, inFlightMax: IN_FLIGHT_MAX })
}

function policyOf(ctx: Ctx<'spellers'>, { face }: deliveries.Target): DeliveryPolicy {
  const speller = ctx.spellers[face]
  if (!speller) throw new Error(`No face called ${face} is wired to send deliveries.`)
  return speller.policy
}

/** A turn that was asked for meanwhile is sooner, and stays. */
async function askForNextTurn(ctx: Sending, whose: Whose): Promise<void> {
  const at = await deliveries.nextDueAt(ctx, whose)
  if (at === null) return
  const delayMs = Math.max(0, Date.parse(at) - Date.parse(ctx.realClock.now()))
  await inTx(ctx.db, (tx) => enqueue(tx, [{ ...turnOf(whose.teamId, whose.webhookId), delayMs }], { keepsTimes: true }))
}

async function attempt(
  ctx: Sending,
  target: deliveries.Target,
  due: deliveries.DueDelivery,
  post: Poster,
): Promise<deliveries.Attempt> {
  const sentAt = ctx.realClock.stamp()
  const policy = policyOf(ctx, target)
  const headers = { 'content-type': 'application/json', ...(await headersOf(ctx, target, due)) }
  const { tookMs, outcome } = await post({
    url: target.url,
    headers,
    body: due.body,
    timeoutMs: policy.timeoutMs,
    allowsPrivateAddresses: ctx.team.environment === 'development',
  })
  const wasAccepted = outcome.ok && policy.isAccepted(outcome.status)
  const retryDelayMs = policy.retryDelaysMs[due.attempts]
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

async function headersOf(
  ctx: Ctx<'team' | 'realClock' | 'vault' | 'spellers'>,
  target: deliveries.Target,
  due: deliveries.DueDelivery,
): Promise<Readonly<Record<string, string>>> {
  const open = (place: string, sealed: Buffer | null) =>
    sealed && ctx.vault.open(ctx.team, `webhooks.${place}.${target.id}`, sealed)
  const secrets = {
    authToken: open('auth_token', target.authTokenSealed),
    hmacSecret: open('hmac_secret', target.hmacSecretSealed),
  }
  const { id: deliveryId, attempts, eventId, body } = due
  const message = { deliveryId, attempt: attempts + 1, eventId, body, sentAt: ctx.realClock.now() }
  return ctx.spellers[target.face]?.headers(secrets, message) ?? {}
}

function withoutSecrets(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return 'authorization' in headers ? { ...headers, authorization: '…' } : headers
}

/** Writes attempts down and judges the webhook by them; returns why it was switched off, if it was. */
function settle(
  ctx: Sending,
  target: deliveries.Target,
  attempts: readonly deliveries.Attempt[],
): Promise<string | null> {
  return inTx(ctx.db, async (tx) => {
    const inside = { ...ctx, db: tx, tx }
    await deliveries.recordAttempts(inside, attempts)
    const ends = attempts.filter(({ status }) => status !== 'pending')
    if (!policyOf(ctx, target).switchesOff) return null
    const isNews = target.exhaustedInRow > 0 || ends.some(({ status }) => status === 'exhausted')
    const before = isNews ? await store.takeHealth(inside, target.id) : null
    if (!before) return null
    const after = ends.reduce<Health>(
      (health, { status, outcome }) => healthAfter(health, status === 'delivered' ? 'delivered' : 'exhausted', outcome),
      before,
    )
    if (after === before) return null
    await store.changeHealth(inside, { id: target.id, health: after, at: ctx.clock.stamp() })
    if (after.status !== 'disabled' || before.status === 'disabled') return null
    await deliveries.dropWaiting(inside, target.id)
    return after.statusReason
  })
}

/** Between 0.9 and 1.1, so that receivers that failed together are not retried together. */
function jitter(ctx: Ctx<'chance'>): number {
  return 1 - JITTER + (2 * JITTER * ctx.chance.bytes(2).readUInt16BE()) / 65_535
}
