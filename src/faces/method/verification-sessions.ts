/** `/entities/{ent_id}/verification_sessions`. Contract: method/entities §2. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import {
  answerSession,
  CHANNELS,
  checkNewSession,
  createSession,
  expireOverdue,
  getSession,
  listSessions,
  METHODS,
  rehearsedCode,
  type Submission,
} from '../../core/verification/verification.js'
import { readWireId } from './ids.js'
import { invalidRequest } from './invalid.js'
import { change, list, read } from './routes.js'
import { AnyObject, nullable, oneOf, Text } from './schema.js'
import { SessionWire, sessionWire } from './verification-session-wire.js'

const emptied = () => Type.Optional(nullable(AnyObject))

const SessionBody = Type.Object({
  type: oneOf(CHANNELS),
  method: oneOf(METHODS),
  sms: emptied(),
  sna: emptied(),
  byo_sms: Type.Optional(nullable(Type.Object({ timestamp: Type.Optional(nullable(Text)) }))),
  kba: emptied(),
  byo_kyc: emptied(),
})

const Answer = Type.Object({ question_id: Text, answer_id: Text })
const AnswersBody = Type.Object({
  type: oneOf(CHANNELS),
  method: oneOf(METHODS),
  sms: Type.Optional(nullable(Type.Object({ sms_code: Type.Optional(Text) }))),
  sna: emptied(),
  // One answer by itself is what some clients' types say. Contract: method/conventions §21.
  kba: Type.Optional(
    nullable(Type.Partial(Type.Object({ answers: Type.Array(Answer, { maxItems: 20 }), ...Answer.properties }))),
  ),
})

const CodeWire = Type.Object({ sms_code: Text })

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
      toWire: (session, _, { publicUrl }) => sessionWire(session, publicUrl),
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
        answerSession(ctx, wanted(params), {
          channel: body.type,
          method: body.method,
          submission: readSubmission(body),
        }),
      toWire: (session, _, { publicUrl }) => sessionWire(session, publicUrl),
    },
  )

  read(
    app,
    `${BASE}/:evf_id`,
    { ...facts, summary: 'Retrieve a verification session' },
    async ({ ctx, params, publicUrl }) => sessionWire(await getSession(ctx, wanted(params)), publicUrl),
  )

  list(
    app,
    BASE,
    { ...facts, summary: 'List the verification sessions of an entity', cursor: 'verification_session' },
    ({ ctx, params }, page) => listSessions(ctx, readWireId('consumer', params.ent_id ?? ''), page),
    async (sessions, { publicUrl }) => sessions.map((session) => sessionWire(session, publicUrl)),
  )

  read(
    app,
    `/simulate${BASE}/:evf_id/code`,
    { tag: 'Simulation', summary: 'Read the code that was sent to a phone', reply: CodeWire },
    async ({ ctx, params }) => ({ sms_code: await rehearsedCode(ctx, wanted(params)) }),
  )
}

function readTimestamp(body: Static<typeof SessionBody>): string {
  const timestamp = body.byo_sms?.timestamp ?? ''
  if (!/^\d{4}-\d{2}-\d{2}/.test(timestamp) || timestamp.length > 40 || Number.isNaN(Date.parse(timestamp))) {
    throw invalidRequest('byo_sms.timestamp', 'must be an ISO 8601 timestamp: when you verified the phone.')
  }
  return timestamp
}

/** The answer in the member that the method names; null when there is none. */
function readSubmission(body: Static<typeof AnswersBody>): Submission | null {
  switch (body.method) {
    case 'sms':
      return readCode(body)
    case 'sna':
      return body.sna ? { method: 'sna' } : null
    case 'kba':
      return readAnswers(body)
    default:
      return null
  }
}

function readCode({ sms }: Static<typeof AnswersBody>): Submission | null {
  const code = sms?.sms_code
  return code !== undefined && /^\d{6}$/.test(code) ? { method: 'sms', code } : null
}

function readAnswers({ kba }: Static<typeof AnswersBody>): Submission | null {
  if (!kba) return null
  const alone = kba.question_id && kba.answer_id ? [{ question_id: kba.question_id, answer_id: kba.answer_id }] : null
  const given = kba.answers ?? alone
  if (!given) return null
  const answers = Object.fromEntries(
    given.map((answer) => [readWireId('question', answer.question_id), readWireId('answer', answer.answer_id)]),
  )
  return { method: 'kba', answers }
}
