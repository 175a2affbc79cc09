/**
 * Deposits that are due: sent outside any transaction, by the session's id, so that sending twice sends once. What became of
 * them is then written, unless another process was first.
 */
import { inTx } from '../../db/database.js'
import type { DepositResult, Outcome } from '../../network/port.js'
import { type Account, getAccount, openDetails, takeAccount } from '../accounts/accounts.js'
import { addMs, type DueWork } from '../clock/clock.js'
import type { Asking, Ctx } from '../ctx.js'
import { disableAccount } from '../disabling/disabling.js'
import { refuseRealThings } from '../simulation/simulation.js'
import { findSession, type WantedAccountSession } from './answer.js'
import type { MicroDepositsSecret } from './methods/micro-deposits.js'
import { openSecret } from './secrets.js'
import { type AccountVerificationSession, advance } from './sessions.js'
import * as store from './store.js'

// Each is a question to the network, so few at a time.
const BATCH = 50
const RETRY_MS = 5 * 60_000

/** Sends what is due, a batch at a time. */
export const depositSending: DueWork = {
  name: 'account_verification.send_deposits',
  waiting: store.waiting,
  async runTeam(ctx, { until }) {
    const due = await store.listDue(ctx, { now: until, limit: BATCH })
    for (const session of due) await send(ctx, session)
    return due.length
  },
}

async function send(ctx: Ctx<Asking>, session: AccountVerificationSession): Promise<void> {
  const account = await getAccount(ctx, session.accountId)
  const secret = openSecret(ctx, session) as MicroDepositsSecret | null
  if (account.status !== 'active' || !secret) return postpone(ctx, session, null)
  const sent = await ctx.network.sendMicroDeposits(
    { realm: ctx.team.id, at: ctx.clock.now() },
    { reference: session.id, to: bankAccountOf(ctx, account), amountsCents: secret.amountsCents },
  )
  if (!sent.ok && sent.reason === 'unreachable') return postpone(ctx, session, addMs(ctx.clock.now(), RETRY_MS))
  await inTx(ctx.db, (tx) => note({ ...ctx, db: tx, tx }, session, sent))
}

async function note(
  ctx: Ctx<Asking | 'tx'>,
  { id, accountId }: AccountVerificationSession,
  sent: Outcome<DepositResult>,
): Promise<void> {
  const account = await takeAccount(ctx, accountId)
  const session = await store.takeSession(ctx, id)
  if (session?.status !== 'pending' || session.dueAt === null) return
  if (sent.ok && sent.value.returnCode === null) {
    await advance(ctx, session, { status: 'in_progress', statusReason: null, dueAt: null })
    return
  }
  await fail(ctx, account, session)
}

/**
 * A rehearsal does not wait: deposits leave now, or come back. A session that is over, or never sends any, stays as it is.
 * Refuses `simulation.forbidden`, `account.not_found`, `account_verification.not_found`.
 */
export async function rehearseDeposits(
  ctx: Ctx<Asking>,
  wanted: WantedAccountSession,
  outcome: 'sent' | 'returned',
): Promise<void> {
  refuseRealThings(ctx)
  const session = await findSession(ctx, await getAccount(ctx, wanted.accountId), wanted)
  if (session.method !== 'micro_deposits') return
  if (outcome === 'returned') return inTx(ctx.db, (tx) => noteReturned({ ...ctx, db: tx, tx }, session))
  if (session.status === 'pending' && session.dueAt !== null) await send(ctx, session)
}

async function noteReturned(ctx: Ctx<Asking | 'tx'>, { id, accountId }: AccountVerificationSession): Promise<void> {
  const account = await takeAccount(ctx, accountId)
  const session = await store.takeSession(ctx, id)
  if (session?.status === 'pending' || session?.status === 'in_progress') await fail(ctx, account, session)
}

async function fail(ctx: Ctx<Asking | 'tx'>, account: Account, session: AccountVerificationSession): Promise<void> {
  await advance(ctx, session, { status: 'failed', statusReason: 'deposits_failed', secretSealed: null, dueAt: null })
  await disableAccount(ctx, account, 'invalid_details')
}

function postpone({ db, team }: Ctx<Asking>, { id }: AccountVerificationSession, dueAt: string | null): Promise<void> {
  return store.postpone({ db, team }, { id, dueAt })
}

function bankAccountOf(ctx: Ctx<'team' | 'vault'>, account: Account) {
  const { number } = openDetails(ctx, account)
  if (!account.bank || number === undefined) throw new Error('Deposits are sent to deposit accounts only.')
  return { routingNumber: account.bank.routingNumber, accountNumber: number, type: account.bank.type }
}
