import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type App, openApp, type Wire } from '../../../test/setup/app.js'
import { mxBackEnd, openWidget, type Widget } from '../../../test/setup/mx.js'

let app: App
let widget: Widget
beforeAll(async () => {
  app = await openApp()
  widget = await openWidget(app)
})
afterAll(() => app.close())

let numbers = 0
/** Ends in 37, so that the deposits are of 3 and 7 cents. */
const newNumber = (start = '3333') => `${start}${String(++numbers).padStart(4, '0')}37`

const said = (more: object = {}) => ({
  account_name: 'Checking',
  account_number: newNumber(),
  account_type: 1,
  routing_number: '091000019',
  first_name: 'Ann',
  last_name: 'Lee',
  email: `ann.${++numbers}@example.com`,
  ...more,
})

const create = (more: object = {}, by: Widget = widget) =>
  by.call('POST', '/micro_deposits', { micro_deposit: said(more) })

async function deposited(): Promise<Wire> {
  const { micro_deposit } = (await create()).body
  app.clock.advance(6000)
  await app.drain()
  return micro_deposit
}

const look = async (guid: string) => (await widget.call('GET', `/micro_deposits/${guid}`)).body.micro_deposit
const tell = (guid: string, one: number, two: number) =>
  widget.call('PUT', `/micro_deposits/${guid}/verify`, {
    micro_deposit: { deposit_amount_1: one, deposit_amount_2: two },
  })

test('deposits are asked for, arrive, and prove the account in either order', async () => {
  const made = await create()
  expect(made).toMatchObject({
    status: 201,
    body: {
      micro_deposit: {
        status: 1,
        status_name: 'REQUESTED',
        account_number: expect.stringMatching(/^\*{5}\d{4}$/),
        account_type: 1,
        routing_number: '091000019',
        first_name: 'Ann',
        user_guid: widget.userGuid,
        attempts_left: 3,
        verified_at: null,
      },
    },
  })
  const { guid } = made.body.micro_deposit
  expect(await tell(guid, 0.03, 0.07)).toMatchObject({ status: 409, body: { type: 'not_verifiable' } })
  app.clock.advance(6000)
  await app.drain()
  expect(await look(guid)).toMatchObject({ status: 2, status_name: 'DEPOSITED' })
  const refreshed = await widget.call('POST', `/micro_deposits/${guid}/refresh`)
  expect(refreshed).toMatchObject({ status: 202, body: { micro_deposit: { status: 2 } } })
  expect(await tell(guid, 0.07, 0.03)).toMatchObject({
    status: 200,
    body: { micro_deposit: { status: 3, status_name: 'VERIFIED', verified_at: expect.any(String) } },
  })
  expect(await tell(guid, 0.07, 0.03)).toMatchObject({ status: 409, body: { type: 'not_verifiable' } })
})

test('wrong amounts are told in the answer, and the third time is the last', async () => {
  const { guid } = await deposited()
  expect((await tell(guid, 0.01, 0.02)).body.micro_deposit).toMatchObject({ status: 5, attempts_left: 2 })
  expect((await tell(guid, 0.03, 0.02)).body.micro_deposit).toMatchObject({ status: 5, attempts_left: 1 })
  expect((await tell(guid, 0.01, 0.07)).body.micro_deposit).toMatchObject({ status: 6, attempts_left: 0 })
  expect((await tell(guid, 0.03, 0.07)).status).toBe(409)
})

test('other account numbers get one to nine cents, of which no one is told', async () => {
  const { micro_deposit } = (await create({ account_number: '3333000012' })).body
  app.clock.advance(6000)
  await app.drain()
  const ctx = await app.ctx()
  const sent = (await ctx.network.stage?.deposits(ctx.team.id, '3333000012')) ?? []
  expect(sent).toHaveLength(2)
  for (const { cents } of sent) expect(cents >= 1 && cents <= 9, String(cents)).toBe(true)
  const [one = 0, two = 0] = sent.map(({ cents }) => cents / 100)
  expect((await tell(micro_deposit.guid, one, two)).body.micro_deposit.status).toBe(3)
})

