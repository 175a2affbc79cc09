/** People that tests put in front of the server, brought as far as a test needs them: `kevin(app).verified().connected()`. */
import { sql } from 'kysely'
import type { App, Call, Wire } from './app.js'

/** A consumer on the stage. */
export interface Person {
  /** `ent_…` */
  readonly id: string
  /** The entity as it is now. */
  readonly entity: Wire
  /** The accounts that the connect found, newest first; empty without one. */
  readonly accounts: readonly Wire[]
  /** The account of a merchant, such as `mch_302086`. Throws when there is none. */
  account(merchantId: string): Wire
}

export interface Scene {
  /** The phone is proven. */
  phoned(): Scene
  /** Phone and identity are proven, so the entity is active. */
  verified(): Scene
  /** A first connect has found the debts, and what institutions were asked has been answered. */
  connected(): Scene
  /** Under another team's key, or at another version. */
  as(call: Pick<Call, 'key' | 'version'>): Scene
  /** Plays the scene. */
  enter(): Promise<Person>
}

/** Whom the bureau knows, recognises at once, and who owes seven debts. Contract: method/dev-fixtures §2, §5. */
export const kevin = (app: App): Scene => scene(app, { first_name: 'Kevin', last_name: 'Doyle', phone: '+15121231111' })

/** Kevin, asked three questions; matched by name and date of birth. */
export const questionedKevin = (app: App): Scene =>
  scene(app, { first_name: 'Kevin', last_name: 'Doyle', phone: '+15121231112', dob: '1997-03-18' })

/** Whom no bureau knows. */
export const stranger = (app: App): Scene =>
  scene(app, { first_name: 'Ada', last_name: 'Nowhere', phone: '+15125550123' })

/** One of ten thousand invented people, by the last four digits of the phone: even ones are recognised. */
export const somebody = (app: App, digits: string): Scene =>
  scene(app, { first_name: 'Some', last_name: 'Body', phone: `+1737555${digits}` })

export const PHONE_SESSION = {
  type: 'phone',
  method: 'byo_sms',
  byo_sms: { timestamp: '2021-09-01T00:00:00.000Z' },
}
export const IDENTITY_SESSION = { type: 'identity', method: 'kba', kba: {} }

type Step = (id: string, call: Pick<Call, 'key' | 'version'>) => Promise<void>

function scene(
  app: App,
  individual: object,
  steps: readonly Step[] = [],
  call: Pick<Call, 'key' | 'version'> = {},
): Scene {
  const then = (...more: readonly Step[]) => scene(app, individual, [...steps, ...more], call)
  const post =
    (path: string, body?: object): Step =>
    async (id, by) => {
      const { data, status } = await app.call('POST', `/entities/${id}/${path}`, { ...by, ...(body ? { body } : {}) })
      if (status !== 200 || data.status === 'failed') throw new Error(`${path} failed: ${JSON.stringify(data)}`)
    }
  const phone = post('verification_sessions', PHONE_SESSION)
  const identity = post('verification_sessions', IDENTITY_SESSION)
  return {
    phoned: () => then(phone),
    verified: () => then(phone, identity),
    connected: () => then(post('connect'), () => app.drain()),
    as: (by) => scene(app, individual, steps, by),
    async enter() {
      const { data } = await app.call('POST', '/entities', { ...call, body: { type: 'individual', individual } })
      for (const step of steps) await step(data.id, call)
      return personOf(app, data.id, call)
    },
  }
}

async function personOf(app: App, id: string, call: Pick<Call, 'key' | 'version'>): Promise<Person> {
  const { data: entity } = await app.call('GET', `/entities/${id}`, call)
  const { data } = await app.call('GET', `/accounts?holder_id=${id}&page_limit=100`, call)
  const accounts = data as unknown as readonly Wire[]
  return {
    id,
    entity,
    accounts,
    account(merchantId) {
      const found = accounts.find(({ liability }) => liability.mch_id === merchantId)
      if (!found) throw new Error(`${id} has no account at ${merchantId}.`)
      return found
    },
  }
}

/** Somebody of the test's own making, recognised at kba, who owes what is given. Registering again renews them. */
export async function register(
  app: App,
  persona: {
    readonly phone: string
    readonly liabilities: readonly object[]
    readonly credit_frozen?: boolean
    readonly ssn?: string
    readonly doubt?: string
  },
  call: Pick<Call, 'key'> = {},
): Promise<Scene> {
  const body = { personas: [{ first_name: 'Ada', last_name: 'Own', kba_recognized: true, ...persona }] }
  const { status, text } = await app.call('POST', '/simulate/personas', { ...call, body })
  if (status !== 200) throw new Error(text)
  return scene(app, { first_name: 'Ada', last_name: 'Own', phone: persona.phone }, [], call)
}

/** Kevin's Chase card, proven by him. Contract: method/dev-fixtures-accounts F.3. */
export async function provenCard(app: App, call: Pick<Call, 'key'> = {}): Promise<Wire> {
  const card = (await kevin(app).as(call).verified().connected().enter()).account('mch_302086')
  await proveCard(app, card.id, call)
  return (await app.call('GET', `/accounts/${card.id}`, call)).data
}

/** The holder says what is printed on the fixtures' Chase card, which any card without a fixture takes as well. */
export async function proveCard(app: App, id: string, call: Pick<Call, 'key' | 'version'> = {}): Promise<void> {
  const sessions = `/accounts/${id}/verification_sessions`
  const { data } = await app.call('POST', sessions, { ...call, body: { type: 'pre_auth' } })
  const pre_auth = { exp_month: '03', exp_year: '2028', billing_zip_code: '78758', cvv: '878' }
  const { data: session, text } = await app.call('PUT', `${sessions}/${data.id}`, { ...call, body: { pre_auth } })
  if (session.status !== 'verified') throw new Error(text)
}

/** The topics of a team's events, oldest first. */
export async function topicsOf(app: App, keys = app.keys): Promise<readonly string[]> {
  const { team } = await app.ctx(keys)
  const { rows } = await sql<{ topic: string }>`
    select topic from events where team_id = ${team.id} order by created_at`.execute(app.fresh.db)
  return rows.map(({ topic }) => topic)
}
