import { defineCommand } from 'citty'
import type { Webhook } from '../../core/webhooks/webhooks.js'
import { Problem } from '../problem.js'
import { administer } from './administer.js'
import { explained } from './explain.js'
import { whoseArgs } from './team-args.js'

const HOUR_MS = 3_600_000
const OVERLAP_HOURS_MAX = 30 * 24
// As long as the API takes one. Contract: method/webhooks-events §1.2.
const SECRET_CHARACTERS_MAX = 1000

const list = defineCommand({
  meta: { name: 'list', description: 'List the webhooks of a team, newest first, and how each is.' },
  args: whoseArgs,
  run: ({ args: { team: name, environment } }) =>
    explained(() =>
      administer(async (admin) => {
        const found = await admin.listWebhooks({ name, environment })
        return found.length > 0 ? found.map(line).join('\n') : 'There are no webhooks.'
      }),
    ),
})

const rotate = defineCommand({
  meta: {
    name: 'rotate',
    description: 'Give a webhook another signing secret. The former one stays valid beside it for a while.',
  },
  args: {
    id: { type: 'positional', required: true, description: 'The id of the webhook', valueHint: 'whk_…' },
    ...whoseArgs,
    'overlap-hours': {
      type: 'string',
      default: '24',
      description: 'How long both are valid; 0 ends the former one at once',
      valueHint: 'hours',
    },
    secret: { type: 'string', description: 'The new secret; default: a random one', valueHint: 'text' },
  },
  run: ({ args }) =>
    explained(() =>
      administer(async (admin) => {
        const wanted = { name: args.team, environment: args.environment }
        const overlapMs = overlapOf(args['overlap-hours'])
        const id = args.id.replace(/^whk_/, '')
        const { secret, formerUntil } = await admin.rotateSecret(wanted, {
          id,
          overlapMs,
          secret: secretOf(args.secret),
        })
        const former =
          formerUntil === null ? 'No other secret is valid.' : `The former secret is valid until ${formerUntil}.`
        return `${secret}\n\n${former} The new one is not shown again.`
      }),
    ),
})

export const webhooks = defineCommand({
  meta: { name: 'webhooks', description: 'List webhooks, and replace what their deliveries are signed with.' },
  subCommands: { list, rotate },
})

function overlapOf(text: string): number {
  const hours = Number(text)
  if (!/^\d+(\.\d+)?$/.test(text) || hours > OVERLAP_HOURS_MAX) {
    throw new Problem(`--overlap-hours must be a number from 0 to ${OVERLAP_HOURS_MAX}, not "${text}".`)
  }
  return Math.round(hours * HOUR_MS)
}

function secretOf(text: string | undefined): string | null {
  if (text === undefined) return null
  if (text.length === 0 || text.length > SECRET_CHARACTERS_MAX) {
    throw new Problem(`--secret must have 1 to ${SECRET_CHARACTERS_MAX} characters.`)
  }
  return text
}

function line({ id, wireType, url, status, statusReason }: Webhook): string {
  return [`whk_${id}`, wireType, status, ...(statusReason === null ? [] : [statusReason]), url].join('  ')
}
