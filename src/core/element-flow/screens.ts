/** What a screen shows: no more of a person than they need to go on. */
import type { AccountMethod, ClaimMember } from '../account-verification/account-verification.js'
import type { Account } from '../accounts/accounts.js'
import type { Ctx } from '../ctx.js'
import type { AccountId } from '../ids.js'
import { findMerchants, type Merchant } from '../institutions/institutions.js'
import type { AuthFailure, ProgressNote, Step, Unproven } from '../sessions/sessions.js'
import type { Question } from '../verification/verification.js'
import { type Facts, needsProof, usableAccounts } from './facts.js'
import { CODES_MAX } from './steps.js'
import { offersOf } from './transfers.js'

/** An account as it is shown to its holder. */
export interface ShownAccount {
  readonly id: AccountId
  readonly name: string
  readonly institution: string
  readonly type: string
  readonly mask: string | null
  /** What is owed, where that is known. */
  readonly balanceCents: number | null
  readonly needsProof: boolean
  readonly unproven: Unproven | null
}

/** What proves an account, and what of that is not known. */
export interface ShownProof {
  readonly method: AccountMethod
  readonly asks: readonly ClaimMember[]
  /** What was wrong the last time. */
  readonly wrong: readonly ClaimMember[]
  readonly hasWrongAmounts: boolean
  readonly attemptsLeft: number
  /** Two deposits are on their way. */
  readonly isWaiting: boolean
}

export interface ShownTransfer {
  readonly requestedCents: number
  readonly requestedRatePercent: number
  readonly requestedTermMonths: number
  readonly monthlyPaymentCents: number
  readonly loanCentsMin: number
  readonly residualCentsMax: number
}

/** What is not about the step is null. */
export interface Screen {
  readonly step: Step
  readonly elementType: string
  readonly team: { readonly name: string; readonly logoUrl: string | null; readonly iconUrl: string | null }
  readonly note: ProgressNote | null
  /** What the team wants to see of the accounts. */
  readonly products: readonly string[]
  readonly failure: AuthFailure | null
  /** What of a name is missing. */
  readonly missing: readonly ('firstName' | 'lastName')[]
  /** The last four digits of the phone that gets the code. */
  readonly phoneEnd: string | null
  readonly codesLeft: number
  readonly questions: readonly Question[]
  readonly selection: 'single' | 'multiple'
  readonly accounts: readonly ShownAccount[]
  readonly account: ShownAccount | null
  readonly proof: ShownProof | null
  readonly transfer: ShownTransfer | null
  /** Whether trying the same again may help. */
  readonly isRetryable: boolean
}

const ATTEMPTS_MAX = 5 // contract: method/accounts §12.3

export async function screenOf(
  ctx: Ctx<'db'>,
  facts: Facts,
  { step, failure }: { readonly step: Step; readonly failure: AuthFailure | null },
): Promise<Screen> {
  const { element, progress, consumer } = facts
  const { teamName: name, logoUrl, iconUrl, selection } = element.detail
  const isPhone = step === 'intro' || step === 'phone_code'
  return {
    step,
    elementType: element.type,
    team: { name, logoUrl, iconUrl },
    note: progress.note,
    products: element.detail.products,
    failure,
    missing: (['firstName', 'lastName'] as const).filter((member) => !consumer.individual?.[member]),
    phoneEnd: (isPhone && !consumer.phoneVerifiedAt && consumer.individual?.phone?.slice(-4)) || null,
    codesLeft: Math.max(0, CODES_MAX - progress.codesSent),
    questions: (step === 'questions' && questionsOf(facts)) || [],
    selection: element.type === 'balance_transfer' ? 'multiple' : selection,
    accounts: await accountsFor(ctx, facts, step),
    account: step === 'account' && facts.current ? ((await shown(ctx, facts, [facts.current]))[0] ?? null) : null,
    proof: step === 'account' ? proofOf(facts) : null,
    transfer: transferOf(facts),
    isRetryable: progress.trouble !== null,
  }
}

