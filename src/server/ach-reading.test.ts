import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { returnFile } from '../../test/setup/ach.js'
import { type App, openApp } from '../../test/setup/app.js'
import { addChecking, type Payer, passTo, pay, payer } from '../../test/setup/money.js'
import { checkLedger } from '../core/payments/payments.js'
import { parseFile } from '../network/nacha/parse.js'

// The clock begins half an hour before it.
const WINDOW = '2026-03-10T15:30:00.000Z'

let folder: string
let app: App
let kevin: Payer
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ach-'))
  app = await openApp({ CLEARSPAN_ACH_OUTBOX: join(folder, 'out'), CLEARSPAN_ACH_INBOX: join(folder, 'in') })
  kevin = await payer(app)
})
afterEach(async () => {
  await app.close()
  await rm(folder, { recursive: true })
})

const retrieve = async (id: string) => (await app.call('GET', `/payments/${id}`)).data
const drop = (name: string, text: string) => writeFile(join(folder, 'in', name), text)
const returned = (trace: string, amountCents: number) =>
  returnFile([{ kind: 'return', code: 'R01', of: trace, amountCents }])

/** A payment whose pull has left, and the entry of its file. */
async function pulled() {
  const { id } = await pay(app, { source: kevin.checking, destination: kevin.card, amount: 12500 })
  await passTo(app, WINDOW)
  const { team } = await app.ctx()
  const name = `${team.id}-20260310-1030-01.ach`
  const { batches } = parseFile(await readFile(join(folder, 'out', name), 'latin1'))
  return { payment: await retrieve(id), batch: batches[0], name }
}

it('a window writes the pulls of its payments to a file, once', async () => {
  const { payment, batch, name } = await pulled()
  expect(batch).toMatchObject({ entryClass: 'PPD', description: 'CardPay01', effectiveOn: '2026-03-11' })
  expect(batch?.entries).toMatchObject([
    {
      transactionCode: '27',
      amountCents: 12500,
      name: 'Kevin Doyle',
      traceNumber: payment.source_trace_id,
      routingNumber: '062103000',
    },
  ])
  await app.drain()
  expect((await readdir(join(folder, 'out'))).filter((each) => each.endsWith('.ach'))).toEqual([name])
})

it('a push to a bank account is a credit in the file of its window', async () => {
  const other = await addChecking(app, kevin.person.id)
  await pay(app, { source: kevin.checking, destination: other.id })
  await passTo(app, WINDOW, '2026-03-11T21:30:00.000Z', '2026-03-12T18:30:00.000Z')
  const names = (await readdir(join(folder, 'out'))).filter((each) => each.includes('-20260312-1330-'))
  const { batches } = parseFile(await readFile(join(folder, 'out', names[0] ?? ''), 'latin1'))
  expect(batches.flatMap(({ entries }) => entries)).toMatchObject([{ transactionCode: '22', amountCents: 5000 }])
})

it('an account of a company is addressed as one', async () => {
  const { data: company } = await app.call('POST', '/entities', {
    body: { type: 'corporation', corporation: { name: 'Blue Heron Farms', ein: '123456789' } },
  })
  const { team } = await app.ctx()
  await sql`update consumers set status = 'active', status_reason = null where id = ${company.id.slice(4)}`.execute(
    app.fresh.db,
  )
  const account = await addChecking(app, company.id)
  await pay(app, { source: account.id, destination: kevin.card })
  await passTo(app, WINDOW)
  const file = await readFile(join(folder, 'out', `${team.id}-20260310-1030-01.ach`), 'latin1')
  const { batches } = parseFile(file)
  expect(batches[0]).toMatchObject({ entryClass: 'CCD', entries: [{ name: 'Blue Heron Farms' }] })
})

it('a return that a bank drops fails its payment once, and the ledger stays whole', async () => {
  const { payment } = await pulled()
  await drop('returns.ach', returned(payment.source_trace_id, 12500))
  await app.drain()
  const failed = await retrieve(payment.id)
  expect(failed).toMatchObject({ status: 'failed', error: { code: 10001 } })
  expect(await readdir(join(folder, 'in', 'done'))).toEqual(['returns.ach'])
  expect((await checkLedger(await app.ctx())).findings).toEqual([])
  await drop('again.ach', returned(payment.source_trace_id, 12500))
  await app.drain()
  expect(await retrieve(payment.id)).toEqual(failed)
  expect(await readdir(join(folder, 'in', 'done'))).toEqual(['again.ach', 'returns.ach'])
})

it('a return of an unknown number, or of another amount, changes nothing and is put aside', async () => {
  const { payment } = await pulled()
  await drop('amount.ach', returned(payment.source_trace_id, 12499))
  await drop('trace.ach', returned('123456780000001', 12500))
  await app.drain()
  expect(await retrieve(payment.id)).toEqual(payment)
  expect(await readdir(join(folder, 'in', 'done'))).toEqual([])
  expect(await readdir(join(folder, 'in', 'failed'))).toEqual([
    'amount.ach',
    'amount.ach.reason.txt',
    'trace.ach',
    'trace.ach.reason.txt',
  ])
})

it('a notification of change is taken and changes no payment', async () => {
  const { payment } = await pulled()
  await drop('changes.ach', returnFile([{ kind: 'change', code: 'C01', of: payment.source_trace_id, amountCents: 0 }]))
  await app.drain()
  expect(await retrieve(payment.id)).toEqual(payment)
  expect(await readdir(join(folder, 'in', 'done'))).toEqual(['changes.ach'])
})
