import { randomBytes } from 'node:crypto'
import { defineCommand } from 'citty'
import { DEMO_TEAM } from '../../core/teams/teams.js'
import { NEWEST_TYPES, WIRE_TYPES } from '../../faces/method/event-types.js'
import { VERSION_DATES } from '../../faces/method/method.js'
import { type Stage, StageRefused, stageOf } from '../../faces/method/recipes/stage.js'
import type { Wire } from '../../faces/method/versions/versions.js'
import type { Admin } from '../admin.js'
import { isForwarding, openForwarder } from '../forwarder.js'
import { Problem } from '../problem.js'
import { stopOnSignal } from '../signals.js'
import { administer } from './administer.js'
import { explained } from './explain.js'

const SECRET_BYTES = 24
// By which the webhooks of sessions are known.
const MARK = { made_by: 'clearspan listen' } as const

export const listen = defineCommand({
  meta: {
    name: 'listen',
    description:
      'Print the events of a team as they are sent, and forward them, until Ctrl-C. Needs a running server on this machine.',
  },
  args: {
    'forward-to': {
      type: 'string',
      description: 'Where to send each, as it was sent',
      valueHint: 'http://127.0.0.1:3000/hooks',
    },
    types: { type: 'string', description: 'Only these types, with commas', valueHint: 'entity.create,account.closed' },
    team: {
      type: 'string',
      default: DEMO_TEAM,
      description: 'The name of the team, in development',
      valueHint: 'name',
    },
    secret: { type: 'string', description: 'What signs them; default: a new one, which is printed', valueHint: 'text' },
    'wire-version': {
      type: 'enum',
      options: [...VERSION_DATES],
      default: VERSION_DATES[0],
      description: 'The version that words them',
    },
  },
  run: ({ args }) =>
    explained(() => {
      const version = VERSION_DATES.find((date) => date === args['wire-version']) ?? VERSION_DATES[0]
      const wanted = {
        team: args.team,
        version,
        types: args.types?.split(',').filter(Boolean) ?? typesOf(version),
        forwardTo: addressOf(args['forward-to']),
        secret: args.secret ?? `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`,
      }
      return administer((admin) => relay(admin, wanted, stopOnSignal()), { needsServer: true })
    }),
})

interface Wanted {
  readonly team: string
  readonly version: (typeof VERSION_DATES)[number]
  readonly types: readonly string[]
  readonly forwardTo: URL | null
  readonly secret: string
}

/** Webhooks of its own, one for each type, for as long as nobody stops it. */
async function relay(admin: Admin, wanted: Wanted, stopping: Promise<void>): Promise<string> {
  const { team, version, types, forwardTo, secret } = wanted
  const ask = await admin.askAs({ name: team, environment: 'development' })
  const stage = stageOf(ask, version)
  const forwarder = await openForwarder(forwardTo, (line) => process.stdout.write(`${line}\n`))
  const paths: string[] = []
  // The newest version lists no webhook that was switched off, as one without its receiver may be.
  await removeAll(stage, await abandoned(stageOf(ask, VERSION_DATES[0])))
  try {
    for (const type of types) {
      const { id } = await stage.post('/webhooks', { type, url: forwarder.url, hmac_secret: secret, metadata: MARK })
      paths.push(`/webhooks/${id}`)
    }
    const where = forwardTo === null ? '' : `, forwarding to ${forwardTo.href}`
    process.stdout.write(`Listening to ${types.length} types of team ${team}${where}\nSigned with ${secret}\n`)
    await stopping
  } catch (error) {
    if (error instanceof StageRefused) throw new Problem(error.message, { cause: error })
    throw error
  } finally {
    await removeAll(stage, paths)
    await forwarder.close()
  }
  return 'Stopped; the webhooks of this session are gone.'
}

/** What sessions left behind that were killed. */
async function abandoned(stage: Stage): Promise<readonly string[]> {
  const webhooks = (await stage.get('/webhooks')) as unknown as readonly Wire[]
  const marked = webhooks.filter(({ metadata }) => metadata?.made_by === MARK.made_by)
  const urls = [...new Set(marked.map(({ url }) => url as string))]
  const answers = await Promise.all(urls.map(isForwarding))
  const silent = new Set(urls.filter((_, index) => !answers[index]))
  return marked.filter(({ url }) => silent.has(url)).map(({ id }) => `/webhooks/${id}`)
}

async function removeAll(stage: Stage, paths: readonly string[]): Promise<void> {
  for (const path of paths) await stage.remove(path)
}

function typesOf(version: Wanted['version']): readonly string[] {
  return version === '2025-12-01' ? [...WIRE_TYPES, ...NEWEST_TYPES] : WIRE_TYPES
}

function addressOf(text: string | undefined): URL | null {
  if (text === undefined) return null
  const url = URL.canParse(text) ? new URL(text) : null
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new Problem(`"${text}" is no address. Write one such as http://127.0.0.1:3000/hooks.`)
  }
  return url
}
