/** Marked secrets go through a server that logs all it can, and are then looked for in its output and its database. A7, A21. */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../setup/database.js'
import {
  connectedKevin,
  createTeamKey,
  DEMO_KEY,
  type MethodApi,
  methodApi,
  PHONE_SESSION,
  sharedEnvironment,
} from '../setup/method-api.js'
import { runClearspan, type SpawnedServer, spawnServer } from '../setup/server.js'
import { openSubscriber, type Subscriber } from '../setup/subscriber.js'

const PHONE = '+15125550161'
const marks: Record<string, string> = {
  ssn: '778628144',
  laterSsn: '778628233',
  refusedSsn: '778-62-8355',
  personaSsn: '778628466',
  accountNumber: '7786285771122334',
  fixtureCardNumber: '5555555555551580',
  bankAccountNumber: '77862857744556',
  refusedBankNumber: '77862857799001',
  describedCardNumber: '7786285774455667',
  debitCardNumber: '4077862857744556',
  refusedDebitNumber: '4077862857744571',
  changedCardNumber: '7786285774455675',
  loanNumber: 'LN77862857331',
  providerBalance: '7786.285733',
  providerTransaction: 'Tectra 77862857',
  authToken: `auth-${randomBytes(12).toString('hex')}`,
  hmacSecret: `hmac-${randomBytes(12).toString('hex')}`,
}

let database: FreshDatabase
let server: SpawnedServer
let subscriber: Subscriber
let api: MethodApi
let environment: ReturnType<typeof sharedEnvironment> & { readonly LOG_LEVEL: string }

beforeAll(async () => {
  database = await freshDatabase()
  subscriber = await openSubscriber()
  environment = { ...sharedEnvironment(database), LOG_LEVEL: 'trace' }
  server = await spawnServer({ environment })
  marks.masterKey = environment.CLEARSPAN_MASTER_KEY
  marks.apiKey = await createTeamKey('marked', environment)
  // Before the server knows the key, which it then believes for a second.
  await runClearspan(['teams', 'set', 'marked', '--auto-verify', 'off'], environment)
  api = methodApi(server, marks.apiKey)
  await useEverySecret()
})
afterAll(async () => {
  await server.stop()
  await subscriber.close()
  await database.close()
})

/** Each mark goes where its kind goes in ordinary use, and into requests that fail. */
async function useEverySecret(): Promise<void> {
  const { authToken: auth_token, hmacSecret: hmac_secret, accountNumber: account_number, personaSsn } = marks
  const types = ['entity.create', 'entity.update', 'account.create', 'update.create']
  for (const type of types) {
    const webhook = { type, url: subscriber.url, auth_token, hmac_secret, expand_event: true }
    await api.post('/webhooks', webhook, { 'idempotency-key': `webhook ${type}` })
  }
  await api.post('/webhooks', { type: 'nonsense', url: subscriber.url, auth_token, hmac_secret })
  const liabilities = [{ mch_id: 'mch_302086', account_number, balance: 1000, credit_limit: 5000 }]
  // Somebody whose SSN is on file, and whom nobody claims to be: another SSN would end who does.
  const personas = [
    { phone: PHONE, kba_recognized: true, liabilities },
    { phone: '+15125550262', ssn: personaSsn, liabilities: [] },
  ]
  await api.post('/simulate/personas', { personas }, { 'idempotency-key': 'persona' })
  await api.post('/simulate/personas', {
    personas: [{ ...personas[0], liabilities: [{ mch_id: 'x', account_number }] }],
  })

  const ann = { first_name: 'Ann', last_name: 'Lee', phone: PHONE }
  const withSsn = { type: 'individual', individual: { ...ann, ssn: marks.ssn } }
  const entity = (await api.post('/entities', withSsn, { 'idempotency-key': 'entity' })).body.data
  const other = (await api.post('/entities', { type: 'individual', individual: ann })).body.data
  await api.put(`/entities/${other.id}`, { individual: { ssn: marks.laterSsn } }, { 'idempotency-key': 'change' })
  await api.put(`/entities/${entity.id}`, { individual: { ssn: marks.laterSsn } }, { 'idempotency-key': 'conflict' })
  await api.post(
    '/entities',
    { type: 'individual', individual: { ...ann, ssn: marks.refusedSsn } },
    { 'idempotency-key': 'no' },
  )
  await api.send('POST', '/entities', `{"individual":{"ssn":"${marks.ssn}"`, {
    'content-type': 'application/json',
    'idempotency-key': 'broken',
  })
  await api.get(`/entities?status=${marks.ssn}`)
  await api.get('/entities', { authorization: `Bearer ${marks.apiKey}x` })

  await api.post(`/entities/${entity.id}/verification_sessions`, PHONE_SESSION)
  await api.post(`/entities/${entity.id}/verification_sessions`, { type: 'identity', method: 'kba', kba: {} })
  await api.post(`/entities/${entity.id}/connect`, {})
  const { cardId } = await connectedKevin(api)
  await payByCard(entity.id, cardId)
  await proveAccounts(cardId, entity.id)
}

