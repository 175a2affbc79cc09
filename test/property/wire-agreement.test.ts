/** What a caller is told of one person, on three dates of the team's clock: a debt of each type, and no two answers that contradict. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { LIABILITY_TYPES } from '../../src/network/port.js'
import { type App, type Call, openApp, type Wire } from '../setup/app.js'
import { type Person, register } from '../setup/cast.js'

const PEOPLE = 4
const WAYS = ['P1D', 'P40D', 'P2Y']
const DAY_MS = 86_400_000

let app: App
let merchants: readonly string[]
beforeAll(async () => {
  app = await openApp()
  merchants = await Promise.all(
    LIABILITY_TYPES.map(async (type) => {
      const { data } = await app.call('GET', `/merchants?type=${type}&page_limit=1`)
      return (data as unknown as readonly Wire[])[0]?.id
    }),
  )
})
afterAll(() => app.close())

test('balance, update, payoff, attributes and credit file agree on the wire', { timeout: 240_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 9999 }), async (number) => {
      const by = { key: (await app.newTeam()).development, version: '2025-12-01' } as const
      const phone = `+1512556${String(number).padStart(4, '0')}`
      const owes = await register(app, { phone, liabilities: merchants.map((mch_id) => ({ mch_id })) }, by)
      const person = await owes.as(by).verified().connected().enter()
      expect(person.accounts.map(({ liability }) => liability.type).sort()).toEqual([...LIABILITY_TYPES].sort())
      await app.call('POST', '/simulate/clock', { ...by, body: { freeze: true } })
      for (const advance of WAYS) {
        const { data: clock } = await app.call('POST', '/simulate/clock', { ...by, body: { advance } })
        await expectAgreement(person, by, clock.now.slice(0, 10))
      }
    }),
    { numRuns: PEOPLE },
  )
})

interface Told {
  readonly id: string
  readonly type: string
  readonly balance: Wire
  readonly update: Wire | null
  readonly payoff: Wire | null
  readonly attribute: Wire
}

async function expectAgreement({ id }: Person, by: Call, today: string): Promise<void> {
  // What ended since is closed by what is told of it first.
  await tellOf(await activeOf(id, by), by)
  const told = await tellOf(await activeOf(id, by), by)
  for (const debt of told) expectSound(debt, today)
  const { data: file } = await app.call('POST', `/entities/${id}/attributes`, by)
  const figure = (name: string) => file.attributes[`credit_health_${name}`]
  expect(figure('total_accounts').value).toBe(LIABILITY_TYPES.length)
  expect(figure('open_accounts').value).toBe(told.length)
  const cards = told.flatMap(({ update }) => (update?.credit_limit ? [update] : []))
  const owed = cards.reduce((sum, { balance }) => sum + balance, 0)
  const limits = cards.reduce((sum, { credit_limit }) => sum + credit_limit, 0)
  expect(figure('credit_card_usage').value).toBe(limits > 0 ? Math.round((owed * 100) / limits) : 0)
  const delinquent = told.filter(
    ({ type, attribute }) => type !== 'collection' && attribute.account_standing.value !== 'current',
  )
  const { metadata } = figure('entity_delinquent')
  expect([...metadata.delinquent_account_ids].sort()).toEqual(delinquent.map((debt) => debt.id).sort())
}

async function activeOf(holder: string, by: Call): Promise<readonly Wire[]> {
  const { data } = await app.call('GET', `/accounts?holder_id=${holder}&status=active&page_limit=100`, by)
  return data as unknown as readonly Wire[]
}

/** What each account can be asked, asked at once and answered by jobs. */
async function tellOf(accounts: readonly Wire[], by: Call): Promise<readonly Told[]> {
  const asked = await Promise.all(
    accounts.map(async ({ id, products, liability }) => {
      const ask = async (product: string, path: string) =>
        products.includes(product) ? (await app.call('POST', `/accounts/${id}/${path}`, by)).data : null
      const [balance, update, payoff] = [
        await ask('balance', 'balances'),
        await ask('update', 'updates'),
        await ask('payoff', 'payoffs'),
      ]
      return { id, type: liability.type, balance, update, payoff, attribute: await ask('attribute', 'attributes') }
    }),
  )
  await app.drain()
  return Promise.all(
    asked.map(async ({ id, type, balance, update, payoff, attribute }) => {
      const answer = async (record: Wire | null, path: string) =>
        record && (await app.call('GET', `/accounts/${id}/${path}/${record.id}`, by)).data
      return {
        id,
        type,
        balance: (await answer(balance, 'balances')) ?? {},
        update: (await answer(update, 'updates'))?.[type] ?? null,
        payoff: await answer(payoff, 'payoffs'),
        attribute: attribute?.attributes,
      }
    }),
  )
}

function expectSound({ balance, update, payoff, attribute }: Told, today: string): void {
  expect(balance).toMatchObject({ status: 'completed', error: null, amount: expect.any(Number) })
  if (update) {
    expect(update.balance).toBe(balance.amount)
    expect(update.closed_at).toBeNull()
    if (update.last_payment_date) expect(update.last_payment_date <= today).toBe(true)
    if (update.credit_limit) {
      expect(update.balance + update.available_credit).toBe(update.credit_limit)
      expect(attribute.utilization.value).toBe(Math.round((update.balance * 1000) / update.credit_limit) / 10)
    }
    if (update.disbursements) {
      expect(update.disbursements.reduce((sum: number, draw: Wire) => sum + draw.balance, 0)).toBe(update.balance)
    }
  }
  if (payoff && update) {
    const since = update.last_payment_date ?? update.opened_at
    const days = (Date.parse(today) - Date.parse(since)) / DAY_MS + (payoff.per_diem_amount === null ? payoff.term : 0)
    const interest = Math.round((update.balance * update.interest_rate_percentage * days) / 36_500)
    expect(payoff.amount).toBe(balance.amount + interest)
  }
}
