import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openedBy, postedSum, read } from '../../../../../test/setup/logins.js'
import { VOCABULARY } from '../../../../../test/setup/vocabulary.js'
import { type OpenWorld, openWorld } from '../../../../../test/setup/world.js'
import type { AchOrder, Ask, HeldAccount, HeldTransaction, TransactionChanges } from '../../../port.js'

const NOON = '2026-03-10T12:00:00.000Z'
const ask: Ask = { realm: 'team', at: NOON }
const later = (minutes: number, asked = ask): Ask => ({
  ...asked,
  at: new Date(Date.parse(asked.at) + minutes * 60_000).toISOString(),
})
const DAY = 24 * 60

let open: OpenWorld
beforeAll(async () => {
  open = await openWorld()
})
afterAll(() => open.close())

const accountsAt = async (accessRef: string, asked = ask) => read(await open.world.heldAccounts(asked, accessRef))
const linesAt = async (accessRef: string, asked = ask) =>
  read(await open.world.heldTransactions(asked, accessRef, null)).transactions
const isDeposit = ({ type }: HeldAccount) => type.startsWith('depository.')

/** People of all kinds: known by phone or not, at home in three countries. */
const CAST = Array.from({ length: 18 }, (_, index) => ({
  consumerRef: `c${index}`,
  phone: index % 2 === 0 ? `+1737555${String(2000 + index * 7)}` : null,
  institutionSlug: ['moneykit-creds-bank', 'albion_mutual', 'maple_crown'][index % 3] ?? '',
}))

describe('the balance of a deposit account', () => {
  test('is the sum of its posted lines at every instant, whoever it belongs to', async () => {
    const minutes = fc.integer({ min: 0, max: 400 * DAY })
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...CAST), minutes, async (who, passed) => {
        const accessRef = await openedBy(open.world, ask, who)
        const at = later(passed)
        const lines = await linesAt(accessRef, at)
        for (const account of (await accountsAt(accessRef, at)).filter(isDeposit)) {
          expect(account.balances.currentCents).toBe(postedSum(lines, account))
        }
      }),
      { numRuns: 12 },
    )
  })

  test('of a bare day is that of its first moment', async () => {
    const accessRef = await openedBy(open.world, ask)
    const balances = async (at: string) =>
      (await accountsAt(accessRef, { ...ask, at })).map(({ balances: each }) => each)
    expect(await balances('2026-03-10')).toEqual(await balances('2026-03-10T00:00:00.000Z'))
  })

  test('lacks in what is available what pending lines will take', async () => {
    const accessRef = await openedBy(open.world, ask)
    const [checking] = await accountsAt(accessRef)
    const pending = (await linesAt(accessRef)).filter(
      ({ accountRef, status, direction }) =>
        accountRef === checking?.ref && status === 'pending' && direction === 'debit',
    )
    const heldCents = pending.reduce((sum, { cents }) => sum + cents, 0)
    expect(pending.length).toBeGreaterThan(0)
    expect((checking?.balances.currentCents ?? 0) - (checking?.balances.availableCents ?? 0)).toBe(heldCents)
  })

  test('stays above nothing for those who are paid there, three years long', async () => {
    for (const who of CAST.filter(({ phone }) => phone === null)) {
      const accessRef = await openedBy(open.world, ask, who)
      const lines = await linesAt(accessRef, later(365 * DAY))
      for (const account of (await accountsAt(accessRef)).filter(isDeposit)) {
        expect(lowestOf(lines, account)).toBeGreaterThanOrEqual(0)
      }
    }
  })
})

function lowestOf(lines: readonly HeldTransaction[], { ref }: HeldAccount): number {
  const own = lines.filter(({ accountRef, status }) => accountRef === ref && status === 'posted')
  const days = new Map<string, number>()
  for (const { on, cents, direction } of own) {
    days.set(on, (days.get(on) ?? 0) + (direction === 'credit' ? cents : -cents))
  }
  let balance = 0
  return Math.min(...[...days].sort().map(([, cents]) => (balance += cents)))
}

