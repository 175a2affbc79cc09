import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type OpenWorld, openWorld, told } from '../../../test/setup/world.js'
import type { Ask, CardTransaction, Network, Stage } from '../port.js'

const NOON = '2026-03-10T12:00:00.000Z'
const ask: Ask = { realm: 'team', at: NOON }
const LONG_AGO = '2025-03-10T12:00:00.000Z'

let open: OpenWorld
let world: Network
let stage: Stage
beforeAll(async () => {
  open = await openWorld()
  ;({ world, stage } = open)
})
afterAll(() => open.close())

const personOf = (phone: string, consumerRef?: string) => open.meet(ask, phone, consumerRef)

async function debtAt(merchantNumber: number, consumerRef?: string, phone = '+15121231111'): Promise<string> {
  const lines = told(await world.tradelines(ask, await personOf(phone, consumerRef)))
  const line = lines.find((each) => each.merchantNumber === merchantNumber)
  if (!line) throw new Error(`nothing is owed to ${merchantNumber}`)
  return line.accountRef
}

const CHASE = 302086
const LIVING_CARD = 311289
const transactions = async (ref: string, since = LONG_AGO, at = NOON) =>
  told(await world.cardTransactions({ ...ask, at }, ref, since))
const reportOf = async (ref: string, at = NOON) => told(await world.liabilityReport({ ...ask, at }, ref))

describe('the transactions of a card', () => {
  let ref: string
  let all: readonly CardTransaction[]
  beforeAll(async () => {
    ref = await debtAt(LIVING_CARD)
    all = await transactions(ref)
  })

  test('come oldest first, each with a ref of its own and a merchant', () => {
    expect(all.length).toBeGreaterThan(50)
    expect(new Set(all.map((each) => each.ref)).size).toBe(all.length)
    expect(all.map((each) => each.transactedAt)).toEqual(all.map((each) => each.transactedAt).sort())
    for (const { merchant, descriptor, amountCents } of all) {
      expect(merchant.categoryCode).toMatch(/^\d{4}$/)
      expect(merchant.acquirerBin).toMatch(/^\d{6}$/)
      expect(merchant.acceptorId).toMatch(/^\d{15}$/)
      expect(merchant.country).toBe('USA')
      expect(descriptor.startsWith(merchant.name)).toBe(true)
      expect(amountCents).toBeGreaterThan(0)
    }
  })

  test('are pending until they post or are voided, and then stay as they are', async () => {
    const changes = all.map(({ transactedAt, postedAt, voidedAt }) => [transactedAt, postedAt ?? voidedAt])
    for (const [transactedAt, changedAt] of changes)
      if (changedAt) expect(transactedAt && transactedAt < changedAt).toBe(true)
    expect(new Set(all.map((each) => each.status))).toEqual(new Set(['posted', 'voided', 'pending']))
    const posted = all.find((each) => each.status === 'posted' && each.transactedAt > LONG_AGO)
    const earlier = await transactions(ref, LONG_AGO, posted?.transactedAt)
    const then = earlier.find((each) => each.ref === posted?.ref)
    expect(then).toEqual({ ...posted, status: 'pending', postedAt: null })
  })

  test('of two spans are those of both, told again only when something changed', async () => {
    const middle = '2025-09-10T12:00:00.000Z'
    const [before, after] = [await transactions(ref, LONG_AGO, middle), await transactions(ref, middle)]
    const latest = new Map([...before, ...after].map((each) => [each.ref, each]))
    expect([...latest.values()].sort(byTime)).toEqual([...all].sort(byTime))
    const again = after.filter((each) => before.some((other) => other.ref === each.ref))
    for (const each of again) expect(before.find((other) => other.ref === each.ref)?.status).toBe('pending')
    expect(await transactions(ref, NOON)).toEqual([])
  })

  test('include refunds, which name the purchase they give back', async () => {
    const years = await transactions(ref, '2024-04-10T00:00:00.000Z', '2026-03-10T00:00:00.000Z')
    const refunds = years.filter((each) => each.kind === 'refund')
    expect(refunds.length).toBeGreaterThan(0)
    for (const refund of refunds) {
      const original = years.find((each) => each.ref === refund.originalRef)
      expect(original).toMatchObject({ kind: 'purchase', amountCents: refund.amountCents, merchant: refund.merchant })
    }
  })

  test('that posted are what the balance moved by within a cycle, less the payment', async () => {
    const { nextPaymentDueOn } = await reportOf(ref)
    expect(nextPaymentDueOn).not.toBe(null)
    const days = Array.from({ length: 60 }, (_, day) => new Date(Date.parse('2026-01-10') + day * 86_400_000))
    const reports = await Promise.all(days.map((day) => reportOf(ref, day.toISOString())))
    const posted = await transactions(ref, '2026-01-10T00:00:00.000Z')
    let explained = 0
    for (const [index, report] of reports.entries()) {
      const before = reports[index - 1]
      const at = days[index]?.toISOString()
      if (!before || !at) continue
      const paid = report.lastPaymentOn === at.slice(0, 10) ? (report.lastPaymentCents ?? 0) : 0
      const bought = posted
        .filter((each) => each.postedAt === at)
        .reduce((sum, { kind, amountCents }) => sum + (kind === 'refund' ? -amountCents : amountCents), 0)
      if ((report.balanceCents ?? 0) - (before.balanceCents ?? 0) === bought - paid) explained += 1
    }
    // On a statement day there may be interest as well.
    expect(explained).toBeGreaterThanOrEqual(57)
  })

  test('are none for a documented card and one whose balance was drafted, and unknown for loans', async () => {
    const phone = '+15125550120'
    await stage.registerPersonas(ask.realm, [{ phone, liabilities: [{ merchantNumber: CHASE, balanceCents: 90_000 }] }])
    expect(await transactions(await debtAt(CHASE))).toEqual([])
    expect(await transactions(await debtAt(CHASE, 'jane', phone))).toEqual([])
    expect(await world.cardTransactions(ask, await debtAt(2347), LONG_AGO)).toEqual({
      ok: false,
      reason: 'not_supported',
    })
  })
})

