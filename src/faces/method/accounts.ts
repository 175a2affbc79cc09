/** `/accounts`. Contract: method/accounts §1. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import {
  ACCOUNT_KINDS,
  type AccountKind,
  type AccountStatus,
  getAccount,
  listAccounts,
  updateAccount,
} from '../../core/accounts/accounts.js'
import { OWNERSHIPS } from '../../core/institutions/institutions.js'
import { AccountBody, AccountChangesBody, readAccountChanges, readNewAccount } from './account-bodies.js'
import { AccountWire, accountWire, WIRE_ACCOUNT_STATUSES } from './account-wire.js'
import { accountExpandables, expandAccounts, expandQuery, readExpand } from './expand.js'
import { readMerchantNumber, readWireId } from './ids.js'
import { invalidRequest } from './invalid.js'
import { readLiabilityType, WIRE_LIABILITY_TYPES } from './liability-types.js'
import { checkNewAccount } from './new-account.js'
import { change, list, read } from './routes.js'
import { oneOf, Text } from './schema.js'
import { isSince, type Version } from './versions/versions.js'

const HOLDERS_MAX = 100

const filters = {
  ...expandQuery,
  // From 2025-12-01 on; ignored before.
  holder_ids: Type.Optional(Type.Array(Text, { maxItems: HOLDERS_MAX })),
  consent_status: Type.Optional(oneOf(['pending', 'withdrawn', 'approved'])),
  include_pending_consent: Type.Optional(Type.Boolean()),
  status: Type.Optional(oneOf(WIRE_ACCOUNT_STATUSES)),
  type: Type.Optional(oneOf(ACCOUNT_KINDS)),
  holder_id: Type.Optional(Text),
  'liability.mch_id': Type.Optional(Text),
  'liability.type': Type.Optional(oneOf(WIRE_LIABILITY_TYPES)),
  'liability.ownership': Type.Optional(oneOf(OWNERSHIPS)),
}

// No merchant has this number, so a filter by a malformed id leaves nothing.
const NO_MERCHANT = -1

export function accountRoutes(app: FastifyInstance): void {
  const facts = { tag: 'Accounts', reply: AccountWire, resource: 'account' } as const

  change(
    app,
    'POST',
    '/accounts',
    { ...facts, summary: 'Add an account', body: AccountBody },
    {
      ask: ({ ctx, body, version }) => checkNewAccount(ctx, readNewAccount(body, version)),
      write: (ctx, add) => add(ctx),
      toWire: (account, ctx) => accountWire(account, ctx),
    },
  )

  // First in 2025-12-01, and like every route served to every version.
  change(
    app,
    'PUT',
    '/accounts/:acc_id',
    { tag: 'Accounts', summary: 'Update what you know of an account', body: AccountChangesBody, reply: Type.Null() },
    {
      write: (ctx, _, { params, body }) =>
        updateAccount(ctx, readWireId('account', params.acc_id ?? ''), readAccountChanges(body)),
      toWire: () => null,
    },
  )

  read(app, '/accounts/:acc_id', { ...facts, summary: 'Retrieve an account', query: expandQuery }, async (incoming) => {
    const names = readExpand(incoming.query, accountExpandables(incoming.version))
    const account = await getAccount(incoming.ctx, readWireId('account', incoming.params.acc_id ?? ''))
    const [wire] = await expandAccounts(incoming, names, [account])
    return wire ?? null
  })

  list(
    app,
    '/accounts',
    { ...facts, summary: 'List accounts', query: filters, cursor: 'account' },
    ({ ctx, query, version }, page) => {
      const merchantId = query['liability.mch_id']
      const type = query['liability.type']
      const consent = (isSince(version, '2025-12-01') && query.consent_status) || null
      return listAccounts(
        ctx,
        {
          statuses: statusesOf(query, version),
          kind: kindOf(query.type, version),
          consumerIds: holdersOf(query, version),
          isWithdrawn: consent === null || consent === 'pending' ? null : consent === 'withdrawn',
          merchantNumber: merchantId === undefined ? null : (readMerchantNumber(merchantId) ?? NO_MERCHANT),
          liabilityType: type === undefined ? null : readLiabilityType(type),
          ownership: query['liability.ownership'] ?? null,
        },
        page,
      )
    },
    (accounts, incoming) =>
      expandAccounts(incoming, readExpand(incoming.query, accountExpandables(incoming.version)), accounts),
  )
}

function kindOf(kind: AccountKind | undefined, version: Version): AccountKind | null {
  if (kind === undefined) return null
  const isOld = kind === 'ach' || kind === 'liability'
  if (!isOld && !isSince(version, '2025-12-01'))
    throw invalidRequest('type', 'must be ach or liability in this version.')
  return kind
}

/** What waits for consent counts as active, and is left out unless it is asked for. */
function statusesOf(
  { status, consent_status, include_pending_consent }: StatusQuery,
  version: Version,
): readonly AccountStatus[] {
  const spelled = status === undefined ? WIRE_ACCOUNT_STATUSES : [status]
  const isNewest = isSince(version, '2025-12-01')
  const mayWait = isNewest && spelled.includes('active')
  if (isNewest && consent_status === 'pending') return mayWait ? ['awaiting_consent'] : []
  const isIncluded = mayWait && include_pending_consent === true && consent_status === undefined
  return isIncluded ? [...spelled, 'awaiting_consent'] : spelled
}

interface StatusQuery {
  readonly status?: (typeof WIRE_ACCOUNT_STATUSES)[number]
  readonly consent_status?: string
  readonly include_pending_consent?: boolean
}

/** The holders that are asked for, each by its stored id; null for all. */
function holdersOf(
  query: { readonly holder_id?: string; readonly holder_ids?: readonly string[] },
  version: Version,
): readonly string[] | null {
  const many = isSince(version, '2025-12-01') ? query.holder_ids : undefined
  if (query.holder_id === undefined) return many?.map((id) => readWireId('consumer', id)) ?? null
  const isMeant = !many || many.includes(query.holder_id)
  return isMeant ? [readWireId('consumer', query.holder_id)] : []
}
