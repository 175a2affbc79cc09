import { inTx } from '../../db/database.js'
import { enqueue } from '../../jobs/queue.js'
import type { Task } from '../../jobs/task.js'
import type { Ctx } from '../ctx.js'
import type { DeliveryId, TeamId } from '../ids.js'
import { type Team, teamById } from '../teams/teams.js'
import type { Poster, PostOutcome } from './spelling.js'
import * as store from './store.js'

// Contract: method/webhooks-events §2.5. The receiver has five seconds; only 200 counts; four more attempts.
const ATTEMPT_TIMEOUT_MS = 5000
const ATTEMPTS_MAX = 5
const RETRY_DELAYS_MS = [15_000, 60_000, 240_000, 960_000] as const
const JITTER = 0.1

/** Sends one delivery: the stored bytes, with headers for this moment. Runs again, later, while attempts are left. */
export function deliveryTask(base: Ctx<'db' | 'realClock' | 'chance' | 'vault' | 'spellers'>, post: Poster): Task {
  return {
    name: 'webhook.deliver',
    attemptsMax: 25,
    timeoutMs: ATTEMPT_TIMEOUT_MS + 10_000,
    async run(payload) {
      const teamId = payload.teamId as TeamId
      const deliveryId = payload.deliveryId as DeliveryId
      const due = await store.findDue(base, { teamId, deliveryId })
      if (!due) return
      const team = await teamById(base, teamId)
      const outcome = await post({
        url: due.url,
        headers: { 'content-type': 'application/json', ...headersOf({ ...base, team }, due) },
        body: due.body,
        timeoutMs: ATTEMPT_TIMEOUT_MS,
        allowsPrivateAddresses: team.environment === 'development',
      })
      await settle({ ...base, team }, due, outcome)
    },
  }
}

function headersOf(ctx: Ctx<'team' | 'realClock' | 'vault' | 'spellers'>, due: store.DueDelivery) {
  const open = (place: string, sealed: Buffer | null) =>
    sealed && ctx.vault.open(ctx.team, `webhooks.${place}.${due.webhookId}`, sealed)
  const secrets = {
    authToken: open('auth_token', due.authTokenSealed),
    hmacSecret: open('hmac_secret', due.hmacSecretSealed),
  }
  return ctx.spellers[due.face]?.headers(secrets, due.body, ctx.realClock.now()) ?? {}
}

async function settle(
  ctx: Ctx<'db' | 'realClock' | 'chance'> & { readonly team: Team },
  due: store.DueDelivery,
  outcome: PostOutcome,
): Promise<void> {
  const wasAccepted = outcome.ok && outcome.status === 200
  const retryDelayMs = RETRY_DELAYS_MS[due.attempts]
  const isLast = due.attempts + 1 >= ATTEMPTS_MAX || retryDelayMs === undefined
  await inTx(ctx.db, async (tx) => {
    await store.recordAttempt(
      { tx, team: ctx.team },
      {
        deliveryId: due.id,
        status: wasAccepted ? 'delivered' : isLast ? 'exhausted' : 'pending',
        outcome: outcome.ok ? String(outcome.status) : outcome.reason,
        at: ctx.realClock.now(),
      },
    )
    if (wasAccepted || isLast) return
    await enqueue(tx, [
      {
        task: 'webhook.deliver',
        key: `delivery:${due.id}`,
        payload: { teamId: ctx.team.id, deliveryId: due.id },
        delayMs: Math.round(retryDelayMs * jitter(ctx)),
      },
    ])
  })
}

/** Between 0.9 and 1.1, so that receivers that failed together are not retried together. */
function jitter(ctx: Ctx<'chance'>): number {
  return 1 - JITTER + (2 * JITTER * ctx.chance.bytes(2).readUInt16BE()) / 65_535
}
