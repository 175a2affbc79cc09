/** Micro-deposits, and which routing numbers they may go to. Contract: mx-connect/callbacks §5.17–5.22. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { isRoutingNumber } from '../../core/accounts/accounts.js'
import {
  beginMicroDeposit,
  createMicroDeposit,
  getMicroDeposit,
  type MicroDeposit,
  type MicroDepositStatus,
  verifyMicroDeposit,
} from '../../core/micro-deposits/micro-deposits.js'
import { Refusal } from '../../core/refuse.js'
import { OwnFailure, rowOf } from './errors.js'
import { nameGuid, readWireId, spellId } from './ids.js'
import { type AboutUser, change, type Incoming, read } from './routes.js'
import { Count, Flag, Instant, maybe, nullable, Text } from './schema.js'

const STATUSES = [
  'INITIATED',
  'REQUESTED',
  'DEPOSITED',
  'VERIFIED',
  'ERRORED',
  'DENIED',
  'PREVENTED',
  'CONFLICTED',
  'REJECTED',
  'PREINITIATED',
] as const

const statusOf: Readonly<Record<MicroDepositStatus, (typeof STATUSES)[number]>> = {
  preinitiated: 'PREINITIATED',
  initiated: 'INITIATED',
  requested: 'REQUESTED',
  deposited: 'DEPOSITED',
  verified: 'VERIFIED',
  not_sent: 'ERRORED',
  denied: 'DENIED',
  prevented: 'PREVENTED',
  rejected: 'REJECTED',
}

/** What is shown by this number; null for one that nothing here ever is. */
export function microDepositStatus(number: number): MicroDepositStatus | null {
  const named = Object.entries(statusOf) as [MicroDepositStatus, (typeof STATUSES)[number]][]
  return named.find(([, name]) => name === STATUSES[number])?.[0] ?? null
}

export const MicroDepositWire = Type.Object({
  guid: Text,
  status: Count,
  status_name: Text,
  account_name: nullable(Text),
  account_number: nullable(Text),
  account_type: nullable(Count),
  routing_number: nullable(Text),
  first_name: nullable(Text),
  last_name: nullable(Text),
  email: nullable(Text),
  user_guid: Text,
  can_auto_verify: Flag,
  attempts_left: nullable(Count),
  deposit_expected_at: nullable(Instant),
  verified_at: nullable(Instant),
  created_at: Instant,
  updated_at: Instant,
})

export function microDepositWire(deposit: MicroDeposit): Static<typeof MicroDepositWire> {
  const status = statusOf[deposit.status]
  return {
    guid: spellId('micro_deposit', deposit.id),
    status: STATUSES.indexOf(status),
    status_name: status,
    account_name: deposit.accountName,
    account_number: deposit.mask === null ? null : `*****${deposit.mask}`,
    account_type: deposit.type && ACCOUNT_TYPES.indexOf(deposit.type) + 1,
    routing_number: deposit.routingNumber,
    first_name: deposit.firstName,
    last_name: deposit.lastName,
    email: deposit.email,
    user_guid: spellId('user', deposit.consumerId),
    can_auto_verify: false,
    attempts_left: deposit.attemptsLeft,
    deposit_expected_at: deposit.depositExpectedAt,
    verified_at: deposit.verifiedAt,
    created_at: deposit.createdAt,
    updated_at: deposit.updatedAt,
  }
}

const ACCOUNT_TYPES = ['checking', 'savings'] as const

const Said = Type.Object({
  account_name: maybe(Type.String({ maxLength: 200 })),
  account_number: maybe(Type.String({ maxLength: 40 })),
  account_type: maybe(Type.Integer({ minimum: 1, maximum: 2 })),
  routing_number: maybe(Type.String({ maxLength: 20 })),
  first_name: maybe(Type.String({ maxLength: 200 })),
  last_name: maybe(Type.String({ maxLength: 200 })),
  email: maybe(Type.String({ maxLength: 254 })),
  user_guid: maybe(Text),
})
type Said = Static<typeof Said>

const Body = Type.Object({ micro_deposit: Said })
const ReplyWire = Type.Object({ micro_deposit: MicroDepositWire })
const Dollars = Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1 })
const tag = 'Micro-deposits'

