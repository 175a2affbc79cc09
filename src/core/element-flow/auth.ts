/** The Auth step: who the person is, proven by the sessions that any caller could use. */

import { grantConsent } from '../consent/consent.js'
import { type AddressInput, checkChanges, getConsumer, type IndividualInput } from '../consumers/consumers.js'
import type { Asking, Ctx } from '../ctx.js'
import type { VerificationSessionId } from '../ids.js'
import { fillIn } from '../onboarding/onboarding.js'
import { checkRequest, consumerProducts, createRetrieval, requireCapability } from '../products/products.js'
import { Refusal } from '../refuse.js'
import { type AuthFailure, type Element, noteAuthenticated, type Progress, type Step } from '../sessions/sessions.js'
import {
  answerPageSession,
  checkPageSession,
  createPageSession,
  findSessions,
  getSession,
  offeredMethods,
  type PageSubmission,
  recordServerSession,
} from '../verification/verification.js'
import type { Facts } from './facts.js'
import { move, moveFrom } from './move.js'
import { CODES_MAX, QUIZZES_MAX } from './steps.js'

export type DetailStep = 'name' | 'phone' | 'dob' | 'address' | 'ssn4'

export interface Details {
  readonly step: DetailStep
  readonly individual: IndividualInput | null
  readonly address: AddressInput | null
}

/** Fills in what the person said. Refuses as `checkChanges`. */
export async function tellDetails(ctx: Ctx<Asking>, { element }: Facts, { step, ...said }: Details): Promise<Element> {
  const checked = await checkChanges(ctx, element.consumerId, { ...said, corporation: null })
  return moveFrom(ctx, element, step, async (inside) => {
    await fillIn(inside, checked)
    return { progress: { note: null }, told: [`AUTH_${DETAIL_EVENTS[step]}_CONTINUE`] }
  })
}

const DETAIL_EVENTS = { name: 'NAME', phone: 'PHONE', dob: 'DOB', address: 'ADDRESS', ssn4: 'SSN4' } as const

/**
 * Texts a code to the phone, or takes the team's word for it where one was given. What the network cannot do now is said on
 * the screen; what is refused for good ends the step.
 */
export async function textCode(ctx: Ctx<Asking>, facts: Facts, token: string): Promise<Element> {
  const { element } = facts
  const { phoneWord } = element.detail
  const isStale = ({ phoneSessionId }: Progress) => phoneSessionId !== null
  if (phoneWord && offeredMethods(ctx.team, 'phone').includes('byo_sms')) {
    return move(ctx, element, isStale, async (inside) => {
      const session = await recordServerSession(inside, {
        consumerId: element.consumerId,
        channel: 'phone',
        detail: {
          method: 'element',
          token,
          verifiedAt: phoneWord.at ?? ctx.clock.now(),
          questions: [],
          isAuthenticated: false,
        },
      })
      return { progress: { phoneSessionId: session.id }, told: [] }
    })
  }
  return attempt(
    async () => {
      const checked = await checkPageSession(ctx, element.consumerId, { channel: 'phone', token })
      return move(ctx, element, isStale, async (inside, { codesSent }) => {
        const session = await createPageSession(inside, checked)
        return { progress: { phoneSessionId: session.id, codesSent: codesSent + 1 }, told: [] }
      })
    },
    {
      'verification.text_not_sent': () => note(ctx, element, { note: 'code_not_sent' }),
      'verification.too_many_attempts': () => fail(ctx, element, 'too_many_codes'),
      'verification.method_not_allowed': () => fail(ctx, element, 'not_offered'),
    },
  )
}

/** Another code, as long as there are any. */
export function resendCode(ctx: Ctx<Asking>, { element }: Facts): Promise<Element> {
  return moveFrom(ctx, element, 'phone_code', async (_, { codesSent }) => {
    if (codesSent >= CODES_MAX) return null
    return { progress: { phoneSessionId: null, note: 'code_resent' }, told: ['AUTH_PHONE_VERIFY_RESEND_CODE'] }
  })
}

/** Holds a code against the one that was sent; after a wrong one another is sent, up to a limit. */
export async function tellCode(ctx: Ctx<Asking>, { element, progress }: Facts, code: string): Promise<Element> {
  const submission = { method: 'sms', code } as const
  return answer(ctx, element, {
    step: 'phone_code',
    sessionId: progress.phoneSessionId,
    submission,
    ended: (now, isOverdue) => {
      const isLast = now.codesSent >= CODES_MAX
      return {
        progress: {
          phoneSessionId: null,
          note: isOverdue ? 'code_expired' : 'wrong_code',
          failure: isLast ? 'phone' : null,
        },
        told: ['AUTH_PHONE_VERIFY_SUBMIT'],
      }
    },
    right: ['AUTH_PHONE_VERIFY_SUBMIT'],
  })
}

