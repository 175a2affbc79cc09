/** What there is: consumers, accounts, connections and payments, with what belongs to them. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import {
  ACCOUNT_KINDS,
  ACCOUNT_STATUSES,
  type Account,
  type AccountFilter,
  findAccounts,
  getAccount,
  listAccounts,
} from '../../core/accounts/accounts.js'
import {
  CONNECTION_STATES,
  type Connection,
  getConnection,
  listAllConnections,
  listHeldAccounts,
} from '../../core/connections/connections.js'
import { type Consumer, findConsumers, getConsumer, listConsumers } from '../../core/consumers/consumers.js'
import { eventsOf } from '../../core/events/events.js'
import { transfersOf } from '../../core/ledger/ledger.js'
import {
  getPayment,
  listPayments,
  listReversals,
  PAYMENT_STATUSES,
  type Payment,
  type PaymentFilter,
} from '../../core/payments/payments.js'
import { Refusal } from '../../core/refuse.js'
import { oneOf, queryOf } from './bodies.js'
import { type ConsoleDesk, spellings, teamOf } from './desk.js'
import { eventLine } from './events.js'
import { counted, listMembers, readOn, shownPage } from './lists.js'

const optional = <const T extends readonly string[]>(words: T) => Type.Optional(oneOf(words))
const text = Type.Optional(Type.String({ maxLength: 200 }))

const ConsumerQuery = Type.Object({
  ...listMembers,
  name: text,
  status: optional(['incomplete', 'active', 'disabled']),
})
const AccountQuery = Type.Object({
  ...listMembers,
  kind: optional(ACCOUNT_KINDS),
  status: optional(ACCOUNT_STATUSES),
})
const ConnectionQuery = Type.Object({ ...listMembers, state: optional(CONNECTION_STATES) })
const PaymentQuery = Type.Object({ ...listMembers, status: optional(PAYMENT_STATUSES) })

const HISTORY_MAX = 50
const ANY_PAYMENT: PaymentFilter = {
  status: null,
  type: null,
  sourceId: null,
  destinationId: null,
  reversalId: null,
  sourceHolderId: null,
  destinationHolderId: null,
  accountId: null,
  holderId: null,
}
export const ANY_ACCOUNT: AccountFilter = {
  statuses: ACCOUNT_STATUSES,
  kind: null,
  consumerIds: null,
  isWithdrawn: null,
  merchantNumber: null,
  liabilityType: null,
  ownership: null,
}

type Params = Readonly<Record<string, string>>
const idIn = (request: { readonly params: unknown }) => (request.params as Params).id ?? ''

export function resourceRoutes(app: FastifyInstance, desk: ConsoleDesk): void {
  app.get('/consumers', async (request) => {
    const { cursor, name = null, status = null } = queryOf(ConsumerQuery, request)
    const ctx = await teamOf(desk, request)
    return shownPage(await listConsumers(ctx, { name, status, kind: null }, counted(cursor)), consumerLine)
  })
  app.get('/consumers/:id', async (request) => {
    const ctx = await teamOf(desk, request)
    const consumer = await getConsumer(ctx, idIn(request))
    const [accounts, connections, payments, events] = await Promise.all([
      listAccounts(ctx, { ...ANY_ACCOUNT, consumerIds: [consumer.id] }, counted(undefined, HISTORY_MAX)),
      listAllConnections(ctx, { consumerId: consumer.id, state: null }, readOn(undefined, HISTORY_MAX)),
      listPayments(ctx, { ...ANY_PAYMENT, holderId: consumer.id }, counted(undefined)),
      eventsOf(ctx, consumer.id, HISTORY_MAX),
    ])
    return {
      ...consumerShown(consumer),
      ids: spellings(desk, 'consumer', consumer.id),
      accounts: accounts.items.map(accountLine),
      connections: connections.items.map(connectionLine),
      payments: payments.items.map(paymentLine),
      events: events.map(eventLine),
    }
  })
  app.get('/accounts', async (request) => {
    const { cursor, kind = null, status } = queryOf(AccountQuery, request)
    const ctx = await teamOf(desk, request)
    const statuses = status === undefined ? ACCOUNT_STATUSES : [status]
    return shownPage(await listAccounts(ctx, { ...ANY_ACCOUNT, statuses, kind }, counted(cursor)), accountLine)
  })
  app.get('/accounts/:id', async (request) => {
    const ctx = await teamOf(desk, request)
    const account = await getAccount(ctx, idIn(request))
    const [holders, payments, events] = await Promise.all([
      findConsumers(ctx, [account.consumerId]),
      listPayments(ctx, { ...ANY_PAYMENT, accountId: account.id }, counted(undefined)),
      eventsOf(ctx, account.id, HISTORY_MAX),
    ])
    return {
      ...accountShown(account),
      ids: spellings(desk, 'account', account.id),
      holderName: holders[0] ? nameOf(holders[0]) : null,
      payments: payments.items.map(paymentLine),
      events: events.map(eventLine),
    }
  })
  app.get('/connections', async (request) => {
    const { cursor, state = null } = queryOf(ConnectionQuery, request)
    const { items, next } = await listAllConnections(
      await teamOf(desk, request),
      { consumerId: null, state },
      readOn(cursor),
    )
    return { items: items.map(connectionLine), next }
  })
  app.get('/connections/:id', async (request) => {
    const ctx = await teamOf(desk, request)
    const whose = { id: idIn(request), clientId: null }
    const connection = await getConnection(ctx, whose)
    const [accounts, events] = await Promise.all([
      // A connection that cannot be read at the moment still has a page.
      listHeldAccounts(ctx, whose, { accountIds: null }).catch(nothingWhenRefused),
      eventsOf(ctx, connection.id, HISTORY_MAX),
    ])
    return {
      ...connectionShown(connection),
      ids: spellings(desk, 'connection', connection.id),
      accounts: (accounts?.accounts ?? []).map(({ id, type, name, mask, balances }) => ({
        id,
        type,
        name,
        mask,
        currency: balances.currency,
        currentCents: balances.currentCents,
        ids: spellings(desk, 'held_account', id),
      })),
      events: events.map(eventLine),
    }
  })
  app.get('/payments', async (request) => {
    const { cursor, status = null } = queryOf(PaymentQuery, request)
    const ctx = await teamOf(desk, request)
    return shownPage(await listPayments(ctx, { ...ANY_PAYMENT, status }, counted(cursor)), paymentLine)
  })
  app.get('/payments/:id', async (request) => {
    const ctx = await teamOf(desk, request)
    const payment = await getPayment(ctx, idIn(request))
    const [transfers, reversals, events, ends] = await Promise.all([
      transfersOf(ctx, payment.id),
      listReversals(ctx, payment.id),
      eventsOf(ctx, payment.id, HISTORY_MAX),
      findAccounts(
        ctx,
        [payment.sourceId, payment.destinationId].flatMap((id) => id ?? []),
      ),
    ])
    return {
      ...paymentShown(payment),
      ids: spellings(desk, 'payment', payment.id),
      accounts: ends.map(accountLine),
      ledger: transfers.map(({ step, at, entries }) => ({
        step,
        at,
        entries: entries.map(({ account, accountId, cents }) => ({ account, accountId, cents })),
      })),
      reversals: reversals.map(({ id, status }) => ({ id, status })),
      events: events.map(eventLine),
    }
  })
}

function nameOf({ individual, corporation, id }: Consumer): string {
  const person = [individual?.firstName, individual?.lastName].filter(Boolean).join(' ')
  return corporation?.name ?? (person || id)
}

export function consumerLine(consumer: Consumer) {
  const { id, kind, status, externalId, createdAt } = consumer
  return { id, kind, status, externalId, name: nameOf(consumer), createdAt }
}

function consumerShown(consumer: Consumer) {
  const { individual, statusReason, hasSsn, hasSsn4, phoneVerifiedAt, identityVerifiedAt, connectedAt } = consumer
  return {
    ...consumerLine(consumer),
    statusReason,
    // Enough to recognise somebody by.
    phone: individual?.phone ? `•••${individual.phone.slice(-4)}` : null,
    hasEmail: Boolean(individual?.email),
    hasDob: Boolean(individual?.dob),
    city: [consumer.address.city, consumer.address.state].filter(Boolean).join(', ') || null,
    ssn: hasSsn ? 'given' : hasSsn4 ? 'last four given' : 'not given',
    phoneVerifiedAt,
    identityVerifiedAt,
    connectedAt,
    subscriptions: consumer.subscriptions,
    updatedAt: consumer.updatedAt,
  }
}

function accountName({ kind, liability, bank, debitCard }: Account): string {
  if (liability) return liability.name ?? liability.type
  if (debitCard) return `Debit card (${debitCard.network})`
  return kind === 'clearing' ? 'Clearing account' : (bank?.bankName ?? 'Bank account')
}

function accountLine(account: Account) {
  const { id, consumerId, kind, status, liability, bank, debitCard, createdAt } = account
  return {
    id,
    consumerId,
    kind,
    status,
    name: accountName(account),
    type: liability?.type ?? account.clearingUse ?? bank?.type ?? null,
    mask: liability?.mask ?? bank?.mask ?? debitCard?.mask ?? null,
    createdAt,
  }
}

function accountShown(account: Account) {
  const { liability, statusReason, origin, verifiedAt, latest, subscriptions, updatedAt } = account
  return {
    ...accountLine(account),
    statusReason,
    origin,
    ownership: liability?.ownership ?? null,
    merchant: liability ? `mch_${liability.merchantNumber}` : null,
    verifiedAt,
    latest,
    subscriptions,
    updatedAt,
  }
}

function connectionLine(connection: Connection) {
  const { id, consumerId, institution, provider, state, errorCode, isImported, createdAt } = connection
  return { id, consumerId, institution: institution.name, provider, state, errorCode, isImported, createdAt }
}

function connectionShown(connection: Connection) {
  const { products, availableProducts, clientId, tags, lastSyncedAt, connectedAt, updatedAt } = connection
  return {
    ...connectionLine(connection),
    products: Object.entries(products).map(([name, { refreshedAt, errorCode }]) => ({ name, refreshedAt, errorCode })),
    availableProducts,
    clientId,
    tags,
    lastSyncedAt,
    connectedAt,
    updatedAt,
  }
}

function paymentLine(payment: Payment) {
  const { id, amountCents, description, status, sourceId, destinationId, type, createdAt } = payment
  return { id, amountCents, description, status, sourceId, destinationId, type, createdAt }
}

function paymentShown(payment: Payment) {
  return {
    ...paymentLine(payment),
    fundStatus: payment.fundStatus,
    sourceStatus: payment.sourceStatus,
    destinationStatus: payment.destinationStatus,
    sourceHolderId: payment.sourceHolderId,
    destinationHolderId: payment.destinationHolderId,
    destinationMethod: payment.destinationMethod,
    estimatedCompletionOn: payment.estimatedCompletionOn,
    sourceSettlementOn: payment.sourceSettlementOn,
    destinationSettlementOn: payment.destinationSettlementOn,
    fee: payment.fee,
    failure: payment.failure,
    dueAt: payment.dueAt,
    updatedAt: payment.updatedAt,
  }
}

function nothingWhenRefused(error: unknown): null {
  if (error instanceof Refusal) return null
  throw error
}
