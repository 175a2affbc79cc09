/**
 * What institutions ask after the credentials, and which answers are right. Besides the right one, an answer may be a word
 * that asks for a course of its own, as a password may; `EXPIRE` is an answer that came too late.
 * contract: mx-connect/states §8.2
 */
import type { Challenge, ChallengeAnswer, LoginRefusal } from '../../port.js'
import { refOf } from '../chance.js'
import { scriptOfWord } from './scripts.js'

export type QuestionName = 'code' | 'device' | 'pet' | 'street' | 'outcome' | 'image' | 'image_options'

/** Questions that are asked together. Counted from 1 within the login, so that an answer belongs to one round only. */
export interface Round {
  readonly number: number
  readonly names: readonly QuestionName[]
}

export const CODE = '1234'
const RIGHT = 'correct'

type Option = Challenge['options'][number]

interface Question {
  readonly kind: Challenge['kind']
  readonly label: string
  readonly options: readonly Option[]
  readonly imageDataUri: string | null
  isRight(value: string): boolean
}

const option = (id: string, label: string, imageDataUri: string | null = null): Option => ({ id, label, imageDataUri })
const plain = { options: [], imageDataUri: null, isRight: (value: string) => value === RIGHT }

const QUESTIONS = {
  code: {
    ...plain,
    kind: 'one_time_code',
    label: 'Enter the code we sent you',
    isRight: (value) => value === CODE || value === RIGHT,
  },
  device: {
    ...plain,
    kind: 'options',
    label: 'Where shall we send a code?',
    options: [option('sms', 'Text message to •••• 0142'), option('email', 'Email to s•••@example.com')],
    isRight: (value) => value === 'sms' || value === 'email',
  },
  pet: { ...plain, kind: 'text', label: 'What was the name of your first pet?' },
  street: { ...plain, kind: 'text', label: 'In which street did you grow up?' },
  outcome: {
    ...plain,
    kind: 'options',
    label: 'How shall this go on?',
    options: [
      option(RIGHT, 'correct'),
      option('wrong_answer', 'wrong answer'),
      option('challenge', 'challenge'),
      option('options', 'options'),
      option('image', 'image'),
    ],
  },
  image: { ...plain, kind: 'image', label: 'Type what is written in the picture', imageDataUri: pictureOf('correct') },
  image_options: {
    ...plain,
    kind: 'image_options',
    label: 'Which picture did you choose?',
    options: [option(RIGHT, 'correct', pictureOf('✓')), option('wrong', 'wrong', pictureOf('✗'))],
  },
} as const satisfies Record<QuestionName, Question>

export function challengesOf(attemptRef: string, round: Round): readonly Challenge[] {
  return round.names.map((name) => {
    const { kind, label, options, imageDataUri } = QUESTIONS[name]
    return { id: challengeId(attemptRef, round, name), kind, label, options, imageDataUri }
  })
}

/** What the answers to a round lead to. `unanswered`: none of them belongs to the round. */
export type Judgement =
  | { readonly kind: 'right' }
  | { readonly kind: 'unanswered' }
  | { readonly kind: 'asked_again' }
  | { readonly kind: 'asked'; readonly rounds: readonly (readonly QuestionName[])[] }
  | { readonly kind: 'refused'; readonly reason: LoginRefusal }

/** The first answer that is not right decides. */
export function judge(attemptRef: string, round: Round, answers: readonly ChallengeAnswer[]): Judgement {
  const given = new Map(answers.map(({ challengeId: id, value }) => [id, value.trim()]))
  const values = round.names.map((name) => ({ name, value: given.get(challengeId(attemptRef, round, name)) }))
  if (values.every(({ value }) => value === undefined)) return { kind: 'unanswered' }
  const wrong = values.find(({ name, value }) => value === undefined || !QUESTIONS[name].isRight(value))
  return wrong ? courseOf(wrong.value ?? '') : { kind: 'right' }
}

function courseOf(answer: string): Judgement {
  if (answer === 'EXPIRE') return { kind: 'refused', reason: 'challenge_expired' }
  if (answer === 'WRONG_2002') return { kind: 'asked_again' }
  const script = scriptOfWord(answer)
  if (script === null) return { kind: 'refused', reason: 'wrong_answer' }
  if (script.refusal !== null) return { kind: 'refused', reason: script.refusal }
  return script.rounds.length > 0 ? { kind: 'asked', rounds: script.rounds } : { kind: 'right' }
}

function challengeId(attemptRef: string, { number }: Round, name: QuestionName): string {
  return refOf('challenge', attemptRef, number, name)
}

function pictureOf(text: string): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="80" viewBox="0 0 200 80">
<rect width="200" height="80" fill="#E5E7EB"/><text x="100" y="50" font-family="serif" font-size="30" font-style="italic"
text-anchor="middle" fill="#111827">${text}</text></svg>`
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`
}
