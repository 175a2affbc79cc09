/** `/entities/{ent_id}/verification_sessions`. Contract: method/entities §2. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import {
  type Answers,
  answerSession,
  CHANNELS,
  checkNewSession,
  createSession,
  expireOverdue,
  getSession,
  listSessions,
  type VerificationSession,
} from '../../core/verification/verification.js'
import { readWireId, spellId } from './ids.js'
import { invalidRequest } from './invalid.js'
import { sessionErrors } from './resource-errors.js'
import { change, list, read } from './routes.js'
import { AnyObject, nullable, oneOf, ResourceError, Text, Timestamp } from './schema.js'
import type { Wire } from './versions/versions.js'

const WIRE_METHODS = ['sms', 'sna', 'byo_sms', 'byo_kyc', 'kba', 'element', 'opal', 'method_verified'] as const

const SessionBody = Type.Object({
  type: oneOf(CHANNELS),
  method: oneOf(WIRE_METHODS),
  byo_sms: Type.Optional(Type.Object({ timestamp: Text })),
  kba: Type.Optional(AnyObject),
})
const Answer = Type.Object({ question_id: Text, answer_id: Text })
const AnswersBody = Type.Object({
  type: oneOf(CHANNELS),
  method: oneOf(WIRE_METHODS),
  // One answer by itself is what some clients' types say. Contract: method/conventions §21.
  kba: Type.Optional(
    Type.Partial(Type.Object({ answers: Type.Array(Answer, { maxItems: 20 }), ...Answer.properties })),
  ),
})

const SessionWire = Type.Object({
  id: Text,
  entity_id: Text,
  byo_sms: Type.Optional(Type.Object({ timestamp: Text })),
  kba: Type.Optional(
    Type.Object({
      questions: Type.Array(
        Type.Object({ id: Text, text: Text, answers: Type.Array(Type.Object({ id: Text, text: Text })) }),
      ),
      authenticated: Type.Boolean(),
    }),
  ),
  method: nullable(oneOf(WIRE_METHODS)),
  status: oneOf(['pending', 'in_progress', 'verified', 'failed']),
  type: oneOf(CHANNELS),
  error: ResourceError,
  expired_at: Type.Optional(nullable(Timestamp)),
  created_at: Timestamp,
  updated_at: Timestamp,
})

const BASE = '/entities/:ent_id/verification_sessions'

export function verificationSessionRoutes(app: FastifyInstance): void {
  const facts = { tag: 'Entity verification', reply: SessionWire, resource: 'verification_session' } as const
  const wanted = (params: Readonly<Record<string, string>>) => ({
    consumerId: readWireId('consumer', params.ent_id ?? ''),
    sessionId: readWireId('verification_session', params.evf_id ?? ''),
  })

  change(
    app,
    'POST',
    BASE,
    { ...facts, summary: 'Begin to verify a phone or an identity', body: SessionBody },
    {
      ask: ({ ctx, params, body }) =>
        checkNewSession(ctx, readWireId('consumer', params.ent_id ?? ''), {
          channel: body.type,
          method: body.method,
          timestamp: body.method === 'byo_sms' ? readTimestamp(body) : null,
        }),
      write: (ctx, checked) => createSession(ctx, checked),
      toWire: sessionWire,
    },
  )

  change(
    app,
    'PUT',
    `${BASE}/:evf_id`,
    { ...facts, summary: 'Answer a verification session', body: AnswersBody },
    {
      ask: ({ ctx, params }) => expireOverdue(ctx, wanted(params)),
      write: (ctx, _, { params, body }) =>
        answerSession(ctx, wanted(params), { channel: body.type, method: body.method, answers: readAnswers(body) }),
      toWire: sessionWire,
    },
  )

  read(app, `${BASE}/:evf_id`, { ...facts, summary: 'Retrieve a verification session' }, async ({ ctx, params }) =>
    sessionWire(await getSession(ctx, wanted(params))),
  )

  list(
    app,
    BASE,
    { ...facts, summary: 'List the verification sessions of an entity', cursor: 'verification_session' },
    ({ ctx, params }, page) => listSessions(ctx, readWireId('consumer', params.ent_id ?? ''), page),
    async (sessions) => sessions.map(sessionWire),
  )
}

function readTimestamp(body: Static<typeof SessionBody>): string {
  const timestamp = body.byo_sms?.timestamp ?? ''
  if (!/^\d{4}-\d{2}-\d{2}/.test(timestamp) || timestamp.length > 40 || Number.isNaN(Date.parse(timestamp))) {
    throw invalidRequest('byo_sms.timestamp', 'must be an ISO 8601 timestamp: when you verified the phone.')
  }
  return timestamp
}

function readAnswers({ kba }: Static<typeof AnswersBody>): Answers | null {
  if (!kba) return null
  const alone = kba.question_id && kba.answer_id ? [{ question_id: kba.question_id, answer_id: kba.answer_id }] : null
  const answers = kba.answers ?? alone
  if (!answers) return null
  return Object.fromEntries(
    answers.map((answer) => [readWireId('question', answer.question_id), readWireId('answer', answer.answer_id)]),
  )
}

export function sessionWire(session: VerificationSession): Wire {
  return {
    id: spellId('verification_session', session.id),
    entity_id: spellId('consumer', session.consumerId),
    [session.method]: detailWire(session),
    method: session.method,
    status: session.status,
    type: session.channel,
    error: session.statusReason && sessionErrors[session.statusReason],
    expired_at: session.expiresAt,
    created_at: session.createdAt,
    updated_at: session.updatedAt,
  }
}

function detailWire({ detail }: VerificationSession): Wire {
  switch (detail.method) {
    case 'byo_sms':
      return { timestamp: detail.timestamp }
    case 'kba':
      return {
        questions: detail.questions.map((question) => ({
          id: spellId('question', question.id),
          text: question.text,
          answers: question.answers.map((answer) => ({ id: spellId('answer', answer.id), text: answer.text })),
        })),
        authenticated: detail.isAuthenticated,
      }
  }
}
