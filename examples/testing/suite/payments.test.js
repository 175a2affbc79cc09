import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listDebts } from '../src/debts.js'
import { PaymentBook, payDearest } from '../src/payments.js'
import { CHEAP_CARD, customerWith, DEAR_CARD, openTeam } from './app.js'

test('the budget goes into the dearest debt, and two weeks later it is owed no more', async (t) => {
  const { team, method } = await openTeam(t)
  const customer = await customerWith(team, method, { liabilities: [CHEAP_CARD, DEAR_CARD] })
  const order = { customerId: customer.id, checkingId: customer.checkingId, budgetCents: 10_000 }
  const payment = await payDearest(method, order)
  const [dearest] = await listDebts(method, customer.id)
  assert.equal(payment.destination, dearest.id)

  await team.clock.advance('P14D')
  const { status } = await method.payments.retrieve(payment.id)
  assert.equal(status, 'settled')
})

test('never more is paid than is owed', async (t) => {
  const { team, method } = await openTeam(t)
  const customer = await customerWith(team, method, { liabilities: [DEAR_CARD] })
  const order = { customerId: customer.id, checkingId: customer.checkingId, budgetCents: 99_000 }
  assert.equal((await payDearest(method, order)).amount, 30_000)
})

test('a bank that sends the money back closes the payment, with its reason', async (t) => {
  const { team, method } = await openTeam(t)
  const book = new PaymentBook(method)
  // An account whose number ends so has not enough money in it.
  const customer = await customerWith(team, method, { liabilities: [DEAR_CARD], checkingNumber: '123450001' })
  const order = { customerId: customer.id, checkingId: customer.checkingId, budgetCents: 10_000 }

  const { id } = await payDearest(method, order)
  const failed = await team.webhooks.expect('payment.update', {
    cause: () => team.clock.advance('P14D'),
    where: ({ body }) => body.id === id,
  })
  await book.onWebhook(failed.body)
  const { isOpen, status, reason } = book.stateOf(id)
  assert.deepEqual({ isOpen, status }, { isOpen: false, status: 'failed' })
  assert.match(reason, /insufficient/i)
})
