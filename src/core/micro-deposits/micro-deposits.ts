/**
 * Micro-deposits as a person asks for them in a widget: two small amounts are sent to an account, and whoever knows them holds
 * it. The account becomes one of the consumer's, and a verification session proves it, so that everybody may use it
 * afterwards; the amounts and the attempts are this capability's own. Contract: mx-connect/states §6, §8.4.
 */
import { inTx } from '../../db/database.js'
import type { DepositCourse } from '../../network/port.js'
import {
  type AccountVerificationSession,
  answerAccountSession,
  checkNewAccountSession,
  createAccountSession,
  type DepositTerms,
  findAccountSessions,
  judgeAnswer,
} from '../account-verification/account-verification.js'
import { addBankAccount, type CheckedBankAccount, checkNewBankAccount } from '../accounts/accounts.js'
import type { Asking, Ctx, Reading } from '../ctx.js'
import { type ConsumerId, type MicroDepositId, newId, readId } from '../ids.js'
import { Refusal } from '../refuse.js'
import { stageOf } from '../simulation/simulation.js'
import { refuse } from './errors.js'
import * as store from './store.js'

export type { MicroDepositRefusal } from './errors.js'
export { rehearseMicroDeposit } from './rehearsing.js'

/** Where it is; `requested` and what follows is told by the session behind it. */
export type MicroDepositStatus =
  | 'preinitiated'
  | 'initiated'
  | 'requested'
  | 'deposited'
  | 'verified'
  | 'not_sent'
  | 'denied'
  | 'prevented'
  | 'rejected'

/** Who says that the account is theirs. */
export interface Holder {
  readonly firstName: string | null
  readonly lastName: string | null
  readonly email: string | null
}

export interface MicroDeposit extends Holder {
  readonly id: MicroDepositId
  readonly consumerId: ConsumerId
  readonly status: MicroDepositStatus
  readonly accountName: string | null
  readonly type: 'checking' | 'savings' | null
  readonly routingNumber: string | null
  readonly mask: string | null
  readonly attemptsLeft: number | null
  readonly verifiedAt: string | null
  readonly depositExpectedAt: string | null
  readonly createdAt: string
  readonly updatedAt: string
}

export interface AccountClaim {
  readonly accountName: string | null
  readonly accountNumber: string
  readonly routingNumber: string
  readonly type: 'checking' | 'savings'
}

const TERMS: DepositTerms = { centsMin: 1, centsMax: 9, attemptsMax: 3, amountsCents: null } // contract: mx-connect/states §6
const PROVEN_MAX = 3 // contract: mx-connect/states §6, "three verified accounts per email"
const NAME_MAX = 50

/**
 * Without an account it waits for one. Refuses `micro_deposit.invalid` with the member at fault, `.already_open`,
 * `.too_many`.
 */
export async function createMicroDeposit(
  ctx: Ctx<Asking>,
  consumerId: ConsumerId,
  { holder, account }: { readonly holder: Holder; readonly account: AccountClaim | null },
): Promise<MicroDeposit> {
  refuseUnfitHolder(holder)
  const emailMark =
    holder.email === null ? null : ctx.vault.fingerprint(ctx.team, `e-mail:${holder.email.toLowerCase()}`)
  if (emailMark && (await store.countProven(ctx, emailMark)) >= PROVEN_MAX) throw refuse('micro_deposit.too_many')
  const id = newId<MicroDepositId>(ctx.chance)
  const at = ctx.clock.stamp()
  const row: store.MicroDepositRow = {
    id,
    consumerId,
    ownStatus: 'preinitiated',
    ...NO_ACCOUNT,
    sealed: ctx.vault.seal(ctx.team, place(id), JSON.stringify(holder)),
    emailMark,
    createdAt: at,
    updatedAt: at,
  }
  const claimed = account && (await check(ctx, consumerId, account))
  const added = await inTx(ctx.db, async (tx) => {
    const inside = { ...ctx, db: tx, tx }
    return store.addMicroDeposit(inside, claimed ? await withAccount(inside, row, claimed) : row)
  })
  return viewOf(ctx, added)
}

