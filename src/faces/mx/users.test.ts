import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type App, openApp, type Wire } from '../../../test/setup/app.js'
import { ask, mxBackEnd, newMember, openWidget, triedMember, type Widget } from '../../../test/setup/mx.js'

let app: App
let widget: Widget
beforeAll(async () => {
  app = await openApp()
  widget = await openWidget(app)
})
afterAll(() => app.close())

describe('users', () => {
  test('are made, listed, changed and deleted by the back end', async () => {
    const backEnd = mxBackEnd(app, (await app.newTeam()).development)
    const made = await backEnd('POST', '/users', {
      user: { id: 'u-1', email: 'ann@example.com', metadata: '{"tier":1}', is_disabled: false },
    })
    expect(made).toMatchObject({
      status: 201,
      body: {
        user: { guid: expect.stringMatching(/^USR-/), id: 'u-1', email: 'ann@example.com', metadata: '{"tier":1}' },
      },
    })
    const { guid } = made.body.user
    expect((await backEnd('POST', '/users', { user: { id: 'u-1' } })).body.user).toEqual(made.body.user)
    await backEnd('POST', '/users', { user: { id: 'u-2' } })
    const { users, pagination } = (await backEnd('GET', '/users?per_page=1&page=2')).body
    expect(users.map(({ id }: Wire) => id)).toEqual(['u-2'])
    expect(pagination).toEqual({ current_page: 2, per_page: 1, total_entries: 2, total_pages: 2 })
    const changed = await backEnd('PUT', `/users/${guid}`, { user: { metadata: null } })
    expect(changed.body.user).toEqual({ ...made.body.user, metadata: null })
    expect((await backEnd('GET', `/users/${guid}`)).body.user).toEqual(changed.body.user)
    expect((await backEnd('DELETE', `/users/${guid}`)).status).toBe(204)
    expect((await backEnd('GET', `/users/${guid}`)).status).toBe(404)
    expect((await backEnd('GET', '/users')).body.users).toHaveLength(1)
  })

  test('a deleted one has no members, and its widget ends', async () => {
    const gone = await openWidget(app)
    const { guid } = await triedMember(app, gone, 'anything')
    await mxBackEnd(app)('DELETE', `/users/${gone.userGuid}`)
    expect((await gone.call('GET', '/members')).status).toBe(401)
    const again = await openWidget(app, { userId: gone.userId })
    expect((await again.call('GET', `/members/${guid}`)).status).toBe(404)
    expect((await again.call('GET', '/members')).body.members).toEqual([])
  })

  test('a disabled one gets no widget', async () => {
    const { userGuid, call } = await openWidget(app)
    const backEnd = mxBackEnd(app)
    await backEnd('PUT', `/users/${userGuid}`, { user: { is_disabled: true } })
    expect(await backEnd('POST', `/users/${userGuid}/widget_urls`, { widget_url: {} })).toMatchObject({
      status: 403,
      body: { type: 'user_disabled' },
    })
    expect((await call('GET', '/members')).status).toBe(401)
  })
})

describe('who may', () => {
  test('a widget has half an hour, and no more than its user', async () => {
    const opened = await openWidget(app)
    expect((await opened.call('GET', '/members')).status).toBe(200)
    app.clock.advance(30 * 60_000)
    expect(await opened.call('GET', '/members')).toMatchObject({ status: 401, body: { type: 'unauthorized' } })
    expect((await widgetOf('GET', '/users')).status).toBe(401)
    expect((await widgetOf('GET', `/users/${opened.userGuid}/members`)).status).toBe(401)
  })

  async function widgetOf(method: 'GET', path: string) {
    widget = await openWidget(app)
    return widget.call(method, path)
  }

  test('a back end says whose', async () => {
    const { guid } = await newMember(widget, 'anything')
    const backEnd = mxBackEnd(app)
    expect((await backEnd('GET', `/users/${widget.userGuid}/members`)).body.members[0].guid).toBe(guid)
    expect((await backEnd('GET', '/members')).status).toBe(401)
    expect((await backEnd('GET', '/users/USR-nobody/members')).status).toBe(404)
    const strange = mxBackEnd(app, (await app.newTeam()).development)
    expect((await strange('GET', `/users/${widget.userGuid}/members`)).status).toBe(404)
    const basic = Buffer.from(`client:${app.keys.development}`).toString('base64')
    expect((await ask(app, 'GET', '/users', { authorization: `Basic ${basic}` })).status).toBe(200)
  })

  test.each([undefined, 'Bearer', 'Bearer sk_nonsense', 'Basic bm9ib2R5', 'Bearer a.b.c'])(
    '%s: nobody',
    async (authorization) => {
      const reply = await ask(app, 'GET', '/members', authorization === undefined ? {} : { authorization })
      expect(reply).toMatchObject({
        status: 401,
        body: { type: 'unauthorized', status: 401, request_id: expect.stringMatching(/^req_/) },
      })
    },
  )

  test('a page of another origin may ask', async () => {
    const preflight = await app.http.inject({ method: 'OPTIONS', url: '/mx/members' })
    expect(preflight).toMatchObject({ statusCode: 204 })
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-headers': 'authorization, content-type, idempotency-key',
    })
  })

  test('what a browser may keep is said: institutions for a minute, nothing else', async () => {
    const kept = async (path: string) => (await widget.call('GET', path)).headers['cache-control']
    for (const path of ['/institutions', '/institutions/favorites', '/institutions/mxbank']) {
      expect(await kept(path), path).toBe('private, max-age=60')
    }
    for (const path of ['/members', '/institutions/discovered', '/institutions/nobody', '/nowhere']) {
      expect(await kept(path), path).toBe('no-store')
    }
  })
})

