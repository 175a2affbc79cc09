/** Who the workloads are about: people with known debts and verified entities for them, made through the API. */
import type pg from 'pg'
import { ID_ALPHABET, ID_LENGTH } from '../src/core/ids.js'

export const KEY = 'sk_dev_clearspan_demo'
export const VERSION = '2025-12-01'
export const headers = { authorization: `Bearer ${KEY}`, 'method-version': VERSION, 'content-type': 'application/json' }

const MERCHANTS = ['mch_302086', 'mch_300485', 'mch_301761']

/** Sends one request, which must succeed; returns the `data` of the reply. */
export async function ask(url: string, path: string, body?: object): Promise<Record<string, unknown>> {
  const reply = await fetch(`${url}/method${path}`, {
    method: body ? 'POST' : 'GET',
    headers,
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const text = await reply.text()
  if (reply.status !== 200) throw new Error(`${path} answered ${reply.status}: ${text}`)
  return (JSON.parse(text) as { data: Record<string, unknown> }).data
}

/** An active entity of a person with so many debts, none of them found yet. Returns its id. */
export async function activeEntity(url: string, debts: number): Promise<string> {
  const phone = `+1512555${String(1000 + debts)}`
  const liabilities = Array.from({ length: debts }, (_, index) => ({
    mch_id: MERCHANTS[index % MERCHANTS.length],
    account_number: `41111111${String(10_000_000 + index)}`,
    balance: 120_000 + index,
    credit_limit: 500_000,
  }))
  await ask(url, '/simulate/personas', { personas: [{ phone, kba_recognized: true, liabilities }] })
  const entity = await ask(url, '/entities', entityBody(phone))
  const sessions = `/entities/${entity.id}/verification_sessions`
  await ask(url, sessions, { type: 'phone', method: 'byo_sms', byo_sms: { timestamp: '2024-01-01T00:00:00Z' } })
  await ask(url, sessions, { type: 'identity', method: 'kba', kba: {} })
  const { status } = await ask(url, `/entities/${entity.id}`)
  if (status !== 'active') throw new Error(`The entity should be active and is ${status}.`)
  return String(entity.id)
}

export function entityBody(phone: string) {
  return {
    type: 'individual',
    individual: { first_name: 'Nora', last_name: 'Quill', phone, email: 'nora@example.com', dob: '1990-05-04' },
    address: { line1: '1 Elm Street', line2: null, city: 'Austin', state: 'TX', zip: '78701' },
    metadata: { reference: 'bench' },
  }
}

/** Copies of an entity, by SQL because a connect uses one up. Returns their ids. */
export async function copyEntity(db: pg.Client, entityId: string, count: number): Promise<readonly string[]> {
  const ids = Array.from({ length: count }, randomId)
  const { rows } = await db.query<{ name: string }>(
    `select quote_ident(attname) as name from pg_attribute
     where attrelid = 'consumers'::regclass and attnum > 0 and not attisdropped and attgenerated = '' and attname <> 'id'`,
  )
  const names = rows.map((row) => row.name)
  await db.query(
    `insert into consumers (id, ${names.join(', ')})
     select copy.id, ${names.map((name) => `t.${name}`).join(', ')}
     from consumers t, unnest($2::text[]) as copy (id) where t.id = $1`,
    [entityId.replace('ent_', ''), ids],
  )
  return ids.map((id) => `ent_${id}`)
}

function randomId(): string {
  return Array.from({ length: ID_LENGTH }, () => ID_ALPHABET[Math.floor(Math.random() * ID_ALPHABET.length)]).join('')
}
