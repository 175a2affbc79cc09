/** How a team is doing, at a glance. */
import type { FastifyInstance } from 'fastify'
import { listAccounts } from '../../core/accounts/accounts.js'
import { addMs } from '../../core/clock/clock.js'
import { listConsumers } from '../../core/consumers/consumers.js'
import { listRecorded } from '../../core/events/events.js'
import { paymentTotals } from '../../core/payments/payments.js'
import { requestCounts } from '../../core/request-log/request-log.js'
import { listAllWebhooks, recentDeliveries } from '../../core/webhooks/webhooks.js'
import { type ConsoleDesk, teamOf } from './desk.js'
import { eventLine } from './events.js'
import { counted, readOn } from './lists.js'
import { ANY_ACCOUNT } from './resources.js'

const HOUR_MS = 3_600_000
const HOURS = 24
const EVENTS_SHOWN = 8

export function overviewRoute(app: FastifyInstance, desk: ConsoleDesk): void {
  app.get('/overview', async (request) => {
    const ctx = await teamOf(desk, request)
    const now = ctx.realClock.now()
    const since = addMs(`${now.slice(0, 13)}:00:00.000Z`, -(HOURS - 1) * HOUR_MS)
    const [consumers, accounts, payments, requests, webhooks, deliveries, events] = await Promise.all([
      listConsumers(ctx, { status: null, kind: null, name: null }, counted(undefined, 1)),
      listAccounts(ctx, ANY_ACCOUNT, counted(undefined, 1)),
      paymentTotals(ctx),
      requestCounts(ctx, since),
      listAllWebhooks(ctx),
      recentDeliveries(ctx),
      listRecorded(ctx, { topic: null, resourceId: null }, readOn(undefined, EVENTS_SHOWN)),
    ])
    return {
      now: ctx.clock.now(),
      isRehearsal: ctx.team.environment === 'development',
      consumers: consumers.total,
      accounts: accounts.total,
      payments,
      webhooks: webhooks.length,
      requests: Array.from({ length: HOURS }, (_, index) => {
        const hour = addMs(since, index * HOUR_MS)
        const within = requests.filter((each) => each.hour === hour)
        const sum = (isWanted: (statusClass: number) => boolean) =>
          within.filter(({ statusClass }) => isWanted(statusClass)).reduce((total, each) => total + each.total, 0)
        return {
          hour,
          answered: sum((of) => of < 4),
          refused: sum((of) => of === 4),
          failed: sum((of) => of >= 5),
          tookUs: within.reduce((total, each) => total + each.tookUs, 0),
        }
      }),
      deliveries: Object.fromEntries(
        ['delivered', 'pending', 'exhausted', 'dropped'].map((status) => [
          status,
          deliveries.filter((each) => each.status === status).reduce((total, { count }) => total + count, 0),
        ]),
      ),
      events: events.items.map(eventLine),
    }
  })
}
