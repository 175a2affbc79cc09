/** What card networks tell, stored. Contract: method/accounts §7, entities §1.14. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type App, openApp } from '../../../test/setup/app.js'
import { kevin, topicsOf } from '../../../test/setup/cast.js'
import { inTx } from '../../db/database.js'
import type { CardTransaction } from '../../network/port.js'
import { takeAccount } from '../accounts/accounts.js'
import { withdrawAccountConsent } from '../consent/consent.js'
import type { Ctx, Writing } from '../ctx.js'
import { eventsOf } from '../events/events.js'
import type { AccountId } from '../ids.js'
import { getTransaction, keepTransactions, listTransactions, newestTransactions } from './transactions.js'

let app: App
let keys: App['keys']
let accountId: AccountId
let otherId: AccountId
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())

const idOf = (wire: { readonly id?: string } | undefined) => String(wire?.id).slice('acc_'.length) as AccountId

/** A new team with two accounts of nobody else. */
async function arrange(): Promise<void> {
  keys = await app.newTeam()
  const person = await kevin(app).as({ key: keys.development }).verified().connected().enter()
  accountId = idOf(person.account('mch_302086'))
  otherId = idOf(person.account('mch_311289'))
}

const PURCHASE: CardTransaction = {
  ref: 'purchase',
  kind: 'purchase',
  status: 'pending',
  descriptor: 'RIVER BEND BOOKS BOISE',
  merchant: {
    name: 'River Bend Books',
    categoryCode: '5942',
    city: 'Boise',
    state: 'ID',
    country: 'USA',
    acquirerBin: '412345',
    acceptorId: '000123456789012',
  },
  network: 'visa',
  amountCents: 2349,
  authorizedCents: 2349,
  transactedAt: '2026-03-10T14:00:00.000Z',
  postedAt: null,
  voidedAt: null,
  originalRef: null,
}
const POSTED: CardTransaction = { ...PURCHASE, status: 'posted', postedAt: '2026-03-11T05:00:00.000Z' }
const REFUND: CardTransaction = { ...POSTED, ref: 'refund', kind: 'refund', originalRef: 'purchase' }

async function inTeam<T>(work: (ctx: Ctx<Writing>) => Promise<T>): Promise<T> {
  const ctx = await app.ctx(keys)
  return inTx(ctx.db, (tx) => work({ ...ctx, db: tx, tx }))
}
const keep = (told: readonly CardTransaction[], id = accountId) =>
  inTeam(async (ctx) => keepTransactions(ctx, await takeAccount(ctx, id), told))
const PAGE = { fromDate: null, toDate: null, page: 1, cursor: null, limit: 100 }
const listed = async (id = accountId) => (await listTransactions(await app.ctx(keys), id, PAGE)).items
const topics = async () => (await topicsOf(app, keys)).filter((topic) => topic.startsWith('transaction.'))

describe('what a network tells', () => {
  beforeAll(arrange)

  test('is kept once, however often it is told', async () => {
    const [first] = await keep([PURCHASE])
    expect(first).toMatchObject({ accountId, networkRef: 'purchase', status: 'pending', amountCents: 2349 })
    expect(await keep([PURCHASE, PURCHASE])).toEqual([])
    expect(await listed()).toEqual([first])
    expect(await topics()).toEqual(['transaction.created'])
  })

  test('changes the record until it is posted, and not after', async () => {
    const [before] = await listed()
    const [after] = await keep([POSTED])
    expect(after).toEqual({ ...before, status: 'posted', postedAt: POSTED.postedAt, updatedAt: expect.any(String) })
    expect(await keep([PURCHASE, { ...POSTED, descriptor: 'another' }])).toEqual([])
    expect(await listed()).toEqual([after])
    expect(await topics()).toEqual(['transaction.created', 'transaction.updated'])
    const [event] = await eventsOf(await app.ctx(keys), String(after?.id), 1)
    expect(event).toMatchObject({ before: { status: 'pending' }, after: { status: 'posted' } })
  })

  test('of money given back is a record of its own that names the purchase', async () => {
    const [purchase] = await listed()
    const [refund] = await keep([REFUND, { ...REFUND, ref: 'stray', originalRef: 'never told' }])
    expect(refund).toMatchObject({ kind: 'refund', originalId: purchase?.id })
    expect((await listed()).map(({ originalId }) => originalId)).toEqual([null, purchase?.id, null])
  })

  test('of another account is another record, seen there only', async () => {
    const [theirs] = await keep([PURCHASE], otherId)
    expect(await listed(otherId)).toEqual([theirs])
    const wanted = { accountId, transactionId: String(theirs?.id) }
    await expect(getTransaction(await app.ctx(keys), wanted)).rejects.toMatchObject({ code: 'transaction.not_found' })
  })

  test('by two workers at once makes one record of each, and one event', async () => {
    await arrange()
    const news = Array.from({ length: 20 }, (_, index) => ({ ...PURCHASE, ref: `at once ${index}` }))
    const kept = await Promise.all([keep(news), keep([...news].reverse()), keep(news)])
    expect(kept.flat()).toHaveLength(news.length)
    expect(await listed()).toHaveLength(news.length)
    expect(await topics()).toEqual(Array(news.length).fill('transaction.created'))
  })

  test('shows the ten newest of each account with it', async () => {
    await keep([PURCHASE], otherId)
    const newest = await newestTransactions(await app.ctx(keys), [accountId, otherId])
    expect(newest.get(accountId)).toEqual((await listed()).slice(0, 10))
    expect(newest.get(otherId)).toEqual(await listed(otherId))
  })

  test('is forgotten when consent to the account is withdrawn, in events too', async () => {
    const [purchase] = await listed()
    await inTeam((ctx) => withdrawAccountConsent(ctx, accountId))
    expect(await listed()).toEqual([])
    expect(await listed(otherId)).toHaveLength(1)
    const events = await eventsOf(await app.ctx(keys), String(purchase?.id), 10)
    expect(events).toHaveLength(1)
    expect(JSON.stringify(events)).not.toMatch(/River Bend|RIVER BEND|2349/)
  })
})
