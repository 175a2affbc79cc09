import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Opening, openedBy, postedSum, read } from '../../../../test/setup/logins.js'
import { type OpenWorld, openWorld } from '../../../../test/setup/world.js'
import type { Ask, HeldTransaction, LineDraft, TransactionChanges } from '../../port.js'

const NOON = '2026-03-10T12:00:00.000Z'
const ask: Ask = { realm: 'team', at: NOON }
const later = (minutes: number, asked = ask): Ask => ({
  ...asked,
  at: new Date(Date.parse(asked.at) + minutes * 60_000).toISOString(),
})

let open: OpenWorld
beforeAll(async () => {
  open = await openWorld()
})
afterAll(() => open.close())

let consumers = 0
async function freshAccess(opening: Opening = {}) {
  consumers += 1
  const accessRef = await openedBy(open.world, ask, { consumerRef: `rehearser ${consumers}`, ...opening })
  const [account] = read(await open.world.heldAccounts(ask, accessRef))
  if (!account) throw new Error('there is an account')
  return { accessRef, account }
}
const linesAt = async (accessRef: string, asked = ask) =>
  read(await open.world.heldTransactions(asked, accessRef, null)).transactions
const balanceAt = async (accessRef: string, asked = ask) =>
  read(await open.world.heldAccounts(asked, accessRef))[0]?.balances.currentCents ?? 0

const draft: LineDraft = { cents: 5_000, direction: 'debit', description: 'Corner Bakery' }

describe('a line that is added', () => {
  test('is told, moves the balance, and stands on the day that was asked for', async () => {
    const { accessRef, account } = await freshAccess()
    const before = await balanceAt(accessRef)
    const added = await open.stage.addLine(ask, { accessRef, ref: account.ref }, { ...draft, on: '2026-02-01' })
    expect(added).toMatchObject({
      accountRef: account.ref,
      cents: 5_000,
      direction: 'debit',
      status: 'posted',
      on: '2026-02-01',
      rawDescription: 'CORNER BAKERY',
      category: 'general',
    })
    expect(await linesAt(accessRef)).toContainEqual(added)
    expect(await balanceAt(accessRef)).toBe(before - 5_000)
    const again = await open.stage.addLine(ask, { accessRef, ref: account.ref }, draft)
    expect(again?.ref).not.toBe(added?.ref)
  })

  test('as pending moves it once it is changed to posted', async () => {
    const { accessRef, account } = await freshAccess()
    const before = await balanceAt(accessRef)
    const added = await open.stage.addLine(ask, { accessRef, ref: account.ref }, { ...draft, isPending: true })
    expect([added?.status, await balanceAt(accessRef)]).toEqual(['pending', before])
    const change = { status: 'posted', cents: 5_500 } as const
    const changed = await open.stage.changeLine(later(60), { accessRef, ref: added?.ref ?? '' }, change)
    expect(changed).toMatchObject({ ref: added?.ref, status: 'posted', cents: 5_500 })
    expect(await balanceAt(accessRef, later(59))).toBe(before)
    expect(await balanceAt(accessRef, later(60))).toBe(before - 5_500)
  })

  test('needs a deposit account behind the access, and a day that has come', async () => {
    const { accessRef, account } = await freshAccess()
    const accounts = read(await open.world.heldAccounts(ask, accessRef))
    const card = accounts.find(({ type }) => type === 'liability.credit_card')
    const count = (await linesAt(accessRef)).length
    expect([
      await open.stage.addLine(ask, { accessRef, ref: card?.ref ?? 'a card' }, draft),
      await open.stage.addLine(ask, { accessRef, ref: 'nothing' }, draft),
      await open.stage.addLine(ask, { accessRef: 'nobody', ref: account.ref }, draft),
      await open.stage.addLine({ ...ask, realm: 'other' }, { accessRef, ref: account.ref }, draft),
      await open.stage.addLine(ask, { accessRef, ref: account.ref }, { ...draft, on: '2026-03-11' }),
    ]).toEqual([null, null, null, null, null])
    expect(await linesAt(accessRef)).toHaveLength(count)
  })
})