describe('what is asked for bit by bit', () => {
  test('is what is asked for at once: whoever applies the changes has the whole list', async () => {
    const steps = fc.array(fc.integer({ min: 1, max: 20 * DAY }), { minLength: 1, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...CAST), steps, async (who, gaps) => {
        const accessRef = await openedBy(open.world, ask, who)
        const known = new Map<string, HeldTransaction>()
        let since: string | null = null
        let asked = ask
        for (const gap of gaps) {
          asked = later(gap, asked)
          const changes: TransactionChanges = read(await open.world.heldTransactions(asked, accessRef, since))
          for (const line of changes.transactions) {
            if (line.status === 'removed') known.delete(line.ref)
            else known.set(line.ref, line)
          }
          since = changes.until
        }
        expect(byRef([...known.values()])).toEqual(byRef(await linesAt(accessRef, asked)))
      }),
      { numRuns: 8 },
    )
  })

  test('has lines that were pending and are posted, for another amount too, and some that vanished', async () => {
    const accessRef = await openedBy(open.world, ask)
    const before = new Map((await linesAt(accessRef)).map((line) => [line.ref, line]))
    const fates = { posted: 0, changed: 0, removed: 0 }
    let asked = ask
    let since: string = ask.at
    for (let day = 0; day < 120; day += 1) {
      asked = later(DAY, asked)
      const { transactions, until } = read(await open.world.heldTransactions(asked, accessRef, since))
      for (const line of transactions) {
        const old = before.get(line.ref)
        if (old?.status === 'pending' && line.status === 'posted') fates.posted += 1
        if (old?.status === 'pending' && line.status === 'posted' && line.cents !== old.cents) fates.changed += 1
        if (line.status === 'removed') fates.removed += 1
        before.set(line.ref, line)
      }
      since = until
    }
    expect(fates.posted).toBeGreaterThan(30)
    expect(fates.changed).toBeGreaterThan(0)
    expect(fates.removed).toBeGreaterThan(0)
  })
})

const byRef = (lines: readonly HeldTransaction[]) => [...lines].sort((a, b) => (a.ref < b.ref ? -1 : 1))

