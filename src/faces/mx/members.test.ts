import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type App, openApp, type Wire } from '../../../test/setup/app.js'
import {
  answer,
  institutionAt,
  memberBody,
  memberOf,
  newMember,
  openWidget,
  run,
  triedMember,
  type Widget,
} from '../../../test/setup/mx.js'

let app: App
let widget: Widget
beforeAll(async () => {
  app = await openApp()
  widget = await openWidget(app)
})
afterAll(() => app.close())

let names = 0
/** A user name that nobody has used at the institution. */
const someone = () => ({ name: `mxuser-${String(++names)}` })

test('a member is made without logging in, and a job then connects it', async () => {
  const made = await newMember(widget, 'anything', someone())
  expect(made).toMatchObject({
    user_guid: widget.userGuid,
    institution_code: 'mxbank',
    name: 'Clearspan Bank',
    connection_status: 0,
    connection_status_name: 'CREATED',
    is_being_aggregated: false,
    is_oauth: false,
    is_managed_by_user: true,
    most_recent_job_guid: null,
    error: null,
    mfa: { credentials: [] },
  })
  expect(made).not.toHaveProperty('credentials')

  const asked = await widget.call('POST', `/members/${made.guid}/jobs`, { job: { job_type: 0 } })
  expect(asked.status).toBe(202)
  expect(asked.body.job).toMatchObject({ job_type: 0, status: 1, status_name: 'REQUESTED', finished_at: null })
  expect(asked.body.member).toMatchObject({
    connection_status: 0,
    is_being_aggregated: true,
    most_recent_job_guid: asked.body.job.guid,
  })
  // Asked again, the same job goes on.
  const again = await widget.call('POST', `/members/${made.guid}/jobs`, { job: { job_type: 0 } })
  expect(again.body.job.guid).toBe(asked.body.job.guid)

  await app.drain()
  expect(await memberOf(widget, made.guid)).toMatchObject({
    connection_status: 6,
    is_being_aggregated: false,
    most_recent_job_guid: asked.body.job.guid,
    error: null,
    aggregated_at: expect.any(String),
  })
  const { job } = (await widget.call('GET', `/jobs/${asked.body.job.guid}`)).body
  expect(job).toMatchObject({ status: 6, finished_at: expect.any(Number), async_account_data_ready: false })
})

