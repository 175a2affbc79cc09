import type { ChallengeAnswer } from '../../network/port.js'
import type { Ctx, Writing } from '../ctx.js'
import { refuse } from './errors.js'
import { type Login, takeLogin, type WhoseLogin } from './logins.js'
import { queueRun } from './run-ends.js'
import { type LoginChallenge, openChallenges, sealAnswers } from './secrets.js'
import * as store from './store.js'
import { statusAfter } from './transitions.js'
import { isLate, viewOf } from './view.js'

/**
 * What the consumer answers; the run goes on with it. Whether it is right is seen there. Refuses `login.not_found`,
 * `.not_challenged`, `.invalid_answer`.
 */
export async function answerLogin(
  ctx: Ctx<Writing | 'providers'>,
  whose: WhoseLogin,
  answers: readonly ChallengeAnswer[],
): Promise<Login> {
  const { connection, held } = await takeLogin(ctx, whose)
  const { status, reason, run, connectionId } = held
  const isAsked = status === 'challenged' || (status === 'failed' && reason === 'asked_again')
  if (!isAsked || isLate(ctx, held) || !run) throw refuse('login.not_challenged')
  refuseUnfit(openChallenges(ctx, held), answers)
  const at = ctx.clock.stamp()
  await store.setRunStatus(ctx, [run.id], { status: 'asked', at })
  await queueRun(ctx, connectionId)
  const after = await store.patchLogin(
    ctx,
    connectionId,
    {
      status: statusAfter(status, 'answered'),
      reason: null,
      challengesSealed: null,
      answersSealed: sealAnswers(ctx, connectionId, answers),
      waitsSince: null,
    },
    at,
  )
  return viewOf(ctx, connection, after)
}

function refuseUnfit(challenges: readonly LoginChallenge[], answers: readonly ChallengeAnswer[]): void {
  const flaw = (rule: string) => refuse('login.invalid_answer', { member: 'challenges', rule })
  const stranger = answers.find(({ challengeId }) => !challenges.some(({ id }) => id === challengeId))
  if (stranger) throw flaw('name something that is not asked.')
  const ofOptions = challenges.filter(({ options }) => options.length > 0)
  for (const { id, options } of challenges) {
    const said = answers.find(({ challengeId }) => challengeId === id)?.value ?? ''
    if (options.length > 0) {
      // Of several sets of options that are asked together one is chosen from.
      if (said === '' && ofOptions.length > 1) continue
      if (!options.some((option) => option.id === said)) throw flaw('choose something that is no option.')
    } else if (said.trim() === '') throw flaw('leave something unanswered.')
  }
}