describe('the life of a household', () => {
  test('goes back two years, and is told in the words of the vocabulary', async () => {
    for (const who of CAST.slice(0, 6)) {
      const lines = await linesAt(await openedBy(open.world, ask, who))
      expect(lines.map(({ on }) => on).sort()[0] ?? '').toMatch(/^2024-01/)
      for (const { category, subcategory } of lines) expect(VOCABULARY[category]).toContain(subcategory)
    }
  })

  test('has regular pay, a roof, subscriptions, groceries, cash, savings and interest', async () => {
    const accessRef = await openedBy(open.world, ask)
    const [checking, savings] = await accountsAt(accessRef)
    const lines = await linesAt(accessRef)
    const on = (account: HeldAccount | undefined, subcategory: string) =>
      lines.filter((line) => line.accountRef === account?.ref && line.subcategory === subcategory)
    const pay = on(checking, 'employment_income')
    expect(new Set(pay.map(({ cents }) => cents)).size).toBe(1)
    expect(pay.length).toBeGreaterThanOrEqual(24)
    expect(new Set(pay.map(({ recurrence }) => recurrence)).size).toBe(1)
    const roof = [...on(checking, 'rent'), ...on(checking, 'mortgage')]
    expect(roof.length).toBeGreaterThanOrEqual(24)
    expect(on(checking, 'groceries').length).toBeGreaterThan(24)
    expect(on(checking, 'cash_withdrawals').length + on(checking, 'digital_media_and_software').length).toBeGreaterThan(
      0,
    )
    const saved = on(savings, 'internal_transfers')
    const left = on(checking, 'internal_transfers')
    expect(saved.map(({ on: day, cents }) => [day, cents])).toEqual(left.map(({ on: day, cents }) => [day, cents]))
    expect(saved.length).toBeGreaterThanOrEqual(24)
    expect(on(savings, 'interest').length).toBeGreaterThanOrEqual(24)
  })

  test('pays the person’s cards and loans what their own reports say was paid', async () => {
    const phone = '+17375550007'
    const accessRef = await openedBy(open.world, ask, { phone, consumerRef: 'payer' })
    const tradelines = await open.world.tradelines(ask, await open.meet(ask, phone))
    if (!tradelines.ok) throw new Error(tradelines.reason)
    const lines = await linesAt(accessRef)
    const paid = tradelines.value.filter(
      ({ isClosed, ownership, snapshot }) =>
        !isClosed && ownership !== 'authorized' && (snapshot.lastPaymentOn ?? '') > '2025-01-01',
    )
    expect(paid.length).toBeGreaterThan(0)
    for (const { snapshot } of paid) {
      expect(lines).toContainEqual(
        expect.objectContaining({ on: snapshot.lastPaymentOn, cents: snapshot.lastPaymentCents, direction: 'debit' }),
      )
    }
  })

  test('is lived in one place: whoever has accounts elsewhere is paid a part there and pays no debts', async () => {
    const phone = '+17375550211'
    const home = await openedBy(open.world, ask, { phone, consumerRef: 'two banks' })
    const away = await openedBy(open.world, ask, { phone, consumerRef: 'two banks', institutionSlug: 'maple_crown' })
    const payOf = (lines: readonly HeldTransaction[]) =>
      lines.find(({ subcategory }) => subcategory === 'employment_income')
    const [first, second] = [await linesAt(home), await linesAt(away)]
    expect(payOf(first)?.cents ?? 0).toBeGreaterThan(payOf(second)?.cents ?? 0)
    expect(payOf(second)?.counterparty?.name).toBe(payOf(first)?.counterparty?.name)
    expect(second.filter(({ rawDescription }) => rawDescription.endsWith('AUTOPAY'))).toEqual([])
    expect(first.filter(({ rawDescription }) => rawDescription.endsWith('AUTOPAY')).length).toBeGreaterThan(0)
  })

  test('is the same in every installation', async () => {
    const twin = await openWorld()
    const lines = await linesAt(await openedBy(open.world, ask))
    const there = await openedBy(twin.world, ask)
    expect(read(await twin.world.heldTransactions(ask, there, null)).transactions).toEqual(lines)
    await twin.close()
  })

  test('of user_busy has more than 20,000 lines', async () => {
    const accessRef = await openedBy(open.world, ask, { userName: 'user_busy', consumerRef: 'busy' })
    const lines = await linesAt(accessRef)
    expect(lines.length).toBeGreaterThan(20_000)
    expect(new Set(lines.map(({ ref }) => ref)).size).toBe(lines.length)
  })
})

describe('a card behind a login', () => {
  test('tells of its purchases, payments and interest, and of what is bought in a rehearsal', async () => {
    const phone = '+15125550191'
    const liabilities = [{ merchantNumber: 311289 }]
    await open.stage.registerPersonas(ask.realm, [{ phone, liabilities }])
    const tradelines = await open.world.tradelines(ask, await open.meet(ask, phone))
    const [card] = tradelines.ok ? tradelines.value : []
    const institution = (await open.world.directory()).merchants.find(({ number }) => number === 311289)
    const slug = institution?.institutionSlug ?? ''
    const accessRef = await openedAnyhow(slug, phone)
    const account = (await accountsAt(accessRef)).find(({ debtRef }) => debtRef === card?.accountRef)
    const balance = await open.world.balance(ask, card?.accountRef ?? '')
    expect(account?.balances.currentCents).toBe(balance.ok ? balance.value.amountCents : null)
    const bought = await open.stage.buy(ask, card?.accountRef ?? '', { amountCents: 4_321 })
    const { transactions } = read(await open.world.heldTransactions(ask, accessRef, ask.at))
    expect(bought).not.toBeNull()
    expect(transactions).toContainEqual(
      expect.objectContaining({ accountRef: account?.ref, cents: 4_321, direction: 'debit', status: 'posted' }),
    )
  })

  async function openedAnyhow(institutionSlug: string, phone: string): Promise<string> {
    const step = await open.world.login(ask, {
      institutionSlug,
      consumerRef: 'jane',
      phone,
      credentials: { username: 'me', password: 'mine', member_number: 'me', passcode: 'mine' },
      returnUrl: null,
      accessRef: null,
      customData: null,
    })
    if (step.kind === 'opened') return step.accessRef
    if (step.kind !== 'redirected') throw new Error(`the login was ${step.kind}`)
    await open.stage.visitInstitution(ask, step.attemptRef, { kind: 'login', userName: 'me', password: 'mine' })
    const done = await open.world.continueLogin(ask, step.attemptRef, [])
    if (done.kind !== 'opened') throw new Error(`the visit was ${done.kind}`)
    return done.accessRef
  }
})

