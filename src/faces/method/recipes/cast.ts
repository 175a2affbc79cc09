/** Who and what recipes need first. Kevin is somebody of the documented world; others are registered as they are needed. */
import { randomInt } from 'node:crypto'
import type { Wire } from '../versions/versions.js'
import type { Stage } from './stage.js'

const KEVIN = { first_name: 'Kevin', last_name: 'Doyle', phone: '+15121231111' }
const PHONE = { type: 'phone', method: 'byo_sms', byo_sms: { timestamp: '2024-08-01T12:00:00.000Z' } }
const IDENTITY = { type: 'identity', method: 'kba', kba: {} }
export const CHASE = 'mch_302086'
const ROUTING = '062103000'
// What is printed on Kevin's Chase card. Contract: method/dev-fixtures-accounts F.3.
const PRINTED = { exp_month: '03', exp_year: '2028', billing_zip_code: '78758', cvv: '878' }

/** Prefers an answer later, which then is an update. */
export const LATER = { prefer: 'respond-async' }

/** `/entities/ent_…` of somebody about whom nothing is known. */
export async function nobody(stage: Stage): Promise<string> {
  return `/entities/${(await stage.post('/entities', { type: 'individual', individual: {} })).id}`
}

/** `/entities/ent_…` of Kevin. */
export async function kevin(stage: Stage, individual: object = KEVIN): Promise<string> {
  return `/entities/${(await stage.post('/entities', { type: 'individual', individual })).id}`
}

export async function verified(stage: Stage, individual?: object): Promise<string> {
  const entity = await kevin(stage, individual)
  await stage.post(`${entity}/verification_sessions`, PHONE)
  await stage.post(`${entity}/verification_sessions`, IDENTITY)
  return entity
}

export async function connected(stage: Stage, individual?: object): Promise<string> {
  const entity = await verified(stage, individual)
  const { id } = await stage.post(`${entity}/connect`)
  await stage.finished(`${entity}/connect/${id}`)
  return entity
}

/** `/accounts/acc_…` of the first debt that fits. */
async function debt(stage: Stage, entity: string, filter: string): Promise<string> {
  const found = (await stage.get(`/accounts?holder_id=${idOf(entity)}&status=active&${filter}`)) as unknown as Wire[]
  const [account] = found
  if (!account) throw new Error(`${entity} has no account with ${filter}.`)
  await stage.finished(`/accounts/${account.id}/updates/${account.update}`)
  return `/accounts/${account.id}`
}

/** Kevin's Chase card. */
export const card = async (stage: Stage) => debt(stage, await connected(stage), `liability.mch_id=${CHASE}`)
export const autoLoan = async (stage: Stage) => debt(stage, await connected(stage), 'liability.type=auto_loan')

/** The card's holder said what is printed on it; returns the session. */
export async function prove(stage: Stage, account: string): Promise<string> {
  const { id } = await stage.post(`${account}/verification_sessions`, { type: 'pre_auth' })
  await stage.put(`${account}/verification_sessions/${id}`, { pre_auth: PRINTED })
  return `${account}/verification_sessions/${id}`
}

export async function provenCard(stage: Stage): Promise<string> {
  const account = await card(stage)
  await prove(stage, account)
  return account
}

export async function checking(stage: Stage, entity: string): Promise<string> {
  const ach = { routing: ROUTING, number: `${randomInt(100_000, 1_000_000)}5555`, type: 'checking' }
  return `/accounts/${(await stage.post('/accounts', { holder_id: idOf(entity), ach })).id}`
}

/** Kevin pays his card; returns the payment. */
export async function payment(stage: Stage): Promise<string> {
  const destination = await card(stage)
  const { holder_id } = await stage.get(destination)
  const source = await checking(stage, `/entities/${holder_id}`)
  const body = { amount: 5000, source: idOf(source), destination: idOf(destination), description: 'CardPay01' }
  return `/payments/${(await stage.post('/payments', body)).id}`
}

/** A payment of which something is to be returned; returns the reversal, which waits for approval. */
export async function reversal(stage: Stage): Promise<string> {
  const path = await payment(stage)
  const move = (body: object) => stage.post(`/simulate${path}`, body)
  await move({ status: 'processing' })
  await move({ status: 'sent' })
  const { reversal_id } = await move({ status: 'reversal_required', error_code: 10001 })
  return `${path}/reversals/${reversal_id}`
}

interface Owed {
  readonly balance: number
  readonly credit_limit: number
}

/** Somebody new whose card owes the first amount when it is connected, and the second at the update after it; returns the card. */
export async function cardThatMoves(stage: Stage, before: Owed, after: Owed): Promise<string> {
  const phone = `+1737${randomInt(2_000_000, 10_000_000)}`
  const owing = (owed: Owed) => {
    const debtOf = { mch_id: CHASE, account_number: '5555444433332222', opened_at: '2024-01-05', ...owed }
    const person = { phone, first_name: 'Ada', last_name: 'Own', kba_recognized: true, liabilities: [debtOf] }
    return stage.post('/simulate/personas', { personas: [person] })
  }
  await owing(before)
  const entity = await connected(stage, { first_name: 'Ada', last_name: 'Own', phone })
  const account = await debt(stage, entity, `liability.mch_id=${CHASE}`)
  await finished(stage, `${account}/updates`)
  await owing(after)
  await finished(stage, `${account}/updates`)
  return account
}

/** Requests something and waits for its end; returns its path. */
export async function finished(stage: Stage, path: string, body: object = {}, headers = {}): Promise<string> {
  const { id } = await stage.post(path, body, headers)
  await stage.finished(`${path}/${id}`)
  return `${path}/${id}`
}

/** The last word of a path. */
export function idOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
