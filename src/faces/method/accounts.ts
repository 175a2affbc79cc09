/** `/accounts`. Contract: method/accounts §1. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { openBankAccount } from '../../core/account-verification/account-verification.js'
import {
  ACCOUNT_KINDS,
  ACCOUNT_STATUSES,
  addDebt,
  checkNewBankAccount,
  checkNewDebt,
  getAccount,
  listAccounts,
  updateAccount,
} from '../../core/accounts/accounts.js'
import { OWNERSHIPS } from '../../core/institutions/institutions.js'
import { AccountBody, AccountChangesBody, readAccountChanges, readNewAccount } from './account-bodies.js'
import { AccountWire, accountWire } from './account-wire.js'
import { ACCOUNT_EXPANDABLES, expandAccounts, expandQuery, readExpand } from './expand.js'
import { readMerchantNumber, readWireId } from './ids.js'
import { readLiabilityType, WIRE_LIABILITY_TYPES } from './liability-types.js'
import { change, list, read } from './routes.js'
import { oneOf, Text } from './schema.js'

const filters = {
  ...expandQuery,
  status: Type.Optional(oneOf(ACCOUNT_STATUSES)),
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
      async ask({ ctx, body }) {
        const { kind, input } = readNewAccount(body)
        return kind === 'ach'
          ? ({ kind, checked: await checkNewBankAccount(ctx, input) } as const)
          : ({ kind, checked: await checkNewDebt(ctx, input) } as const)
      },
      write: async (ctx, { kind, checked }) =>
        kind === 'ach' ? openBankAccount(ctx, checked) : (await addDebt(ctx, checked)).account,
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
    const names = readExpand(incoming.query, ACCOUNT_EXPANDABLES)
    const account = await getAccount(incoming.ctx, readWireId('account', incoming.params.acc_id ?? ''))
    const [wire] = await expandAccounts(incoming, names, [account])
    return wire ?? null
  })

  list(
    app,
    '/accounts',
    { ...facts, summary: 'List accounts', query: filters, cursor: 'account' },
    ({ ctx, query }, page) => {
      const merchantId = query['liability.mch_id']
      const type = query['liability.type']
      return listAccounts(
        ctx,
        {
          status: query.status ?? null,
          kind: query.type ?? null,
          consumerId: query.holder_id === undefined ? null : readWireId('consumer', query.holder_id),
          merchantNumber: merchantId === undefined ? null : (readMerchantNumber(merchantId) ?? NO_MERCHANT),
          liabilityType: type === undefined ? null : readLiabilityType(type),
          ownership: query['liability.ownership'] ?? null,
        },
        page,
      )
    },
    (accounts, incoming) => expandAccounts(incoming, readExpand(incoming.query, ACCOUNT_EXPANDABLES), accounts),
  )
}