describe('what a password leads to', () => {
  test.each<[password: string, status: number, code: number | null]>([
    ['BAD_REQUEST', 14, null],
    ['UNAUTHORIZED', 2, 2005],
    ['INVALID', 2, 2005],
    ['DENIED', 2, null],
    ['LOCKED', 5, null],
    ['DISABLED', 2, 2005],
    ['IMPORT_DISABLED', 16, null],
    ['SERVER_ERROR', 14, null],
    ['UNAVAILABLE', 14, null],
    ['OUTAGE', 14, 3002],
    ['DOWN', 14, 3000],
    ['MAINTENANCE', 14, 3001],
    ['IMPEDED', 7, null],
    ['PREVENTED', 1, null],
    ['NO_ACCOUNTS', 14, 1001],
    ['ACCESS_DENIED', 14, 1002],
    ['INELIGIBLE', 6, null],
  ])('%s: %i', async (password, status, code) => {
    const member = await triedMember(app, widget, password, someone())
    expect(member).toMatchObject({ connection_status: status, is_being_aggregated: false })
    expect(member.error?.error_code ?? null).toBe(code)
    if (member.error)
      expect(member.error).toMatchObject({ error_type: 'MEMBER', user_message: expect.stringMatching(/\w/) })
  })

  test('without an account that money can be taken from, a verification fails', async () => {
    const member = await triedMember(app, widget, 'INELIGIBLE', { ...someone(), jobType: 1 })
    expect(member).toMatchObject({ connection_status: 14, error: { error_code: 1000 } })
  })

  test('the third refusal in a row prevents further tries, and other credentials end that', async () => {
    const { guid } = await triedMember(app, widget, 'INVALID', someone())
    expect(await run(app, widget, guid)).toMatchObject({ connection_status: 2 })
    expect(await run(app, widget, guid)).toMatchObject({ connection_status: 1, needs_updated_credentials: true })
    const { member } = await memberBody(widget, 'right', someone())
    const updated = await widget.call('PUT', `/members/${guid}`, { member: { credentials: member.credentials } })
    expect(updated.body.member).toMatchObject({ connection_status: 15, is_being_aggregated: false, error: null })
    expect(await run(app, widget, guid)).toMatchObject({ connection_status: 6 })
  })

  test('SLOW is connected after more than a minute', async () => {
    const { guid, ...slow } = await triedMember(app, widget, 'SLOW', someone())
    expect(slow).toMatchObject({ connection_status: 0, is_being_aggregated: true })
    app.clock.advance(71_000)
    expect(await memberOf(widget, guid)).toMatchObject({ connection_status: 6, is_being_aggregated: false })
  })

  test('EARLY has accounts at once, and is done later', async () => {
    const { guid, ...early } = await triedMember(app, widget, 'EARLY', someone())
    expect(early).toMatchObject({ connection_status: 6, is_being_aggregated: true })
    const jobOf = async () => (await widget.call('GET', `/jobs/${early.most_recent_job_guid}`)).body.job
    expect(await jobOf()).toMatchObject({ async_account_data_ready: true, finished_at: null })
    app.clock.advance(21_000)
    expect(await memberOf(widget, guid)).toMatchObject({ connection_status: 6, is_being_aggregated: false })
    expect(await jobOf()).toMatchObject({ async_account_data_ready: false, status: 6 })
  })

  test('FLAKY fails every second look, and connects', async () => {
    const { guid } = await newMember(widget, 'FLAKY', someone())
    await widget.call('POST', `/members/${guid}/jobs`, { job: { job_type: 0 } })
    await app.drain()
    const looks = []
    for (let count = 0; count < 4; count++) looks.push((await widget.call('GET', `/members/${guid}`)).status)
    expect(looks).toEqual([200, 500, 200, 500])
  })
})

