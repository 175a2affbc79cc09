/** Questions only the person should be able to answer, drawn from their file; the same ones every time. */
import type { QuizQuestion } from '../port.js'
import { type Chance, chanceOf } from './chance.js'
import type { CreditFile } from './credit-file.js'
import { EMPLOYERS } from './invent/names.js'
import { STREETS } from './invent/places.js'
import { reportAt } from './life/life.js'

const NONE = 'None of these'
/** Besides "none of these". */
const CHOICES = 4

/** Three questions with five answers each; one is right. */
export function quizOf(file: CreditFile, day: string): readonly QuizQuestion[] {
  const chance = chanceOf(file.seed, 'quiz', file.phone)
  return [streetQuestion(file, chance), paymentQuestion(file, day, chance), employerQuestion(file, chance)]
}

function streetQuestion({ profile }: CreditFile, chance: Chance): QuizQuestion {
  const wrong = STREETS.filter((street) => !profile.streets.includes(street))
  return question('On which of these streets have you lived?', chance.pick(profile.streets), wrong, chance)
}

function employerQuestion({ profile }: CreditFile, chance: Chance): QuizQuestion {
  const wrong = EMPLOYERS.filter((employer) => employer !== profile.employer)
  return question('Which of these companies has employed you?', profile.employer, wrong, chance)
}

const LOAN_QUESTIONS = {
  auto_loan: 'How much do you pay per month on your newest car loan or lease?',
  mortgage: 'How much do you pay per month on your newest mortgage?',
  personal_loan: 'How much do you pay per month on your newest personal loan?',
  student_loans: 'How much do you pay per month on your student loans?',
} as const

/** About the newest loan with a payment, cars first; for those without one, none of the answers is right. */
function paymentQuestion(file: CreditFile, day: string, chance: Chance): QuizQuestion {
  const reports = file.debts.map(({ terms, movements }) => ({
    type: terms.type,
    report: reportAt(terms, day, movements),
  }))
  for (const [type, text] of Object.entries(LOAN_QUESTIONS)) {
    const newest = reports
      .filter((debt) => debt.type === type && debt.report.nextPaymentMinimumCents)
      .sort((a, b) => ((a.report.openedOn ?? '') < (b.report.openedOn ?? '') ? 1 : -1))[0]
    if (newest) return bandQuestion(text, newest.report.nextPaymentMinimumCents ?? 0, chance)
  }
  const start = chance.between(1, 4)
  return { text: LOAN_QUESTIONS.auto_loan, answers: answers(bandsFrom(start), NONE) }
}

/** Bands a hundred dollars wide, the right one somewhere among four neighbours. */
function bandQuestion(text: string, paymentCents: number, chance: Chance): QuizQuestion {
  const band = Math.floor((Math.floor(paymentCents / 100) + 50) / 100)
  const start = Math.max(0, band - chance.between(0, CHOICES - 1))
  return { text, answers: answers(bandsFrom(start), bandLabel(band)) }
}

function bandsFrom(start: number): string[] {
  return Array.from({ length: CHOICES }, (_, index) => bandLabel(start + index))
}

function bandLabel(band: number): string {
  const low = band === 0 ? 0 : band * 100 - 50
  return `$${low.toLocaleString('en-US')} - $${(band * 100 + 49).toLocaleString('en-US')}`
}

function question(text: string, right: string, wrong: readonly string[], chance: Chance): QuizQuestion {
  const choices = [right, ...chance.shuffled(wrong).slice(0, CHOICES - 1)]
  return { text, answers: answers(chance.shuffled(choices), right) }
}

function answers(choices: readonly string[], right: string): QuizQuestion['answers'] {
  return [...choices, NONE].map((text) => ({ text, isCorrect: text === right }))
}
