/**
 * Proof of a card or loan by its full number, and of cards by what else is on them. What is known already need not be said
 * again; what was wrong may be corrected. A number that is refused ends the session.
 */
import type { CardCheck, CardCheckResult, CardClaim } from '../../../network/port.js'
import { type Account, type AccountDetails, openDetails } from '../../accounts/accounts.js'
import type { Asking, Ctx } from '../../ctx.js'
import { handlesDebtNumbers } from '../../teams/teams.js'
import { refuse } from '../errors.js'
import type { AccountFailureReason } from '../transitions.js'
import { type AccountMethodDefinition, type Answer, defineMethod, isCard, type Verdict } from './define.js'

export const CARD_METHODS = ['standard', 'instant', 'pre_auth', 'network'] as const
export type CardMethod = (typeof CARD_METHODS)[number]

const CLAIM_MEMBERS = ['number', 'expMonth', 'expYear', 'cvv', 'billingZip'] as const
export type ClaimMember = (typeof CLAIM_MEMBERS)[number]

export interface CardDetail {
  readonly method: CardMethod
  /** What is known, said or not, and so need not be said. */
  readonly known: readonly ClaimMember[]
  readonly checks: CardChecks
}

/** Null: not checked yet. */
export interface CardChecks {
  readonly expiry: CardCheckResult | null
  readonly cvv: CardCheckResult | null
  readonly billingZip: CardCheckResult | null
  /** What follows from the others. */
  readonly card: CardCheckResult | null
}

export interface CardSubmission {
  readonly method: CardMethod
  /** Null: not said. */
  readonly claim: CardClaim
}

const NOTHING: CardClaim = { number: null, expMonth: null, expYear: null, cvv: null, billingZip: null }
const UNCHECKED: CardChecks = { expiry: null, cvv: null, billingZip: null, card: null }

// What each method asks for. Contract: method/accounts §12.2, §12.5.
const asked: Readonly<Record<CardMethod, readonly ClaimMember[]>> = {
  standard: ['number'],
  instant: ['number', 'expMonth', 'expYear'],
  pre_auth: CLAIM_MEMBERS,
  network: CLAIM_MEMBERS,
}

export const cardMethods = Object.fromEntries(
  CARD_METHODS.map((method) => [method, card(method)]),
) as unknown as Readonly<Record<CardMethod, AccountMethodDefinition<CardDetail, CardSubmission>>>

function card(method: CardMethod) {
  return defineMethod<CardDetail, CardSubmission>({
    purpose: method === 'network' ? 'card_network' : 'number',
    fits: (account, team) =>
      method === 'standard' ? account.kind === 'liability' && handlesDebtNumbers(team) : isCard(account),
    caller: {
      async begin(ctx, account) {
        // The full number itself is what `standard` proves.
        const known = method === 'standard' ? NOTHING : await knownOf(ctx, account)
        const detail: CardDetail = { method, known: membersOf(known, method), checks: UNCHECKED }
        return { detail, secret: null, dueAt: null }
      },
      judge,
    },
  })
}

/** What is known of the card without this session: here, or outside. Nobody keeps a CVV for that. */
async function knownOf(ctx: Ctx<Asking>, account: Account): Promise<CardClaim> {
  const here = { ...NOTHING, ...openDetails(ctx, account), cvv: null }
  if (account.networkRef === null) return here
  const outside = await ctx.network.accountSecrets(askOf(ctx), account.networkRef)
  if (!outside.ok) {
    if (outside.reason === 'unreachable') throw refuse('account_verification.network_unreachable')
    return here
  }
  return {
    number: here.number ?? outside.value.number,
    expMonth: here.expMonth ?? outside.value.expMonth,
    expYear: here.expYear ?? outside.value.expYear,
    cvv: null,
    billingZip: here.billingZip ?? outside.value.billingZip,
  }
}

async function judge(ctx: Ctx<Asking>, answer: Answer<CardDetail, CardSubmission>): Promise<Verdict<CardDetail>> {
  const { account, detail, submission } = answer
  const { method } = detail
  const said = { ...NOTHING, ...(answer.secret as Partial<CardClaim> | null), ...given(submission.claim) }
  refuseIncomplete(detail, submission.claim, said)
  const known = method === 'standard' ? NOTHING : await knownOf(ctx, account)
  const claim = { ...known, ...given(said) }
  const check = await checkOf(ctx, account, only(claim, asked[method]))
  if (typeof check === 'string') return { result: check, detail, secret: null }
  if (check.number === 'fail') return { result: 'invalid_details', detail, secret: null }
  const checks = checksOf(check, method)
  const isRight = checks.card !== 'fail'
  return {
    result: isRight ? 'verified' : 'wrong',
    detail: { method, known: membersOf(claim, method), checks },
    secret: isRight ? null : said,
    ...(isRight ? { learned: learnedOf(said) } : {}),
  }
}

