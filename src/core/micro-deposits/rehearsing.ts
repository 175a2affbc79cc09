/**
 * Takes a micro-deposit where a rehearsal wants it, by the way on which it gets there: deposits leave now, come back, and are
 * answered. Contract: mx-connect/callbacks §6, states §6.
 */
import { rehearseDeposits, rehearsedAmounts } from '../account-verification/account-verification.js'
import type { Asking, Ctx } from '../ctx.js'
import { refuseRealThings } from '../simulation/simulation.js'
import { refuse } from './errors.js'
import {
  findAnybodys,
  type MicroDeposit,
  type MicroDepositStatus,
  verifyMicroDeposit,
  viewOf,
  type WhoseDeposit,
} from './micro-deposits.js'

/** From where each can be reached. A bank refuses an account before anything is sent: that is rehearsed by its number. */
const ways = {
  deposited: ['requested'],
  verified: ['requested', 'deposited', 'denied'],
  denied: ['requested', 'deposited'],
  prevented: ['requested', 'deposited', 'denied'],
  not_sent: ['requested', 'deposited', 'denied'],
} as const satisfies Partial<Record<MicroDepositStatus, readonly MicroDepositStatus[]>>
type Reachable = keyof typeof ways

/**
 * One that is there stays as it is. Refuses `simulation.forbidden`, `micro_deposit.not_found`, and `.cannot_become` where no way
 * leads there.
 */
export async function rehearseMicroDeposit(
  ctx: Ctx<Asking>,
  id: string,
  wanted: MicroDepositStatus | null,
): Promise<MicroDeposit> {
  refuseRealThings(ctx)
  const row = await findAnybodys(ctx, id)
  const { accountId, sessionId, consumerId } = row
  const before = await viewOf(ctx, row)
  if (before.status === wanted) return before
  if (!isReachable(before.status, wanted) || accountId === null || sessionId === null) {
    throw refuse('micro_deposit.cannot_become')
  }
  const session = { accountId, sessionId }
  if (wanted === 'not_sent') await rehearseDeposits(ctx, session, 'returned')
  else if (before.status === 'requested') await rehearseDeposits(ctx, session, 'sent')
  const now = await viewOf(ctx, row)
  // The bank may have sent them back: what it does to this account is not for the rehearsal to say.
  const isAnswerable = now.status === 'deposited' || now.status === 'denied'
  if (wanted === 'not_sent' || wanted === 'deposited' || !isAnswerable) return now
  const right = await rehearsedAmounts(ctx, session)
  const wrong = right[0] === 1 ? [2, 2] : [1, 1]
  return answerUntil(ctx, { id, consumerId }, { now, wanted, amountsCents: wanted === 'verified' ? right : wrong })
}

function isReachable(from: MicroDepositStatus, to: MicroDepositStatus | null): to is Reachable {
  const ofThis: Partial<Record<MicroDepositStatus, readonly MicroDepositStatus[]>> = ways
  return to !== null && (ofThis[to]?.includes(from) ?? false)
}

interface Answering {
  readonly now: MicroDeposit
  readonly wanted: Reachable
  readonly amountsCents: readonly number[]
}

/** Each answer is an attempt of its own, as a person makes it. */
async function answerUntil(ctx: Ctx<Asking>, whose: WhoseDeposit, answering: Answering): Promise<MicroDeposit> {
  let { now } = answering
  while (now.status !== answering.wanted && (now.status === 'deposited' || now.status === 'denied')) {
    now = await verifyMicroDeposit(ctx, whose, answering.amountsCents)
  }
  return now
}
