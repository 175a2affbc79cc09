/** The library for hosts of MX's widget, over the real face: what each callback resolves to, and rules L1–L12 of the contract. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ConnectApiError, createConnectApi } from '../../clients/mx-connect-api/src/index.js'
import { type App, openApp, type Wire } from '../setup/app.js'
import { OAUTH_BANK, openWidget, type Widget } from '../setup/mx.js'

let app: App
let widget: Widget
let api: ReturnType<typeof createConnectApi>
const sent: { readonly method: string; readonly path: string; readonly body: Wire }[] = []
/** Answers instead of the server, once each. */
const instead: (() => Response | Promise<Response>)[] = []

beforeAll(async () => {
  app = await openApp()
  widget = await openWidget(app)
  api = createConnectApi({ baseUrl: 'http://clearspan.test/mx/', token: widget.token, fetch: ask })
})
afterAll(() => app.close())

const ask: typeof fetch = async (input, init = {}) => {
  const { pathname, search } = new URL(String(input))
  const method = init.method ?? 'GET'
  sent.push({
    method,
    path: pathname.replace('/mx', '') + search,
    body: init.body ? JSON.parse(String(init.body)) : {},
  })
  const other = instead.shift()
  if (other) return other()
  const answer = await app.http.inject({
    method: method as 'GET',
    url: pathname + search,
    headers: init.headers as Record<string, string>,
    ...(init.body ? { payload: String(init.body) } : {}),
  })
  const isEmpty = answer.statusCode === 204
  return new Response(isEmpty ? null : answer.payload, {
    status: answer.statusCode,
    headers: answer.headers as Record<string, string>,
  })
}

const failure = async (work: Promise<unknown>): Promise<ConnectApiError> => {
  try {
    await work
  } catch (error) {
    if (error instanceof ConnectApiError) return error
    throw error
  }
  throw new Error('It did not fail.')
}

async function bank(code = 'mxbank') {
  const institution = await api.loadInstitutionByCode(code)
  const fields = await api.getInstitutionCredentials(institution.guid)
  const typed = (name: string, password: string) =>
    fields.map(({ guid }: Wire, index: number) => ({ guid, value: [name, password][index] }))
  return { institution, typed }
}

test('there are the 28 callbacks of the widget and no others, none of which needs to be called on the object', () => {
  expect(Object.keys(api)).toHaveLength(28)
  for (const callback of Object.values(api)) expect(callback).toBeTypeOf('function')
})

test('a member, from the institution to being deleted', async () => {
  const { institution, typed } = await bank()
  expect(await api.loadInstitutionByGuid(institution.guid)).toEqual(institution)
  const { addMember, loadMemberByGuid } = api
  const { member } = await addMember(
    { institution_guid: institution.guid, credentials: typed('lib-1', 'challenge'), rawInstitutionData: institution },
    { mode: 'aggregation' },
    false,
  )
  expect(member).toMatchObject({ connection_status: 0 })
  expect((await api.getMemberCredentials(member.guid)).length).toBe(2)
  await api.runJob(0, member.guid, {}, true)
  await app.drain()
  const asked = await loadMemberByGuid(member.guid, 'en')
  expect(asked.connection_status).toBe(3)
  const credentials = asked.mfa.credentials.map(({ guid }: Wire) => ({ guid, value: 'correct' }))
  expect(await api.updateMFA({ ...asked, credentials }, {}, false)).toMatchObject({ connection_status: 18 })
  await app.drain()
  const connected = (await api.loadMembers('en')).find(({ guid }) => guid === member.guid)
  expect(connected).toMatchObject({ connection_status: 6 })
  expect(await api.loadJob(connected.most_recent_job_guid)).toMatchObject({ job_type: 0, status: 6 })
  const updated = await api.updateMember({ ...connected, credentials: typed('lib-1b', 'anything') }, {}, false)
  expect(updated).toMatchObject({ connection_status: 15 })
  await api.deleteMember(updated)
  expect((await failure(api.loadMemberByGuid(member.guid))).response.status).toBe(404)
})

test('what else the widget loads and writes comes without its envelope', async () => {
  expect(await api.loadPopularInstitutions({ per_page: 3 })).toHaveLength(3)
  expect((await api.loadInstitutions({ search_name: 'clearspan', page: 1 })).length).toBeGreaterThan(3)
  expect(await api.loadDiscoveredInstitutions({ iso_country_code: null })).toBeInstanceOf(Array)
  const account = await api.createAccount({
    user_name: '12',
    balance: '12.50',
    credit_limit: '',
    account_type: 4,
    is_personal: true,
  })
  expect(account).toMatchObject({ user_name: '12', balance: 12.5, credit_limit: null, member_guid: expect.any(String) })
  expect(await api.createSupportTicket({ email: 'a@b.example', title: 't', message: 'm' })).toMatchObject({
    title: 't',
  })
  expect(await api.updateUserProfile({ too_small_modal_dismissed_at: 1_795_178_386, guid: 'x' })).toMatchObject({
    user_profile: { too_small_modal_dismissed_at: '2026-11-20T12:39:46.000Z' },
  })
  expect(await api.verifyRoutingNumber('091000019', false)).toEqual({})
  expect(await api.verifyRoutingNumber('222000118')).toMatchObject({ blocked_routing_number: { reason: 3 } })
})

