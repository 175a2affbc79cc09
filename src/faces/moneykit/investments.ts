/** What is held in investment accounts, and what was done with it. Contract: moneykit/data §7. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import {
  type HeldHolding,
  type HeldInvestmentTransaction,
  type HeldSecurity,
  listHoldings,
  listInvestmentTransactions,
} from '../../core/connections/connections.js'
import { AccountWire, accountWire } from './account-wire.js'
import { spellInstant, spellTimeOrNull } from './formats.js'
import { spellId } from './ids.js'
import { EmbeddedLinkWire, embeddedLinkWire } from './link-wire.js'
import { read, type Wire } from './routes.js'
import { Day, Decimal, Instant, nullable, oneOf, Text, TextList, Time } from './schema.js'
import { readTransactionQuery, transactionQuery } from './transactions.js'
import { accountFilter, whoseLink } from './whose.js'

const HoldingWire = Type.Object({
  account_id: Text,
  security_id: Text,
  quantity: Decimal,
  price: nullable(Decimal),
  price_datetime: nullable(Instant),
  value: nullable(Decimal),
  cost_basis: nullable(Decimal),
})

const SecurityWire = Type.Object({
  security_id: Text,
  name: Text,
  type: oneOf(['cash', 'crypto', 'derivative', 'equity', 'etf', 'bond', 'loan', 'fund', 'unknown']),
  currency: Text,
  ticker: nullable(Text),
  isin: nullable(Text),
  sedol: nullable(Text),
  close_price: nullable(Decimal),
  close_date: nullable(Day),
})

const InvestmentTransactionWire = Type.Object({
  investment_transaction_id: Text,
  account_id: Text,
  amount: Decimal,
  date: Day,
  datetime: nullable(Time),
  description: Text,
  type: Type.String({ pattern: '^(buy|sell|cash|fee|transfer)(\\..+)?$' }),
  fees: nullable(Decimal),
  forex_rate: nullable(Decimal),
  price: nullable(Decimal),
  quantity: nullable(Decimal),
  security_id: nullable(Text),
})

const context = {
  securities: Type.Array(SecurityWire),
  accounts: Type.Array(AccountWire),
  link: EmbeddedLinkWire,
}

export function investmentRoutes(app: FastifyInstance): void {
  const tag = 'Investments'
  const scope = ['link:data:read', 'link:product:investments'] as const

  read(
    app,
    '/links/:id/investments/holdings',
    {
      tag,
      summary: 'List the holdings of a link',
      scope,
      query: { account_ids: Type.Optional(TextList) },
      reply: Type.Object({ holdings: Type.Array(HoldingWire), ...context }),
    },
    async (incoming) => {
      const filter = accountFilter(incoming.query.account_ids)
      const found = await listHoldings(incoming.ctx, whoseLink(incoming), filter)
      return {
        holdings: found.holdings.map(holdingWire),
        securities: found.securities.map(securityWire),
        accounts: found.accounts.map(accountWire),
        link: embeddedLinkWire(found.connection, incoming),
      }
    },
  )

  read(
    app,
    '/links/:id/investments/transactions',
    {
      tag,
      summary: 'List the investment transactions of a link',
      scope,
      query: transactionQuery,
      reply: Type.Object({
        total: Type.Integer(),
        page: Type.Integer(),
        size: Type.Integer(),
        investment_transactions: Type.Array(InvestmentTransactionWire),
        ...context,
      }),
    },
    async (incoming) => {
      const { filter, page } = readTransactionQuery(incoming.query)
      const found = await listInvestmentTransactions(incoming.ctx, whoseLink(incoming), filter, page)
      return {
        total: found.total,
        page: page.page,
        size: found.transactions.length,
        investment_transactions: found.transactions.map(investmentTransactionWire),
        securities: found.securities.map(securityWire),
        accounts: found.accounts.map(accountWire),
        link: embeddedLinkWire(found.connection, incoming),
      }
    },
  )
}

function holdingWire(holding: HeldHolding): Wire {
  return {
    account_id: spellId('account', holding.accountId),
    security_id: spellId('security', holding.securityId),
    quantity: holding.quantity,
    price: holding.price,
    price_datetime: holding.pricedAt === null ? null : spellInstant(holding.pricedAt),
    value: holding.value,
    cost_basis: holding.costBasis,
  }
}

function securityWire(security: HeldSecurity): Wire {
  return {
    security_id: spellId('security', security.id),
    name: security.name,
    type: security.type,
    currency: security.currency,
    ticker: security.ticker,
    isin: security.isin,
    sedol: security.sedol,
    close_price: security.closePrice,
    close_date: security.closeOn,
  }
}

function investmentTransactionWire(transaction: HeldInvestmentTransaction): Wire {
  return {
    investment_transaction_id: spellId('investment_transaction', transaction.id),
    account_id: spellId('account', transaction.accountId),
    amount: transaction.amount,
    date: transaction.on,
    datetime: spellTimeOrNull(transaction.at),
    description: transaction.description,
    type: transaction.type,
    fees: transaction.fees,
    forex_rate: transaction.forexRate,
    price: transaction.price,
    quantity: transaction.quantity,
    security_id: transaction.securityId === null ? null : spellId('security', transaction.securityId),
  }
}
