/**
 * What a hosted page does: it leads a person through proving who they are, consenting, choosing accounts and proving those.
 * The server knows where they stand, so a page only shows a screen and says what the person did on it; everything that is
 * written is written by the capability that owns it. Contract: method/entities §12.5, §12.7.
 */
import { inTx } from '../../db/database.js'
import type { AccountSubmission } from '../account-verification/account-verification.js'
import type { Asking, Ctx } from '../ctx.js'
import {
  type Element,
  finishElement,
  getElementById,
  type Progress,
  recordElementEvent,
  type Step,
  type StepEvent,
} from '../sessions/sessions.js'
import {
  authenticate,
  connect,
  type Details,
  fetchQuestions,
  resendCode,
  tellAnswers,
  tellCode,
  tellDetails,
  textCode,
} from './auth.js'
import { type Facts, gather, usableAccounts } from './facts.js'
import { move, moveFromWithin, moveWithin } from './move.js'
import { beginProof, type Choice, choose, chooseAgain, putOff, tellProof } from './proofs.js'
import { type Screen, screenOf } from './screens.js'
import { type Effect, nextOf } from './steps.js'

export type { DetailStep, Details } from './auth.js'
export type { Choice } from './proofs.js'
export type { Screen } from './screens.js'

/** What a person did. What does not belong to the screen that is shown does nothing. */
export type Action =
  | { readonly type: 'continue'; readonly step: Step }
  | ({ readonly type: 'details' } & Details)
  | { readonly type: 'code'; readonly code: string }
  | { readonly type: 'resend' }
  | { readonly type: 'answers'; readonly answers: Readonly<Record<string, string>> }
  | ({ readonly type: 'choose' } & Choice)
  | { readonly type: 'prove'; readonly submission: AccountSubmission }
  | { readonly type: 'put_off'; readonly which: 'this' | 'all' }
  | { readonly type: 'choose_again' }
  | { readonly type: 'retry' }
  | { readonly type: 'learn_more'; readonly isOpen: boolean }
  | { readonly type: 'exit' }

/** The page as it stands; null once it was left. */
export interface PageState {
  readonly element: Element
  readonly screen: Screen | null
}

/**
 * Does what has to be done without the person, and tells which screen comes next. Refuses `product.team_restricted`,
 * `product.consent_unavailable`, and what the network's absence refuses.
 */
export async function showPage(ctx: Ctx<Asking>, start: Element, token: string): Promise<PageState> {
  let element = start
  for (let round = 0; round < ROUNDS_MAX; round++) {
    if (element.exitedAt !== null) return { element, screen: null }
    const facts = await gather(ctx, element)
    const next = nextOf(facts)
    if ('step' in next) {
      const shown = await tellOpened(ctx, facts, next.step)
      const screen = await screenOf(
        ctx,
        { ...facts, element: shown },
        { step: next.step, failure: next.failure ?? null },
      )
      return { element: shown, screen }
    }
    element = await effects[next.effect](ctx, facts, token)
  }
  throw new Error(`A page of element ${element.id} does not come to rest.`)
}

// A text, questions, a connect and a session for each account that can be chosen: more would be a circle.
const ROUNDS_MAX = 120

const effects: Readonly<Record<Effect, (ctx: Ctx<Asking>, facts: Facts, token: string) => Promise<Element>>> = {
  text_code: textCode,
  fetch_questions: fetchQuestions,
  connect,
  authenticate,
  begin_proof: beginProof,
}

/**
 * Carries out what the person did, and tells which screen comes next. Refuses what the screen can say to the person
 * (`consumer.invalid_phone` and the like, `element_flow.*`, `account_verification.mismatch`), and as `showPage`.
 */
export async function act(ctx: Ctx<Asking>, element: Element, token: string, action: Action): Promise<PageState> {
  const facts = await gather(ctx, element)
  const next = nextOf(facts)
  // Whose profile was disabled meanwhile is told so, whatever they were about to say.
  const isStopped = 'failure' in next && next.failure === 'disabled' && !LEAVING.has(action.type)
  return showPage(ctx, isStopped ? element : await perform(ctx, facts, action), token)
}

const LEAVING: ReadonlySet<Action['type']> = new Set(['continue', 'exit'])

function perform(ctx: Ctx<Asking>, facts: Facts, action: Action): Promise<Element> {
  const { element } = facts
  switch (action.type) {
    case 'continue':
      return goOn(ctx, facts, action.step)
    case 'details':
      return facts.progress.step === action.step ? tellDetails(ctx, facts, action) : Promise.resolve(element)
    case 'code':
      return tellCode(ctx, facts, action.code)
    case 'resend':
      return resendCode(ctx, facts)
    case 'answers':
      return tellAnswers(ctx, facts, action.answers)
    case 'choose':
      return facts.progress.step === 'accounts' ? choose(ctx, facts, action) : Promise.resolve(element)
    case 'prove':
      return tellProof(ctx, facts, action.submission)
    case 'put_off':
      return putOff(ctx, facts, action.which)
    case 'choose_again':
      return chooseAgain(ctx, element)
    case 'retry':
      return move(
        ctx,
        element,
        ({ trouble }) => trouble === null,
        async () => ({ progress: { trouble: null, step: null }, told: [] }),
      )
    case 'learn_more':
      return move(
        ctx,
        element,
        () => false,
        async () => ({
          progress: {},
          told: [action.isOpen ? 'AVF_LEARN_MORE_OPEN' : 'AVF_LEARN_MORE_CLOSE'],
        }),
      )
    case 'exit':
      return leave(ctx, element)
  }
}

