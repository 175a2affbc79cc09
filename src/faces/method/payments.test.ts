/** Contract: method/payments §1, simulate §1; dev-fixtures-accounts F.6. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type App, openApp, type Wire } from '../../../test/setup/app.js'
import { addChecking, type Payer, passTo, pay, payer } from '../../../test/setup/money.js'
import { checkLedger } from '../../core/payments/payments.js'

// The app's clock begins on Tuesday 2026-03-10, 10:00 in Chicago.
const SOURCE_WINDOW = '2026-03-10T15:30:00.000Z'
const CLEARED = '2026-03-11T21:30:00.000Z'
const PUSH_WINDOW = '2026-03-12T18:30:00.000Z'
const CONFIRMED = '2026-03-13T18:30:00.000Z'
const SETTLED = '2026-03-13T21:30:00.000Z'

let app: App
let kevin: Payer
beforeEach(async () => {
  app = await openApp()
  kevin = await payer(app)
})

afterEach(() => app.close())

const get = async (id: string, version?: 'late') =>
  (await app.call('GET', `/payments/${id}`, version ? { version: '2024-04-04-late' } : {})).data
const owed = async () => {
  await app.call('POST', `/accounts/${kevin.card}/balances`)
  await app.drain()
  return ((await app.call('GET', `/accounts/${kevin.card}?expand[]=balance`)).data.balance as Wire).amount as number
}
const proof = async () => (await checkLedger(await app.ctx())).findings

describe('a payment', () => {
  it('of the fixtures is created, retrieved, listed and canceled with exactly the documented members', async () => {
    const { checking: source, card: destination } = kevin
    const body = { amount: 5000, source, destination, description: 'MethodNode' }
    const { data: made } = await app.call('POST', '/payments', { body })
    expect(made).toEqual({
      id: expect.stringMatching(/^pmt_/),
      source,
      destination,
      amount: 5000,
      description: 'MethodNode',
      status: 'pending',
      estimated_completion_date: '2026-03-13',
      source_trace_id: null,
      source_settlement_date: '2026-03-11',
      source_status: 'pending',
      destination_trace_id: null,
      destination_settlement_date: '2026-03-13',
      destination_status: 'pending',
      reversal_id: null,
      fee: null,
      type: 'standard',
      error: null,
      metadata: null,
      created_at: app.clock.now(),
      updated_at: app.clock.now(),
    })
    expect(await get(made.id)).toEqual({ ...made, fund_status: 'pending' })
    const list = (await app.call('GET', `/payments?from_date=2026-03-10&source=${source}`)).data
    expect(list).toEqual([made])
    const canceled = { status: 'canceled', source_status: 'canceled', destination_status: 'canceled' }
    const { data: after } = await app.call('DELETE', `/payments/${made.id}`)
    expect(after).toEqual({ ...made, ...canceled, updated_at: after.updated_at })
    expect((await app.call('DELETE', `/payments/${made.id}`)).error.sub_type).toBe('INVALID_STATUS')
  })

  it('goes through its windows, lowers the debt, and is whole in the ledger', async () => {
    const before = await owed()
    const { id } = await pay(app, { source: kevin.checking, destination: kevin.card })
    await passTo(app, SOURCE_WINDOW)
    expect(await get(id)).toMatchObject({ status: 'processing', fund_status: 'requested', source_status: 'processing' })
    await passTo(app, CLEARED)
    expect(await get(id)).toMatchObject({ status: 'processing', fund_status: 'clearing', source_status: 'settled' })
    expect(await owed()).toBe(before)
    await passTo(app, PUSH_WINDOW)
    const sent = await get(id)
    expect(sent).toMatchObject({ status: 'sent', fund_status: 'sent', destination_status: 'sent' })
    expect([sent.source_trace_id, sent.destination_trace_id]).toEqual([
      expect.stringMatching(/^\d{15}$/),
      expect.stringMatching(/^\d{15}$/),
    ])
    expect(await owed()).toBe(before - 5000)
    await passTo(app, CONFIRMED)
    expect(await get(id, 'late')).toMatchObject({ status: 'posted', destination_payment_method: 'electronic' })
    await passTo(app, SETTLED)
    expect(await get(id, 'late')).toMatchObject({ status: 'settled', fund_status: 'posted' })
    expect(await get(id)).toMatchObject({ status: 'sent', fund_status: 'sent', destination_status: 'sent' })
    expect(await proof()).toEqual([])
  })

  it.each([
    [{}, 12500],
    [{ fee: { type: 'total', amount: 300 } }, 12200],
    [{ fee: { type: 'markup', amount: 300 } }, 12125],
  ])('with %j brings the destination %i cents', async (fee, credited) => {
    const { id: destination } = await addChecking(app, kevin.person.id)
    const made = await pay(app, { source: kevin.checking, destination, amount: 12500, ...fee })
    expect(made.fee).toEqual('fee' in fee ? fee.fee : null)
    await passTo(app, SOURCE_WINDOW, CLEARED, PUSH_WINDOW, CONFIRMED)
    const { team, network } = await app.ctx()
    const { ach } = (await app.call('GET', `/accounts/${destination}`)).data
    expect(await network.stage?.deposits(team.id, ach.number)).toMatchObject([{ cents: credited }])
    expect(await proof()).toEqual([])
  })

  it('whose pull comes back before the push fails, and its money is back', async () => {
    const { id: source, ach } = await addChecking(app, kevin.person.id, '0001')
    const { id } = await pay(app, { source, destination: kevin.card })
    await passTo(app, SOURCE_WINDOW, '2026-03-11T15:30:00.000Z')
    expect(await get(id)).toMatchObject({
      status: 'failed',
      fund_status: 'failed',
      source_status: 'failed',
      destination_status: 'canceled',
      error: { code: 10001, type: 'PAYMENT_FAILED', sub_type: 'PAYMENT_INSUFFICIENT_FUNDS' },
    })
    const { team, network } = await app.ctx()
    expect((await network.stage?.deposits(team.id, ach.number))?.reduce((sum, { cents }) => sum + cents, 0)).toBe(0)
    expect(await proof()).toEqual([])
  })

  it('that its holder did not authorize disables account and holder, and others of that account fail', async () => {
    const { id: source } = await addChecking(app, kevin.person.id, '0010')
    const { id } = await pay(app, { source, destination: kevin.card })
    await passTo(app, SOURCE_WINDOW, '2026-03-11T15:30:00.000Z')
    expect((await get(id)).error.code).toBe(10005)
    expect((await app.call('GET', `/accounts/${source}`)).data.error.code).toBe(11003)
    expect((await app.call('GET', `/entities/${kevin.person.id}`)).data.error.code).toBe(12001)
    expect(await proof()).toEqual([])
  })

  it('whose push is refused fails, and the source gets its money again', async () => {
    const { id: destination } = await addChecking(app, kevin.person.id, '0002')
    const { id } = await pay(app, { source: kevin.checking, destination })
    await passTo(app, SOURCE_WINDOW, CLEARED, PUSH_WINDOW, '2026-03-13T15:30:00.000Z')
    expect(await get(id)).toMatchObject({
      status: 'failed',
      source_status: 'settled',
      destination_status: 'failed',
      error: { code: 10008 },
    })
    expect((await app.call('GET', `/accounts/${destination}`)).data.error.code).toBe(11002)
    await passTo(app, SETTLED, '2026-03-16T21:30:00.000Z')
    const [refund] = (await app.call('GET', `/payments/${id}/reversals`)).data as unknown as Wire[]
    expect(refund).toMatchObject({ direction: 'credit', target_account: kevin.checking, status: 'sent', amount: 5000 })
    expect(await proof()).toEqual([])
  })

  it('at an account that is frozen, or takes no such entries, disables it: in older versions as a wrong one', async () => {
    const [frozen, still] = [
      await addChecking(app, kevin.person.id, '0016'),
      await addChecking(app, kevin.person.id, '0020'),
    ]
    await pay(app, { source: frozen.id, destination: kevin.card })
    await pay(app, { source: kevin.checking, destination: still.id })
    await passTo(app, SOURCE_WINDOW, CLEARED, PUSH_WINDOW, '2026-03-13T15:30:00.000Z')
    for (const { id } of [frozen, still]) {
      const { status, error } = (await app.call('GET', `/accounts/${id}`, { version: '2025-12-01' })).data
      expect(status).toBe('disabled')
      expect(error).toMatchObject({ type: 'ACCOUNT_DISABLED', code: 11005, sub_type: 'ACCOUNT_DISABLED_INVALID_STATE' })
      for (const version of ['2024-04-04', '2024-04-04-late', '2025-07-04'] as const) {
        const { data } = await app.call('GET', `/accounts/${id}`, { version })
        expect(data.error).toMatchObject({ code: 11001, sub_type: 'ACCOUNT_INVALID_DETAILS' })
      }
    }
  })

  it('whose pull comes back after the push waits for approval, and its reversal takes the money back', async () => {
    const { id: source } = await addChecking(app, kevin.person.id, '9001')
    const { id: destination } = await addChecking(app, kevin.person.id)
    const fee = { type: 'markup', amount: 300 }
    const { id } = await pay(app, { source, destination, fee })
    await passTo(app, SOURCE_WINDOW, CLEARED, PUSH_WINDOW, SETTLED, '2026-03-16T15:30:00.000Z')
    const returned = await get(id)
    expect(returned).toMatchObject({
      status: 'reversal_required',
      source_status: 'failed',
      destination_status: 'sent',
      error: { code: 10001 },
    })
    const path = `/payments/${id}/reversals/${returned.reversal_id}`
    const reversal = (await app.call('GET', path)).data
    expect(reversal).toEqual({
      id: returned.reversal_id,
      pmt_id: id,
      target_account: destination,
      trace_id: null,
      direction: 'debit',
      description: 'PmtRvrsl',
      amount: 5000 - 375,
      status: 'pending_approval',
      error: null,
      created_at: reversal.created_at,
      updated_at: reversal.updated_at,
    })
    const approved = await app.call('PUT', path, { body: { status: 'pending', description: 'GiveBack' } })
    expect(approved.data).toMatchObject({ status: 'pending', description: 'GiveBack' })
    expect((await app.call('PUT', path, { body: { status: 'pending' } })).error.sub_type).toBe(
      'INVALID_REVERSAL_STATUS',
    )
    expect((await get(id)).status).toBe('reversal_processing')
    await passTo(app, '2026-03-16T18:30:00.000Z')
    expect((await app.call('GET', path)).data).toMatchObject({ status: 'processing', trace_id: expect.any(String) })
    await passTo(app, '2026-03-17T21:30:00.000Z')
    expect((await app.call('GET', path)).data.status).toBe('sent')
    expect((await get(id)).status).toBe('reversed')
    expect(await proof()).toEqual([])
  })

  it('to a debt is settled by its reversal, or fails with it', async () => {
    const { id: source } = await addChecking(app, kevin.person.id, '9001')
    const { id } = await pay(app, { source, destination: kevin.card })
    await passTo(app, SOURCE_WINDOW, CLEARED, PUSH_WINDOW, SETTLED, '2026-03-16T15:30:00.000Z')
    const { reversal_id } = await get(id)
    await app.call('PUT', `/payments/${id}/reversals/${reversal_id}`, { body: { status: 'pending' } })
    await passTo(app, '2026-03-16T18:30:00.000Z', '2026-03-17T21:30:00.000Z')
    expect(await get(id)).toMatchObject({ status: 'settled', source_status: 'settled' })
    // The same account sends the reversal back as well, four days later: the payment stays, the money does not.
    await passTo(app, '2026-03-20T15:30:00.000Z')
    expect((await get(id)).status).toBe('settled')
    expect(await proof()).toEqual([])
  })
})