/** A debit card that pays, and one that its issuer refuses. */
async function payByCard(holder_id: string, destination: string): Promise<void> {
  const newest = { 'method-version': '2025-12-01' }
  const expiry = { exp_month: '08', exp_year: '2099' }
  const debit_card = { number: marks.debitCardNumber, cvv: '123', ...expiry }
  const { data } = (await api.post('/accounts', { holder_id, debit_card }, { ...newest, 'idempotency-key': 'debit' }))
    .body
  const refused = { number: marks.refusedDebitNumber, cvv: '1234', ...expiry }
  await api.post('/accounts', { holder_id, debit_card: refused }, { ...newest, 'idempotency-key': 'refused debit' })
  const body = { amount: 5000, source: data.id, destination, description: 'ByCard' }
  const payment = (await api.post('/payments', body)).body.data
  await api.post(`/simulate/payments/${payment.id}`, { status: 'processing' })
}

/** Accounts described and proven in every way that hands in something nobody else may read. */
async function proveAccounts(cardId: string, holder_id: string): Promise<void> {
  const { bankAccountNumber, describedCardNumber, changedCardNumber, loanNumber, providerBalance } = marks
  const named = (key: string) => ({ 'idempotency-key': key })
  const add = async (body: object, key: string) =>
    (await api.post('/accounts', { holder_id, ...body }, named(key))).body.data.id as string
  const ach = { routing: '062103000', number: bankAccountNumber, type: 'checking' }
  const bank = await add({ ach }, 'bank')
  await api.post('/accounts', { holder_id, ach: { ...ach, number: marks.refusedBankNumber, routing: '1' } }, named('x'))
  const card = await add({ liability: { mch_id: 'mch_302086', account_number: describedCardNumber } }, 'card')
  const change = { liability: { credit_card: { number: changedCardNumber } } }
  expect((await api.put(`/accounts/${card}`, change, named('card change'))).status).toBe(200)
  const loan = await add({ liability: { mch_id: 'mch_309067', number: loanNumber } }, 'loan')

  const prove = async (account: string, type: string, handed: object) => {
    const path = `/accounts/${account}/verification_sessions`
    const { id } = (await api.post(path, { type }, named(`begin ${account}`))).body.data
    return (await api.put(`${path}/${id}`, { [type]: handed }, named(`prove ${account}`))).body.data
  }
  const transactions = [{ amount: 1, name: marks.providerTransaction }]
  const balances = { available: providerBalance, current: providerBalance }
  expect((await prove(bank, 'plaid', { balances, transactions })).status).toBe('verified')
  expect((await prove(loan, 'standard', { number: loanNumber })).status).toBe('verified')
  const right = { exp_month: '03', exp_year: '2028', billing_zip_code: '78758', number: marks.fixtureCardNumber }
  expect((await prove(cardId, 'pre_auth', { ...right, cvv: '878' })).status).toBe('verified')
}

