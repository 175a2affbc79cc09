import type { IdentityQuiz } from '../../network/port.js'
import type { Ctx } from '../ctx.js'
import { newId } from '../ids.js'

export interface Question {
  readonly id: string
  readonly text: string
  readonly answers: readonly { readonly id: string; readonly text: string }[]
}

/** Question id → answer id. */
export type Answers = Readonly<Record<string, string>>

export interface Quiz {
  readonly questions: readonly Question[]
  /** The right answers; null when none is needed. They never leave the vault. */
  readonly answers: Answers | null
  readonly isPassed: boolean
}

/**
 * Gives a bureau's questions ids of their own. Outside production each answer says whether it is right, so that a test
 * can pass or fail on purpose. Contract: method/conventions §1, entities §2.3.5.
 */
export function makeQuiz(ctx: Ctx<'team' | 'chance'>, quiz: IdentityQuiz): Quiz {
  if (quiz.kind === 'recognized') return { questions: [], answers: null, isPassed: true }
  const answers: Record<string, string> = {}
  const isRehearsal = ctx.team.environment !== 'production'
  const questions = quiz.questions.map((question) => {
    const id = newId(ctx.chance)
    return {
      id,
      text: question.text,
      answers: question.answers.map((answer) => {
        const answerId = newId(ctx.chance)
        if (answer.isCorrect) answers[id] = answerId
        return {
          id: answerId,
          text: isRehearsal ? `${answer.text} (${answer.isCorrect ? 'Correct' : 'Incorrect'})` : answer.text,
        }
      }),
    }
  })
  return { questions, answers, isPassed: false }
}

/** True when every question is answered, and rightly. */
export function isRight(right: Answers, given: Answers): boolean {
  const questions = Object.keys(right)
  return Object.keys(given).length === questions.length && questions.every((id) => given[id] === right[id])
}
