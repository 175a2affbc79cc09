/**
 * Words of the port about what a consumer opens to somebody with a login at an institution: the login itself, the
 * accounts behind it, and what is read from them. Times, money and refs as in `port.ts`; amounts that are not US dollars
 * are in the smallest unit of their currency.
 */

/** What may be read through a login. */
export const ACCESS_PRODUCTS = ['accounts', 'account_numbers', 'identity', 'transactions', 'investments'] as const
export type AccessProduct = (typeof ACCESS_PRODUCTS)[number]

export const COUNTRIES = ['US', 'GB', 'CA'] as const
export type Country = (typeof COUNTRIES)[number]

// ---- institutions with logins --------------------------------------------------------------------------------------

/** How one logs in at an institution: with what it asks for, at its own pages, or without anything (test banks only). */
export type LoginKind = 'credentials' | 'oauth' | 'instant'

/** An institution at which consumers have logins. */
export interface AccessPoint {
  readonly institutionSlug: string
  readonly name: string
  readonly country: Country
  /** Its public web domain. */
  readonly domain: string | null
  /** `#RRGGBB`, for light and for dark grounds. */
  readonly color: string
  readonly colorDark: string
  readonly loginKind: LoginKind
  /** Empty unless it asks for credentials. */
  readonly fields: readonly CredentialField[]
  /** What a consumer is told who logs in there; null where there is nothing to tell. */
  readonly help: LoginHelp | null
  /** ABA numbers of its accounts; empty where there are none. */
  readonly routingNumbers: readonly string[]
  /** It takes no new logins at present. */
  readonly isSuspended: boolean
  readonly products: readonly AccessProduct[]
  readonly isFeatured: boolean
  /** Exists for tests only. */
  readonly isTest: boolean
  /** It is not among the lists that people choose from where no test is written for it. */
  readonly isUnlisted: boolean
  /** 1 is the most popular. */
  readonly popularity: number
}

export interface LoginHelp {
  readonly title: string
  readonly text: string
  readonly steps: readonly string[]
  readonly forgotUserNameUrl: string
  readonly forgotPasswordUrl: string
  readonly troubleUrl: string
}

export interface CredentialField {
  readonly name: string
  readonly label: string
  readonly isSecret: boolean
}

// ---- logging in ----------------------------------------------------------------------------------------------------

export interface LoginAttempt {
  readonly institutionSlug: string
  /** The caller's id of the consumer: the same login of two consumers may be two people. */
  readonly consumerRef: string
  /** E.164, when known: somebody the world knows already has their own accounts there. */
  readonly phone: string | null
  /** By the name of the field, in clear; empty unless the institution asks for credentials. */
  readonly credentials: Readonly<Record<string, string>>
  /** Where an institution's own pages lead back to. */
  readonly returnUrl: string | null
  /** Logging in again to what was opened before: the refs of the accounts stay. */
  readonly accessRef: string | null
  /** What the test login `user_custom` shall find; null for anybody else. */
  readonly customData: CustomData | null
}

/** Data for a test login that finds exactly this. */
export interface CustomData {
  readonly accounts: readonly {
    /** A dotted type, as in `HeldAccount`. */
    readonly type: string
    readonly name: string
    readonly accountNumber: string
    readonly routingNumber: string | null
  }[]
  readonly owners: readonly Owner[] | null
}

export type LoginStep =
  | { readonly kind: 'opened'; readonly accessRef: string }
  | {
      readonly kind: 'challenged'
      readonly attemptRef: string
      readonly challenges: readonly Challenge[]
      /** The answer was wrong, and the same is asked once more. */
      readonly isAskedAgain: boolean
    }
  /** The consumer has to go to a page of the institution, and comes back to `returnUrl`. */
  | { readonly kind: 'redirected'; readonly attemptRef: string; readonly url: string }
  | { readonly kind: 'refused'; readonly reason: LoginRefusal }

/** Why an institution does not let a consumer in. */
export const LOGIN_REFUSALS = [
  'invalid_credentials',
  'rejected_without_reason',
  'wrong_answer',
  'challenge_expired',
  'locked',
  'too_many_failures',
  'setup_required',
  'reading_disabled',
  'access_denied',
  'no_accounts',
  'institution_down',
  'institution_maintenance',
  'institution_unavailable',
  'provider_failed',
] as const
export type LoginRefusal = (typeof LOGIN_REFUSALS)[number]

/** Something asked after the credentials. All challenges of a step are answered together. */
export interface Challenge {
  readonly id: string
  readonly kind: 'text' | 'one_time_code' | 'options' | 'image' | 'image_options'
  readonly label: string
  /** Of `options` and `image_options`. */
  readonly options: readonly { readonly id: string; readonly label: string; readonly imageDataUri: string | null }[]
  /** Of `image`: what is asked about. */
  readonly imageDataUri: string | null
}

/** What a consumer says: a text, or the id of an option. */
export interface ChallengeAnswer {
  readonly challengeId: string
  readonly value: string
}

// ---- what is behind a login ----------------------------------------------------------------------------------------

/** Why nothing is read. `access_ended`: the consumer has to log in again. */
export type AccessFailure = 'access_ended' | 'unreachable' | 'provider_failed' | 'not_supported' | 'no_accounts'

export type AccessOutcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: AccessFailure }

/** An account as its institution shows it to its holder. */
export interface HeldAccount {
  readonly ref: string
  /** Group and kind, such as `depository.checking`, `liability.credit_card`, `investment.brokerage`; or `unknown`. */
  readonly type: string
  readonly name: string
  readonly nickname: string | null
  /** The last four characters of its number. */
  readonly mask: string | null
  readonly isClosed: boolean
  readonly balances: HeldBalances
  /** A debt's name elsewhere in the port, when the account is one. */
  readonly debtRef: string | null
}

