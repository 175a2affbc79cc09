/** Members, what is asked of their users, and jobs. Contract: mx-connect/data §3–5. */
import { type Static, Type } from 'typebox'
import type { Login, LoginChallenge, LoginRun } from '../../core/logins/logins.js'
import { nameGuid, spellId } from './ids.js'
import { institutionGuid, type Place } from './institution-wire.js'
import { AnyObject, Count, Flag, Instant, nullable, Seconds, Text } from './schema.js'
import {
  type ConnectionStatus,
  connectionStatusOf,
  FIELD_TYPES,
  type FieldType,
  isBeingAggregated,
  jobStatusOf,
  jobTypeOf,
  memberErrorOf,
  numberOf,
} from './statuses.js'

const OptionWire = Type.Object({
  guid: Text,
  label: Text,
  value: Text,
  data_uri: nullable(Text),
  credential_guid: Text,
})

const ChallengeWire = Type.Object({
  guid: Text,
  label: Text,
  field_name: nullable(Text),
  type: Count,
  field_type: Count,
  external_id: Text,
  mfa: Flag,
  meta_data: nullable(Text),
  options: Type.Array(OptionWire),
})

const MemberErrorWire = Type.Object({
  error_code: Count,
  error_message: Text,
  error_type: Text,
  locale: Text,
  user_message: Text,
})

export const MemberWire = Type.Object({
  guid: Text,
  user_guid: Text,
  institution_guid: Text,
  institution_code: Text,
  institution_name: Text,
  institution_url: Text,
  name: Text,
  connection_status: Count,
  connection_status_name: Text,
  is_being_aggregated: Flag,
  is_oauth: Flag,
  is_managed_by_user: Flag,
  is_manual: Flag,
  most_recent_job_guid: nullable(Text),
  most_recent_job_detail_code: nullable(Count),
  error: nullable(MemberErrorWire),
  mfa: Type.Object({ credentials: Type.Array(ChallengeWire) }),
  use_cases: Type.Array(Text),
  verification_is_enabled: Flag,
  tax_statement_is_enabled: Flag,
  needs_updated_credentials: Flag,
  oauth_window_uri: nullable(Text),
  instructional_data: nullable(AnyObject),
  metadata: nullable(Text),
  background_aggregation_is_disabled: Flag,
  aggregated_at: nullable(Instant),
  successfully_aggregated_at: nullable(Instant),
})

export interface Shown extends Place {
  /** The public domain of its institution; null where there is none. */
  readonly domain?: string | null
  /** Where its user logs in, of one that was just begun at pages. */
  readonly windowUri?: string | null
  /** The language of its reader. */
  readonly locale?: string | null
}

export function memberWire(login: Login, shown: Shown): Static<typeof MemberWire> {
  const { connection, kind, run } = login
  const status = connectionStatusOf(login)
  const isManual = kind === 'described'
  const canVerify = [...connection.availableProducts, ...Object.keys(connection.products)].includes('account_numbers')
  return {
    guid: spellId('member', connection.id),
    user_guid: spellId('user', login.consumerId),
    institution_guid: institutionGuid(login.institutionSlug),
    institution_code: login.institutionSlug,
    institution_name: connection.institution.name,
    institution_url: shown.domain ? `https://${shown.domain}` : shown.publicUrl,
    name: connection.institution.name,
    connection_status: numberOf(status),
    connection_status_name: status,
    is_being_aggregated: isBeingAggregated(login),
    is_oauth: kind === 'pages',
    is_managed_by_user: true,
    is_manual: isManual,
    most_recent_job_guid: run && spellId('job', run.id),
    most_recent_job_detail_code: null,
    error: memberErrorOf(login, shown.locale ?? null),
    mfa: { credentials: challengesWire(login.challenges) },
    use_cases: [...login.useCases],
    verification_is_enabled: canVerify && status !== 'PENDING',
    tax_statement_is_enabled: false,
    needs_updated_credentials: NEED_CREDENTIALS.includes(status),
    oauth_window_uri: shown.windowUri ?? null,
    instructional_data: null,
    metadata: null,
    background_aggregation_is_disabled: login.staysInBackground,
    aggregated_at: connection.lastSyncedAt,
    successfully_aggregated_at: connection.lastSyncedAt,
  }
}

// Those whose page leads to the form. Contract: mx-connect/states §1
const NEED_CREDENTIALS: readonly ConnectionStatus[] = ['PREVENTED', 'DENIED', 'IMPORTED', 'IMPAIRED']

const challengeTypes: Readonly<Record<LoginChallenge['kind'], FieldType>> = {
  text: 'TEXT',
  one_time_code: 'TOKEN',
  options: 'OPTIONS',
  image: 'IMAGE_DATA',
  image_options: 'IMAGE_OPTIONS',
}

function challengesWire(challenges: readonly LoginChallenge[]): Static<typeof ChallengeWire>[] {
  return challenges.map((challenge) => {
    const guid = challengeGuid(challenge)
    const type = FIELD_TYPES[challengeTypes[challenge.kind]]
    return {
      guid,
      label: challenge.label,
      field_name: null,
      type,
      field_type: type,
      external_id: challenge.picksAccount ? 'single_account_select' : challenge.id,
      mfa: true,
      meta_data: challenge.imageDataUri,
      options: challenge.options.map(({ id, label, imageDataUri }) => ({
        guid: optionGuid(challenge, id),
        label,
        value: id,
        data_uri: imageDataUri,
        credential_guid: guid,
      })),
    }
  })
}

export function challengeGuid({ id }: LoginChallenge): string {
  return nameGuid('CRD', 'challenge', id)
}

export function optionGuid({ id }: LoginChallenge, optionId: string): string {
  return nameGuid('CRO', id, optionId)
}

export const JobWire = Type.Object({
  guid: Text,
  job_type: Count,
  status: Count,
  status_name: Text,
  member_guid: Text,
  user_guid: Text,
  institution_guid: Text,
  async_account_data_ready: Flag,
  is_authenticated: Flag,
  has_processed_account_numbers: Flag,
  error_message: nullable(Text),
  started_at: Seconds,
  finished_at: nullable(Seconds),
  created_at: Seconds,
  updated_at: Seconds,
})

interface RunOf {
  readonly consumerId: Login['consumerId']
  readonly institutionSlug: string
  readonly isReadyEarly: boolean
}

export function jobWire(run: LoginRun, { consumerId, institutionSlug, isReadyEarly }: RunOf): Static<typeof JobWire> {
  const seconds = (at: string) => Math.floor(Date.parse(at) / 1000)
  return {
    guid: spellId('job', run.id),
    job_type: jobTypeOf(run),
    ...jobStatusOf(run),
    member_guid: spellId('member', run.connectionId),
    user_guid: spellId('user', consumerId),
    institution_guid: institutionGuid(institutionSlug),
    async_account_data_ready: isReadyEarly,
    is_authenticated: run.status === 'completed',
    has_processed_account_numbers: run.status === 'completed' && run.products.includes('account_numbers'),
    error_message: null,
    started_at: seconds(run.startedAt),
    finished_at: run.finishedAt === null ? null : seconds(run.finishedAt),
    created_at: seconds(run.startedAt),
    updated_at: seconds(run.updatedAt),
  }
}