describe('L1: every failure is an error of one shape', () => {
  test.each<[name: string, answer: () => Response | Promise<Response>, code: string, status: number]>([
    ['no answer', () => Promise.reject(new TypeError('Failed to fetch')), 'network', 0],
    ['no JSON', () => new Response('<html>'), 'network', 0],
    ['no JSON in a failure', () => new Response('<html>', { status: 502 }), 'http', 502],
    ['too late', () => Promise.reject(new DOMException('', 'TimeoutError')), 'timeout', 0],
    ['given up', () => Promise.reject(new DOMException('', 'AbortError')), 'aborted', 0],
  ])('%s', async (_, answer, code, status) => {
    instead.push(answer)
    const error = await failure(api.loadMembers())
    expect(error).toMatchObject({
      name: 'ConnectApiError',
      code,
      response: { status, data: {} },
      config: { url: 'http://clearspan.test/mx/members', method: 'GET' },
    })
  })

  test('what the server says reaches the widget as it is', async () => {
    const { institution, typed } = await bank()
    const given = { institution_guid: institution.guid, credentials: typed('lib-twice', 'x') }
    const { member } = await api.addMember(given, {})
    const { response } = await failure(api.addMember(given, {}))
    expect(response).toMatchObject({ status: 409, data: { type: 'member_exists', guid: member.guid } })
  })
})

test('L2: a failed micro-deposit always says which account it was', async () => {
  const deposit = { account_number: '333300001', routing_number: '091000019', account_type: 2, email: 'x@y.example' }
  instead.push(() => new Response('', { status: 500 }))
  const { response } = await failure(api.createMicrodeposit(deposit))
  expect(response.data.micro_deposit).toEqual({
    account_number: '333300001',
    routing_number: '091000019',
    account_type: 2,
  })
  const invalid = await failure(api.createMicrodeposit({ ...deposit, account_number: '4000001' }))
  expect(invalid.response).toMatchObject({ status: 400, data: { micro_deposit: { account_number: '4000001' } } })
  instead.push(() => Promise.reject(new TypeError('offline')))
  expect((await failure(api.updateMicrodeposit('MIC-x', deposit))).response.data.micro_deposit).toMatchObject({
    account_type: 2,
  })
})

test('L3: a job that nobody can name is the one that was asked for last', async () => {
  instead.push(() => new Response('{"job":{"guid":"JOB-1"}}'))
  await api.runJob(2, 'MBR-x', {}, true)
  const before = sent.length
  for (const guid of [null, undefined, '']) {
    expect(await api.loadJob(guid)).toMatchObject({
      guid: null,
      job_type: 2,
      status: 6,
      finished_at: expect.any(Number),
    })
  }
  expect(sent.length).toBe(before)
})

test('L4: a visit that was over before the widget looked is found', async () => {
  const { institution } = await bank(OAUTH_BANK)
  const { member } = await api.addMember({ is_oauth: true, institution_guid: institution.guid }, {})
  await api.oAuthStart({ member })
  const query = { outbound_member_guid: member.guid, auth_status: 1 }
  const [pending] = await api.loadOAuthStates(query)
  expect(pending).toMatchObject({ auth_status: 1 })
  await app.http.inject({
    method: 'POST',
    url: '/mx/oauth/authorize',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: `state=${pending.guid}&outcome=approve`,
  })
  expect(await api.loadOAuthStates(query)).toMatchObject([{ guid: pending.guid, auth_status: 2 }])
  expect(await api.loadOAuthState(pending.guid)).toMatchObject({ auth_status: 2 })
  // Another instance has not sent anybody there, and gets what it asked for.
  const stranger = createConnectApi({ baseUrl: 'http://clearspan.test/mx', token: widget.token, fetch: ask })
  expect(await stranger.loadOAuthStates(query)).toEqual([])
  const { oauth_window_uri: uri } = await api.getOAuthWindowURI(member.guid, { oauth_referral_source: 'BROWSER' })
  expect(uri).toContain('/oauth/authorize?state=')
})

