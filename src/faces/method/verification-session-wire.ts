/** The wire object of a verification session, in the newest shape. Contract: method/entities §2.1, §2.2. */
import { Type } from 'typebox'
import {
  CHANNELS,
  type Channel,
  METHODS,
  SESSION_STATUSES,
  type SessionDetail,
  type VerificationSession,
} from '../../core/verification/verification.js'
import { spellId } from './ids.js'
import { sessionErrors } from './resource-errors.js'
import { nullable, oneOf, ResourceError, Text, Timestamp } from './schema.js'
import type { Wire } from './versions/versions.js'

const Questions = Type.Array(
  Type.Object({ id: Text, text: Text, answers: Type.Array(Type.Object({ id: Text, text: Text })) }),
)

/** Only the member that the method names is there. */
export const SessionWire = Type.Object({
  id: Text,
  entity_id: Text,
  element: Type.Optional(
    Type.Object({
      element_token: Text,
      type: Text,
      timestamp: Type.Optional(nullable(Timestamp)),
      questions: Type.Optional(Questions),
      authenticated: Type.Optional(Type.Boolean()),
    }),
  ),
  opal: Type.Optional(Type.Object({})),
  sna: Type.Optional(Type.Object({ urls: Type.Array(Text) })),
  sms: Type.Optional(Type.Object({ timestamp: Type.Optional(Timestamp) })),
  byo_sms: Type.Optional(Type.Object({ timestamp: Text })),
  kba: Type.Optional(Type.Object({ questions: Questions, authenticated: Type.Boolean() })),
  byo_kyc: Type.Optional(Type.Object({ authenticated: Type.Boolean() })),
  method: nullable(oneOf(METHODS)),
  status: oneOf(SESSION_STATUSES),
  type: oneOf(CHANNELS),
  error: ResourceError,
  expired_at: Type.Optional(nullable(Timestamp)),
  created_at: Timestamp,
  updated_at: Timestamp,
})

/** `publicUrl` is how phones reach this face. */
export function sessionWire(session: VerificationSession, publicUrl: string): Wire {
  const detail = detailWire(session, publicUrl)
  return {
    ...sessionIds(session),
    ...(detail === null ? {} : { [session.method]: detail }),
    method: session.method,
    status: session.status,
    type: session.channel,
    error: session.statusReason && sessionErrors[session.statusReason],
    expired_at: session.expiresAt,
    created_at: session.createdAt,
    updated_at: session.updatedAt,
  }
}

/** What names a session, and all that its events tell. */
export function sessionIds(session: Pick<VerificationSession, 'id' | 'consumerId'>): Wire {
  return { id: spellId('verification_session', session.id), entity_id: spellId('consumer', session.consumerId) }
}

function detailWire({ id, channel, detail }: VerificationSession, publicUrl: string): Wire | null {
  switch (detail.method) {
    case 'sms':
      return detail.verifiedAt === null ? {} : { timestamp: detail.verifiedAt }
    case 'sna':
      return {
        urls: detail.linkIds.map(
          (linkId) => `${publicUrl}/sna/${spellId('verification_session', id)}/${spellId('sna_link', linkId)}`,
        ),
      }
    case 'byo_sms':
      return { timestamp: detail.timestamp }
    case 'byo_kyc':
      return { authenticated: detail.isAuthenticated }
    case 'kba':
      return { questions: questionsWire(detail.questions), authenticated: detail.isAuthenticated }
    case 'element':
      return elementWire(detail, channel)
    case 'opal':
      return {}
    case 'method_verified':
      return null
  }
}

// The first step of every Element is the Auth step. Contract: method/entities §2.3.6.
const ELEMENT_TYPE = 'auth'

function elementWire(detail: Extract<SessionDetail, { readonly method: 'element' }>, channel: Channel): Wire {
  const common = { element_token: detail.token, type: ELEMENT_TYPE }
  if (channel === 'phone') return { ...common, timestamp: detail.verifiedAt }
  return { ...common, questions: questionsWire(detail.questions), authenticated: detail.isAuthenticated }
}

type Questions = Extract<SessionDetail, { readonly method: 'kba' }>['questions']

function questionsWire(questions: Questions): readonly Wire[] {
  return questions.map((question) => ({
    id: spellId('question', question.id),
    text: question.text,
    answers: question.answers.map((answer) => ({ id: spellId('answer', answer.id), text: answer.text })),
  }))
}