test('a widget is given whole lists, a back end a page of them', async () => {
  const own = await openWidget(app)
  for (const user_name of ['One', 'Two', 'Three']) {
    await own.call('POST', '/accounts', { account: { user_name, account_type: 9, balance: 1 } })
  }
  const { guid } = (await own.call('GET', '/members')).body.members[0]
  const backEnd = mxBackEnd(app)
  const at = `/users/${own.userGuid}`
  for (const path of ['/accounts', `/members/${guid}/accounts`]) {
    const whole = (await own.call('GET', `${path}?per_page=1`)).body
    expect([whole.accounts.length, whole.pagination]).toEqual([3, undefined])
    const { accounts, pagination } = (await backEnd('GET', `${at}${path}?per_page=2&page=2`)).body
    expect(accounts).toEqual(whole.accounts.slice(2))
    expect(pagination).toEqual({ current_page: 2, per_page: 2, total_entries: 3, total_pages: 2 })
  }
  for (const list of ['members', 'oauth_states', 'support_tickets']) {
    const { body } = await backEnd('GET', `${at}/${list}`)
    expect(body.pagination, list).toMatchObject({ current_page: 1, total_entries: body[list].length })
  }
})

describe('a request with a name', () => {
  const named = (by: Widget, path: string, body: object, key: string) =>
    ask(app, 'POST', path, { body, authorization: `Bearer ${by.token}`, headers: { 'idempotency-key': key } })
  const ticket = (title: string) => ({ support_ticket: { email: 'a@example.com', title, message: 'Help' } })
  const tickets = async (by: Widget) => {
    const { support_tickets } = (await mxBackEnd(app)('GET', `/users/${by.userGuid}/support_tickets`)).body
    return support_tickets.map(({ title }: Wire) => title)
  }

  test('is carried out once, also when two come together', async () => {
    const by = await openWidget(app)
    const [one, two] = await Promise.all([1, 2].map(() => named(by, '/support_tickets', ticket('Once'), 'k-1')))
    expect(one).toMatchObject({ status: 201, body: two?.body })
    expect((await named(by, '/support_tickets', ticket('Later'), 'k-1')).body).toEqual(one?.body)
    expect(await tickets(by)).toEqual(['Once'])
  })

  test('that asked the outside first is answered as it was, also where it was refused', async () => {
    const by = await openWidget(app)
    const { guid } = (await by.call('GET', '/institutions/mxbank')).body.institution
    const empty = { member: { institution_guid: guid, credentials: [] } }
    const refused = await named(by, '/members', empty, 'k-2')
    expect(refused.status).toBe(422)
    expect(await named(by, '/members', empty, 'k-2')).toMatchObject({ status: 422, body: refused.body })
    const oauth = (await by.call('GET', '/institutions/mx_bank_oauth')).body.institution
    const body = { member: { institution_guid: oauth.guid, is_oauth: true } }
    const made = await named(by, '/members', body, 'k-3')
    // Without the name it would have begun another visit.
    expect(await named(by, '/members', body, 'k-3')).toMatchObject({ status: 201, body: made.body })
  })

  test('is another for another user, and on another path', async () => {
    const [ann, bob] = [await openWidget(app), await openWidget(app)]
    await named(ann, '/support_tickets', ticket('Of Ann'), 'same')
    await named(bob, '/support_tickets', ticket('Of Bob'), 'same')
    expect([await tickets(ann), await tickets(bob)]).toEqual([['Of Ann'], ['Of Bob']])
    const account = { account: { user_name: 'Jar', account_type: 9, balance: 1 } }
    expect((await named(ann, '/accounts', account, 'same')).body.account).toMatchObject({ account_type: 9 })
  })
})