test('L5: only what a route takes is sent', async () => {
  const { institution, typed } = await bank()
  const given = {
    institution_guid: institution.guid,
    credentials: typed('lib-5', 'anything').map((each: Wire) => ({ ...each, label: 'x' })),
    rawInstitutionData: institution,
    mfa: {},
    error: null,
  }
  const { member } = await api.addMember(given, {
    mode: 'verification',
    _initialValues: '{}',
    disable_background_agg: null,
  })
  expect(sent.at(-1)?.body).toEqual({
    member: {
      institution_guid: institution.guid,
      credentials: typed('lib-5', 'anything'),
      skip_aggregation: true,
      background_aggregation_is_disabled: true,
    },
    include_transactions: null,
    referral_source: 'BROWSER',
    ui_message_webview_url_scheme: null,
    client_redirect_url: null,
    enable_app2app: null,
    mode: 'verification',
    data_request: null,
  })
  await api.updateMember({ ...member, credentials: typed('lib-5', 'other') }, {})
  expect(Object.keys(sent.at(-1)?.body.member)).toEqual([
    'credentials',
    'skip_aggregation',
    'background_aggregation_is_disabled',
  ])
})

test('L6: wanted use cases are taken from the configuration too', async () => {
  const { institution, typed } = await bank()
  const given = { institution_guid: institution.guid, credentials: typed('lib-6', 'anything'), use_cases: ['PFM'] }
  const { member } = await api.addMember(given, { use_cases: ['PFM'] })
  expect(member.use_cases).toEqual(['PFM'])
  const after = await api.updateMember({ ...member }, { use_cases: ['MONEY_MOVEMENT'] })
  expect(after).toMatchObject({ use_cases: ['PFM', 'MONEY_MOVEMENT'], connection_status: 0 })
})

test('L7: digits after the point are cents', async () => {
  const { micro_deposit: made } = await api.createMicrodeposit({
    account_number: '333370037',
    routing_number: '091000019',
    account_type: 1,
    first_name: 'Ann',
    last_name: 'Lee',
    email: 'l7@example.com',
  })
  app.clock.advance(6000)
  await app.drain()
  await api.refreshMicrodepositStatus(made.guid)
  await api.verifyMicrodeposit(made.guid, { deposit_amount_1: '03', deposit_amount_2: '07' })
  expect(sent.at(-1)?.body).toEqual({ micro_deposit: { deposit_amount_1: 0.03, deposit_amount_2: 0.07 } })
  expect(await api.loadMicrodepositByGuid(made.guid)).toMatchObject({ status: 3 })
})

test('L8: a member that is gone is deleted', async () => {
  await expect(api.deleteMember({ guid: 'MBR-nobody' })).resolves.toBeUndefined()
  instead.push(() => new Response('{}', { status: 500 }))
  expect((await failure(api.deleteMember({ guid: 'MBR-nobody' }))).response.status).toBe(500)
})

test('L9: queries say booleans in words, lists by repetition, and leave out what is not there', async () => {
  await api.loadInstitutions({
    search_name: 'a b',
    products: ['x', 'y'],
    page: 1,
    iso_country_code: undefined,
    other: null,
    on: true,
  })
  expect(sent.at(-1)?.path).toBe('/institutions?search_name=a%20b&products%5B%5D=x&products%5B%5D=y&page=1&on=true')
})

test('L10: an institution without a guid is not there, and nobody is asked', async () => {
  const before = sent.length
  const { response, config } = await failure(api.loadInstitutionByGuid(undefined))
  expect(response.status).toBe(404)
  expect(config.url).toContain('/institutions')
  expect(sent.length).toBe(before)
})

test('L11: a job that could not begin is remembered, and the failure told', async () => {
  instead.push(() => new Response('{"job_guid":"JOB-7"}', { status: 409 }))
  expect((await failure(api.runJob(1, 'MBR-x', {}, true))).response.status).toBe(409)
  expect(await api.loadJob(null)).toMatchObject({ job_type: 1 })
})

test('L12: a session that is over is heard of', async () => {
  const heard: ConnectApiError[] = []
  const late = createConnectApi({
    baseUrl: 'http://clearspan.test/mx',
    token: 'nonsense',
    fetch: ask,
    onError: (error) => heard.push(error),
  })
  expect((await failure(late.loadMembers())).response).toMatchObject({ status: 401, data: { type: 'unauthorized' } })
  expect(heard.map(({ response }) => response.status)).toEqual([401])
})

test('a ticket is sent once more after a passing failure, and not after a final one', async () => {
  const ticket = { email: 'a@b.example', title: 't', message: 'm' }
  instead.push(() => new Response('', { status: 503 }))
  expect(await api.createSupportTicket(ticket)).toMatchObject(ticket)
  expect((await failure(api.createSupportTicket({ ...ticket, title: '' }))).response.status).toBe(422)
})
