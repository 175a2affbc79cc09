import { type Answers, isRight, makeQuiz, type Question } from '../quiz.js'
import { always, defineMethod } from './define.js'

export interface KbaDetail {
  readonly method: 'kba'
  readonly questions: readonly Question[]
  readonly isAuthenticated: boolean
}

export interface KbaSubmission {
  readonly method: 'kba'
  /** Question id → answer id. */
  readonly answers: Answers
}

/** The person answers questions out of their credit file, or is recognised without. */
export const kba = defineMethod<KbaDetail, KbaSubmission>({
  channels: ['identity'],
  isOffered: always,
  caller: {
    async begin(ctx, { consumer }) {
      const ask = { realm: ctx.team.id, at: ctx.clock.now() }
      const quiz = makeQuiz(ctx, await ctx.network.identityQuiz(ask, consumer.personRef ?? ''))
      return {
        detail: { method: 'kba', questions: quiz.questions, isAuthenticated: quiz.isPassed },
        secret: quiz.answers && JSON.stringify(quiz.answers),
        isVerified: quiz.isPassed,
      }
    },
    answered: {
      failure: 'invalid_answer',
      missing: { member: 'kba.answers', rule: 'must hold one answer for each question.' },
      judge(_, { submission, secret }) {
        const isVerified = secret !== null && isRight(JSON.parse(secret), submission.answers)
        return { detail: { method: 'kba', questions: [], isAuthenticated: isVerified }, isVerified }
      },
    },
  },
})
