/** What a rehearsal can bring about, and that what it brings about is as good as the real thing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type App, openApp, type Wire } from '../../../test/setup/app.js'
import {
  answer,
  institutionAt,
  type MxCaller,
  memberOf,
  mxBackEnd,
  newMember,
  OAUTH_BANK,
  openWidget,
  run,
  triedMember,
  type Widget,
} from '../../../test/setup/mx.js'

let app: App
let backEnd: MxCaller
let widget: Widget
beforeAll(async () => {
  app = await openApp()
  backEnd = mxBackEnd(app)
  widget = await openWidget(app)
})
afterAll(() => app.close())

let names = 0
const newName = () => `user-${String(++names)}`
const connected = () => triedMember(app, widget, 'anything', { name: newName() })
const put = (guid: string, status: number, more: object = {}) =>
  backEnd('PUT', `/simulate/members/${guid}`, { member: { connection_status: status, ...more } })

describe('a member', () => {
  // contract: mx-connect/states §1
  const names = {
    0: 'CREATED',
    1: 'PREVENTED',
    2: 'DENIED',
    3: 'CHALLENGED',
    4: 'REJECTED',
    5: 'LOCKED',
    6: 'CONNECTED',
    7: 'IMPEDED',
    8: 'RECONNECTED',
    9: 'DEGRADED',
    10: 'DISCONNECTED',
    11: 'DISCONTINUED',
    12: 'CLOSED',
    13: 'DELAYED',
    14: 'FAILED',
    15: 'UPDATED',
    16: 'DISABLED',
    17: 'IMPORTED',
    18: 'RESUMED',
    19: 'EXPIRED',
    20: 'IMPAIRED',
  }

  test('is put into every status, keeps what it has read, and is read again from there', async () => {
    const { guid } = await connected()
    const accounts = async () => (await widget.call('GET', `/members/${guid}/accounts`)).body.accounts
    const before = await accounts()
    expect(before.length).toBeGreaterThan(0)
    for (const [number, name] of Object.entries(names)) {
      const { status, body } = await put(guid, Number(number))
      expect(status, name).toBe(200)
      expect(body.member).toMatchObject({
        connection_status: Number(number),
        connection_status_name: name,
        error: null,
      })
      expect(await memberOf(widget, guid)).toEqual(body.member)
      expect(await accounts()).toEqual(before)
      // Whoever is asked something is in a job; nobody else is.
      const isAsked = name === 'CHALLENGED'
      expect(body.member.is_being_aggregated, name).toBe(isAsked)
      expect(body.member.mfa.credentials.length > 0, name).toBe(isAsked)
      if (isAsked) {
        expect(await answer(app, widget, body.member, 'correct')).toMatchObject({ connection_status: 6 })
      } else expect(await run(app, widget, guid), name).toMatchObject({ connection_status: 6, error: null })
    }
  })

  test.each([
    [2, 2004],
    [2, 2005],
    [14, 1000],
    [14, 1001],
    [14, 1002],
    [14, 3000],
    [14, 3001],
    [14, 3002],
  ])('is put into status %i with the code %i', async (status, code) => {
    const { guid } = await connected()
    const { body } = await put(guid, status, { error_code: code })
    expect(body.member).toMatchObject({ connection_status: status, error: { error_code: code } })
  })

  test('that was never connected is read once it has credentials again', async () => {
    const { guid } = await newMember(widget, 'anything', { name: newName() })
    await put(guid, 17)
    expect(await memberOf(widget, guid)).toMatchObject({ connection_status: 17, needs_updated_credentials: true })
    const { credentials } = await institutionAt(widget)
    const values = credentials.map((each: Wire, index: number) => ({
      guid: each.guid,
      value: ['imported', 'x'][index],
    }))
    await widget.call('PUT', `/members/${guid}`, { member: { credentials: values } })
    expect(await run(app, widget, guid)).toMatchObject({ connection_status: 6 })
  })

  test('that answers wrongly what it was put to is told so', async () => {
    const { guid } = await connected()
    const { body } = await put(guid, 3)
    expect(await answer(app, widget, body.member, 'nonsense')).toMatchObject({
      connection_status: 4,
      is_being_aggregated: false,
    })
  })

  test('in a job leaves it', async () => {
    const { guid } = await newMember(widget, 'anything', { name: newName() })
    const asked = await widget.call('POST', `/members/${guid}/jobs`, { job: { job_type: 0 } })
    await put(guid, 5)
    await app.drain()
    expect(await memberOf(widget, guid)).toMatchObject({ connection_status: 5, is_being_aggregated: false })
    const { job } = (await widget.call('GET', `/jobs/${asked.body.job.guid}`)).body
    expect(job).toMatchObject({ status: 9, finished_at: expect.any(Number) })
  })

  test('on the way to pages is PENDING until it was there, and never CREATED or asked', async () => {
    const { guid: institution } = await institutionAt(widget, OAUTH_BANK)
    const made = await widget.call('POST', '/members', { member: { institution_guid: institution, is_oauth: true } })
    const { guid } = made.body.member
    for (const status of [0, 3, 6]) {
      expect(await put(guid, status)).toMatchObject({ status: 409, body: { type: 'cannot_be_simulated' } })
    }
    await put(guid, 20)
    expect(await memberOf(widget, guid)).toMatchObject({ connection_status: 20 })
    expect((await put(guid, 21)).body.member).toMatchObject({ connection_status: 21, is_being_aggregated: false })
  })

  test('that cannot be where it is wanted stays as it was', async () => {
    const { guid } = await newMember(widget, 'anything', { name: newName() })
    const before = await memberOf(widget, guid)
    expect((await put(guid, 6)).status).toBe(409)
    expect((await put(guid, 21)).status).toBe(409)
    expect((await put(guid, 22)).status).toBe(422)
    expect(await put(guid, 5, { error_code: 2005 })).toMatchObject({
      status: 422,
      body: { type: 'validation', fields: { 'member.error_code': [expect.any(String)] } },
    })
    // What is asked again needs something that was asked.
    expect((await put(guid, 4, { error_code: 2002 })).status).toBe(422)
    expect(await memberOf(widget, guid)).toEqual(before)
  })

  test('of described accounts has nobody who logs in', async () => {
    const made = await widget.call('POST', '/accounts', { account: { user_name: 'Jar', account_type: 9, balance: 1 } })
    expect((await put(made.body.account.member_guid, 5)).status).toBe(409)
  })
})

describe('a visit', () => {
  async function onTheWay(): Promise<{ member: string; state: string }> {
    widget = await openWidget(app)
    const { guid: institution } = await institutionAt(widget, OAUTH_BANK)
    const made = await widget.call('POST', '/members', { member: { institution_guid: institution, is_oauth: true } })
    const state = new URL(made.body.member.oauth_window_uri).searchParams.get('state') ?? ''
    return { member: made.body.member.guid, state }
  }
  const end = (state: string, oauth_state: object) => backEnd('PUT', `/simulate/oauth_states/${state}`, { oauth_state })

  test('succeeds, and its member is read by a job', async () => {
    const { member, state } = await onTheWay()
    const { status, body } = await end(state, { auth_status: 2 })
    expect([status, body.oauth_state]).toMatchObject([200, { auth_status: 2, error_reason: null }])
    expect(body.oauth_state.inbound_member_guid).toBe(member)
    expect(await run(app, widget, member)).toMatchObject({ connection_status: 6 })
    expect((await end(state, { auth_status: 3 })).status).toBe(400)
  })

  test.each([0, 1, 2, 3, 4, 5, 6])('fails with the reason %i', async (reason) => {
    const { member, state } = await onTheWay()
    const { body } = await end(state, { auth_status: 3, error_reason: reason })
    expect(body.oauth_state).toMatchObject({ auth_status: 3, error_reason: reason })
    expect(await memberOf(widget, member)).toMatchObject({ connection_status: 21 })
  })

  test('neither goes on waiting nor succeeds for a reason', async () => {
    const { state } = await onTheWay()
    expect((await end(state, { auth_status: 1 })).status).toBe(422)
    expect((await end(state, { auth_status: 2, error_reason: 1 })).status).toBe(422)
    const { body } = await widget.call('GET', `/oauth_states/${state}`)
    expect(body.oauth_state.auth_status).toBe(1)
  })
})

describe('a micro-deposit', () => {
  let numbers = 0
  const create = async (more: object = {}) => {
    const micro_deposit = {
      account_number: `3333${String(++numbers).padStart(4, '0')}37`,
      account_type: 1,
      routing_number: '091000019',
      email: `ann.${String(numbers)}@example.com`,
      ...more,
    }
    return (await backEnd('POST', `/users/${widget.userGuid}/micro_deposits`, { micro_deposit })).body.micro_deposit
      .guid
  }
  const move = (guid: string, status: number) =>
    backEnd('PUT', `/simulate/micro_deposits/${guid}`, { micro_deposit: { status } })

  test.each([
    ['arrives at once', [2], { status: 2, attempts_left: 3 }],
    ['is proven', [3], { status: 3, verified_at: expect.any(String) }],
    ['is answered wrongly once', [5], { status: 5, attempts_left: 2 }],
    ['is answered wrongly for the last time', [2, 5, 6], { status: 6, attempts_left: 0 }],
    ['is proven after a wrong answer', [5, 3], { status: 3 }],
    ['comes back', [4], { status: 4 }],
    ['comes back after it arrived', [2, 4], { status: 4 }],
  ])('%s', async (_, statuses, after) => {
    const guid = await create()
    for (const status of statuses) expect((await move(guid, status)).status).toBe(200)
    const { micro_deposit } = (await widget.call('GET', `/micro_deposits/${guid}`)).body
    expect(micro_deposit).toMatchObject(after)
  })

  test.each([
    ['goes back', [3], 2],
    ['is refused by its bank once it was asked for', [], 8],
    ['is asked for once more', [2], 1],
    ['conflicts with itself', [], 7],
  ])('never %s', async (_, statuses, last) => {
    const guid = await create()
    for (const status of statuses) await move(guid, status)
    const before = (await widget.call('GET', `/micro_deposits/${guid}`)).body
    expect(await move(guid, last)).toMatchObject({ status: 409, body: { type: 'cannot_be_simulated' } })
    expect((await widget.call('GET', `/micro_deposits/${guid}`)).body).toEqual(before)
  })

  test('that its bank sends back does not arrive', async () => {
    const guid = await create({ account_number: '33330002' })
    expect(await move(guid, 3)).toMatchObject({ status: 200, body: { micro_deposit: { status: 4 } } })
  })

  test('without its account goes nowhere', async () => {
    const guid = await create({ account_number: null })
    for (const status of [2, 3, 4, 8]) expect((await move(guid, status)).status).toBe(409)
  })
})

describe('the clock', () => {
  test('is moved, and what is due happens', async () => {
    const key = (await app.newTeam()).development
    const own = await openWidget(app, { key })
    const team = mxBackEnd(app, key)
    const asked = await triedMember(app, own, 'challenge')
    const { status, body } = await team('POST', '/simulate/clock', { advance: 'PT6M' })
    expect([status, Object.keys(body.clock)]).toEqual([200, ['now', 'frozen', 'moving_to']])
    expect(Date.parse(body.clock.now) - Date.parse(app.clock.now())).toBe(360_000)
    expect(await memberOf(own, asked.guid)).toMatchObject({ connection_status: 19, is_being_aggregated: false })
    expect((await team('POST', '/simulate/clock', { freeze: true })).body.clock.frozen).toBe(true)
  })

  test.each([
    [{ advance: 'tomorrow' }, 'advance'],
    [{ advance: 'P11Y' }, 'advance'],
    [{ set: '2020-01-01' }, 'set'],
    [{ set: 'yesterday' }, 'set'],
    [{ advance: 1, freeze: true }, 'advance'],
    [{}, 'advance'],
  ])('refuses %j', async (move, field) => {
    const { status, body } = await backEnd('POST', '/simulate/clock', move)
    expect([status, body.type, Object.keys(body.fields)]).toEqual([422, 'validation', [field]])
  })
})

test('nothing of it is there for widgets, for others, or where money is real', async () => {
  const { guid } = await connected()
  const body = { member: { connection_status: 12 } }
  const production = mxBackEnd(app, (await app.newTeam()).production)
  expect(await production('PUT', `/simulate/members/${guid}`, body)).toMatchObject({
    status: 403,
    body: { type: 'forbidden' },
  })
  expect((await production('POST', '/simulate/clock', { advance: 1 })).status).toBe(403)
  expect((await widget.call('PUT', `/simulate/members/${guid}`, body)).status).toBe(401)
  const stranger = mxBackEnd(app, (await app.newTeam()).development)
  expect((await stranger('PUT', `/simulate/members/${guid}`, body)).status).toBe(404)
  expect(await memberOf(widget, guid)).toMatchObject({ connection_status: 6 })
})