describe('what a number is for', () => {
  test.each([
    ['4444', 4, 'ERRORED'],
    ['5555', 8, 'REJECTED'],
  ])('%s…: begun, and then %i', async (start, status, name) => {
    const { micro_deposit } = (await create({ account_number: newNumber(start) })).body
    expect(micro_deposit).toMatchObject({ status: 0, status_name: 'INITIATED' })
    app.clock.advance(2000)
    expect(await look(micro_deposit.guid)).toMatchObject({ status, status_name: name })
    expect((await tell(micro_deposit.guid, 0.03, 0.07)).status).toBe(409)
  })

  test('6666… conflicts, and 4000… can be corrected; both say what was said', async () => {
    const conflict = await create({ account_number: newNumber('6666') })
    expect(conflict).toMatchObject({
      status: 409,
      body: {
        type: 'micro_deposit_conflict',
        micro_deposit: { status: 7, routing_number: '091000019', account_type: 1 },
      },
    })
    const number = newNumber('4000')
    expect(await create({ account_number: number })).toMatchObject({
      status: 400,
      body: {
        type: 'micro_deposit_invalid',
        micro_deposit: { account_number: number },
        fields: { account_number: [expect.any(String)] },
      },
    })
  })
})

test.each([
  [{ routing_number: '111111111' }, 'routing_number'],
  [{ account_number: '12ab' }, 'account_number'],
  [{ first_name: ' ' }, 'first_name'],
  [{ last_name: 'x'.repeat(51) }, 'last_name'],
  [{ email: 'nobody' }, 'email'],
])('%j: 400 about %s', async (flaw, member) => {
  const reply = await create(flaw)
  expect(reply).toMatchObject({
    status: 400,
    body: { type: 'micro_deposit_invalid', micro_deposit: expect.any(Object) },
  })
  expect(Object.keys(reply.body.fields)).toEqual([member])
})

test('an account with deposits on their way gets no others', async () => {
  const account_number = newNumber()
  expect((await create({ account_number })).status).toBe(201)
  expect(await create({ account_number })).toMatchObject({ status: 409, body: { type: 'micro_deposit_conflict' } })
})

test('three accounts are proven with one address, and no more', async () => {
  const email = 'many@example.com'
  for (let count = 0; count < 3; count++) {
    const { micro_deposit } = (await create({ email })).body
    app.clock.advance(6000)
    await app.drain()
    expect((await tell(micro_deposit.guid, 0.03, 0.07)).body.micro_deposit.status).toBe(3)
  }
  expect(await create({ email })).toMatchObject({
    status: 429,
    headers: { 'retry-after': expect.stringMatching(/^\d+$/) },
    body: { type: 'rate_limited', micro_deposit: expect.any(Object) },
  })
})

test('a back end begins one that waits for its account', async () => {
  const backEnd = mxBackEnd(app)
  const { account_name, account_number, account_type, routing_number, ...holder } = said()
  const begun = await backEnd('POST', `/users/${widget.userGuid}/micro_deposits`, { micro_deposit: holder })
  expect(begun.body.micro_deposit).toMatchObject({ status: 9, account_number: null, first_name: 'Ann' })
  const { guid } = begun.body.micro_deposit
  expect((await tell(guid, 0.03, 0.07)).status).toBe(409)
  const account = { account_name, account_number, account_type, routing_number }
  const put = () => widget.call('PUT', `/micro_deposits/${guid}`, { micro_deposit: account })
  expect(await put()).toMatchObject({ status: 200, body: { micro_deposit: { guid, status: 1 } } })
  expect(await put()).toMatchObject({
    status: 409,
    body: { type: 'not_preinitiated', micro_deposit: expect.any(Object) },
  })
  app.clock.advance(6000)
  await app.drain()
  expect((await tell(guid, 0.03, 0.07)).body.micro_deposit.status).toBe(3)
})

test('amounts that are none: 422; of another user: 404', async () => {
  const { guid } = await deposited()
  expect((await tell(guid, 1, 0.07)).status).toBe(422)
  expect((await tell(guid, 0, 0.07)).status).toBe(422)
  const other = await openWidget(app)
  expect((await other.call('GET', `/micro_deposits/${guid}`)).status).toBe(404)
  expect((await other.call('POST', `/micro_deposits/${guid}/refresh`)).status).toBe(404)
})

test.each([
  ['091000019', null],
  ['111000025', { reason: 1, reason_name: 'BLOCKED' }],
  ['122000247', { reason: 2, reason_name: 'CLIENT_BLOCKED' }],
  ['222000118', { reason: 3, reason_name: 'IAV_PREFERRED' }],
  ['111111111', { reason: 0, reason_name: 'INVALID', guid: null }],
])('the routing number %s', async (number, blocked) => {
  const { blocked_routing_number: found } = (
    await widget.call('GET', `/blocked_routing_numbers/${number}?include_identity=false`)
  ).body
  if (blocked === null) expect(found).toBeNull()
  else expect(found).toMatchObject(blocked)
})
