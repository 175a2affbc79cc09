/** The way of a consumer through a connect session, step by step. Contract: moneykit/connect §6, links §1.5, §3.1. */
import type { AccessPoint, Challenge, ChallengeAnswer, CredentialField } from '../../network/port.js'
import type { Asking, Ctx } from '../ctx.js'
import type { Completed } from './exchange.js'
import type { GrantableProduct, ProductSettings } from './products.js'
import type { ConnectionError } from './transitions.js'

/** What the page shows next. */
export type ConnectStep =
  | { readonly kind: 'log_in'; readonly institution: AccessPoint; readonly fields: readonly CredentialField[] }
  | { readonly kind: 'answer'; readonly challenges: readonly Challenge[] }
  /** The consumer goes to a page of the institution. */
  | { readonly kind: 'visit'; readonly url: string }
  | { readonly kind: 'choose'; readonly offer: Offer }
  /** The login did not work. After a passing trouble the consumer may try again, `from` the step that is named. */
  | { readonly kind: 'failed'; readonly error: ConnectionError; readonly message: string; readonly mayRetry: boolean }

/** What the consumer may grant. */
export interface Offer {
  readonly products: readonly {
    readonly product: GrantableProduct
    readonly settings: ProductSettings
    /** It cannot be switched off. */
    readonly isFixed: boolean
  }[]
  readonly accounts: readonly OfferedAccount[]
  readonly onlyOne: boolean
}

export interface OfferedAccount {
  /** Its name within this session. */
  readonly ref: string
  readonly type: string
  readonly name: string
  readonly mask: string | null
  /** Granted before; cannot be taken back here. */
  readonly isFixed: boolean
}

/** The consumer picked an institution, or begins to renew a connection. */
export async function startConnecting(
  _ctx: Ctx<Asking>,
  _sessionId: string,
  _choice: { readonly institutionId: string | null },
): Promise<ConnectStep> {
  throw new Error('not written yet')
}

export async function submitCredentials(
  _ctx: Ctx<Asking>,
  _sessionId: string,
  _given: { readonly credentials: Readonly<Record<string, string>>; readonly returnUrl: string | null },
): Promise<ConnectStep> {
  throw new Error('not written yet')
}

export async function answerChallenges(
  _ctx: Ctx<Asking>,
  _sessionId: string,
  _answers: readonly ChallengeAnswer[],
): Promise<ConnectStep> {
  throw new Error('not written yet')
}

/** The consumer came back from the pages of the institution. */
export async function returnFromInstitution(_ctx: Ctx<Asking>, _sessionId: string): Promise<ConnectStep> {
  throw new Error('not written yet')
}

/** Refuses `connect_session.invalid_choice`. */
export async function chooseAccounts(
  _ctx: Ctx<Asking>,
  _sessionId: string,
  _choice: { readonly accountRefs: readonly string[]; readonly products: readonly GrantableProduct[] },
): Promise<Completed> {
  throw new Error('not written yet')
}

/** A consumer who knows everything beforehand. */
export interface Login {
  /** Null when the session settles it. */
  readonly institutionId: string | null
  /** By the name of the field. */
  readonly credentials: Readonly<Record<string, string>>
  /** What is said to the challenges, in their order: texts, or labels or ids of options. */
  readonly answers: readonly string[]
  /** Masks or names of the accounts to permit; null for all that may be. */
  readonly accounts: readonly string[] | null
  /** Null for all that are offered. */
  readonly products: readonly GrantableProduct[] | null
}

/** Goes the whole way at once; a login that fails ends in a connection in state `error`. */
export async function completeSession(_ctx: Ctx<Asking>, _sessionId: string, _login: Login): Promise<Completed> {
  throw new Error('not written yet')
}