describe('what is asked', () => {
  test.each<[password: string, type: number, right: string]>([
    ['challenge', 0, 'correct'],
    ['options', 2, 'correct'],
    ['token', 12, 'correct'],
    ['image', 13, 'correct'],
    ['image_options', 14, 'correct'],
  ])('%s asks, and goes on with the right answer', async (password, type, right) => {
    const asked = await triedMember(app, widget, password, someone())
    expect(asked).toMatchObject({ connection_status: 3, is_being_aggregated: true, error: null })
    const [challenge] = asked.mfa.credentials
    expect(challenge).toMatchObject({ type, field_type: type, field_name: null, label: expect.stringMatching(/\w/) })
    expect(challenge.options.length > 0).toBe(type === 2 || type === 14)
    for (const option of challenge.options) {
      expect(option.credential_guid).toBe(challenge.guid)
      expect(option.data_uri === null).toBe(type === 2)
    }
    if (type === 13) expect(challenge.meta_data).toMatch(/^data:image/)
    const { members } = (await widget.call('GET', '/members')).body
    expect(members.find((each: Wire) => each.guid === asked.guid).mfa).toEqual(asked.mfa)
    const jobGuid = asked.most_recent_job_guid
    expect((await widget.call('GET', `/jobs/${jobGuid}`)).body.job).toMatchObject({ status: 2, finished_at: null })

    const connected = await answer(app, widget, asked, right)
    expect(connected).toMatchObject({
      connection_status: 6,
      is_being_aggregated: false,
      most_recent_job_guid: jobGuid,
      mfa: { credentials: [] },
    })
  })

  test('two questions at once: the first that is wrong decides', async () => {
    const asked = await triedMember(app, widget, 'challenge2', someone())
    const labels = asked.mfa.credentials.map(({ label }: Wire) => label)
    expect(new Set(labels).size).toBe(2)
    expect(await answer(app, widget, asked, 'correct', 'LOCKED')).toMatchObject({ connection_status: 5 })
    const again = await run(app, widget, asked.guid)
    expect(await answer(app, widget, again, 'correct', 'correct')).toMatchObject({ connection_status: 6 })
  })

  test.each<[said: string, status: number, code: number | null]>([
    ['nonsense', 4, null],
    ['EXPIRE', 19, null],
    ['DENIED', 2, null],
    ['SERVER_ERROR', 14, null],
  ])('the answer %s: %i', async (said, status, code) => {
    const asked = await triedMember(app, widget, 'challenge', someone())
    const after = await answer(app, widget, asked, said)
    expect(after).toMatchObject({ connection_status: status, is_being_aggregated: false, mfa: { credentials: [] } })
    expect(after.error?.error_code ?? null).toBe(code)
  })

  test('an answer can lead to another question', async () => {
    const asked = await triedMember(app, widget, 'options', someone())
    const next = await answer(app, widget, asked, 'image')
    expect(next).toMatchObject({ connection_status: 3, is_being_aggregated: true })
    expect(next.mfa.credentials[0]).toMatchObject({ type: 13 })
    expect(await answer(app, widget, next, 'correct')).toMatchObject({ connection_status: 6 })
  })

  test('after a wrong answer that is asked for again, the same can be answered once more', async () => {
    const asked = await triedMember(app, widget, 'challenge', someone())
    const again = await answer(app, widget, asked, 'WRONG_2002')
    expect(again).toMatchObject({ connection_status: 4, is_being_aggregated: false, error: { error_code: 2002 } })
    expect(again.mfa.credentials[0].label).toBe(asked.mfa.credentials[0].label)
    expect((await widget.call('GET', `/jobs/${asked.most_recent_job_guid}`)).body.job).toMatchObject({ status: 9 })
    const connected = await answer(app, widget, again, 'correct')
    expect(connected).toMatchObject({ connection_status: 6, most_recent_job_guid: asked.most_recent_job_guid })
  })

  test('unanswered for five minutes it expires, and a job asks anew', async () => {
    const asked = await triedMember(app, widget, 'challenge', someone())
    app.clock.advance(5 * 60_000 + 1000)
    expect(await memberOf(widget, asked.guid)).toMatchObject({
      connection_status: 19,
      is_being_aggregated: false,
      error: null,
      mfa: { credentials: [] },
    })
    const challenges = [{ guid: asked.mfa.credentials[0].guid, value: 'correct' }]
    const late = await widget.call('PUT', `/members/${asked.guid}/resume`, { member: { challenges } })
    expect(late).toMatchObject({ status: 409, body: { type: 'not_challenged' } })
    const next = await run(app, widget, asked.guid)
    expect(next).toMatchObject({ connection_status: 3 })
    expect(next.most_recent_job_guid).not.toBe(asked.most_recent_job_guid)
  })

  test('of several accounts, one is chosen in a verification', async () => {
    const asked = await triedMember(app, widget, 'select_account', { ...someone(), jobType: 1 })
    expect(asked).toMatchObject({ connection_status: 3 })
    const [challenge] = asked.mfa.credentials
    expect(challenge).toMatchObject({ type: 2, external_id: 'single_account_select' })
    expect(challenge.options.length).toBeGreaterThan(1)
    const connected = await answer(app, widget, asked, challenge.options[1].label)
    expect(connected).toMatchObject({ connection_status: 6 })
  })
})

test('two kinds of jobs follow one another, and the member is busy until both have ended', async () => {
  const { guid } = await newMember(widget, 'anything', someone())
  const first = await widget.call('POST', `/members/${guid}/jobs`, { job: { job_type: 0 } })
  const second = await widget.call('POST', `/members/${guid}/jobs`, { job: { job_type: 2 } })
  expect(second).toMatchObject({ status: 202, body: { job: { job_type: 2, status: 0 } } })
  expect(second.body.member).toMatchObject({ is_being_aggregated: true, most_recent_job_guid: first.body.job.guid })
  await app.drain()
  expect(await memberOf(widget, guid)).toMatchObject({
    connection_status: 6,
    is_being_aggregated: false,
    most_recent_job_guid: second.body.job.guid,
  })
})

