import { openWebhooks, type Webhooks } from './webhooks.js'

export interface TeamOptions {
  /** What the team may use, as `teams[].settings` of a seed file has it. */
  readonly settings?: object
}

/** A team of the server in development. */
export interface Team {
  readonly name: string
  /** The secret key for the method face. */
  readonly key: string
  /** The credentials for the moneykit face. */
  readonly client: { readonly id: string; readonly secret: string }
  readonly clock: Clock
  readonly webhooks: Webhooks
  /** Registers a person in the team's world; whatever is left out of the draft is invented. */
  persona(draft?: PersonaDraft): Promise<Persona>
  /** An entity for a person (default: a new persona), verified and connected, so that all its debts are accounts. */
  connectedPerson(persona?: Persona): Promise<ConnectedPerson>
  /** Asks the method face, version 2025-12-01 unless a header says otherwise, and returns `data`. Throws `ClearspanError`. */
  ask<T = unknown>(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<T>
  /** Stops receiving webhooks. */
  close(): Promise<void>
}

/** The team's time. Whatever is due on the way of a clock has happened when the promise resolves. */
export interface Clock {
  /** ISO 8601. */
  now(): Promise<string>
  /** By seconds, or by a duration such as `P3D`, `PT12H` or `P1M`. Returns the time then. */
  advance(duration: number | string): Promise<string>
  /** To an instant such as `2031-01-15T09:00:00Z`. Returns the time then. */
  set(instant: string | Date): Promise<string>
  freeze(): Promise<string>
  unfreeze(): Promise<string>
}

/** As `POST /method/simulate/personas` takes it; the phone is chosen when there is none. */
export interface PersonaDraft {
  readonly phone?: string
  readonly first_name?: string
  readonly last_name?: string
  readonly dob?: string
  readonly ssn?: string
  readonly match_needs?: readonly ('name' | 'dob' | 'address')[]
  /** Default here: true, so that `kba` asks nothing. */
  readonly kba_recognized?: boolean
  readonly credit_frozen?: boolean
  readonly liabilities?: readonly {
    readonly mch_id: string
    readonly account_number?: string
    readonly balance?: number
    readonly credit_limit?: number
    readonly interest_rate_percentage?: number
    readonly opened_at?: string
    readonly closed?: boolean
  }[]
}

export interface Persona {
  readonly phone: string
  readonly first_name: string
  readonly last_name: string
  readonly dob: string
  readonly address: Readonly<Record<'line1' | 'line2' | 'city' | 'state' | 'zip', string | null>>
  readonly liability_count: number
}

export interface ConnectedPerson {
  readonly persona: Persona
  readonly entityId: string
  /** Of the debts that were found. */
  readonly accountIds: readonly string[]
}

/** An answer of the method face that is no 2xx. */
export class ClearspanError extends Error {
  override readonly name = 'ClearspanError'
  readonly status: number
  /** As the face has it: `type`, `code`, `message`. */
  readonly error: Readonly<Record<string, unknown>>

  constructor(request: string, status: number, error: Readonly<Record<string, unknown>>) {
    super(`${request} was answered ${status}: ${String(error.message ?? 'no reason')}`)
    this.status = status
    this.error = error
  }
}

interface Made {
  readonly name: string
  readonly key: string
  readonly client: { readonly id: string; readonly secret: string }
}

// Numbers of fiction, none of them of the documented or invented people.
const FIRST_PHONE = 13_035_550_100
const VERSION = '2025-12-01'
const LONG_WAY_LOOK_MS = 250

export function openTeam(url: string, made: unknown): Team {
  const { name, key, client } = made as Made
  const ask: Team['ask'] = async <T>(method: string, path: string, body?: unknown, headers = {}) => {
    const answer = await fetch(`${url}/method${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        'method-version': VERSION,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    const { data } = (text ? JSON.parse(text) : { data: null }) as { data: { error?: Record<string, unknown> } | null }
    if (!answer.ok) throw new ClearspanError(`${method} ${path}`, answer.status, data?.error ?? {})
    return data as T
  }
  const webhooks = openWebhooks((type, at) => ask('POST', '/webhooks', { type, url: at }))
  let personas = 0
  const persona: Team['persona'] = async (draft = {}) => {
    const phone = `+${FIRST_PHONE + personas++}`
    const [known] = await ask<readonly Persona[]>('POST', '/simulate/personas', {
      personas: [{ phone, kba_recognized: true, ...draft }],
    })
    if (!known) throw new Error('No persona was registered.')
    return known
  }
  return {
    name,
    key,
    client,
    clock: openClock(ask),
    webhooks,
    persona,
    connectedPerson: async (of) => connectPerson(ask, of ?? (await persona())),
    ask,
    close: () => webhooks.close(),
  }
}

async function connectPerson(ask: Team['ask'], persona: Persona): Promise<ConnectedPerson> {
  const { first_name, last_name, phone, dob, address } = persona
  const { id: entityId } = await ask<{ id: string }>('POST', '/entities', {
    type: 'individual',
    individual: { first_name, last_name, phone, dob },
    ...(address.line1 === null ? {} : { address }),
  })
  const verify = (session: object) => ask('POST', `/entities/${entityId}/verification_sessions`, session)
  await verify({ type: 'phone', method: 'byo_sms', byo_sms: { timestamp: '2024-01-01T00:00:00.000Z' } })
  await verify({ type: 'identity', method: 'kba', kba: {} })
  const { accounts } = await ask<{ accounts: readonly string[] | null }>('POST', `/entities/${entityId}/connect`, {})
  return { persona, entityId, accountIds: accounts ?? [] }
}

interface ClockReading {
  readonly now: string
  readonly moving_to: string | null
}

function openClock(ask: Team['ask']): Clock {
  const read = () => ask<ClockReading>('GET', '/simulate/clock')
  const move = async (order: object) => {
    let reading = await ask<ClockReading>('POST', '/simulate/clock', order)
    // A long way goes on after the answer.
    while (reading.moving_to !== null) {
      await new Promise((resolve) => setTimeout(resolve, LONG_WAY_LOOK_MS))
      reading = await read()
    }
    return reading.now
  }
  return {
    now: async () => (await read()).now,
    advance: (duration) => move({ advance: duration }),
    set: (instant) => move({ set: new Date(instant).toISOString() }),
    freeze: () => move({ freeze: true }),
    unfreeze: () => move({ freeze: false }),
  }
}
