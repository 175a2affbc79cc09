import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signUp } from '../src/customers.js'
import { listDebts } from '../src/debts.js'
import { CHEAP_CARD, customerWith, DEAR_CARD, openTeam } from './app.js'

test('the dearest debt comes first', async (t) => {
  const { team, method } = await openTeam(t)
  const customer = await customerWith(team, method, { liabilities: [CHEAP_CARD, DEAR_CARD] })
  const debts = await listDebts(method, customer.id)
  assert.deepEqual(
    debts.map(({ balanceCents, interestPercent }) => [balanceCents, interestPercent]),
    [
      [30_000, 29.9],
      [80_000, 12.5],
    ],
  )
})

test('somebody whom the bureau does not recognise at once is not signed up', async (t) => {
  const { team, method } = await openTeam(t)
  const { first_name, last_name, phone } = await team.persona({ kba_recognized: false })
  const customer = await signUp(method, {
    firstName: first_name,
    lastName: last_name,
    phone,
    phoneVerifiedAt: new Date(),
  })
  assert.equal(customer.isVerified, false)
  assert.deepEqual(await listDebts(method, customer.id), [])
})
