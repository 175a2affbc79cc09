/** `/accounts/{acc_id}/transactions`. Contract: method/accounts §7. */
import type { FastifyInstance } from 'fastify'
import { getTransaction, listTransactions } from '../../core/transactions/transactions.js'
import { readWireId } from './ids.js'
import { list, read } from './routes.js'
import { TransactionWire, transactionWire } from './transaction-wire.js'

const BASE = '/accounts/:acc_id/transactions'

export function transactionRoutes(app: FastifyInstance): void {
  const facts = { tag: 'Transactions', reply: TransactionWire, resource: 'transaction' } as const
  const owner = (params: Readonly<Record<string, string>>) => readWireId('account', params.acc_id ?? '')

  list(
    app,
    BASE,
    { ...facts, summary: 'List the transactions of a card', cursor: 'card_transaction' },
    ({ ctx, params }, page) => listTransactions(ctx, owner(params), page),
    async (transactions) => transactions.map(transactionWire),
  )

  read(app, `${BASE}/:txn_id`, { ...facts, summary: 'Retrieve a transaction' }, async ({ ctx, params }) => {
    const wanted = {
      accountId: owner(params),
      transactionId: readWireId('card_transaction', params.txn_id ?? ''),
    }
    return transactionWire(await getTransaction(ctx, wanted))
  })
}