describe('money moved by others', () => {
  const entry = (
    reference: string,
    account: { routingNumber: string; number: string },
    more: Partial<AchOrder> = {},
  ) => ({
    reference,
    direction: 'debit' as const,
    party: {
      kind: 'deposit' as const,
      account: { routingNumber: account.routingNumber, accountNumber: account.number, type: 'checking' as const },
    },
    amountCents: 12_345,
    description: 'CLEARSPAN PMT',
    traceId: '091000010000001',
    effectiveOn: '2026-03-10',
    ...more,
  })

  async function checkingOf(consumerRef: string) {
    const accessRef = await openedBy(open.world, ask, { consumerRef })
    const [account] = await accountsAt(accessRef)
    const numbers = read(await open.world.accountNumbers(ask, accessRef))
    const ach = numbers.find(({ accountRef }) => accountRef === account?.ref)?.ach
    if (!account || !ach) throw new Error('the first account has numbers')
    return { accessRef, account, ach }
  }
  const balanceOf = async (accessRef: string, asked = ask) =>
    (await accountsAt(accessRef, asked))[0]?.balances.currentCents

  test('is a line of the account, told to whoever asked at the same instant before, and leaves its balance', async () => {
    const { accessRef, account, ach } = await checkingOf('moved')
    const before = await balanceOf(accessRef)
    const { until } = read(await open.world.heldTransactions(ask, accessRef, null))
    await open.world.originate(ask, [entry('pmt-1', ach)])
    const { transactions } = read(await open.world.heldTransactions(ask, accessRef, until))
    expect(transactions).toMatchObject([
      { accountRef: account.ref, cents: 12_345, direction: 'debit', status: 'posted', on: '2026-03-10' },
    ])
    expect(transactions[0]?.rawDescription).toBe('ACH DEBIT CLEARSPAN PMT')
    expect(await balanceOf(accessRef)).toBe((before ?? 0) - 12_345)
  })

  test('comes back as a line of its own, whether it was foreseen or not', async () => {
    const { accessRef, ach } = await checkingOf('returned')
    const before = await balanceOf(accessRef)
    await open.world.originate(ask, [entry('pmt-2', ach)])
    await open.stage.returnEntry(later(1), 'pmt-2', 'R01')
    const lines = read(await open.world.heldTransactions(later(2), accessRef, ask.at)).transactions
    expect(lines.map(({ direction, cents, rawDescription }) => [direction, cents, rawDescription])).toEqual([
      ['debit', 12_345, 'ACH DEBIT CLEARSPAN PMT'],
      ['credit', 12_345, 'ACH RETURN R01 CLEARSPAN PMT'],
    ])
    await open.world.achReturns(later(3), 0)
    expect(await balanceOf(accessRef, later(3))).toBe(before)
  })

  test('to the number at another bank, or in another realm, is none of the account’s', async () => {
    const { accessRef, ach } = await checkingOf('elsewhere')
    const before = await balanceOf(accessRef)
    await open.world.originate(ask, [entry('pmt-3', { ...ach, routingNumber: '062103000' })])
    await open.world.originate({ ...ask, realm: 'other' }, [entry('pmt-4', ach)])
    expect(await balanceOf(accessRef)).toBe(before)
  })

  test('to prove the account arrives', async () => {
    const { accessRef, ach } = await checkingOf('proven')
    const before = await balanceOf(accessRef)
    const to = { routingNumber: ach.routingNumber, accountNumber: ach.number, type: 'checking' } as const
    await open.world.sendMicroDeposits(ask, { reference: 'proof', to, amountsCents: [11, 23] })
    const lines = await linesAt(accessRef)
    expect(
      lines.filter(({ rawDescription }) => rawDescription.includes('ACCTVERIFY')).map(({ cents }) => cents),
    ).toEqual([11, 23])
    expect(await balanceOf(accessRef)).toBe((before ?? 0) + 34)
  })
})