describe('a rehearsed purchase', () => {
  test('posts at once, is told like any other, and moves balance and available credit', async () => {
    for (const merchantNumber of [CHASE, LIVING_CARD]) {
      const ref = await debtAt(merchantNumber, 'buyer')
      const yesterday = '2026-03-09T12:00:00.000Z'
      const [before, past] = [await reportOf(ref), await reportOf(ref, yesterday)]
      const bought = await stage.buy(ask, ref, {})
      expect(bought).toMatchObject({ status: 'posted', kind: 'purchase', postedAt: NOON, transactedAt: NOON })
      expect(bought).toMatchObject({ voidedAt: null, originalRef: null, merchant: { categoryCode: '5182' } })
      const cents = bought?.amountCents ?? 0
      const after = await reportOf(ref)
      expect(cents).toBeGreaterThan(0)
      expect(after.balanceCents).toBe((before.balanceCents ?? 0) + cents)
      expect(after.availableCreditCents).toBe((before.availableCreditCents ?? 0) - cents)
      expect(told(await world.balance(ask, ref)).amountCents).toBe(after.balanceCents)
      expect((await transactions(ref)).at(-1)).toEqual(bought)
      expect(await reportOf(ref, yesterday)).toEqual(past)
      expect((await transactions(ref, LONG_AGO, yesterday)).some((each) => each.ref === bought?.ref)).toBe(false)
    }
  })

  test('is what was asked for', async () => {
    const ref = await debtAt(CHASE, 'chooser')
    const bought = await stage.buy(ask, ref, { amountCents: 4_321, merchantName: 'Pond & Sons', categoryCode: '5942' })
    expect(bought).toMatchObject({ amountCents: 4_321, merchant: { name: 'Pond & Sons', categoryCode: '5942' } })
    expect(bought?.descriptor).toBe('POND & SONS BOISE')
  })

  test('worsens the holder’s card usage, and touches nobody else', async () => {
    const phones = ['+15125550121', '+15125550122']
    const liabilities = [{ merchantNumber: CHASE, balanceCents: 100_000, creditLimitCents: 1_000_000 }]
    await stage.registerPersonas(
      ask.realm,
      phones.map((phone) => ({ phone, liabilities })),
    )
    const usage = async (phone: string) => told(await world.creditReport(ask, await personOf(phone)))
    const before = await Promise.all(phones.map(usage))
    await stage.buy(ask, await debtAt(CHASE, 'jane', phones[0]), { amountCents: 400_000 })
    const after = await Promise.all(phones.map(usage))
    expect(after.map((report) => report.cardUsagePercent)).toEqual([50, 10])
    expect(after[0]?.score).toBeLessThan(before[0]?.score ?? 0)
    expect(after[1]).toEqual(before[1])
  })

  test('twenty at once are twenty', async () => {
    const ref = await debtAt(CHASE, 'crowd')
    const bought = await Promise.all(Array.from({ length: 20 }, () => stage.buy(ask, ref, { amountCents: 100 })))
    expect(new Set(bought.map((each) => each?.ref)).size).toBe(20)
    expect((await reportOf(ref)).balanceCents).toBe(1_866_688 + 2_000)
  })

  test('beyond the limit leaves no credit, but not less than none', async () => {
    const ref = await debtAt(CHASE, 'spender')
    await stage.buy(ask, ref, { amountCents: 1_000_000 })
    expect(await reportOf(ref)).toMatchObject({ balanceCents: 2_866_688, availableCreditCents: 0 })
  })

  test('is not made with a loan, a closed card or nobody’s', async () => {
    const phone = '+15125550123'
    await stage.registerPersonas(ask.realm, [{ phone, liabilities: [{ merchantNumber: CHASE, isClosed: true }] }])
    expect(await stage.buy(ask, await debtAt(2347), {})).toBe(null)
    expect(await stage.buy(ask, await debtAt(CHASE, 'jane', phone), {})).toBe(null)
    expect(await stage.buy(ask, 'nobody', {})).toBe(null)
  })
})

function byTime(a: CardTransaction, b: CardTransaction): number {
  return a.ref < b.ref ? -1 : 1
}
