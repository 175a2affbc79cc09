import { type ArgsDef, defineCommand } from 'citty'
import type { DeliveryFilter, LoggedDelivery } from '../../core/webhooks/webhooks.js'
import { Problem } from '../problem.js'
import { administer } from './administer.js'
import { explained } from './explain.js'
import { whoseArgs } from './team-args.js'

const SHOWN_MAX = 50

const which = {
  ...whoseArgs,
  event: { type: 'string', description: 'Only of this event', valueHint: 'evt_…' },
  webhook: { type: 'string', description: 'Only to this webhook', valueHint: 'whk_…' },
  since: { type: 'string', description: 'Only what was made at or after it', valueHint: '2027-01-15T09:00:00Z' },
  delivered: { type: 'boolean', default: false, description: 'Also what arrived' },
} satisfies ArgsDef

const deliveries = defineCommand({
  meta: { name: 'deliveries', description: 'Show the newest deliveries that did not arrive, and each attempt.' },
  args: which,
  run: ({ args }) =>
    explained(() =>
      administer(async (admin) => {
        const { team: name, environment } = args
        const statuses = ['pending', ...statusesOf(args)]
        const found = await admin.listDeliveries({ name, environment }, { ...filterOf(args), statuses }, SHOWN_MAX)
        return found.length === 0 ? 'No deliveries.' : found.map(describe).join('\n')
      }),
    ),
})

const resend = defineCommand({
  meta: {
    name: 'resend',
    description: 'Send again what was given up or dropped: the same bytes, signed anew. A running server sends them.',
  },
  args: which,
  run: ({ args }) =>
    explained(() =>
      administer(async (admin) => {
        const { team: name, environment } = args
        const count = await admin.resend({ name, environment }, { ...filterOf(args), statuses: statusesOf(args) })
        return count === 1 ? '1 delivery is on its way.' : `${count} deliveries are on their way.`
      }),
    ),
})

export const events = defineCommand({
  meta: { name: 'events', description: 'Look at the deliveries of events, and send them again.' },
  subCommands: { deliveries, resend },
})

interface Which {
  readonly event?: string | undefined
  readonly webhook?: string | undefined
  readonly since?: string | undefined
  readonly delivered: boolean
}

function filterOf({ event, webhook, since }: Which): Omit<DeliveryFilter, 'statuses'> {
  if (since !== undefined && !Number.isFinite(Date.parse(since))) {
    throw new Problem(`"${since}" is no instant. Write one such as 2027-01-15T09:00:00Z.`)
  }
  return {
    deliveryId: null,
    eventId: event === undefined ? null : event.replace(/^evt_/, ''),
    webhookId: webhook === undefined ? null : webhook.replace(/^whk_/, ''),
    since: since === undefined ? null : new Date(Date.parse(since)).toISOString(),
  }
}

function statusesOf({ delivered }: Which): readonly string[] {
  return ['exhausted', 'dropped', ...(delivered ? ['delivered'] : [])]
}

function describe({ wireType, url, status, createdAt, attempts, eventId }: LoggedDelivery): string {
  const lines = attempts.map(
    ({ sentAt, outcome, tookMs, responseHead }) =>
      `    ${sentAt}  ${outcome}  ${tookMs} ms  ${(responseHead ?? '').split('\n', 1)[0] ?? ''}`,
  )
  return [`${createdAt}  ${wireType}  evt_${eventId}  ${status}  ${url}`, ...lines].join('\n')
}