const NO_ACCOUNT = {
  accountId: null,
  sessionId: null,
  accountName: null,
  type: null,
  routingNumber: null,
  mask: null,
} as const

/** Gives one its account. Refuses as the creation, `micro_deposit.not_found`, `.not_begun`. */
export async function beginMicroDeposit(
  ctx: Ctx<Asking>,
  whose: WhoseDeposit,
  account: AccountClaim,
): Promise<MicroDeposit> {
  const row = await find(ctx, whose)
  if (row.ownStatus !== 'preinitiated') throw refuse('micro_deposit.not_begun')
  const claimed = await check(ctx, whose.consumerId, account)
  return inTx(ctx.db, async (tx) => {
    const inside = { ...ctx, db: tx, tx }
    const filled = await withAccount(inside, { ...row, updatedAt: ctx.clock.stamp() }, claimed)
    const begun = await store.beginMicroDeposit(inside, filled)
    if (!begun) throw refuse('micro_deposit.not_begun')
    return viewOf(inside, begun)
  })
}

/** What was said of an account, checked, with what a rehearsal wants of it. */
interface Claimed {
  readonly said: Pick<store.MicroDepositRow, 'accountName' | 'type' | 'routingNumber' | 'mask'>
  readonly checked: CheckedBankAccount
  readonly course: DepositCourse | null
}

async function check(
  ctx: Ctx<Asking>,
  consumerId: ConsumerId,
  { accountName, accountNumber, routingNumber, type }: AccountClaim,
): Promise<Claimed> {
  const course = ctx.team.environment === 'development' ? stageOf(ctx).depositCourse(accountNumber) : null
  if (course?.outcome === 'invalid') throw flaw('accountNumber', 'is not known at this bank.')
  if (course?.outcome === 'conflicted') throw refuse('micro_deposit.already_open')
  const said = { accountName, type, routingNumber, mask: accountNumber.slice(-4) }
  const checked = await checkNewBankAccount(ctx, {
    consumerId,
    bank: { routingNumber, accountNumber, type },
    metadata: null,
  }).catch(explain)
  return { said, checked, course }
}

/** The account becomes the consumer's, and deposits to it are asked for. */
async function withAccount(
  ctx: Ctx<Asking | 'tx'>,
  row: store.MicroDepositRow,
  { said, checked, course }: Claimed,
): Promise<store.MicroDepositRow> {
  if (course?.outcome === 'not_sent' || course?.outcome === 'rejected') {
    return { ...row, ...said, ownStatus: course.outcome }
  }
  try {
    // Whatever the team takes for proven otherwise: this person has asked for a proof.
    const { account } = await addBankAccount(ctx, checked, null)
    const terms = { ...TERMS, amountsCents: course?.amountsCents ?? null }
    const wanted = await checkNewAccountSession(ctx, account.id, 'micro_deposits', terms)
    const session = await createAccountSession(ctx, wanted)
    return { ...row, ...said, ownStatus: null, accountId: account.id, sessionId: session.id }
  } catch (error) {
    return explain(error)
  }
}

const CONFLICTS: readonly string[] = [
  'account_verification.already_verified',
  'account_verification.unfinished_session',
  'account_verification.too_many_attempts',
  'account.existing_disabled',
]
const MEMBERS: Readonly<Record<string, string>> = { 'ach.routing': 'routingNumber', 'ach.number': 'accountNumber' }

/** The accounts' own refusals, in the words of a person who tries to prove one. */
function explain(error: unknown): never {
  if (!(error instanceof Refusal)) throw error
  if (CONFLICTS.includes(error.code)) throw Object.assign(refuse('micro_deposit.already_open'), { cause: error })
  if (error.code === 'account.invalid_bank_account') {
    throw flaw(MEMBERS[error.fault?.member ?? ''] ?? 'accountNumber', error.fault?.rule ?? 'is not valid.')
  }
  throw error
}

function refuseUnfitHolder({ firstName, lastName, email }: Holder): void {
  for (const [member, text] of Object.entries({ firstName, lastName })) {
    if (text !== null && (text.trim() === '' || text.length > NAME_MAX)) {
      throw flaw(member, `must have 1 to ${NAME_MAX} characters.`)
    }
  }
  if (email !== null && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) throw flaw('email', 'is not an e-mail address.')
}

