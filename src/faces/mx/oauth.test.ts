import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type App, openApp, type Wire } from '../../../test/setup/app.js'
import {
  answer,
  institutionAt,
  memberOf,
  OAUTH_BANK,
  openWidget,
  run,
  triedMember,
  type Widget,
} from '../../../test/setup/mx.js'

let app: App
let widget: Widget
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())

/** A member on the way to the pages of the bank, of a user of its own. */
async function onTheWay(wishes: object = {}): Promise<Wire> {
  widget = await openWidget(app)
  const { guid } = await institutionAt(widget, OAUTH_BANK)
  const made = await widget.call('POST', '/members', { member: { institution_guid: guid, is_oauth: true }, ...wishes })
  expect(made.status).toBe(201)
  return made.body.member
}

const stateIn = (uri: string) => new URL(uri).searchParams.get('state') ?? ''
const stateOf = async (guid: string) => (await widget.call('GET', `/oauth_states/${guid}`)).body.oauth_state

function page(path: string) {
  return app.http.inject({ method: 'GET', url: `/mx${path}` })
}

/** What the user does at the page. */
function atBank(state: string, form: Readonly<Record<string, string>>) {
  return app.http.inject({
    method: 'POST',
    url: '/mx/oauth/authorize',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ state, ...form }).toString(),
  })
}

test('a user who logs in at the pages of the bank comes back to a job', async () => {
  const member = await onTheWay()
  expect(member).toMatchObject({
    is_oauth: true,
    connection_status: 21,
    connection_status_name: 'PENDING',
    is_being_aggregated: false,
    oauth_window_uri: expect.stringMatching(/^http.*\/mx\/oauth\/authorize\?state=OAS-/),
  })
  const state = stateIn(member.oauth_window_uri)
  const { oauth_states: pending } = (
    await widget.call('GET', `/oauth_states?outbound_member_guid=${member.guid}&auth_status=1`)
  ).body
  expect(pending).toMatchObject([
    { guid: state, auth_status: 1, error_reason: null, inbound_member_guid: null, outbound_member_guid: member.guid },
  ])
  const early = await widget.call('POST', `/members/${member.guid}/jobs`, { job: { job_type: 0 } })
  expect(early).toMatchObject({ status: 409, body: { type: 'oauth_pending' } })

  expect((await widget.call('POST', `/members/${member.guid}/oauth_start`)).status).toBe(204)
  expect(await stateOf(state)).toMatchObject({ started_at: expect.any(String), first_retrieved_at: expect.any(String) })
  const bank = await page(`/oauth/authorize?state=${state}`)
  expect(bank).toMatchObject({ statusCode: 200 })
  expect(bank.payload).toContain('Approve')
  const back = await atBank(state, { outcome: 'approve', username: 'mxuser', password: '' })
  expect(back).toMatchObject({ statusCode: 303 })
  const landed = await app.http.inject(`${new URL(String(back.headers.location)).pathname}?state=${state}`)
  expect(landed).toMatchObject({ statusCode: 200 })
  expect(landed.payload).toContain('mx/oauthComplete/success')

  expect(await stateOf(state)).toMatchObject({ auth_status: 2, error_reason: null, inbound_member_guid: member.guid })
  expect(await memberOf(widget, member.guid)).toMatchObject({ connection_status: 0, is_being_aggregated: false })
  expect(await run(app, widget, member.guid)).toMatchObject({ connection_status: 6, is_being_aggregated: false })
  expect((await page(`/oauth/authorize?state=${state}`)).statusCode).toBe(400)
})

test.each([
  ['cancel', 1],
  ['wrong_login', 2],
  ['needs_attention', 3],
  ['bank_error', 4],
  ['server_error', 5],
  ['session_error', 6],
])('%s: error reason %i, and the member waits for another visit', async (outcome, reason) => {
  const member = await onTheWay()
  const state = stateIn(member.oauth_window_uri)
  await atBank(state, { outcome })
  expect(await stateOf(state)).toMatchObject({
    auth_status: 3,
    error_reason: reason,
    inbound_member_guid: member.guid,
  })
  expect(await memberOf(widget, member.guid)).toMatchObject({ connection_status: 21 })
  const again = await widget.call('POST', `/members/${member.guid}/oauth_window_uri`, {})
  expect(stateIn(again.body.member.oauth_window_uri)).not.toBe(state)
})

test('what is typed there shows in the job that follows', async () => {
  const refused = await onTheWay()
  await atBank(stateIn(refused.oauth_window_uri), { outcome: 'approve', username: 'mxuser', password: 'SERVER_ERROR' })
  expect(await run(app, widget, refused.guid)).toMatchObject({ connection_status: 14 })

  const asked = await onTheWay()
  await atBank(stateIn(asked.oauth_window_uri), { outcome: 'approve', username: 'mxuser', password: 'challenge' })
  const challenged = await run(app, widget, asked.guid)
  expect(challenged).toMatchObject({ connection_status: 3 })
  expect(await answer(app, widget, challenged, 'correct')).toMatchObject({ connection_status: 6 })
})

