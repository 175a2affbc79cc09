/** The account step: which accounts, and the proof of those that need one for the products that are asked for. */
import {
  type AccountSubmission,
  answerAccountSession,
  checkNewAccountSession,
  createAccountSession,
  judgeAnswer,
} from '../account-verification/account-verification.js'
import type { Account } from '../accounts/accounts.js'
import type { Asking, Ctx } from '../ctx.js'
import { type AccountId, readId } from '../ids.js'
import { type Element, notePlan, type Unproven } from '../sessions/sessions.js'
import { attempt, note } from './auth.js'
import { refuse } from './errors.js'
import type { Facts } from './facts.js'
import { move, moveFrom } from './move.js'
import { offersOf, planOf } from './transfers.js'

export interface Choice {
  readonly accountIds: readonly string[]
  /** Of a balance transfer: whether what is left of the loan is wanted. */
  readonly wantsRemainder: boolean
}

/**
 * Takes the person's choice. Refuses `element_flow.no_account`, `.one_account`, and for a balance transfer
 * `element_flow.loan_exceeded`, `.loan_too_small`.
 */
export function choose(ctx: Ctx<Asking>, facts: Facts, { accountIds, wantsRemainder }: Choice): Promise<Element> {
  const { element, candidates, transfer, balances } = facts
  const offered = transfer ? offersOf(facts) : candidates
  const wanted = new Set(accountIds.map((text) => readId<AccountId>(text)))
  const chosen = offered.filter(({ id }) => wanted.has(id)).map(({ id }) => id)
  if (chosen.length === 0 || chosen.length < wanted.size) throw refuse('element_flow.no_account')
  if (!transfer && element.detail.selection === 'single' && chosen.length > 1) throw refuse('element_flow.one_account')
  const debts = chosen.map((accountId) => ({ accountId, owedCents: balances.get(accountId) ?? 0 }))
  const plan = transfer && planOf(transfer.balanceTransfer, debts, wantsRemainder)
  return moveFrom(ctx, element, 'accounts', async (inside) => {
    if (transfer && plan) await notePlan(inside, transfer.id, plan)
    return { progress: { chosen, unproven: {}, note: null }, told: [] }
  })
}

/** Begins the proof of the next account. One that cannot be proven here goes without. */
export function beginProof(ctx: Ctx<Asking>, { element, current }: Facts): Promise<Element> {
  if (!current) return Promise.resolve(element)
  const without = (why: Unproven) => () => goWithout(ctx, element, current.id, why)
  return attempt(
    async () => {
      const checked = await checkNewAccountSession(ctx, current.id, methodFor(current))
      return move(
        ctx,
        element,
        ({ chosen }) => !chosen?.includes(current.id),
        async (inside) => {
          await createAccountSession(inside, checked)
          return { progress: {}, told: [] }
        },
      )
    },
    {
      'account_verification.type_not_supported': without('unsupported'),
      'account_verification.account_inactive': without('unsupported'),
      // A session by a means that no page has.
      'account_verification.unfinished_session': without('unsupported'),
      'account_verification.already_verified': without('unsupported'),
      'account_verification.too_many_attempts': without('failed'),
      'account_verification.network_unreachable': () => note(ctx, element, { trouble: 'account' }),
    },
  )
}

function methodFor({ liability }: Account): string {
  if (!liability) return 'micro_deposits'
  return liability?.type === 'credit_card' ? 'pre_auth' : 'standard'
}

function goWithout(ctx: Ctx<Asking>, element: Element, id: AccountId, why: Unproven): Promise<Element> {
  return move(
    ctx,
    element,
    () => false,
    async (_, { unproven }) => ({
      progress: { unproven: { ...unproven, [id]: why } },
      told: [],
    }),
  )
}

/**
 * Judges what the person says of the account. A wrong answer may be corrected up to a limit, after which the account goes
 * without. Refuses `account_verification.mismatch`, `.not_ready`, `.network_unreachable`.
 */
export async function tellProof(
  ctx: Ctx<Asking>,
  { element, current, accountSession }: Facts,
  submission: AccountSubmission,
): Promise<Element> {
  if (!current || !accountSession) return element
  const judged = await judgeAnswer(ctx, { accountId: current.id, sessionId: accountSession.id }, () => submission)
  return moveFrom(ctx, element, 'account', async (inside, { unproven, proven }) => {
    const { session } = await answerAccountSession(inside, judged)
    const { status } = session
    return {
      progress: {
        note: null,
        ...(status === 'verified' ? { proven: [...proven, current.id] } : {}),
        ...(status === 'failed' ? { unproven: { ...unproven, [current.id]: 'failed' as const } } : {}),
      },
      told: ['AVF_ACCOUNT_VERIFY_SUBMIT'],
    }
  })
}

/** The proof of this account, or of all that are left, is put off. */
export function putOff(ctx: Ctx<Asking>, { element, current }: Facts, which: 'this' | 'all'): Promise<Element> {
  return moveFrom(ctx, element, 'account', async (_, { unproven, chosen }) => {
    const ids = which === 'all' ? (chosen ?? []) : current ? [current.id] : []
    const later = Object.fromEntries(ids.map((id) => [id, 'later' as const]))
    return {
      progress: { unproven: { ...later, ...unproven } },
      told: which === 'all' ? ['AVF_SKIP_ALL'] : ['AVF_ACCOUNT_VERIFY_CLOSE'],
    }
  })
}

/** Back to the list, with nothing chosen. */
export function chooseAgain(ctx: Ctx<Asking>, element: Element): Promise<Element> {
  return move(
    ctx,
    element,
    ({ step, trouble }) => (step !== 'account' && step !== 'error') || trouble === 'connect',
    async (_, { step }) => ({
      progress: { chosen: null, unproven: {}, trouble: null },
      told: step === 'account' ? ['AVF_ACCOUNT_VERIFY_CLOSE'] : [],
    }),
  )
}
