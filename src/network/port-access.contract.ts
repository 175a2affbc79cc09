/** The part of the adapter contract that is about logins and what is behind them; called by `port.contract.ts`. */
import { expect, test } from 'vitest'
import type { NetworkStage } from './port.contract.js'
import {
  ACCESS_PRODUCTS,
  type AccessOutcome,
  type AccessPoint,
  COUNTRIES,
  LOGIN_REFUSALS,
  type LoginAttempt,
} from './port.js'

export function describeAccess(stage: () => NetworkStage): void {
  const points = () => stage().network.accessPoints()
  const attemptAt = (point: AccessPoint, credentials: LoginAttempt['credentials'] = {}): LoginAttempt => ({
    institutionSlug: point.institutionSlug,
    consumerRef: stage().known.consumerRef,
    phone: stage().known.phone,
    credentials,
    returnUrl: 'https://app.example/back',
    accessRef: null,
    customData: null,
  })
  const opened = async () => {
    const { network, ask, login } = stage()
    const step = await network.login(ask, { ...attemptAt(await pointAt(login.institutionSlug)), ...login })
    if (step.kind !== 'opened') throw new Error(`the known login was ${step.kind}`)
    return step.accessRef
  }
  const pointAt = async (slug: string) => {
    const found = (await points()).find(({ institutionSlug }) => institutionSlug === slug)
    if (!found) throw new Error(`${slug} has no logins`)
    return found
  }

  test('institutions with logins are named once, most popular first, and say how one logs in', async () => {
    const all = await points()
    expect(all.length).toBeGreaterThan(0)
    expect(new Set(all.map(({ institutionSlug }) => institutionSlug)).size).toBe(all.length)
    expect(all.map(({ popularity }) => popularity)).toEqual(
      all.map(({ popularity }) => popularity).sort((a, b) => a - b),
    )
    for (const point of all) {
      expect(point.color).toMatch(/^#[0-9A-F]{6}$/)
      expect(point.colorDark).toMatch(/^#[0-9A-F]{6}$/)
      expect(COUNTRIES).toContain(point.country)
      expect(point.fields.some(({ isSecret }) => isSecret)).toBe(point.loginKind === 'credentials')
      expect(point.products.filter((product) => !ACCESS_PRODUCTS.includes(product))).toEqual([])
      expect(point.products).toContain('accounts')
    }
  })

  test('an institution that nobody knows lets nobody in, and nobody gets in with nothing', async () => {
    const { network, ask } = stage()
    const [point] = (await points()).filter(({ loginKind }) => loginKind === 'credentials')
    if (!point) throw new Error('some institution asks for credentials')
    const nowhere = await network.login(ask, { ...attemptAt(point), institutionSlug: 'nowhere' })
    const nothing = await network.login(ask, attemptAt(point))
    expect([nowhere.kind, nothing]).toEqual(['refused', { kind: 'refused', reason: 'invalid_credentials' }])
    if (nowhere.kind === 'refused') expect(LOGIN_REFUSALS).toContain(nowhere.reason)
  })

  test('an attempt that nobody made does not go on', async () => {
    const { network, ask } = stage()
    expect((await network.continueLogin(ask, 'nobody', [])).kind).toBe('refused')
  })

  test('accounts have refs of their own, the same at every look and after logging in again', async () => {
    const { network, ask, login } = stage()
    const accessRef = await opened()
    const accounts = told(await network.heldAccounts(ask, accessRef))
    expect(accounts.length).toBeGreaterThan(0)
    expect(new Set(accounts.map(({ ref }) => ref)).size).toBe(accounts.length)
    expect(told(await network.heldAccounts(ask, accessRef))).toEqual(accounts)
    const again = { ...attemptAt(await pointAt(login.institutionSlug)), ...login, accessRef }
    const step = await network.login(ask, again)
    const refs =
      step.kind === 'opened' ? told(await network.heldAccounts(ask, step.accessRef)).map(({ ref }) => ref) : []
    expect(refs).toEqual(accounts.map(({ ref }) => ref))
  })

  test('numbers and owners are those of the accounts, and a mask is the end of a number', async () => {
    const { network, ask } = stage()
    const accessRef = await opened()
    const accounts = new Map(told(await network.heldAccounts(ask, accessRef)).map((account) => [account.ref, account]))
    const numbers = told(await network.accountNumbers(ask, accessRef))
    const owners = told(await network.accountOwners(ask, accessRef))
    expect(numbers.length).toBeGreaterThan(0)
    for (const { accountRef, ach, eft, bacs } of numbers) {
      const number = ach?.number ?? eft?.number ?? bacs?.number ?? ''
      expect(number.endsWith(accounts.get(accountRef)?.mask ?? 'no account')).toBe(true)
    }
    for (const { accountRef, owners: holders } of owners) {
      expect(accounts.has(accountRef)).toBe(true)
      for (const { names } of holders) expect(names.length).toBeGreaterThan(0)
    }
  })

  test('the current balance of a deposit account is the sum of its posted transactions', async () => {
    const { network, ask } = stage()
    const accessRef = await opened()
    const accounts = told(await network.heldAccounts(ask, accessRef))
    const { transactions, until } = told(await network.heldTransactions(ask, accessRef, null))
    expect(transactions.length).toBeGreaterThan(0)
    expect(until <= ask.at).toBe(true)
    expect(new Set(transactions.map(({ ref }) => ref)).size).toBe(transactions.length)
    for (const account of accounts.filter(({ type }) => type.startsWith('depository.'))) {
      const posted = transactions.filter(({ accountRef, status }) => accountRef === account.ref && status === 'posted')
      const sum = posted.reduce((total, { cents, direction }) => total + (direction === 'credit' ? cents : -cents), 0)
      expect(account.balances.currentCents).toBe(sum)
    }
  })

  test('what is invested names known securities, and holds the units of its trades', async () => {
    const { network, ask } = stage()
    const invested = await network.investments(ask, await opened())
    if (!invested.ok) return expect(['not_supported', 'no_accounts']).toContain(invested.reason)
    const { securities, holdings, transactions } = invested.value
    const refs = securities.map(({ ref }) => ref)
    expect(new Set(refs).size).toBe(refs.length)
    expect(holdings.filter(({ securityRef }) => !refs.includes(securityRef))).toEqual([])
    expect(transactions.filter(({ securityRef }) => securityRef !== null && !refs.includes(securityRef))).toEqual([])
    expect(transactions.map(({ on }) => on)).toEqual(
      transactions
        .map(({ on }) => on)
        .sort()
        .reverse(),
    )
    for (const { accountRef, securityRef, quantity } of holdings) {
      const trades = transactions.filter((each) => each.accountRef === accountRef && each.securityRef === securityRef)
      if (trades.length > 0)
        expect(trades.reduce((sum, each) => sum + Number(each.quantity ?? 0), 0)).toBe(Number(quantity))
    }
  })

  test('an access of one realm does not exist in another, and nothing is read once it has ended', async () => {
    const { network, ask } = stage()
    const accessRef = await opened()
    const gone = { ok: false, reason: 'access_ended' }
    expect(await network.heldAccounts({ ...ask, realm: 'another realm' }, accessRef)).toEqual(gone)
    await network.endAccess({ ...ask, realm: 'another realm' }, accessRef)
    expect((await network.heldAccounts(ask, accessRef)).ok).toBe(true)
    await network.endAccess(ask, accessRef)
    const reads = [
      await network.heldAccounts(ask, accessRef),
      await network.accountNumbers(ask, accessRef),
      await network.accountOwners(ask, accessRef),
      await network.heldTransactions(ask, accessRef, null),
      await network.investments(ask, accessRef),
    ]
    expect(reads).toEqual(reads.map(() => gone))
  })
}

function told<T>(outcome: AccessOutcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.reason)
  return outcome.value
}