/** How a secret could lie open: as it is, or in one of the ways that bytes are printed. */
function spellings(secret: string): readonly string[] {
  const bytes = Buffer.from(secret)
  return [secret, bytes.toString('base64').replace(/=+$/, ''), bytes.toString('hex')]
}

function foundIn(text: string): readonly string[] {
  return Object.entries(marks)
    .filter(([, secret]) => spellings(secret).some((spelling) => text.includes(spelling)))
    .map(([name]) => name)
}

test('the flow that follows has really happened', async () => {
  const accounts = (await api.get('/accounts?liability.mch_id=mch_302086&page_limit=100')).body.data
  expect(accounts).toMatchObject([
    { liability: { mask: '5675' } },
    { liability: { mask: '1580' } },
    { liability: { mask: '2334' } },
  ])
  const cards = (await api.get('/accounts?type=debit_card', { 'method-version': '2025-12-01' })).body.data
  expect(cards).toMatchObject([{ debit_card: { mask: '4556' } }])
  expect((await api.get(`/payments?source=${cards[0].id}`)).body.data).toMatchObject([{ status: 'processing' }])
  await expect.poll(() => subscriber.received.length, { timeout: 10_000, interval: 30 }).toBeGreaterThan(10)
  const entities = (await api.get('/entities')).body.data
  expect(entities.map((entity: { individual: object }) => entity.individual)).toContainEqual(
    expect.objectContaining({ phone: PHONE, ssn: 'xxxxxxxxx' }),
  )
})

test('no secret is in anything the server printed', () => {
  expect(server.output()).toContain('Clearspan is ready')
  expect(foundIn(server.output())).toEqual([])
})

test('no secret is in the metrics, nor who has any', async () => {
  const body = await (await fetch(`${server.url}/metrics`)).text()
  expect(body).toContain('clearspan_http_request_duration_seconds_count{face="method",method="POST"')
  expect(foundIn(body)).toEqual([])
  expect(body).not.toMatch(/\bmarked\b|\b(ent|acc|pmt)_|\/entities/)
})

test('no secret is in any column of the database', async () => {
  const { pool } = database.database
  const { rows: tables } = await pool.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema')`,
  )
  expect(tables.length).toBeGreaterThan(15)
  for (const { name } of tables) {
    const { rows } = await pool.query<{ row: string }>(`select t::text as row from ${name} t`)
    expect(foundIn(rows.map(({ row }) => row).join('\n')), name).toEqual([])
  }
})

test('no secret but the token meant for the receiver is in what it was sent', () => {
  expect(foundIn(subscriber.received.map(({ text }) => text).join('\n'))).toEqual([])
})

test('a CVV that proved a card, and what was handed in with it, are sealed with the account', async () => {
  const { rows } = await database.database.pool.query<{ row: string; sealed: boolean }>(
    `select t::text as row, details_sealed is not null as sealed from accounts t where mask = '1580' and verified_at is not null`,
  )
  expect(rows).toHaveLength(1)
  expect(rows[0]?.sealed).toBe(true)
  const { rows: sessions } = await database.database.pool.query<{ detail: object; secret: Buffer | null }>(
    `select detail, secret_sealed as secret from account_verification_sessions where method = 'pre_auth'`,
  )
  expect(sessions).toMatchObject([{ secret: null }])
  expect(JSON.stringify(sessions)).not.toMatch(/878|78758/)
})

test('equal secrets of two records do not look equal', async () => {
  const person = { type: 'individual', individual: { ssn: marks.ssn } }
  await api.post('/entities', person)
  await api.post('/entities', person)
  const { rows } = await database.database.pool.query(
    `select count(*)::int as sealed, count(distinct ssn_sealed)::int as different from consumers where ssn_sealed is not null`,
  )
  expect(rows[0].sealed).toBeGreaterThanOrEqual(4)
  expect(rows[0].different).toBe(rows[0].sealed)
})

test('the demo key is known to everyone, and still only its hash is kept', async () => {
  const { rows } = await database.database.pool.query('select t::text as row from api_keys t')
  expect(rows.map(({ row }) => row).join('\n')).not.toContain(DEMO_KEY)
})
