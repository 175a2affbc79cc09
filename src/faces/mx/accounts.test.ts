import { afterAll, beforeAll, expect, test } from 'vitest'
import { type App, openApp, type Wire } from '../../../test/setup/app.js'
import { mxBackEnd, newMember, openWidget, run, triedMember, type Widget } from '../../../test/setup/mx.js'

let app: App
let widget: Widget
beforeAll(async () => {
  app = await openApp()
  widget = await openWidget(app)
})
afterAll(() => app.close())

const describeOne = (account: object, by = widget) => by.call('POST', '/accounts', { account })
const CARD = {
  user_name: 'My card',
  account_type: 4,
  balance: 12.5,
  interest_rate: 3,
  minimum_payment: 25,
  day_payment_is_due: 15,
  credit_limit: 1000,
  is_personal: true,
}

test('an account that a person describes is kept in a member for such accounts', async () => {
  const made = await describeOne(CARD)
  expect(made).toMatchObject({
    status: 201,
    body: {
      account: {
        ...CARD,
        guid: expect.stringMatching(/^ACT-/),
        member_guid: expect.stringMatching(/^MBR-/),
        institution_guid: expect.stringMatching(/^INS-MANUAL-/),
        user_guid: widget.userGuid,
        is_manual: true,
      },
    },
  })
  const { account } = made.body
  const { member } = (await widget.call('GET', `/members/${account.member_guid}`)).body
  expect(member).toMatchObject({
    is_manual: true,
    is_managed_by_user: true,
    connection_status: 6,
    is_being_aggregated: false,
    institution_guid: account.institution_guid,
  })
  const { institution } = (await widget.call('GET', `/institutions/${account.institution_guid}`)).body
  expect(institution).toMatchObject({ code: 'manual', name: expect.any(String), url: expect.any(String) })

  const house = (await describeOne({ user_name: 'House', account_type: 8, property_type: 0, balance: 300_000 })).body
    .account
  expect(house.member_guid).toBe(account.member_guid)
  const { accounts } = (await widget.call('GET', `/members/${account.member_guid}/accounts`)).body
  expect(accounts).toEqual([account, house])
})

test('two described at the same time share one member', async () => {
  const other = await openWidget(app)
  const made = await Promise.all([1, 2, 3].map((n) => describeOne({ user_name: `Cash ${n}`, account_type: 9 }, other)))
  expect(new Set(made.map(({ body }) => body.account.member_guid)).size).toBe(1)
})

test.each([
  [{ ...CARD, user_name: '' }],
  [{ ...CARD, account_type: 13 }],
  [{ ...CARD, day_payment_is_due: 32 }],
  [{ ...CARD, balance: '12' }],
  [{ user_name: 'House', account_type: 8 }],
])('%j: 422', async (account) => {
  expect(await describeOne(account)).toMatchObject({
    status: 422,
    body: { type: 'validation', fields: expect.any(Object) },
  })
})

test('a back end reads what the member was made for; the widget does not', async () => {
  const { guid } = await triedMember(app, widget, 'anything')
  const backEnd = mxBackEnd(app)
  const at = (path: string) => backEnd('GET', `/users/${widget.userGuid}/members/${guid}${path}`)
  const { accounts } = (await at('/accounts')).body
  expect(accounts.map(({ account_type }: Wire) => account_type)).toContain(1)
  const { transactions, pagination } = (await at('/transactions?per_page=5')).body
  expect(transactions).toHaveLength(5)
  expect(pagination.total_entries).toBeGreaterThan(100)
  expect(await at('/account_numbers')).toMatchObject({ status: 400, body: { type: 'product_not_supported' } })
  await run(app, widget, guid, 1)
  await run(app, widget, guid, 2)
  const { account_numbers: numbers } = (await at('/account_numbers')).body
  expect(numbers[0]).toMatchObject({ account_number: expect.stringMatching(/^\d+$/), routing_number: '222000118' })
  const { account_owners: owners } = (await at('/account_owners')).body
  expect(owners[0].owner_name).toMatch(/\w/)
  for (const path of ['account_numbers', 'account_owners', 'transactions']) {
    expect((await widget.call('GET', `/members/${guid}/${path}`)).status).toBe(401)
  }
  const all = (await backEnd('GET', `/users/${widget.userGuid}/accounts`)).body.accounts
  expect(all.length).toBeGreaterThan(accounts.length)
})

test('of a member that is not connected nothing can be read', async () => {
  const { guid } = await newMember(widget, 'anything', { name: 'nobody-yet' })
  expect(await widget.call('GET', `/members/${guid}/accounts`)).toMatchObject({
    status: 409,
    body: { type: 'not_connected' },
  })
})