/** Fetches the questions that only the person can answer; whom the bureau recognises is asked none. */
export async function fetchQuestions(ctx: Ctx<Asking>, { element }: Facts, token: string): Promise<Element> {
  return attempt(
    async () => {
      const checked = await checkPageSession(ctx, element.consumerId, { channel: 'identity', token })
      return move(
        ctx,
        element,
        (progress) => progress.identitySessionId !== null,
        async (inside) => {
          const session = await createPageSession(inside, checked)
          return { progress: { identitySessionId: session.id }, told: [] }
        },
      )
    },
    { 'verification.method_not_allowed': () => fail(ctx, element, 'not_offered') },
  )
}

/** Question id → answer id. After wrong answers there are other questions, up to a limit. */
export async function tellAnswers(
  ctx: Ctx<Asking>,
  { element, progress }: Facts,
  answers: Readonly<Record<string, string>>,
): Promise<Element> {
  return answer(ctx, element, {
    step: 'questions',
    sessionId: progress.identitySessionId,
    submission: { method: 'kba', answers },
    ended: (now, isOverdue) => {
      const quizzesFailed = now.quizzesFailed + 1
      return {
        progress: {
          identitySessionId: null,
          quizzesFailed,
          note: 'wrong_answers',
          failure: quizzesFailed >= QUIZZES_MAX ? 'identity' : null,
        },
        told: isOverdue ? [] : ['AUTH_SECQ_INCORRECT_TRY_AGAIN'],
      }
    },
    right: ['AUTH_SECQ_CONTINUE'],
  })
}

interface Answer {
  readonly step: Step
  readonly sessionId: VerificationSessionId | null
  readonly submission: PageSubmission
  readonly ended: (progress: Progress, isOverdue: boolean) => Awaited<ReturnType<Parameters<typeof moveFrom>[3]>>
  readonly right: NonNullable<ReturnType<Answer['ended']>>['told']
}

async function answer(ctx: Ctx<Asking>, element: Element, given: Answer): Promise<Element> {
  const { step, sessionId, submission } = given
  if (sessionId === null) return element
  const wanted = { consumerId: element.consumerId, sessionId }
  // Its time may be over without anybody having looked.
  await getSession(ctx, wanted)
  return moveFrom(ctx, element, step, async (inside, progress) => {
    const [before] = await findSessions(inside, [sessionId])
    if (before?.status === 'failed') return given.ended(progress, true)
    const after = await answerPageSession(inside, wanted, submission)
    if (after.status === 'failed') return given.ended(progress, false)
    return { progress: { note: null }, told: given.right }
  })
}

/**
 * Finds what the person owes, once they have consented. Refuses what a team may not do at all: `product.team_restricted`,
 * `product.consent_unavailable`.
 */
export async function connect(ctx: Ctx<Asking>, { element }: Facts): Promise<Element> {
  const { connect: product } = consumerProducts
  requireCapability(ctx.team, ['connect', ...element.detail.products])
  const checked = await checkRequest(ctx, product, element.consumerId)
  if (checked.outcome?.ok === false && checked.outcome.reason === 'unreachable') {
    return note(ctx, element, { trouble: 'connect' })
  }
  return move(
    ctx,
    element,
    (_, held) => held.connectId !== null,
    async (inside) => {
      const retrieval = await createRetrieval(inside, product, checked)
      await noteAuthenticated(inside, element.id, retrieval.id)
      // To what a later run finds, the person has consented here.
      const { awaitsConsent } = await getConsumer(inside, element.consumerId)
      if (awaitsConsent) await grantConsent(inside, element.consumerId)
      return { progress: { note: null }, told: [] }
    },
  )
}

/** The person is known, and nothing is looked for. */
export function authenticate(ctx: Ctx<Asking>, { element }: Facts): Promise<Element> {
  return move(
    ctx,
    element,
    (_, held) => held.isAuthenticated,
    async (inside) => {
      await noteAuthenticated(inside, element.id, null)
      return { progress: { note: null }, told: [] }
    },
  )
}

function fail(ctx: Ctx<Asking>, element: Element, failure: AuthFailure): Promise<Element> {
  return move(
    ctx,
    element,
    () => false,
    async () => ({ progress: { failure, note: null }, told: [] }),
  )
}

/** Keeps what the next screen has to say. */
export function note(ctx: Ctx<Asking>, element: Element, progress: Partial<Progress>): Promise<Element> {
  return move(
    ctx,
    element,
    () => false,
    async () => ({ progress, told: [] }),
  )
}

/** Does something, and for some refusals something else. */
export async function attempt<T>(
  work: () => Promise<T>,
  otherwise: Readonly<Record<string, () => Promise<T>>>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const instead = error instanceof Refusal ? otherwise[error.code] : undefined
    if (!instead) throw error
    return instead()
  }
}