export interface HeldBalances {
  readonly currency: string
  readonly availableCents: number | null
  /** Of an asset, what is there; of a debt, what is owed. */
  readonly currentCents: number | null
  readonly limitCents: number | null
  readonly at: string
}

/** By what an account is paid into or from, in clear. */
export interface AccountNumbers {
  readonly accountRef: string
  readonly ach: {
    readonly routingNumber: string
    readonly wireRoutingNumber: string | null
    readonly number: string
  } | null
  readonly eft: { readonly institutionNumber: string; readonly branchNumber: string; readonly number: string } | null
  readonly bacs: { readonly sortCode: string; readonly number: string } | null
  readonly international: { readonly iban: string; readonly bic: string } | null
}

export interface AccountOwners {
  readonly accountRef: string
  readonly owners: readonly Owner[]
}

/** A holder as the institution has them on file. */
export interface Owner {
  readonly names: readonly string[]
  readonly addresses: readonly {
    readonly street: string | null
    readonly city: string | null
    readonly region: string | null
    readonly postalCode: string | null
    readonly country: string | null
    readonly isPrimary: boolean
  }[]
  readonly phones: readonly {
    readonly number: string
    readonly type: 'home' | 'work' | 'mobile' | 'other'
    readonly isPrimary: boolean
  }[]
  readonly emails: readonly { readonly address: string; readonly isPrimary: boolean }[]
}

/** A line of an account. Cents are never negative; the direction says whether money left or came. */
export interface HeldTransaction {
  readonly ref: string
  readonly accountRef: string
  readonly cents: number
  readonly direction: 'debit' | 'credit'
  readonly currency: string
  /** Its day: posted, or begun while it is pending. */
  readonly on: string
  /** Where the institution tells the time. */
  readonly at: string | null
  /** `removed`: it is gone, as if it had never been. */
  readonly status: 'pending' | 'posted' | 'removed'
  /** As the institution wrote it. */
  readonly rawDescription: string
  readonly description: string | null
  /** Whom it was paid to or came from, where that is known. */
  readonly counterparty: {
    readonly name: string
    /** ISO 18245, four digits; null for what is not bought with a card. */
    readonly categoryCode: string | null
    readonly domain: string | null
  } | null
  /** What it was, in the words of the enrichment vocabulary: category and subcategory. */
  readonly category: string
  readonly subcategory: string | null
  readonly recurrence: 'weekly' | 'biweekly' | 'semimonthly' | 'monthly' | 'quarterly' | 'yearly' | null
}

/**
 * What changed after an instant: new lines, lines in their new form, and those that are gone; oldest change first. A line
 * may be told again as it was told before.
 */
export interface TransactionChanges {
  readonly transactions: readonly HeldTransaction[]
  /** Ask from here on the next time. */
  readonly until: string
  /** Nothing older can be had. */
  readonly hasHistory: boolean
}

export interface Security {
  readonly ref: string
  readonly name: string
  readonly type: 'cash' | 'crypto' | 'derivative' | 'equity' | 'etf' | 'bond' | 'loan' | 'fund' | 'unknown'
  readonly currency: string
  readonly ticker: string | null
  readonly isin: string | null
  readonly sedol: string | null
  /** Decimal, per unit. */
  readonly closePrice: string | null
  readonly closeOn: string | null
}

export interface Holding {
  readonly accountRef: string
  readonly securityRef: string
  /** Decimals. */
  readonly quantity: string
  readonly price: string | null
  readonly value: string | null
  readonly costBasis: string | null
  readonly pricedAt: string | null
}

export interface InvestmentTransaction {
  readonly ref: string
  readonly accountRef: string
  readonly securityRef: string | null
  /** Decimal; positive is money out of the cash of the account. */
  readonly amount: string
  readonly on: string
  readonly at: string | null
  readonly description: string
  /** `buy`, `sell`, `cash`, `fee`, `transfer`, with a subtype after a dot where there is one. */
  readonly type: string
  readonly fees: string | null
  readonly forexRate: string | null
  readonly price: string | null
  readonly quantity: string | null
}

export interface Investments {
  readonly securities: readonly Security[]
  readonly holdings: readonly Holding[]
  /** All that is known, newest first. */
  readonly transactions: readonly InvestmentTransaction[]
}

// ---- the part of the port ------------------------------------------------------------------------------------------

/** Who asks, as in `port.ts`. */
interface Asker {
  readonly realm: string
  readonly at: string
}

export interface AccessNetwork {
  /** Every institution with logins, most popular first. */
  accessPoints(): Promise<readonly AccessPoint[]>
  login(ask: Asker, attempt: LoginAttempt): Promise<LoginStep>
  /** Goes on after a challenge or a redirection (then without answers). */
  continueLogin(ask: Asker, attemptRef: string, answers: readonly ChallengeAnswer[]): Promise<LoginStep>
  heldAccounts(ask: Asker, accessRef: string): Promise<AccessOutcome<readonly HeldAccount[]>>
  /** Of those that have numbers. */
  accountNumbers(ask: Asker, accessRef: string): Promise<AccessOutcome<readonly AccountNumbers[]>>
  accountOwners(ask: Asker, accessRef: string): Promise<AccessOutcome<readonly AccountOwners[]>>
  /** `since` null: all that there is. */
  heldTransactions(ask: Asker, accessRef: string, since: string | null): Promise<AccessOutcome<TransactionChanges>>
  investments(ask: Asker, accessRef: string): Promise<AccessOutcome<Investments>>
  /** The consumer's consent ends; nothing can be read any more. */
  endAccess(ask: Asker, accessRef: string): Promise<void>
}