export interface WhoseDeposit {
  readonly id: string
  readonly consumerId: ConsumerId
}

/** Refuses `micro_deposit.not_found`. */
export async function getMicroDeposit(
  ctx: Ctx<Reading | 'clock' | 'vault'>,
  whose: WhoseDeposit,
): Promise<MicroDeposit> {
  return viewOf(ctx, await find(ctx, whose))
}

async function find(ctx: Ctx<Reading>, { id, consumerId }: WhoseDeposit): Promise<store.MicroDepositRow> {
  const row = await findAnybodys(ctx, id)
  if (row.consumerId !== consumerId) throw refuse('micro_deposit.not_found')
  return row
}

/** Refuses `micro_deposit.not_found`. */
export async function findAnybodys(ctx: Ctx<Reading>, id: string): Promise<store.MicroDepositRow> {
  const wanted = readId<MicroDepositId>(id)
  const row = wanted && (await store.findMicroDeposit(ctx, wanted))
  if (!row) throw refuse('micro_deposit.not_found')
  return row
}

/**
 * The holder tells the amounts, in any order. Wrong ones are counted, and are no refusal. Refuses `micro_deposit.not_found`,
 * `.not_verifiable`.
 */
export async function verifyMicroDeposit(
  ctx: Ctx<Asking>,
  whose: WhoseDeposit,
  amountsCents: readonly number[],
): Promise<MicroDeposit> {
  const row = await find(ctx, whose)
  const { accountId, sessionId } = row
  if (accountId === null || sessionId === null) throw refuse('micro_deposit.not_verifiable')
  try {
    const wanted = { accountId, sessionId }
    const judged = await judgeAnswer(ctx, wanted, () => ({ method: 'micro_deposits', amountsCents }))
    await inTx(ctx.db, (tx) => answerAccountSession({ ...ctx, db: tx, tx }, judged))
  } catch (error) {
    const isOurs = error instanceof Refusal && error.code.startsWith('account_verification.')
    if (!isOurs) throw error
    throw Object.assign(refuse('micro_deposit.not_verifiable'), { cause: error })
  }
  return viewOf(ctx, row)
}

export async function viewOf(ctx: Ctx<Reading | 'clock' | 'vault'>, row: store.MicroDepositRow): Promise<MicroDeposit> {
  const { sealed, sessionId, accountId, ownStatus, emailMark, ...rest } = row
  const holder = JSON.parse(ctx.vault.open(ctx.team, place(row.id), sealed)) as Holder
  const [session = null] = sessionId === null ? [] : await findAccountSessions(ctx, [sessionId])
  return {
    ...rest,
    ...holder,
    status: session ? statusOf(session) : (startOf(ctx, row) ?? ownStatus ?? 'not_sent'),
    attemptsLeft: session && Math.max(0, session.attemptsMax - session.wrongAttempts),
    verifiedAt: session?.status === 'verified' ? session.updatedAt : null,
    depositExpectedAt: session?.dueAt ?? null,
    updatedAt: session?.updatedAt ?? row.updatedAt,
  }
}

/** What goes wrong shows only after it has begun. */
function startOf({ clock }: Ctx<'clock'>, { ownStatus, updatedAt }: store.MicroDepositRow): MicroDepositStatus | null {
  const isFresh = Date.parse(clock.now()) - Date.parse(updatedAt) < FRESH_MS
  return isFresh && ownStatus !== 'preinitiated' ? 'initiated' : null
}
const FRESH_MS = 1000

function statusOf({ status, statusReason, wrongAttempts }: AccountVerificationSession): MicroDepositStatus {
  if (status === 'pending') return 'requested'
  if (status === 'in_progress') return wrongAttempts > 0 ? 'denied' : 'deposited'
  if (status === 'verified') return 'verified'
  return statusReason === 'too_many_attempts' ? 'prevented' : 'not_sent'
}

const place = (id: MicroDepositId) => `micro_deposits.${id}`

function flaw(member: string, rule: string) {
  return refuse('micro_deposit.invalid', { member, rule })
}
