/** A bank with one customer, behind a provider of its own: tests edit what it knows, and make it fail. */
import type {
  AccessFailure,
  AccessNetwork,
  AccessPoint,
  AccessProduct,
  HeldAccount,
  HeldTransaction,
  Investments,
  LoginRefusal,
} from '../../src/network/port.js'

export interface Bank {
  readonly network: AccessNetwork
  accounts: HeldAccount[]
  investments: Investments
  /** Why logins are refused, or nothing is read. */
  refusal: LoginRefusal | null
  failure: AccessFailure | null
  /** Why single questions are not answered, by their names; `broken` throws. */
  failures: Partial<Record<AccessProduct, AccessFailure | 'broken'>>
  /** Logins by their refs, with what they were opened with. */
  readonly logins: string[]
  readonly ended: string[]
  /** Answers wait for this. */
  gate: Promise<void>
  /** Writes a line, or changes the one of the same ref. */
  tell(line: HeldTransaction): void
  /** The lines as they are, gone ones left out. */
  lines(): readonly HeldTransaction[]
}

export const BANK = 'river_bank'

export function openBank(point: Partial<AccessPoint> = {}): Bank {
  const changes: HeldTransaction[] = []
  const known = new Map<string, HeldTransaction>()
  const instant = (count: number) => new Date(Date.parse('2026-01-01T00:00:00.000Z') + count * 1000).toISOString()
  const read = async <T>(product: AccessProduct, value: () => T) => {
    await bank.gate
    const reason = bank.failures[product] ?? bank.failure
    if (reason === 'broken') throw new Error('The adapter cannot read what it was sent.')
    return reason === null ? { ok: true as const, value: value() } : { ok: false as const, reason }
  }
  const bank: Bank = {
    accounts: [account('checking')],
    investments: { securities: [], holdings: [], transactions: [] },
    refusal: null,
    failure: null,
    failures: {},
    logins: [],
    ended: [],
    gate: Promise.resolve(),
    tell(line) {
      changes.push(line)
      known.set(line.ref, line)
    },
    lines: () => [...known.values()].filter(({ status }) => status !== 'removed'),
    network: {
      accessPoints: async () => [{ ...POINT, ...point }],
      async login(_ask, { accessRef }) {
        if (bank.refusal) return { kind: 'refused', reason: bank.refusal }
        const opened = accessRef ?? `access ${bank.logins.length + 1}`
        bank.logins.push(opened)
        return { kind: 'opened', accessRef: opened }
      },
      continueLogin: async () => ({ kind: 'refused', reason: 'challenge_expired' }),
      heldAccounts: () => read('accounts', () => bank.accounts),
      accountNumbers: () =>
        read('account_numbers', () =>
          bank.accounts.map(({ ref, mask }) => ({
            accountRef: ref,
            ach: { routingNumber: '111000025', wireRoutingNumber: null, number: `12345${mask}` },
            eft: null,
            bacs: null,
            international: null,
          })),
        ),
      accountOwners: () =>
        read('identity', () =>
          bank.accounts.map(({ ref }) => ({
            accountRef: ref,
            owners: [{ names: ['Ada Own'], addresses: [], phones: [], emails: [] }],
          })),
        ),
      heldTransactions: (_ask, _accessRef, since) =>
        read('transactions', () => {
          const until = instant(changes.length)
          if (since === null) return { transactions: bank.lines(), until, hasHistory: true }
          const told = Math.round((Date.parse(since) - Date.parse(instant(0))) / 1000)
          return { transactions: changes.slice(told), until, hasHistory: true }
        }),
      investments: () => read('investments', () => bank.investments),
      async endAccess(_ask, accessRef) {
        bank.ended.push(accessRef)
      },
    },
  }
  return bank
}

const PRODUCTS: readonly AccessProduct[] = ['accounts', 'account_numbers', 'identity', 'transactions', 'investments']

const POINT: AccessPoint = {
  institutionSlug: BANK,
  name: 'River Bank',
  country: 'US',
  domain: 'river.example',
  color: '#14532D',
  colorDark: '#22C55E',
  loginKind: 'credentials',
  fields: [{ name: 'username', label: 'User name', isSecret: false }],
  products: PRODUCTS,
  isFeatured: true,
  isTest: true,
  help: null,
  routingNumbers: [],
  isSuspended: false,
  isUnlisted: false,
  popularity: 1,
}

export const account = (ref: string, said: Partial<HeldAccount> = {}): HeldAccount => ({
  ref,
  type: 'depository.checking',
  name: `Account ${ref}`,
  nickname: null,
  mask: '4321',
  isClosed: false,
  balances: {
    currency: 'USD',
    availableCents: 100_00,
    currentCents: 120_00,
    limitCents: null,
    at: '2026-03-10T15:00:00.000Z',
  },
  debtRef: null,
  ...said,
})

export const line = (ref: string, said: Partial<HeldTransaction> = {}): HeldTransaction => ({
  ref,
  accountRef: 'checking',
  cents: 1840,
  direction: 'debit',
  currency: 'USD',
  on: '2026-03-01',
  at: null,
  status: 'posted',
  rawDescription: 'POS CORNER BAKERY 0417',
  description: 'Corner Bakery',
  counterparty: { name: 'Corner Bakery', categoryCode: '5462', domain: null },
  category: 'food_and_drink',
  subcategory: 'eating_out_and_takeaways',
  recurrence: null,
  ...said,
})