test('a session says how the team wants the widget', async () => {
  const { call, userGuid } = await openWidget(app, {
    settings: {
      widget_type: 'connect_widget',
      mode: 'verification',
      language: 'es',
      target_origin: 'https://app.example.com',
      profiles: { widgetProfile: { enable_support_requests: false } },
      some_key: 'kept',
    },
  })
  const { connect_session: session } = (await call('GET', '/connect_session')).body
  expect(session).toMatchObject({
    user_guid: userGuid,
    session_guid: expect.stringMatching(/^CNS-/),
    language: { locale: 'es' },
    client_config: {
      mode: 'verification',
      ui_message_version: 4,
      target_origin: 'https://app.example.com',
      some_key: 'kept',
    },
    profiles: {
      client: { guid: expect.stringMatching(/^CLT-/) },
      clientProfile: { uses_oauth: true },
      user: { guid: userGuid },
      widgetProfile: { enable_manual_accounts: true, enable_support_requests: false },
    },
    user_features: [],
  })
  expect(session.client_config).not.toHaveProperty('widget_type')
  const backEnd = mxBackEnd(app)
  expect((await backEnd('GET', '/connect_session')).status).toBe(401)
  const bad = { widget_url: { target_origin: 'javascript:alert(1)' } }
  expect((await backEnd('POST', `/users/${userGuid}/widget_urls`, bad)).status).toBe(422)
})

describe('what a user writes', () => {
  const ticket = { email: 'ann@example.com', title: 'Help', message: 'Nothing works.' }

  test('reaches the team, sealed', async () => {
    const sent = await widget.call('POST', '/support_tickets', { support_ticket: ticket })
    expect(sent).toMatchObject({
      status: 201,
      body: { support_ticket: { ...ticket, guid: expect.stringMatching(/^SPT-/), user_guid: widget.userGuid } },
    })
    const listed = await mxBackEnd(app)('GET', `/users/${widget.userGuid}/support_tickets`)
    expect(listed.body.support_tickets).toEqual([sent.body.support_ticket])
    expect((await widget.call('GET', '/support_tickets')).status).toBe(401)
    const { rows } = await app.fresh.database.pool.query('select t::text as row from support_tickets t')
    expect(JSON.stringify(rows)).not.toContain('Nothing works')
  })

  test.each([
    [{ email: 'nobody' }, 'email'],
    [{ title: ' ' }, 'title'],
    [{ message: '' }, 'message'],
    [{ message: 'x'.repeat(10_001) }, 'message'],
  ])('%j: 422', async (flaw, member) => {
    const reply = await widget.call('POST', '/support_tickets', { support_ticket: { ...ticket, ...flaw } })
    expect(reply).toMatchObject({
      status: 422,
      body: { type: 'validation', fields: { [member]: [expect.any(String)] } },
    })
  })
})

test('that a screen was small is noted, in seconds or as a time', async () => {
  const put = (at: unknown) =>
    widget.call('PUT', '/user_profile', { user_profile: { too_small_modal_dismissed_at: at } })
  expect((await put(1_795_178_386)).body.user_profile).toMatchObject({
    guid: expect.stringMatching(/^USP-/),
    user_guid: widget.userGuid,
    too_small_modal_dismissed_at: '2026-11-20T12:39:46.000Z',
  })
  const { connect_session: session } = (await widget.call('GET', '/connect_session')).body
  expect(session.profiles.userProfile.too_small_modal_dismissed_at).toBe('2026-11-20T12:39:46.000Z')
  expect((await put('nonsense')).status).toBe(422)
})

describe('a request that is none', () => {
  test.each([
    ['{', 400, 'bad_request'],
    ['{"support_ticket":"\\u0000"}', 400, 'bad_request'],
    ['{"support_ticket":{}}', 422, 'validation'],
    ['[]', 422, 'validation'],
  ])('%s: %i', async (text, status, type) => {
    const reply = await ask(app, 'POST', '/support_tickets', { text, authorization: `Bearer ${widget.token}` })
    expect(reply).toMatchObject({ status, body: { type } })
  })

  test('another method, another path, another kind of body, too much of it', async () => {
    const wrongMethod = await widget.call('DELETE', '/members')
    expect(wrongMethod).toMatchObject({ status: 405, headers: { allow: 'POST, GET' } })
    expect((await widget.call('GET', '/nonsense')).status).toBe(404)
    const large = { support_ticket: { ...{ email: 'a@b.example', title: 't' }, message: 'x'.repeat(300_000) } }
    expect((await widget.call('POST', '/support_tickets', large)).status).toBe(413)
    const form = await app.http.inject({
      method: 'POST',
      url: '/mx/members',
      headers: { authorization: `Bearer ${widget.token}`, 'content-type': 'text/plain' },
      payload: 'x',
    })
    expect(form.statusCode).toBe(415)
  })
})
