/**
 * Proof by what a data provider said: the caller hands in the provider's raw balances and transactions. They are financial
 * data, so they are kept sealed and shown to nobody but the caller.
 */
import { type AccountMethodDefinition, defineMethod, isBankAccount } from './define.js'

export const PROVIDER_METHODS = ['plaid', 'mx', 'teller'] as const
export type ProviderMethod = (typeof PROVIDER_METHODS)[number]

export interface ProviderDetail {
  readonly method: ProviderMethod
}

type Raw = Readonly<Record<string, unknown>>

/** As the provider gave it. `account` is its balances, or the account that has them. */
export interface ProviderSubmission {
  readonly method: ProviderMethod
  readonly account: Raw
  readonly transactions: readonly Raw[]
}

/** What is kept sealed: the submission. */
export type ProviderSecret = Pick<ProviderSubmission, 'account' | 'transactions'>

/** A member has to be there with one of these shapes; `null` says that a provider may not know it. */
type Shape = 'decimal' | 'text' | 'amount or null'

interface Expected {
  readonly account: Readonly<Record<string, Shape>>
  /** At least one of these is known. */
  readonly amounts: readonly string[]
  /** What every transaction has. */
  readonly transaction: readonly string[]
}

// The members by which each provider's documents are known. Contract: method/accounts §12.5.
const expected: Readonly<Record<ProviderMethod, Expected>> = {
  plaid: {
    account: { available: 'amount or null', current: 'amount or null' },
    amounts: ['available', 'current'],
    transaction: ['amount'],
  },
  mx: { account: {}, amounts: ['available_balance', 'balance'], transaction: ['amount'] },
  teller: {
    account: { account_id: 'text', available: 'decimal', ledger: 'decimal' },
    amounts: ['available', 'ledger'],
    transaction: ['amount'],
  },
}

export const providerMethods = Object.fromEntries(
  PROVIDER_METHODS.map((method) => [method, provider(method)]),
) as unknown as Readonly<Record<ProviderMethod, AccountMethodDefinition<ProviderDetail, ProviderSubmission>>>

function provider(method: ProviderMethod) {
  return defineMethod<ProviderDetail, ProviderSubmission>({
    purpose: 'ownership',
    fits: isBankAccount,
    caller: {
      begin: async () => ({ detail: { method }, secret: null, dueAt: null }),
      judge: async (_, { detail, submission }) => ({
        result: isPlausible(submission) ? 'verified' : 'invalid_details',
        detail,
        secret: { account: submission.account, transactions: submission.transactions } satisfies ProviderSecret,
      }),
    },
  })
}

/** Whether the documents can be what the provider says of a deposit account in use. */
export function isPlausible({ method, account, transactions }: ProviderSubmission): boolean {
  const { account: members, amounts, transaction } = expected[method]
  return (
    Object.entries(members).every(([name, shape]) => hasShape(account[name], shape)) &&
    amounts.some((name) => isAmount(account[name])) &&
    transactions.every((each) => transaction.every((name) => isAmount(each[name])))
  )
}

function hasShape(value: unknown, shape: Shape): boolean {
  switch (shape) {
    case 'amount or null':
      return value === null || isAmount(value)
    case 'decimal':
      return typeof value === 'string' && isAmount(value)
    case 'text':
      return typeof value === 'string' && value !== ''
  }
}

/** A number, or one written as a decimal text. */
function isAmount(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^-?\d{1,15}(\.\d{1,10})?$/.test(value))
}

// Under which names providers say what may be spent, the surest first.
const BALANCE_NAMES = ['available', 'available_balance', 'current', 'balance', 'ledger'] as const

/** What the documents say is in the account, in cents; null when they say nothing. Providers speak of dollars. */
export function centsOf({ account }: ProviderSecret): number | null {
  const said = BALANCE_NAMES.map((name) => account[name]).find(isAmount)
  return said === undefined ? null : Math.round(Number(said) * 100)
}
