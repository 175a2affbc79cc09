import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type OpenWorld, openWorld, told } from '../../../test/setup/world.js'
import type { Ask, LiabilityType, Network, Stage } from '../port.js'

const ask: Ask = { realm: 'team', at: '2026-03-10T12:00:00.000Z' }
const later: Ask = { ...ask, at: '2026-09-10T12:00:00.000Z' }
const TYPES: readonly LiabilityType[] = ['credit_card', 'auto_loan', 'mortgage', 'student_loans', 'personal_loan']

describe('news of a person', () => {
  let open: OpenWorld
  let world: Network
  let stage: Stage
  beforeAll(async () => {
    open = await openWorld()
    world = open.world
    stage = open.stage
  })
  afterAll(() => open.close())

  const meet = (phone: string, consumerRef?: string) => open.meet(ask, phone, consumerRef)
  const debtsOf = async (ref: string, at = ask) => told(await world.tradelines(at, ref))
  const fileOf = async (ref: string, at = ask) => told(await world.creditReport(at, ref))

  test('a debt of each type that was announced begins on the day it is asked for, and stays', async () => {
    const ref = await meet('+17375550004')
    const before = await debtsOf(ref)
    const score = await fileOf(ref)
    expect(await stage.awaitDebts(ask, ref, TYPES)).toBe(true)
    expect((await fileOf(ref)).totalAccounts).toBe(score.totalAccounts)
    const after = await debtsOf(ref)
    const added = after.slice(before.length)
    expect(after.slice(0, before.length)).toEqual(before)
    expect(added.map(({ type }) => type)).toEqual(TYPES)
    expect(new Set(after.map(({ accountRef }) => accountRef)).size).toBe(after.length)
    for (const { snapshot, isClosed, merchantNumber } of added) {
      expect({ openedOn: snapshot.openedOn, isClosed }).toEqual({ openedOn: '2026-03-10', isClosed: false })
      expect(snapshot.balanceCents).toBeGreaterThanOrEqual(0)
      expect(before.map((debt) => debt.merchantNumber)).not.toContain(merchantNumber)
    }
    expect(await debtsOf(ref)).toEqual(after)
    const moved = await fileOf(ref)
    expect(moved.totalAccounts).toBe(score.totalAccounts + TYPES.length)
    expect(moved.averageAgeMonths).toBeLessThanOrEqual(score.averageAgeMonths)
    expect(moved.score).not.toBe(score.score)
  })

  test('it then lives like any other: loans are paid off month by month', async () => {
    const ref = await meet('+17375550006')
    await debtsOf(ref)
    await stage.awaitDebts(ask, ref, ['auto_loan', 'mortgage', 'student_loans'])
    const now = (await debtsOf(ref)).slice(-3)
    const then = (await debtsOf(ref, later)).slice(-3)
    for (const [index, line] of now.entries()) {
      expect(then[index]?.accountNumber).toBe(line.accountNumber)
      expect(then[index]?.snapshot.balanceCents ?? 0).toBeLessThanOrEqual(line.snapshot.balanceCents ?? 0)
      expect(then[index]?.isClosed).toBe(false)
    }
    expect(then[1]?.snapshot.balanceCents).toBeLessThan(now[1]?.snapshot.balanceCents ?? 0)
    expect(now.map(({ snapshot }) => snapshot.disbursements.length).at(-1)).toBe(1)
  })

  test('no more than five wait, of each kind, and what is too many adds none', async () => {
    const ref = await meet('+17375550008')
    expect(await stage.awaitDebts(ask, ref, ['credit_card', 'credit_card', 'credit_card'])).toBe(true)
    expect(await stage.awaitDebts(ask, ref, ['mortgage', 'mortgage', 'mortgage'])).toBe(false)
    expect(await stage.awaitDebts(ask, ref, ['mortgage', 'mortgage'])).toBe(true)
    expect(await stage.awaitSoftInquiries(ask, ref, 6)).toBe(false)
    expect(await stage.awaitSoftInquiries(ask, ref, 5)).toBe(true)
    expect(await stage.awaitSoftInquiries(ask, ref, 1)).toBe(false)
    expect(await stage.awaitDebts(ask, 'nobody', ['mortgage'])).toBe(false)
    const lines = await debtsOf(ref)
    expect(lines.slice(-5).map(({ type }) => type)).toEqual([
      ...['credit_card', 'credit_card', 'credit_card'],
      ...['mortgage', 'mortgage'],
    ])
    expect(await stage.awaitDebts(ask, ref, ['mortgage'])).toBe(true)
  })

  test('of several who ask at once, all see the debt, once', async () => {
    const ref = await meet('+17375550010')
    const before = await debtsOf(ref)
    await stage.awaitDebts(ask, ref, ['credit_card', 'auto_loan'])
    const seen = await Promise.all(Array.from({ length: 6 }, () => debtsOf(ref)))
    const after = await debtsOf(ref)
    expect(after).toHaveLength(before.length + 2)
    for (const lines of seen) expect(lines).toEqual(after)
  })

  test('a soft inquiry stands in the file from then on, and costs no points', async () => {
    const ref = await meet('+17375550012')
    await debtsOf(ref)
    const before = await fileOf(ref)
    await stage.awaitSoftInquiries(ask, ref, 2)
    const after = await fileOf(ref)
    expect(after.softInquiries).toHaveLength(before.softInquiries.length + 2)
    expect(after.softInquiries.slice(0, 2)).toMatchObject([{ on: '2026-03-10' }, { on: '2026-03-10' }])
    expect(after.score).toBe(before.score)
    expect(await fileOf(ref)).toEqual(after)
    const inYears = await fileOf(ref, { ...ask, at: '2028-04-10T00:00:00.000Z' })
    expect(inYears.softInquiries.filter(({ on }) => on === '2026-03-10')).toEqual([])
  })

  test('what is given of a documented person is true beside what arose since', async () => {
    const ref = await meet('+15121231111')
    await debtsOf(ref)
    const before = await fileOf(ref)
    await stage.awaitDebts(ask, ref, ['credit_card'])
    await debtsOf(ref)
    const { totalAccounts, openAccounts, score } = await fileOf(ref)
    expect({ totalAccounts, openAccounts, score }).toEqual({
      totalAccounts: before.totalAccounts + 1,
      openAccounts: before.openAccounts + 1,
      score: before.score,
    })
    const other = await meet('+15121231111', 'another')
    await debtsOf(other)
    expect((await fileOf(other)).totalAccounts).toBe(before.totalAccounts)
  })

  test('a person who is registered anew has no news', async () => {
    const phone = '+15125550198'
    await stage.registerPersonas(ask.realm, [{ phone, liabilities: [{ merchantNumber: 302086 }] }])
    const ref = await meet(phone)
    await stage.awaitDebts(ask, ref, ['mortgage'])
    await stage.awaitSoftInquiries(ask, ref, 1)
    await stage.registerPersonas(ask.realm, [{ phone, liabilities: [{ merchantNumber: 302086 }] }])
    expect(await debtsOf(ref)).toHaveLength(1)
    expect((await fileOf(ref)).softInquiries.filter(({ on }) => on === '2026-03-10')).toEqual([])
  })
})
