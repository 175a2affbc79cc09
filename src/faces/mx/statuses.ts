/** The numbers of this wire, and what the core calls the same. Contract: mx-connect/states. */
import type { Login, LoginFailure, LoginRun, RunKind, WantedStanding } from '../../core/logins/logins.js'
import { isRunning } from '../../core/logins/logins.js'

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
  readonly error?: MemberError
}

interface MemberError {
  readonly code: number
  readonly message: string
  /** What the widget shows a person. */
  readonly say: string
}

const badCredentials: MemberError = {
  code: 2005,
  message: 'Invalid credentials',
  say: 'The username or password was not accepted.',
}
const noAccounts: MemberError = {
  code: 1001,
  message: 'No accounts',
  say: 'We logged in, but found no accounts there.',
}
const unavailable: MemberError = {
  code: 3002,
  message: 'Institution unavailable',
  say: 'The institution cannot be reached right now. Please try again later.',
}

// contract: mx-connect/states §1, §2, §8.2
const failures: Readonly<Record<LoginFailure, Failure>> = {
  invalid_credentials: { status: 'DENIED', error: badCredentials },
  rejected_without_reason: { status: 'DENIED' },
  too_many_failures: { status: 'PREVENTED' },
  wrong_answer: { status: 'REJECTED' },
  asked_again: {
    status: 'REJECTED',
    error: { code: 2002, message: 'Incorrect MFA', say: 'The answer was not right. Please try again.' },
  },
  challenge_expired: { status: 'EXPIRED' },
  locked: { status: 'LOCKED' },
  setup_required: { status: 'IMPEDED' },
  reading_disabled: { status: 'DISABLED' },
  access_denied: {
    status: 'FAILED',
    error: {
      code: 1002,
      message: 'Access denied',
      say: 'The institution needs your permission to share your accounts.',
    },
  },
  no_accounts: { status: 'FAILED', error: noAccounts },
  not_supported: { status: 'FAILED', error: noAccounts },
  no_eligible_accounts: {
    status: 'FAILED',
    error: {
      code: 1000,
      message: 'No eligible accounts',
      say: 'We found no checking or savings account that can be used.',
    },
  },
  institution_down: {
    status: 'FAILED',
    error: { code: 3000, message: 'Institution down', say: 'The institution is not answering right now.' },
  },
  institution_maintenance: {
    status: 'FAILED',
    error: { code: 3001, message: 'Institution maintenance', say: 'The institution is being maintained.' },
  },
  institution_unavailable: { status: 'FAILED', error: unavailable },
  unreachable: { status: 'FAILED', error: unavailable },
  provider_failed: { status: 'FAILED' },
  access_ended: {
    status: 'DENIED',
    error: {
      code: 2004,
      message: 'Reauthorization required',
      say: 'The institution needs you to log in again.',
    },
  },
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
    const isWanted = failure.status === name && (failure.error?.code ?? null) === errorCode
    if (isWanted && reason !== 'asked_again') return { status: 'failed', reason }
  }
  return null
}

/** What the widget shows of a failure; null where the status says all. */
export function memberErrorOf({ reason }: Login) {
  const error = reason && failures[reason].error
  if (!error) return null
  return {
    error_code: error.code,
    error_message: error.message,
    error_type: 'MEMBER',
    locale: 'en',
    user_message: error.say,
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
