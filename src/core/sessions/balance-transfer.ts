/**
 * Element sessions: what a balance transfer is about. A session outlives its tokens; when one expires, another continues
 * the same session. Contract: method/entities §12.3.
 *
 * - `active` waits for the person, and for the lender's decision on the loan.
 * - `inactive` is an end: the payouts were released.
 */
import type { Ctx, Reading } from '../ctx.js'
import { type AccountId, type ConsumerId, type ElementSessionId, newId, readId } from '../ids.js'
import { refuse } from './errors.js'
import * as store from './session-store.js'

export const FLOW_TYPES = ['default', 'penfed_dpo'] as const
export const PAYOUT_STATUSES = ['pending_accounts', 'released'] as const
export type ElementSessionStatus = 'active' | 'inactive'

export interface Loan {
  readonly amountCents: number
  readonly ratePercent: number
  readonly termMonths: number
  readonly monthlyPaymentCents: number
}

/** What the lender asks for. */
export interface BalanceTransferTerms {
  readonly flowType: (typeof FLOW_TYPES)[number]
  readonly payoutCentsMin: number
  readonly loanCentsMin: number
  /** The most that may go to the borrower once the creditors are paid. */
  readonly residualCentsMax: number
  readonly requested: Loan
}

export interface BalanceTransfer extends BalanceTransferTerms {
  readonly approved: { readonly [K in keyof Loan]: Loan[K] | null }
  /** By account: what its creditor is to be paid, and with which payment it was. */
  readonly payouts: Readonly<Record<string, { readonly paymentId: string | null; readonly amountCents: number }>>
  readonly payoutStatus: (typeof PAYOUT_STATUSES)[number]
  readonly residualCents: number | null
  readonly creditorCents: number | null
  readonly wantsRemainder: boolean | null
  readonly isAuthenticated: boolean
  readonly isFirstPass: boolean
  readonly skipsIntro: boolean
}

export interface ElementSession {
  readonly id: ElementSessionId
  readonly consumerId: ConsumerId
  readonly status: ElementSessionStatus
  readonly balanceTransfer: BalanceTransfer
  readonly createdAt: string
  readonly updatedAt: string
}

export function createSession(
  ctx: Ctx<'tx' | 'team' | 'clock' | 'chance'>,
  consumerId: ConsumerId,
  terms: BalanceTransferTerms,
): Promise<ElementSession> {
  return store.addSession(ctx, {
    id: newId<ElementSessionId>(ctx.chance),
    consumerId,
    balanceTransfer: {
      ...terms,
      approved: { amountCents: null, ratePercent: null, termMonths: null, monthlyPaymentCents: null },
      payouts: {},
      payoutStatus: 'pending_accounts',
      residualCents: null,
      creditorCents: null,
      wantsRemainder: null,
      isAuthenticated: false,
      isFirstPass: true,
      skipsIntro: true,
    },
    createdAt: ctx.clock.stamp(),
  })
}

/** Refuses `element.session_not_found`. */
export async function getElementSession(ctx: Ctx<Reading>, id: string): Promise<ElementSession> {
  const session = await store.findSession(ctx, known(id))
  if (!session) throw refuse('element.session_not_found')
  return session
}

export interface SessionChanges {
  /** What the lender approved; a member without a value stays as it is. */
  readonly approved: { readonly [K in keyof Loan]: Loan[K] | undefined }
  readonly releasesPayouts: boolean
}

/** The lender's decision. Refuses `element.session_not_found`, `element.session_inactive`. */
export async function updateElementSession(
  ctx: Ctx<'tx' | 'team' | 'clock'>,
  id: string,
  { approved, releasesPayouts }: SessionChanges,
): Promise<ElementSession> {
  const session = await store.takeSession(ctx, known(id))
  if (!session) throw refuse('element.session_not_found')
  if (session.status === 'inactive') throw refuse('element.session_inactive')
  const { balanceTransfer } = session
  return store.updateSession(ctx, {
    id: session.id,
    status: releasesPayouts ? 'inactive' : 'active',
    balanceTransfer: {
      ...balanceTransfer,
      approved: {
        amountCents: approved.amountCents ?? balanceTransfer.approved.amountCents,
        ratePercent: approved.ratePercent ?? balanceTransfer.approved.ratePercent,
        termMonths: approved.termMonths ?? balanceTransfer.approved.termMonths,
        monthlyPaymentCents: approved.monthlyPaymentCents ?? balanceTransfer.approved.monthlyPaymentCents,
      },
      payoutStatus: releasesPayouts ? 'released' : balanceTransfer.payoutStatus,
    },
    updatedAt: ctx.clock.stamp(),
  })
}

/** What the person chose to have paid. */
export interface TransferPlan {
  readonly payoutCents: Readonly<Record<AccountId, number>>
  readonly creditorCents: number
  readonly residualCents: number
  readonly wantsRemainder: boolean
}

/** Keeps what the person chose. Refuses `element.session_not_found`, `element.session_inactive`. */
export async function notePlan(
  ctx: Ctx<'tx' | 'team' | 'clock'>,
  id: ElementSessionId,
  { payoutCents, ...plan }: TransferPlan,
): Promise<void> {
  const session = await store.takeSession(ctx, id)
  if (!session) throw refuse('element.session_not_found')
  if (session.status === 'inactive') throw refuse('element.session_inactive')
  const payouts = Object.fromEntries(
    Object.entries(payoutCents).map(([accountId, amountCents]) => [accountId, { paymentId: null, amountCents }]),
  )
  await store.updateSession(ctx, {
    id,
    status: session.status,
    balanceTransfer: { ...session.balanceTransfer, ...plan, payouts },
    updatedAt: ctx.clock.stamp(),
  })
}

/** The person got this far: through the Auth step, or to the end of a page. */
export async function noteProgress(
  ctx: Ctx<'tx' | 'team' | 'clock'>,
  id: ElementSessionId,
  progress: Partial<Pick<BalanceTransfer, 'isAuthenticated' | 'isFirstPass'>>,
): Promise<void> {
  const session = await store.takeSession(ctx, id)
  if (!session) throw refuse('element.session_not_found')
  await store.updateSession(ctx, {
    id,
    status: session.status,
    balanceTransfer: { ...session.balanceTransfer, ...progress },
    updatedAt: ctx.clock.stamp(),
  })
}

function known(id: string): ElementSessionId {
  const wanted = readId<ElementSessionId>(id)
  if (!wanted) throw refuse('element.session_not_found')
  return wanted
}