/** What is not known must be said, and what was wrong be said anew; of the expiry, one part may be what was wrong. */
function refuseIncomplete({ method, known, checks }: CardDetail, claim: CardClaim, said: CardClaim): void {
  const corrected: Readonly<Record<ClaimMember, boolean>> = {
    number: true,
    expMonth: checks.expiry !== 'fail' || claim.expMonth !== null || claim.expYear !== null,
    expYear: true,
    cvv: checks.cvv !== 'fail' || claim.cvv !== null,
    billingZip: checks.billingZip !== 'fail' || claim.billingZip !== null,
  }
  const missing = asked[method].find(
    (member) => !corrected[member] || (!known.includes(member) && said[member] === null),
  )
  if (missing === undefined) return
  throw refuse('account_verification.mismatch', { member: `${method}.${missing}`, rule: 'must be given.' })
}

/** The network's word on the card; a reason where the session ends without one. */
async function checkOf(
  ctx: Ctx<Asking>,
  account: Account,
  claim: CardClaim,
): Promise<CardCheck | AccountFailureReason> {
  if (account.networkRef === null) return unknownCard(ctx, claim)
  if (!isCard(account)) return loanCheck(ctx, account.networkRef, claim)
  const checked = await ctx.network.checkCard(askOf(ctx), account.networkRef, claim)
  if (checked.ok) return checked.value
  if (checked.reason === 'unreachable') throw refuse('account_verification.network_unreachable')
  return 'type_not_supported'
}

/** Of a card that nobody outside knows nothing can be proven, except in a rehearsal. Contract: method/accounts §12.5. */
function unknownCard(ctx: Ctx<'team' | 'clock'>, { expMonth, expYear }: CardClaim): CardCheck | AccountFailureReason {
  if (ctx.team.environment !== 'development') return 'invalid_details'
  const isOver = expMonth !== null && expYear !== null && `${expYear}-${expMonth}` < ctx.clock.now().slice(0, 7)
  return { number: 'pass', expiry: isOver ? 'fail' : 'pass', cvv: 'pass', billingZip: 'pass' }
}

/** A loan has nothing but its number. */
async function loanCheck(
  ctx: Ctx<Asking>,
  networkRef: string,
  claim: CardClaim,
): Promise<CardCheck | AccountFailureReason> {
  const secrets = await ctx.network.accountSecrets(askOf(ctx), networkRef)
  if (!secrets.ok && secrets.reason === 'unreachable') throw refuse('account_verification.network_unreachable')
  if (!secrets.ok) return 'type_not_supported'
  const number = secrets.value.number === claim.number ? 'pass' : 'fail'
  return { number, expiry: 'unavailable', cvv: 'unavailable', billingZip: 'unavailable' }
}

function checksOf(check: CardCheck, method: CardMethod): CardChecks {
  const [expiry, cvv, billingZip] = (['expMonth', 'cvv', 'billingZip'] as const).map((member) => {
    if (!asked[method].includes(member)) return null
    return member === 'expMonth' ? check.expiry : check[member]
  }) as [CardCheckResult | null, CardCheckResult | null, CardCheckResult | null]
  return { expiry, cvv, billingZip, card: [expiry, cvv, billingZip].includes('fail') ? 'fail' : 'pass' }
}

function askOf({ team, clock }: Ctx<'team' | 'clock'>) {
  return { realm: team.id, at: clock.now() }
}

/** The members that were said. */
function given(claim: CardClaim): Partial<CardClaim> {
  return Object.fromEntries(CLAIM_MEMBERS.filter((name) => claim[name] !== null).map((name) => [name, claim[name]]))
}

function only(claim: CardClaim, members: readonly ClaimMember[]): CardClaim {
  return { ...NOTHING, ...Object.fromEntries(members.map((name) => [name, claim[name]])) }
}

function membersOf(claim: CardClaim, method: CardMethod): readonly ClaimMember[] {
  return asked[method].filter((name) => claim[name] !== null)
}

function learnedOf(said: CardClaim): AccountDetails {
  return given(said) as AccountDetails
}