/** What a screen tells when it is gone on from; the others are gone on from by what they ask for. */
const CONTINUES: Partial<Readonly<Record<Step, StepEvent>>> = {
  intro: 'AUTH_INTRO_CONTINUE',
  consent: 'AUTH_CONSENT_CONTINUE',
  auth_success: 'AUTH_SUCCESS_CONTINUE',
  auth_failure: 'AUTH_FAILURE_CONTINUE',
  success: 'AVF_SUCCESS_CONTINUE',
  empty: 'AVF_EMPTY_SUCCESS_CONTINUE',
}

async function goOn(ctx: Ctx<Asking>, facts: Facts, step: Step): Promise<Element> {
  const { element } = facts
  const told = CONTINUES[step]
  if (!told) return element
  const isLast = step === 'success' || step === 'empty' || (step === 'auth_success' && element.type === 'auth')
  const accountIds = isLast && element.type !== 'auth' ? usableAccounts(facts).map(({ id }) => id) : []
  return inTx(ctx.db, async (tx) => {
    const inside = { ...ctx, db: tx, tx }
    let isDone = false
    const moved = await moveFromWithin(inside, element, step, async () => {
      isDone = true
      return {
        progress: {
          ...(step === 'intro' ? { introPassed: true } : {}),
          ...(step === 'consent' ? { consented: true } : {}),
          ...(step === 'auth_success' ? { authPassed: true } : {}),
        },
        told: [told],
      }
    })
    if (!isDone || (!isLast && step !== 'auth_failure')) return moved
    if (isLast) await finishElement(inside, moved, accountIds)
    await recordElementEvent(inside, element.id, { type: 'exit' })
    return getElementById(inside, element.id)
  })
}

/** What a screen tells when it is left for good. */
const CLOSES: Partial<Readonly<Record<Step, StepEvent>>> = {
  intro: 'AUTH_INTRO_CLOSE',
  name: 'AUTH_NAME_CLOSE',
  phone: 'AUTH_PHONE_CLOSE',
  phone_code: 'AUTH_PHONE_VERIFY_CLOSE',
  dob: 'AUTH_DOB_CLOSE',
  address: 'AUTH_ADDRESS_CLOSE',
  ssn4: 'AUTH_SSN4_CLOSE',
  questions: 'AUTH_SECQ_CLOSE',
  consent: 'AUTH_CONSENT_CLOSE',
  accounts: 'AVF_ACCOUNT_LIST_CLOSE',
  account: 'AVF_ACCOUNT_VERIFY_CLOSE',
}

function leave(ctx: Ctx<Asking>, element: Element): Promise<Element> {
  return inTx(ctx.db, async (tx) => {
    const inside = { ...ctx, db: tx, tx }
    await moveWithin(
      inside,
      element,
      () => false,
      async (_, { step }) => {
        const told = step && CLOSES[step]
        return { progress: {}, told: told ? [told] : [] }
      },
    )
    await recordElementEvent(inside, element.id, { type: 'exit' })
    return getElementById(inside, element.id)
  })
}

/** Ends a page with what was refused for good. */
export function failPage(
  ctx: Ctx<Asking>,
  { id }: Element,
  { code, message }: { readonly code: string; readonly message: string },
): Promise<Element> {
  return inTx(ctx.db, async (tx) => {
    const inside = { ...ctx, db: tx, tx }
    await recordElementEvent(inside, id, { type: 'error', code, message })
    await recordElementEvent(inside, id, { type: 'exit' })
    return getElementById(inside, id)
  })
}

const OPENS: Readonly<Record<Step, StepEvent>> = {
  intro: 'AUTH_INTRO_OPEN',
  name: 'AUTH_NAME_OPEN',
  phone: 'AUTH_PHONE_OPEN',
  phone_code: 'AUTH_PHONE_VERIFY_OPEN',
  dob: 'AUTH_DOB_OPEN',
  address: 'AUTH_ADDRESS_OPEN',
  ssn4: 'AUTH_SSN4_OPEN',
  questions: 'AUTH_SECQ_OPEN',
  consent: 'AUTH_CONSENT_OPEN',
  auth_success: 'AUTH_SUCCESS_OPEN',
  auth_failure: 'AUTH_FAILURE_OPEN',
  accounts: 'AVF_ACCOUNT_LIST_OPEN',
  account: 'AVF_ACCOUNT_VERIFY_OPEN',
  success: 'AVF_SUCCESS_OPEN',
  empty: 'AVF_EMPTY_SUCCESS_OPEN',
  error: 'AVF_ERROR',
}

/** Once for each time that a screen comes up; the next account to be proven is a screen of its own. */
function tellOpened(ctx: Ctx<Asking>, { progress, element, current }: Facts, step: Step): Promise<Element> {
  const accountId = step === 'account' ? (current?.id ?? null) : null
  const isShown = (now: Progress) => now.step === step && now.accountId === accountId
  if (isShown(progress) && !progress.isDone) return Promise.resolve(element)
  return move(
    ctx,
    element,
    (now) => isShown(now) && !now.isDone,
    async (_, now) => ({ progress: { step, accountId, isDone: false }, told: isShown(now) ? [] : [OPENS[step]] }),
  )
}