function questionsOf({ identitySession }: Facts): readonly Question[] {
  const detail = identitySession?.detail
  return detail?.method === 'element' ? detail.questions : []
}

async function accountsFor(ctx: Ctx<'db'>, facts: Facts, step: Step): Promise<readonly ShownAccount[]> {
  const { progress, candidates, element } = facts
  switch (step) {
    case 'accounts':
      return shown(ctx, facts, element.type === 'balance_transfer' ? offersOf(facts) : candidates)
    case 'success':
    case 'empty':
      return shown(ctx, facts, usableAccounts(facts))
    case 'error':
      return shown(
        ctx,
        facts,
        candidates.filter(({ id }) => progress.chosen?.includes(id)),
      )
    default:
      return []
  }
}

async function shown(ctx: Ctx<'db'>, facts: Facts, accounts: readonly Account[]): Promise<readonly ShownAccount[]> {
  const numbers = accounts.flatMap(({ liability }) => (liability ? [liability.merchantNumber] : []))
  const merchants = await findMerchants(ctx, [...new Set(numbers)])
  const byNumber = new Map(merchants.map((merchant) => [merchant.number, merchant]))
  return accounts.map((account) => shownAccount(facts, account, byNumber))
}

function shownAccount(
  { team, element, progress, balances }: Facts,
  account: Account,
  merchants: ReadonlyMap<number, Merchant>,
): ShownAccount {
  const { id, liability, bank } = account
  const merchant = liability ? merchants.get(liability.merchantNumber) : undefined
  const institution = merchant?.institutionName ?? bank?.bankName ?? ''
  return {
    id,
    institution,
    name: liability?.name ?? merchant?.name ?? institution,
    type: liability?.type ?? bank?.type ?? '',
    mask: liability?.mask ?? bank?.mask ?? null,
    balanceCents: balances.get(id) ?? null,
    needsProof: needsProof(team, element, account),
    unproven: progress.unproven[id] ?? null,
  }
}

const CHECKED = { expMonth: 'expiry', expYear: 'expiry', cvv: 'cvv', billingZip: 'billingZip' } as const
const ASKED: Partial<Readonly<Record<AccountMethod, readonly ClaimMember[]>>> = {
  standard: ['number'],
  instant: ['number', 'expMonth', 'expYear'],
  pre_auth: ['number', 'expMonth', 'expYear', 'cvv', 'billingZip'],
}

function proofOf({ accountSession: session }: Facts): ShownProof | null {
  if (!session) return null
  const { detail, method, wrongAttempts } = session
  const wrong: readonly ClaimMember[] = 'checks' in detail ? membersWrong(detail.checks) : []
  const known = 'known' in detail ? detail.known : []
  return {
    method,
    asks: (ASKED[method] ?? []).filter((member) => !known.includes(member) || wrong.includes(member)),
    wrong,
    hasWrongAmounts: method === 'micro_deposits' && wrongAttempts > 0,
    attemptsLeft: ATTEMPTS_MAX - wrongAttempts,
    isWaiting: session.dueAt !== null,
  }
}

function membersWrong(checks: Readonly<Record<(typeof CHECKED)[keyof typeof CHECKED], string | null>>) {
  return (Object.keys(CHECKED) as (keyof typeof CHECKED)[]).filter((member) => checks[CHECKED[member]] === 'fail')
}

function transferOf({ transfer }: Facts): ShownTransfer | null {
  if (!transfer) return null
  const { requested, loanCentsMin, residualCentsMax } = transfer.balanceTransfer
  return {
    requestedCents: requested.amountCents,
    requestedRatePercent: requested.ratePercent,
    requestedTermMonths: requested.termMonths,
    monthlyPaymentCents: requested.monthlyPaymentCents,
    loanCentsMin,
    residualCentsMax,
  }
}