test('a combination reads what its products say', async () => {
  const { guid } = await newMember(widget, 'anything', someone())
  const products = ['account_verification', 'identity_verification', 'transactions', 'statements']
  await run(app, widget, guid, 11, { products })
  const { most_recent_job_guid: jobGuid } = await memberOf(widget, guid)
  const { job } = (await widget.call('GET', `/jobs/${jobGuid}`)).body
  expect(job).toMatchObject({ job_type: 11, status: 6, has_processed_account_numbers: true })
})

describe('changing and deleting', () => {
  test('use cases are added and nothing else changes', async () => {
    const before = await triedMember(app, widget, 'anything', someone())
    const change = (use_cases: string[]) => widget.call('PUT', `/members/${before.guid}`, { member: { use_cases } })
    await change(['PFM'])
    const { member } = (await change(['MONEY_MOVEMENT'])).body
    expect(member).toEqual({ ...before, use_cases: ['PFM', 'MONEY_MOVEMENT'] })
  })

  test('other credentials end the job that goes on, and what was asked', async () => {
    const asked = await triedMember(app, widget, 'challenge', someone())
    const { member } = await memberBody(widget, 'anything', someone())
    const body = { member: { credentials: member.credentials } }
    const updated = await widget.call('PUT', `/members/${asked.guid}`, body)
    expect(updated.body.member).toMatchObject({
      connection_status: 15,
      is_being_aggregated: false,
      mfa: { credentials: [] },
    })
    const { job } = (await widget.call('GET', `/jobs/${asked.most_recent_job_guid}`)).body
    expect(job).toMatchObject({ status: 9, finished_at: expect.any(Number) })
    expect(await run(app, widget, asked.guid)).toMatchObject({ connection_status: 6 })
  })

  test('a deleted member is gone, and the same login can be given again', async () => {
    const who = someone()
    const { guid } = await triedMember(app, widget, 'anything', who)
    expect((await widget.call('DELETE', `/members/${guid}`)).status).toBe(204)
    expect((await widget.call('GET', `/members/${guid}`)).status).toBe(404)
    expect((await widget.call('DELETE', `/members/${guid}`)).status).toBe(404)
    const { members } = (await widget.call('GET', '/members')).body
    expect(members.map((each: Wire) => each.guid)).not.toContain(guid)
    const again = await newMember(widget, 'anything', who)
    expect(again.guid).not.toBe(guid)
  })

  test('credentials are kept sealed until they have opened something, and then not at all', async () => {
    const { guid } = await newMember(widget, 'LOCKED', someone())
    await run(app, widget, guid)
    const kept = async () => {
      const { rows } = await app.fresh.database.pool.query(
        'select credentials_sealed as sealed, status from logins order by created_at desc limit 1',
      )
      return rows[0]
    }
    expect((await kept()).sealed.toString('latin1')).not.toContain('LOCKED')
    await triedMember(app, widget, 'anything', someone())
    expect(await kept()).toEqual({ sealed: null, status: 'connected' })
  })
})

