import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type App, openApp, type Wire } from '../../../test/setup/app.js'
import { institutionAt, mxBackEnd, openWidget, triedMember, type Widget } from '../../../test/setup/mx.js'

let app: App
let widget: Widget
beforeAll(async () => {
  app = await openApp()
  widget = await openWidget(app)
})
afterAll(() => app.close())

const list = async (path: string) => (await widget.call('GET', path)).body
const codes = async (path: string) => (await list(path)).institutions.map(({ code }: Wire) => code)

test('an institution, by its guid and by its code', async () => {
  const { institution } = (await widget.call('GET', '/institutions/mxbank')).body
  expect(institution).toMatchObject({
    guid: expect.stringMatching(/^INS-[0-9a-f-]{36}$/),
    code: 'mxbank',
    name: 'Clearspan Bank',
    supports_oauth: false,
    account_verification_is_enabled: true,
    account_identification_is_enabled: true,
    is_disabled_by_client: false,
    instructional_data: { title: null, description: null, steps: [] },
    aggregatorDisplayName: 'Clearspan',
  })
  expect((await widget.call('GET', `/institutions/${institution.guid}`)).body.institution).toEqual(institution)
  const logo = await app.http.inject(new URL(institution.logo_url).pathname)
  expect(logo).toMatchObject({ statusCode: 200, headers: { 'content-type': 'image/svg+xml; charset=utf-8' } })
  expect((await widget.call('GET', '/institutions/nobody')).status).toBe(404)
  expect((await widget.call('GET', '/institutions/INS-nobody')).status).toBe(404)
})

test.each<[code: string, facts: object]>([
  ['mx_bank_oauth', { supports_oauth: true, account_identification_is_enabled: true }],
  ['clearspan_cu', { account_verification_is_enabled: true, account_identification_is_enabled: false }],
  ['clearspan_txn', { account_verification_is_enabled: false, account_identification_is_enabled: false }],
  ['clearspan_disabled', { is_disabled_by_client: true }],
  ['clearspan_ca', { iso_country_code: 'CA', account_verification_is_enabled: false }],
])('%s is as its users rehearse with it', async (code, facts) => {
  expect((await widget.call('GET', `/institutions/${code}`)).body.institution).toMatchObject(facts)
})

test('help for those who log in is told where there is some', async () => {
  const { institution } = (await widget.call('GET', '/institutions/clearspan_cu')).body
  expect(institution.instructional_data.steps.length).toBeGreaterThan(0)
  for (const kind of ['forgot_password_credential', 'forgot_username_credential', 'trouble_signing_credential']) {
    expect(institution[`${kind}_recovery_url`]).toMatch(/^https:/)
  }
})

test('what one types there', async () => {
  const { credentials } = await institutionAt(widget)
  expect(credentials).toMatchObject([
    { field_name: 'LOGIN', field_type: 3, field_type_name: 'LOGIN', label: 'Username', display_order: 1 },
    { field_name: 'PASSWORD', field_type: 1, field_type_name: 'PASSWORD', label: 'Password', display_order: 2 },
  ])
  const union = await institutionAt(widget, 'clearspan_cu')
  expect(union.credentials).toMatchObject([
    { field_name: 'MEMBER_NO', field_type: 0 },
    { field_name: 'PASSCODE', field_type: 1 },
  ])
  expect((await institutionAt(widget, 'mx_bank_oauth')).credentials).toEqual([])
  const { guid } = await triedMember(app, widget, 'anything')
  const again = (await widget.call('GET', `/members/${guid}/credentials`)).body.credentials
  expect(again).toEqual(credentials)
})

describe('search', () => {
  test('finds by a part of the name, most popular first, a page at a time', async () => {
    expect((await codes('/institutions?search_name=clearspan')).slice(0, 3)).toEqual([
      'mxbank',
      'mx_bank_oauth',
      'clearspan_cu',
    ])
    const first = await list('/institutions?search_name=bank&per_page=10')
    const second = await list('/institutions?search_name=bank&per_page=10&page=2')
    expect(first.institutions).toHaveLength(10)
    expect(first.pagination).toMatchObject({ current_page: 1, per_page: 10 })
    expect(first.pagination.total_entries).toBeGreaterThan(40)
    const ranks = [...first.institutions, ...second.institutions].map(({ popularity }: Wire) => popularity)
    expect(ranks).toEqual([...ranks].sort((a, b) => b - a))
    const past = await list('/institutions?search_name=bank&page=1000')
    expect(past.institutions).toEqual([])
    expect(await codes('/institutions?search_name=nobody%20has%20this')).toEqual([])
  })

  test('narrows by number, country, products and flags', async () => {
    expect(await codes('/institutions?routing_number=222000118')).toEqual(['mxbank', 'mx_bank_oauth'])
    expect(await codes('/institutions?search_name=clearspan&iso_country_code=CA')).toEqual(['clearspan_ca'])
    const verifiable = await codes('/institutions?search_name=clearspan&account_verification_is_enabled=true')
    expect(verifiable).not.toContain('clearspan_txn')
    expect(verifiable).toContain('clearspan_cu')
    const both = 'products[]=account_verification&products[]=identity_verification'
    expect(await codes(`/institutions?search_name=clearspan&${both}`)).not.toContain('clearspan_cu')
    expect(await codes('/institutions?tax_statement_is_enabled=true')).toEqual([])
  })

  test('never shows one that nobody can log in to by what this face does', async () => {
    expect(await codes('/institutions?search_name=instant%20bank')).not.toContain('moneykit-instant-bank')
    expect((await widget.call('GET', '/institutions/moneykit-instant-bank')).status).toBe(404)
    expect(await codes('/institutions?search_name=manual')).not.toContain('manual')
  })

  test('a page that is none: 422', async () => {
    for (const query of ['page=0', 'per_page=101', 'page=x']) {
      expect(await widget.call('GET', `/institutions?${query}`)).toMatchObject({
        status: 422,
        body: { type: 'validation' },
      })
    }
  })
})

test('popular ones begin with those most used, and are the same for a back end', async () => {
  const popular = await list('/institutions/favorites?per_page=5')
  expect(popular.institutions).toHaveLength(5)
  expect((await mxBackEnd(app)('GET', '/institutions/favorites?per_page=5')).body).toEqual(popular)
})

test('discovered ones are those where the user has accounts', async () => {
  const other = await openWidget(app)
  expect((await other.call('GET', '/institutions/discovered')).body.institutions).toEqual([])
  await triedMember(app, other, 'anything')
  const { institutions } = (await other.call('GET', '/institutions/discovered?iso_country_code=US')).body
  expect(institutions.map(({ code }: Wire) => code)).toEqual(['mxbank'])
})
