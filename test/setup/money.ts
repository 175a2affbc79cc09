/** Accounts that tests move money between. */
import type { App, Call, Wire } from './app.js'
import { kevin, type Person } from './cast.js'

export const ROUTING = '062103000'

/** Kevin with a checking account beside his debts. */
export interface Payer {
  readonly person: Person
  /** `acc_…` of the checking account. */
  readonly checking: string
  /** `acc_…` of his Chase card. */
  readonly card: string
}

let numbers = 0

/** A number that ends well, or the given one, each of them new. */
export function accountNumber(ending = '5555'): string {
  return `${String(++numbers).padStart(6, '0')}${ending}`
}

export async function payer(app: App, ending?: string, call: Pick<Call, 'key' | 'version'> = {}): Promise<Payer> {
  const person = await kevin(app).as(call).verified().connected().enter()
  const { id } = await addChecking(app, person.id, ending, call)
  return { person, checking: id, card: person.account('mch_302086').id }
}

export async function addChecking(
  app: App,
  holderId: string,
  ending?: string,
  call: Pick<Call, 'key' | 'version'> = {},
): Promise<Wire> {
  const ach = { routing: ROUTING, number: accountNumber(ending), type: 'checking' }
  const { data, status, text } = await app.call('POST', '/accounts', { ...call, body: { holder_id: holderId, ach } })
  if (status !== 200) throw new Error(text)
  return data
}

export interface Paid {
  readonly source: string
  readonly destination: string
  readonly amount?: number
  readonly fee?: object
}

export async function pay(app: App, { amount = 5000, ...rest }: Paid, call: Pick<Call, 'key' | 'version'> = {}) {
  const body = { amount, description: 'CardPay01', ...rest }
  const { data, status, text } = await app.call('POST', '/payments', { ...call, body })
  if (status !== 200) throw new Error(text)
  return data
}

/** Moves the clock to an instant and does what has become due on the way, one stop at a time where some are named. */
export async function passTo(app: App, ...instants: readonly string[]): Promise<void> {
  for (const at of instants) {
    app.clock.advance(Date.parse(at) - Date.parse(app.clock.now()))
    await app.drain()
  }
}

/** A checking account that a data provider has proven and says so much is in; the team proves none by itself. */
export async function addLinked(
  app: App,
  holderId: string,
  dollars: number,
  call: Pick<Call, 'key' | 'version'> = {},
): Promise<string> {
  const { id } = await addChecking(app, holderId, undefined, call)
  const sessions = `/accounts/${id}/verification_sessions`
  const { data } = await app.call('POST', sessions, { ...call, body: { type: 'plaid' } })
  const plaid = { balances: { available: dollars, current: dollars }, transactions: [] }
  const { data: session, text } = await app.call('PUT', `${sessions}/${data.id}`, { ...call, body: { plaid } })
  if (session.status !== 'verified') throw new Error(text)
  return id
}