describe('refusals', () => {
  test('the same login of the same institution twice: 409 with the member that is there', async () => {
    const who = someone()
    const { guid } = await newMember(widget, 'anything', who)
    const again = await widget.call('POST', '/members', await memberBody(widget, 'another', who))
    expect(again).toMatchObject({ status: 409, body: { type: 'member_exists', guid } })
    // Another user may have it.
    const other = await openWidget(app)
    expect((await newMember(other, 'anything', who)).guid).not.toBe(guid)
  })

  test('credentials that do not fit the institution: 422', async () => {
    const { guid, credentials } = await institutionAt(widget)
    const [login, password] = credentials
    const post = (member: object) => widget.call('POST', '/members', { member: { institution_guid: guid, ...member } })
    for (const member of [
      { credentials: [{ guid: login?.guid, value: 'mxuser' }] },
      {
        credentials: [
          { guid: login?.guid, value: ' ' },
          { guid: password?.guid, value: 'x' },
        ],
      },
      { credentials: [{ guid: 'CRD-unknown', value: 'x' }] },
      { credentials: [] },
      { is_oauth: true },
      { is_oauth: true, credentials: [{ guid: login?.guid, value: 'mxuser' }] },
    ]) {
      expect(await post(member)).toMatchObject({ status: 422, body: { type: 'invalid_credentials_shape' } })
    }
  })

  test('an institution that takes no logins: 403', async () => {
    const body = await memberBody(widget, 'anything', { code: 'clearspan_disabled' })
    expect(await widget.call('POST', '/members', body)).toMatchObject({
      status: 403,
      body: { type: 'institution_disabled' },
    })
  })

  test.each([
    ['HTTP_400', 400],
    ['HTTP_403', 403],
    ['HTTP_500', 500],
  ])('the password %s has creation answer %i, and nothing is made', async (password, status) => {
    const before = (await widget.call('GET', '/members')).body.members.length
    expect((await widget.call('POST', '/members', await memberBody(widget, password))).status).toBe(status)
    expect((await widget.call('GET', '/members')).body.members.length).toBe(before)
  })

  test('JOB_500 has the job fail', async () => {
    const { guid } = await newMember(widget, 'JOB_500', someone())
    expect((await widget.call('POST', `/members/${guid}/jobs`, { job: { job_type: 0 } })).status).toBe(500)
  })

  test('a job for what the institution does not offer: 400', async () => {
    const { guid } = await newMember(widget, 'anything', { code: 'clearspan_txn', ...someone() })
    const post = (job_type: number) => widget.call('POST', `/members/${guid}/jobs`, { job: { job_type } })
    for (const type of [1, 2, 9]) {
      expect(await post(type)).toMatchObject({ status: 400, body: { type: 'product_not_supported' } })
    }
    expect((await post(0)).status).toBe(202)
  })

  test('answers that are no answers: 422, and to nothing that was asked: 409', async () => {
    const asked = await triedMember(app, widget, 'options', someone())
    const [challenge] = asked.mfa.credentials
    const resume = (guid: string, challenges: object[]) =>
      widget.call('PUT', `/members/${guid}/resume`, { member: { challenges } })
    for (const challenges of [
      [],
      [{ guid: challenge.guid, value: '' }],
      [{ guid: challenge.guid, value: 'CRO-unknown' }],
      [{ guid: 'CRD-unknown', value: challenge.options[0].guid }],
    ]) {
      expect(await resume(asked.guid, challenges)).toMatchObject({ status: 422, body: { type: 'validation' } })
    }
    const { guid } = await newMember(widget, 'anything', someone())
    expect(await resume(guid, [])).toMatchObject({ status: 409, body: { type: 'not_challenged' } })
  })

  test("another user's member, and one that is none: 404", async () => {
    const { guid } = await newMember(widget, 'anything', someone())
    const other = await openWidget(app)
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['PUT', '', { member: {} }],
      ['DELETE', '', undefined],
      ['GET', '/credentials', undefined],
      ['PUT', '/resume', { member: { challenges: [] } }],
      ['POST', '/jobs', { job: { job_type: 0 } }],
      ['POST', '/oauth_window_uri', {}],
      ['POST', '/oauth_start', undefined],
    ] as const) {
      expect((await other.call(method, `/members/${guid}${path}`, body)).status, `${method} ${path}`).toBe(404)
    }
    expect((await widget.call('GET', '/members/MBR-00000000-0000-0000-0000-000000000000')).status).toBe(404)
    expect((await widget.call('GET', '/jobs/JOB-00000000-0000-0000-0000-000000000000')).status).toBe(404)
  })
})

test('what is wrong is told in the language of its reader', async () => {
  const { guid } = await triedMember(app, widget, 'INVALID', someone())
  const told = async (path: string, locale: string) => {
    const { body } = await widget.call('GET', `${path}?locale=${locale}`)
    const { error } = body.member ?? body.members.find((member: Wire) => member.guid === guid)
    return [error.locale, error.user_message]
  }
  for (const path of [`/members/${guid}`, '/members']) {
    expect(await told(path, 'en')).toEqual(['en', 'The username or password was not accepted.'])
    expect(await told(path, 'es')).toEqual(['es', expect.stringContaining('contraseña')])
    expect(await told(path, 'fr-ca')).toEqual(['fr-ca', expect.stringContaining('mot de passe')])
    expect(await told(path, 'de')).toEqual(['en', expect.any(String)])
  }
})