describe('a line of the household', () => {
  test('is changed from then on, and not before', async () => {
    const { accessRef, account } = await freshAccess()
    const line = (await linesAt(accessRef)).find(
      ({ accountRef, status }) => accountRef === account.ref && status === 'posted',
    )
    const ref = line?.ref ?? ''
    const before = await balanceAt(accessRef)
    const change = { cents: (line?.cents ?? 0) + 1, description: 'Something else', category: 'shopping' }
    await open.stage.changeLine(later(5), { accessRef, ref }, change)
    const find = (lines: readonly HeldTransaction[]) => lines.find((each) => each.ref === ref)
    expect(find(await linesAt(accessRef))).toEqual(line)
    expect(find(await linesAt(accessRef, later(5)))).toEqual({ ...line, ...change })
    expect(Math.abs((await balanceAt(accessRef, later(5))) - before)).toBe(1)
  })

  test('is taken away, told as gone and not found again', async () => {
    const { accessRef, account } = await freshAccess()
    const line = (await linesAt(accessRef)).find(
      ({ accountRef, status }) => accountRef === account.ref && status === 'posted',
    )
    const ref = line?.ref ?? ''
    expect(await open.stage.removeLine(ask, { accessRef, ref })).toMatchObject({ ref, status: 'removed' })
    const { transactions } = read(await open.world.heldTransactions(later(1), accessRef, NOON))
    expect(transactions).toMatchObject([{ ref, status: 'removed' }])
    expect((await linesAt(accessRef)).filter((each) => each.ref === ref)).toEqual([])
    expect(await open.stage.removeLine(ask, { accessRef, ref })).toBeNull()
    expect(await open.stage.changeLine(ask, { accessRef, ref }, { cents: 1 })).toBeNull()
  })
})

// Paid elsewhere, so that little happens here by itself.
const quiet: Opening = { phone: '+15121231111', institutionSlug: 'albion_mutual' }

test('whoever applies the changes has the whole list, whatever is edited and whenever it is asked', async () => {
  const step = fc.record({
    minutes: fc.constantFrom(0, 0, 1, 30, 24 * 60),
    deed: fc.constantFrom('add', 'pend', 'change', 'post', 'remove', 'none'),
    which: fc.nat({ max: 200 }),
    isAsked: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      const { accessRef, account } = await freshAccess(quiet)
      const known = new Map<string, HeldTransaction>()
      let since: string | null = null
      let asked = ask
      const catchUp = async () => {
        const changes: TransactionChanges = read(await open.world.heldTransactions(asked, accessRef, since))
        for (const line of changes.transactions) {
          if (line.status === 'removed') known.delete(line.ref)
          else known.set(line.ref, line)
        }
        since = changes.until
      }
      for (const { minutes, deed, which, isAsked } of steps) {
        asked = later(minutes, asked)
        const own = (await linesAt(accessRef, asked)).filter(({ accountRef }) => accountRef === account.ref)
        const ref = own[own.length - 1 - (which % own.length)]?.ref ?? ''
        if (deed === 'add' || deed === 'pend') {
          await open.stage.addLine(asked, { accessRef, ref: account.ref }, { ...draft, isPending: deed === 'pend' })
        }
        if (deed === 'change') await open.stage.changeLine(asked, { accessRef, ref }, { cents: which + 1 })
        if (deed === 'post') await open.stage.changeLine(asked, { accessRef, ref }, { status: 'posted' })
        if (deed === 'remove') await open.stage.removeLine(asked, { accessRef, ref })
        if (isAsked) await catchUp()
      }
      await catchUp()
      const lines = await linesAt(accessRef, asked)
      expect(inOrder([...known.values()])).toEqual(inOrder(lines))
      expect(await balanceAt(accessRef, asked)).toBe(postedSum(lines, account))
    }),
    { numRuns: 12 },
  )
})

const inOrder = (lines: readonly HeldTransaction[]) => [...lines].sort((a, b) => (a.ref < b.ref ? -1 : 1))

test('an access that the institution ends asks for a login, which opens it again', async () => {
  const { accessRef } = await freshAccess()
  expect(await open.stage.expireAccess(ask, accessRef)).toBe(true)
  expect(await open.world.heldTransactions(ask, accessRef, null)).toEqual({ ok: false, reason: 'access_ended' })
  expect(await openedBy(open.world, ask, { accessRef })).toBe(accessRef)
  expect((await linesAt(accessRef)).length).toBeGreaterThan(0)
  expect(await open.stage.expireAccess(ask, 'nobody')).toBe(false)
})
