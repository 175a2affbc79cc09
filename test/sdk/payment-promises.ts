/** Payments through an official client. Contract: method/dev-fixtures-accounts F.6. */
import { expect, test } from 'vitest'
import type { Wire } from '../../src/faces/method/versions/versions.js'
import type { Release } from '../setup/sdk.js'
import { expectRefusal, id, instant, type Visit, verifiedKevin } from './visit.js'

const day = expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/)
const ACH = { routing: '062103000', number: '123456789', type: 'checking' } as const

export function paymentPromises(release: Release, visit: () => Visit): void {
  test('a payment is created, retrieved, listed and canceled with exactly the members its suites compare', async () => {
    const { client, typed } = visit()
    const { id: holder_id } = await verifiedKevin(visit())
    const source: Wire = await typed.accounts.create({ holder_id, ach: ACH })
    const liability = { mch_id: 'mch_3', account_number: '123456789' }
    const destination: Wire = await typed.accounts.create({ holder_id, liability })
    const draft = { amount: 5000, source: source.id, destination: destination.id, description: 'MethodNode' }
    const made: Wire = await client.payments.create(draft)
    expect(made).toStrictEqual({
      id: id('pmt'),
      source: source.id,
      destination: destination.id,
      amount: 5000,
      description: 'MethodNode',
      status: 'pending',
      estimated_completion_date: day,
      source_trace_id: null,
      source_settlement_date: day,
      source_status: 'pending',
      destination_trace_id: null,
      destination_settlement_date: day,
      destination_status: 'pending',
      reversal_id: null,
      fee: null,
      type: 'standard',
      error: null,
      metadata: null,
      created_at: instant,
      updated_at: instant,
    })
    expect(await client.payments.retrieve(made.id)).toStrictEqual({ ...made, fund_status: 'pending' })
    const from_date = new Date(Date.now() - 5 * 3_600_000).toISOString().slice(0, 10)
    const listed = await client.payments.list({ from_date, source: source.id })
    expect(listed.map((each) => each.id)).toStrictEqual([made.id])
    expect(await client.payments(made.id).reversals.list()).toStrictEqual([])
    const canceled = { status: 'canceled', source_status: 'canceled', destination_status: 'canceled' }
    expect(await client.payments.delete(made.id)).toStrictEqual({ ...made, ...canceled, updated_at: instant })
    await expectRefusal(release, 'INVALID_STATUS', client.payments.delete(made.id))
  })

  test('a payment is moved by simulation, and its reversal approved', async () => {
    const { client, typed } = visit()
    const { id: holder_id } = await verifiedKevin(visit())
    const source: Wire = await typed.accounts.create({ holder_id, ach: { ...ACH, number: '123456780' } })
    const destination: Wire = await typed.accounts.create({ holder_id, ach: { ...ACH, number: '123456781' } })
    const draft = { amount: 5000, source: source.id, destination: destination.id, description: 'MethodNode' }
    const { id: paymentId } = await client.payments.create(draft)
    await client.simulate.payments.update(paymentId, { status: 'processing' })
    await client.simulate.payments.update(paymentId, { status: 'sent' })
    const failing = { status: 'reversal_required', error_code: 10001 }
    const returned = await client.simulate.payments.update(paymentId, failing)
    const reversals = client.payments(paymentId).reversals
    const approved = await reversals.update(returned.reversal_id, { status: 'pending', description: null })
    expect(approved).toMatchObject({ pmt_id: paymentId, status: 'pending', target_account: destination.id })
    expect(await reversals.retrieve(returned.reversal_id)).toStrictEqual(approved)
    expect((await client.payments.retrieve(paymentId)).status).toBe('reversal_processing')
  })
}