export function microDepositRoutes(app: FastifyInstance): void {
  const toWire = (deposit: MicroDeposit) => ({ micro_deposit: microDepositWire(deposit) })
  change(
    app,
    'POST',
    '/micro_deposits',
    { tag, summary: 'Ask for micro-deposits', audience: 'user', body: Body, status: 201, reply: ReplyWire },
    {
      ask: ({ ctx, user, session, body: { micro_deposit: said } }) => {
        // A back end may begin one for somebody who says later which account it is.
        const account = session === null && said.account_number == null ? null : accountIn(said)
        const holder = {
          firstName: said.first_name ?? null,
          lastName: said.last_name ?? null,
          email: said.email ?? null,
        }
        return echoing(said, createMicroDeposit(ctx, user.id, { holder, account }))
      },
      write: async (_, deposit) => deposit,
      toWire,
    },
  )
  read(
    app,
    '/micro_deposits/:guid',
    { tag, summary: 'Retrieve a micro-deposit', audience: 'user', reply: ReplyWire },
    async (incoming) => toWire(await getMicroDeposit(incoming.ctx, whoseOf(incoming))),
  )
  change(
    app,
    'PUT',
    '/micro_deposits/:guid',
    { tag, summary: 'Say which account it is', audience: 'user', body: Body, reply: ReplyWire },
    {
      ask: (incoming) => {
        const said = incoming.body.micro_deposit
        return echoing(said, beginMicroDeposit(incoming.ctx, whoseOf(incoming), accountIn(said)))
      },
      write: async (_, deposit) => deposit,
      toWire,
    },
  )
  change(
    app,
    'POST',
    '/micro_deposits/:guid/refresh',
    { tag, summary: 'Look again', audience: 'user', status: 202, reply: ReplyWire },
    {
      ask: (incoming) => getMicroDeposit(incoming.ctx, whoseOf(incoming)),
      write: async (_, deposit) => deposit,
      toWire,
    },
  )
  change(
    app,
    'PUT',
    '/micro_deposits/:guid/verify',
    {
      tag,
      summary: 'Tell the amounts',
      audience: 'user',
      body: Type.Object({ micro_deposit: Type.Object({ deposit_amount_1: Dollars, deposit_amount_2: Dollars }) }),
      reply: ReplyWire,
    },
    {
      ask: (incoming) => {
        const { deposit_amount_1: one, deposit_amount_2: two } = incoming.body.micro_deposit
        return verifyMicroDeposit(
          incoming.ctx,
          whoseOf(incoming),
          [one, two].map((dollars) => Math.round(dollars * 100)),
        )
      },
      write: async (_, deposit) => deposit,
      toWire,
    },
  )

  read(
    app,
    '/blocked_routing_numbers/:routing_number',
    {
      tag,
      summary: 'Whether micro-deposits can be sent to a bank',
      audience: 'anyone',
      query: { include_identity: Type.Optional(Type.Boolean()) },
      reply: Type.Object({ blocked_routing_number: nullable(BlockedWire) }),
    },
    async ({ params }) => ({ blocked_routing_number: blockedOf(params.routing_number ?? '') }),
  )
}

function whoseOf({ params, user }: AboutUser<Incoming>) {
  return { id: readWireId('micro_deposit', params.guid ?? ''), consumerId: user.id }
}

function accountIn(said: Said) {
  return {
    accountName: said.account_name ?? null,
    accountNumber: said.account_number ?? '',
    routingNumber: said.routing_number ?? '',
    type: ACCOUNT_TYPES[(said.account_type ?? 1) - 1] ?? 'checking',
  }
}

/** Whatever goes wrong, the widget shows what was said: without it its page breaks. */
async function echoing<T>(said: Said, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const row = rowOf(error.code)
    const { account_number = null, account_type = null, routing_number = null } = said
    const isConflict = error.code === 'micro_deposit.already_open'
    const member = wireNames[error.fault?.member ?? '']
    throw new OwnFailure(row, error.fault ? `${member ?? error.fault.member} ${error.fault.rule}` : error.message, {
      micro_deposit: { account_number, account_type, routing_number, ...(isConflict ? CONFLICTED : {}) },
      ...(member ? { fields: { [member]: [error.fault?.rule ?? ''] } } : {}),
    })
  }
}

const CONFLICTED = { status: STATUSES.indexOf('CONFLICTED'), status_name: 'CONFLICTED' }

const wireNames: Readonly<Record<string, string>> = {
  accountNumber: 'account_number',
  routingNumber: 'routing_number',
  firstName: 'first_name',
  lastName: 'last_name',
  email: 'email',
}

const BlockedWire = Type.Object({ guid: nullable(Text), reason: Count, reason_name: Text })
const REASONS = ['INVALID', 'BLOCKED', 'CLIENT_BLOCKED', 'IAV_PREFERRED'] as const

// contract: mx-connect/states §8.1
const BLOCKED: Readonly<Record<string, (typeof REASONS)[number]>> = {
  '111000025': 'BLOCKED',
  '122000247': 'CLIENT_BLOCKED',
  '222000118': 'IAV_PREFERRED',
}

function blockedOf(number: string): Static<typeof BlockedWire> | null {
  const reason = isRoutingNumber(number) ? BLOCKED[number] : 'INVALID'
  if (!reason) return null
  const guid = reason === 'INVALID' ? null : nameGuid('BRN', number)
  return { guid, reason: REASONS.indexOf(reason), reason_name: reason }
}
