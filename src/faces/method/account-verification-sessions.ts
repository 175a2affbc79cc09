/** `/accounts/{acc_id}/verification_sessions`. Contract: method/accounts §12. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import {
  ACCOUNT_METHODS,
  type AccountMethod,
  type AccountSubmission,
  answerAccountSession,
  type CardMethod,
  checkNewAccountSession,
  createAccountSession,
  getAccountSession,
  judgeAnswer,
  listAccountSessions,
  type ProviderMethod,
  refuseAccountVerification,
  rehearsedAmounts,
} from '../../core/account-verification/account-verification.js'
import { AccountSessionWire, accountSessionWire, balanceMembers } from './account-verification-wire.js'
import { readWireId } from './ids.js'
import { invalidRequest } from './invalid.js'
import { change, list, read } from './routes.js'
import { AnyObject, oneOf } from './schema.js'
import { isSince, type Version } from './versions/versions.js'

// `issuer` and `three_ds` are names without a method behind them.
const TYPES = [...ACCOUNT_METHODS, 'issuer', 'three_ds'] as const
type WireType = (typeof TYPES)[number]

const SessionBody = Type.Object({ type: oneOf(TYPES) })

const TRANSACTIONS_MAX = 5000
const Documents = Type.Array(AnyObject, { maxItems: TRANSACTIONS_MAX })
// What was shown masked may come back as it was shown.
const Digits = (pattern: string) => Type.Optional(Type.String({ pattern: `^(${pattern}|x+)$` }))
const CardClaim = Type.Object({
  number: Digits('[0-9]{12,19}'),
  exp_month: Digits('0[1-9]|1[0-2]'),
  exp_year: Digits('[0-9]{4}'),
  cvv: Digits('[0-9]{3,4}'),
  billing_zip_code: Digits('[0-9]{5}'),
})
const AnswerBody = Type.Partial(
  Type.Object({
    micro_deposits: Type.Object({ amounts: Type.Array(Type.Integer(), { minItems: 2, maxItems: 2 }) }),
    plaid: Type.Object({ balances: AnyObject, transactions: Documents }),
    mx: Type.Object({ account: AnyObject, transactions: Documents }),
    teller: Type.Object({ balances: AnyObject, transactions: Documents }),
    standard: Type.Object({ number: Type.String({ pattern: '^[A-Za-z0-9]{1,32}$' }) }),
    instant: CardClaim,
    pre_auth: CardClaim,
    network: CardClaim,
  }),
)
type AnswerBody = Static<typeof AnswerBody>

const AmountsWire = Type.Object({ amounts: Type.Array(Type.Integer({ description: 'US cents' })) })

const BASE = '/accounts/:acc_id/verification_sessions'

export function accountVerificationRoutes(app: FastifyInstance): void {
  const facts = { tag: 'Account verification', reply: AccountSessionWire } as const
  const wanted = (params: Readonly<Record<string, string>>) => ({
    accountId: readWireId('account', params.acc_id ?? ''),
    sessionId: readWireId('account_verification_session', params.avf_id ?? ''),
  })

  change(
    app,
    'POST',
    BASE,
    { ...facts, summary: 'Begin to verify an account', body: SessionBody },
    {
      ask: ({ ctx, params, body, version }) =>
        checkNewAccountSession(ctx, readWireId('account', params.acc_id ?? ''), readType(body.type, version)),
      write: (ctx, checked) => createAccountSession(ctx, checked),
      toWire: (session, ctx) => accountSessionWire(session, ctx),
    },
  )

  change(
    app,
    'PUT',
    `${BASE}/:avf_id`,
    { ...facts, summary: 'Hand in what proves the account', body: AnswerBody },
    {
      ask: ({ ctx, params, body }) => judgeAnswer(ctx, wanted(params), (method) => readSubmission(method, body)),
      write: (ctx, judged) => answerAccountSession(ctx, judged),
      refused: ({ refusal }) => refusal && refuseAccountVerification(refusal),
      toWire: ({ session }, ctx) => accountSessionWire(session, ctx),
    },
  )

  read(
    app,
    `${BASE}/:avf_id`,
    { ...facts, summary: 'Retrieve a verification session of an account' },
    async ({ ctx, params }) => accountSessionWire(await getAccountSession(ctx, wanted(params)), ctx),
  )

  list(
    app,
    BASE,
    {
      ...facts,
      summary: 'List the verification sessions of an account',
      cursor: 'account_verification_session',
    },
    ({ ctx, params }, page) => listAccountSessions(ctx, readWireId('account', params.acc_id ?? ''), page),
    async (sessions, { ctx }) => sessions.map((session) => accountSessionWire(session, ctx)),
  )

  // Two addresses of one thing: the second is that of the other rehearsals.
  for (const [prefix, tag] of [
    ['', 'Account verification'],
    ['/simulate', 'Simulation'],
  ] as const) {
    read(
      app,
      `${prefix}${BASE}/:avf_id/amounts`,
      { tag, summary: 'Read the amounts that were deposited, in development', reply: AmountsWire },
      async ({ ctx, params }) => ({ amounts: await rehearsedAmounts(ctx, wanted(params)) }),
    )
  }
}

// When callers could first name a type. The others were there from the start. Contract: method/accounts §12.4.
const namedSince: Readonly<Partial<Record<WireType, Version>>> = {
  network: '2024-04-04-late',
  auto_verify: '2025-12-01',
  trusted_provisioner: '2025-12-01',
}

function readType(type: WireType, version: Version): string {
  const since = namedSince[type]
  if (since && !isSince(version, since)) throw invalidRequest('type', `cannot be ${type} at this version.`)
  return type
}

/** What was handed in, in the member that the session's type names; null when there is none. */
function readSubmission(method: AccountMethod, body: AnswerBody): AccountSubmission | null {
  switch (method) {
    case 'micro_deposits':
      return body.micro_deposits ? { method, amountsCents: body.micro_deposits.amounts } : null
    case 'plaid':
    case 'mx':
    case 'teller':
      return readDocuments(method, body)
    case 'standard':
    case 'instant':
    case 'pre_auth':
    case 'network':
      return readClaim(method, body)
    case 'auto_verify':
    case 'trusted_provisioner':
      return null
  }
}

function readDocuments(method: ProviderMethod, body: AnswerBody): AccountSubmission | null {
  const given: Readonly<Record<string, unknown>> | undefined = body[method]
  if (!given) return null
  const { transactions } = given as { readonly transactions: readonly Readonly<Record<string, unknown>>[] }
  return { method, account: given[balanceMembers[method]] as Readonly<Record<string, unknown>>, transactions }
}

function readClaim(method: CardMethod, body: AnswerBody): AccountSubmission | null {
  const given: Static<typeof CardClaim> | undefined = body[method]
  if (!given) return null
  return {
    method,
    claim: {
      number: clear(given.number),
      expMonth: clear(given.exp_month),
      expYear: clear(given.exp_year),
      cvv: clear(given.cvv),
      billingZip: clear(given.billing_zip_code),
    },
  }
}

/** Null for what was not said, or only as it was shown. */
function clear(text: string | undefined): string | null {
  return text === undefined || /^x+$/.test(text) ? null : text
}