describe('visits', () => {
  test('another one ends the one before', async () => {
    const member = await onTheWay()
    const { member: again } = (await widget.call('POST', `/members/${member.guid}/oauth_window_uri`, {})).body
    expect(await stateOf(stateIn(member.oauth_window_uri))).toMatchObject({ auth_status: 3, error_reason: 6 })
    expect(await stateOf(stateIn(again.oauth_window_uri))).toMatchObject({ auth_status: 1 })
    const { oauth_states: all } = (await widget.call('GET', `/oauth_states?outbound_member_guid=${member.guid}`)).body
    expect(all.map((each: Wire) => each.guid)).toEqual([again, member].map((each) => stateIn(each.oauth_window_uri)))
    const spelledAsMx = await widget.call('GET', `/members/${member.guid}/oauth_window_uri?referral_source=BROWSER`)
    expect(spelledAsMx.status).toBe(200)
  })

  test('after half an hour one is over', async () => {
    const member = await onTheWay()
    app.clock.advance(29 * 60_000)
    const state = stateIn(member.oauth_window_uri)
    expect((await page(`/oauth/authorize?state=${state}`)).statusCode).toBe(200)
    app.clock.advance(61_000)
    expect((await page(`/oauth/authorize?state=${state}`)).statusCode).toBe(400)
    expect((await page(`/oauth/redirect_from?state=${state}`)).statusCode).toBe(400)
  })

  test('a member who never finished is the same when made again, with another visit', async () => {
    const member = await onTheWay()
    const { guid } = await institutionAt(widget, OAUTH_BANK)
    const again = (await widget.call('POST', '/members', { member: { institution_guid: guid, is_oauth: true } })).body
    expect(again.member.guid).toBe(member.guid)
    expect(again.member.oauth_window_uri).not.toBe(member.oauth_window_uri)
  })

  test('a connected member is updated by another visit, and stays as it was when that fails', async () => {
    const member = await onTheWay()
    await atBank(stateIn(member.oauth_window_uri), { outcome: 'approve' })
    await run(app, widget, member.guid)
    const next = async () =>
      stateIn((await widget.call('POST', `/members/${member.guid}/oauth_window_uri`, {})).body.member.oauth_window_uri)
    await atBank(await next(), { outcome: 'cancel' })
    expect(await memberOf(widget, member.guid)).toMatchObject({ connection_status: 6 })
    await atBank(await next(), { outcome: 'approve' })
    expect(await memberOf(widget, member.guid)).toMatchObject({ connection_status: 0 })
    expect(await run(app, widget, member.guid)).toMatchObject({ connection_status: 6 })
  })

  test('an app is led back to, with how it went', async () => {
    const wishes = { referral_source: 'APP', ui_message_webview_url_scheme: 'acme' }
    const member = await onTheWay(wishes)
    const state = stateIn(member.oauth_window_uri)
    await atBank(state, { outcome: 'cancel' })
    const back = await page(`/oauth/redirect_from?state=${state}`)
    expect(back.headers.location).toBe(
      `acme://oauth_complete?status=error&member_guid=${member.guid}&error_reason=CANCELLED`,
    )
    const web = await onTheWay({ ...wishes, client_redirect_url: 'https://app.example.com/done?x=1' })
    const webState = stateIn(web.oauth_window_uri)
    await atBank(webState, { outcome: 'approve' })
    const led = await page(`/oauth/redirect_from?state=${webState}`)
    expect(led.headers.location).toBe(`https://app.example.com/done?x=1&status=success&member_guid=${web.guid}`)
  })

  test('a member with credentials has no pages, and unknown visits are none', async () => {
    widget = await openWidget(app)
    const { guid } = await triedMember(app, widget, 'anything')
    expect((await widget.call('POST', `/members/${guid}/oauth_window_uri`, {})).status).toBe(422)
    expect((await page('/oauth/authorize?state=OAS-nonsense')).statusCode).toBe(400)
    expect((await page('/oauth/redirect_from')).statusCode).toBe(400)
    expect((await widget.call('GET', '/oauth_states/OAS-nonsense')).status).toBe(404)
    const unknown = await widget.call('GET', '/oauth_states?outbound_member_guid=MBR-nonsense&auth_status=PENDING')
    expect(unknown).toMatchObject({ status: 200, body: { oauth_states: [] } })
    const { guid: theirs } = await stateOfAnother()
    expect((await widget.call('GET', `/oauth_states/${theirs}`)).status).toBe(404)
  })

  async function stateOfAnother() {
    const mine = widget
    const member = await onTheWay()
    widget = mine
    return { guid: stateIn(member.oauth_window_uri) }
  }
})
