/** Which screen comes next, from nothing but what is known: whoever reloads, or comes later, is asked only for what is missing. */
import type { AuthFailure, Step } from '../sessions/sessions.js'
import { connects, type Facts, usableAccounts } from './facts.js'

/** What has to happen before a screen can be shown, without the person. */
export type Effect = 'text_code' | 'fetch_questions' | 'connect' | 'authenticate' | 'begin_proof'

export type Next = { readonly step: Step; readonly failure?: AuthFailure } | { readonly effect: Effect }

export const CODES_MAX = 5 // contract: method/entities §2.3, sessions of one phone in a day
export const QUIZZES_MAX = 3

export function nextOf(facts: Facts): Next {
  const { element, progress, transfer } = facts
  if (progress.authPassed) return nextAccountStep(facts)
  if (progress.failure) return { step: 'auth_failure', failure: progress.failure }
  if (progress.trouble) return { step: 'error' }
  if (facts.consumer.status === 'disabled') return { step: 'auth_failure', failure: 'disabled' }
  const skipsIntro = transfer?.balanceTransfer.skipsIntro === true && transfer.balanceTransfer.isFirstPass === false
  if (!progress.introPassed && !skipsIntro) return { step: 'intro' }
  const unknown = nextPersonStep(facts)
  if (unknown) return unknown
  if (!connects(facts)) return element.isAuthenticated ? { step: 'auth_success' } : { effect: 'authenticate' }
  if (!progress.consented) return { step: 'consent' }
  return element.connectId ? { step: 'auth_success' } : { effect: 'connect' }
}

/** What is missing to know who the person is; null when nothing is. Contract: method/entities §12.5, the order of the steps. */
function nextPersonStep({ consumer, progress, phoneSession, identitySession }: Facts): Next | null {
  const { individual, address } = consumer
  const isKnown = consumer.phoneVerifiedAt !== null && consumer.identityVerifiedAt !== null
  if (isKnown) return null
  if (!individual?.firstName || !individual.lastName) return { step: 'name' }
  if (!individual.phone) return { step: 'phone' }
  if (!consumer.phoneVerifiedAt) {
    const isSent = phoneSession !== null || progress.note === 'code_not_sent'
    return isSent ? { step: 'phone_code' } : { effect: 'text_code' }
  }
  if (!consumer.personRef) {
    if (!individual.dob) return { step: 'dob' }
    if (!address.line1 || !address.city || !address.state || !address.zip) return { step: 'address' }
    if (!consumer.hasSsn && !consumer.hasSsn4) return { step: 'ssn4' }
    return { step: 'auth_failure', failure: 'unmatched' }
  }
  return identitySession ? { step: 'questions' } : { effect: 'fetch_questions' }
}

function nextAccountStep(facts: Facts): Next {
  const { progress, candidates, current, accountSession } = facts
  if (progress.trouble) return { step: 'error' }
  if (candidates.length === 0) return { step: 'empty' }
  if (progress.chosen === null) return { step: 'accounts' }
  if (current) return accountSession ? { step: 'account' } : { effect: 'begin_proof' }
  if (usableAccounts(facts).length === 0) return { step: 'error' }
  return { step: progress.proven.length > 0 ? 'success' : 'empty' }
}
