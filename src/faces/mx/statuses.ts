/** The numbers of this wire, and what the core calls the same. Contract: mx-connect/states. */
import type { Login, LoginFailure, LoginRun, RunKind, WantedStanding } from '../../core/logins/logins.js'
import { isRunning } from '../../core/logins/logins.js'
import { MEMBER_ERRORS, type MemberErrorCode, sentenceFor } from './sentences.js'

export const CONNECTION_STATUSES = [
  'CREATED',
  'PREVENTED',
  'DENIED',
  'CHALLENGED',
  'REJECTED',
  'LOCKED',
  'CONNECTED',
  'IMPEDED',
  'RECONNECTED',
  'DEGRADED',
  'DISCONNECTED',
  'DISCONTINUED',
  'CLOSED',
  'DELAYED',
  'FAILED',
  'UPDATED',
  'DISABLED',
  'IMPORTED',
  'RESUMED',
  'EXPIRED',
  'IMPAIRED',
  'PENDING',
] as const
export type ConnectionStatus = (typeof CONNECTION_STATUSES)[number]

export const numberOf = (status: ConnectionStatus): number => CONNECTION_STATUSES.indexOf(status)

interface Failure {
  readonly status: ConnectionStatus
  /** With which the widget shows more than the status says. */
  readonly code?: MemberErrorCode
}

// contract: mx-connect/states §1, §2, §8.2
const failures: Readonly<Record<LoginFailure, Failure>> = {
  invalid_credentials: { status: 'DENIED', code: 2005 },
  rejected_without_reason: { status: 'DENIED' },
  too_many_failures: { status: 'PREVENTED' },
  wrong_answer: { status: 'REJECTED' },
  asked_again: { status: 'REJECTED', code: 2002 },
  challenge_expired: { status: 'EXPIRED' },
  locked: { status: 'LOCKED' },
  setup_required: { status: 'IMPEDED' },
  reading_disabled: { status: 'DISABLED' },
  access_denied: { status: 'FAILED', code: 1002 },
  no_accounts: { status: 'FAILED', code: 1001 },
  not_supported: { status: 'FAILED', code: 1001 },
  no_eligible_accounts: { status: 'FAILED', code: 1000 },
  institution_down: { status: 'FAILED', code: 3000 },
  institution_maintenance: { status: 'FAILED', code: 3001 },
  institution_unavailable: { status: 'FAILED', code: 3002 },
  unreachable: { status: 'FAILED', code: 3002 },
  provider_failed: { status: 'FAILED' },
  access_ended: { status: 'DENIED', code: 2004 },
  repeated_failures: { status: 'DEGRADED' },
  reading_impossible: { status: 'DISCONNECTED' },
  institution_discontinued: { status: 'DISCONTINUED' },
  access_closed: { status: 'CLOSED' },
  delayed: { status: 'DELAYED' },
  imported_without_credentials: { status: 'IMPORTED' },
  reauthorization_required: { status: 'IMPAIRED' },
}

export function connectionStatusOf(login: Login): ConnectionStatus {
  switch (login.status) {
    case 'new':
      return isUnvisited(login) ? 'PENDING' : 'CREATED'
    case 'renewed':
      return 'UPDATED'
    case 'reconnected':
      return 'RECONNECTED'
    case 'challenged':
      return 'CHALLENGED'
    case 'resumed':
      return 'RESUMED'
    case 'connected':
      return 'CONNECTED'
    case 'failed':
      return login.reason === null ? 'FAILED' : failures[login.reason].status
  }
}

function isUnvisited({ kind, connection, run, isVisited }: Login): boolean {
  return kind === 'pages' && connection.connectedAt === null && run === null && !isVisited
}

// Of the statuses that say nothing of a failure.
const standings: Readonly<Partial<Record<ConnectionStatus, Exclude<WantedStanding['status'], 'failed'>>>> = {
  CREATED: 'new',
  CHALLENGED: 'challenged',
  CONNECTED: 'connected',
  RECONNECTED: 'reconnected',
  UPDATED: 'renewed',
  RESUMED: 'resumed',
  PENDING: 'unvisited',
}

/** What a login is that shows as this status, with this code; null for a code that the status never has. */
export function standingOf(status: number, errorCode: number | null): WantedStanding | null {
  const name = CONNECTION_STATUSES[status]
  const standing = name && standings[name]
  if (standing) return errorCode === null ? { status: standing } : null
  for (const [reason, failure] of Object.entries(failures) as [LoginFailure, Failure][]) {
    // What is asked again has something to answer, which only an attempt brings.
    const isWanted = failure.status === name && (failure.code ?? null) === errorCode
    if (isWanted && reason !== 'asked_again') return { status: 'failed', reason }
  }
  return null
}

/** What the widget shows of a failure, in a language; null where the status says all. */
export function memberErrorOf({ reason }: Login, language: string | null) {
  const code = reason && failures[reason].code
  if (!code) return null
  const { locale, sentence } = sentenceFor(code, language)
  return {
    error_code: code,
    error_message: MEMBER_ERRORS[code],
    error_type: 'MEMBER',
    locale,
    user_message: sentence,
  }
}

export function isBeingAggregated(login: Login): boolean {
  return isRunning(login)
}

// ---- jobs ----------------------------------------------------------------------------------------------------------

export const JOB_TYPES = [
  'AGGREGATION',
  'VERIFICATION',
  'IDENTIFICATION',
  'HISTORY',
  'STATEMENT',
  'ORDER',
  'REWARD',
  'BALANCE',
  'MICRO_DEPOSIT',
  'TAX',
  'CREDIT_REPORT',
  'COMBINATION',
] as const

/** By the number of the type; null for what no institution of ours offers. */
export const runKinds: readonly (RunKind | null)[] = [
  'aggregation',
  'verification',
  'identification',
  'history',
  null,
  null,
  null,
  'balance',
  null,
  null,
  null,
  'combination',
]

const jobStatuses: Readonly<Record<LoginRun['status'], readonly [number: number, name: string]>> = {
  waiting: [0, 'INITIATED'],
  asked: [1, 'REQUESTED'],
  challenged: [2, 'CHALLENGED'],
  completed: [6, 'COMPLETED'],
  failed: [8, 'DENIED'],
  halted: [9, 'HALTED'],
}

export function jobStatusOf({ status }: LoginRun): { readonly status: number; readonly status_name: string } {
  const [number, name] = jobStatuses[status]
  return { status: number, status_name: name }
}

export function jobTypeOf({ kind }: LoginRun): number {
  return runKinds.indexOf(kind)
}

// ---- what is asked -------------------------------------------------------------------------------------------------

export const FIELD_TYPES = {
  TEXT: 0,
  PASSWORD: 1,
  OPTIONS: 2,
  LOGIN: 3,
  TOKEN: 12,
  IMAGE_DATA: 13,
  IMAGE_OPTIONS: 14,
} as const
export type FieldType = keyof typeof FIELD_TYPES
