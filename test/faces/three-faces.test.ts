/** One person, one bank and one payment, seen by three protocols: what one of them makes is there for the others. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { spellId as moneykitId } from '../../src/faces/moneykit/ids.js'
import { readWireId as readMxId } from '../../src/faces/mx/ids.js'
import { type App, openApp, type Wire } from '../setup/app.js'
import { IDENTITY_SESSION, PHONE_SESSION } from '../setup/cast.js'
import { linked, moneykitClient } from '../setup/moneykit.js'
import { mxBackEnd, openWidget, run, triedMember } from '../setup/mx.js'

let app: App
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())

test('a member of the widget is a link, and its checking account pays a card without micro-deposits', async () => {
  // Nothing counts as proven but what a data provider says.
  await app.admin.changeTeam({ name: app.keys.team, environment: 'development' }, (settings) => ({
    ...settings,
    method: { ...settings.method, accounts: { autoVerify: false }, payments: { linkedSourcesOnly: true } },
  }))
  const widget = await openWidget(app, { userId: 'kevin-of-acme' })
  const member = await triedMember(app, widget, 'anything', { jobType: 1 })
  expect(member).toMatchObject({ connection_status: 6 })
  await run(app, widget, member.guid, 0)
  const backEnd = mxBackEnd(app)
  const { account_numbers: numbers } = (
    await backEnd('GET', `/users/${widget.userGuid}/members/${member.guid}/account_numbers`)
  ).body
  const { accounts } = (await widget.call('GET', `/members/${member.guid}/accounts`)).body
  const checking = accounts.find(({ account_type }: Wire) => account_type === 1)
  const { account_number: number, routing_number: routing } = numbers.find(
    ({ account_guid }: Wire) => account_guid === checking.guid,
  )

  // moneykit
  const client = await moneykitClient(app)
  const { links } = (await client.call('GET', '/users/kevin-of-acme/links')).body
  const linkId = moneykitId('link', readMxId('member', member.guid))
  expect(Object.keys(links)).toEqual([linkId])
  expect(links[linkId]).toMatchObject({ provider: 'mx', institution_id: 'mxbank', state: 'connected' })
  const told = (await client.call('GET', `/links/${linkId}/accounts`)).body.accounts
  expect(told.map(({ account_mask }: Wire) => account_mask)).toEqual(
    accounts.map(({ account_number: masked }: Wire) => masked.slice(-4)),
  )

  // method
  const holder = `ent_${readMxId('user', widget.userGuid)}`
  const entity = `/entities/${holder}`
  await app.call('PUT', entity, {
    body: { individual: { first_name: 'Kevin', last_name: 'Doyle', phone: '+15121231111' } },
  })
  for (const session of [PHONE_SESSION, IDENTITY_SESSION]) {
    const made = await app.call('POST', `${entity}/verification_sessions`, { body: session })
    expect(made.status, made.text).toBe(200)
  }
  const connect = await app.call('POST', `${entity}/connect`, { body: {} })
  expect(connect.status, connect.text).toBe(200)
  await app.drain()
  const held = (await app.call('GET', `/accounts?holder_id=${holder}`)).data as unknown as Wire[]
  const card = held.find(({ liability }) => liability?.type === 'credit_card')

  const ach = { routing, number, type: 'checking' }
  const source = await app.call('POST', '/accounts', { body: { holder_id: holder, ach } })
  expect(source.status, source.text).toBe(200)
  const sessions = await app.call('GET', `/accounts/${source.data.id}/verification_sessions`)
  expect(sessions.data).toMatchObject([{ status: 'verified', type: 'mx' }])
  const pay = (from: string) =>
    app.call('POST', '/payments', {
      body: { amount: 1000, source: from, destination: card?.id, description: 'CardPay01' },
    })
  const paid = await pay(source.data.id)
  expect(paid.status, paid.text).toBe(200)
  expect(paid.data).toMatchObject({ source: source.data.id, status: 'pending' })

  // Another number at the same bank is nobody's word.
  const other = await app.call('POST', '/accounts', {
    body: { holder_id: holder, ach: { ...ach, number: `${number}9` } },
  })
  expect((await pay(other.data.id)).status).not.toBe(200)
})

test('a link is a member, whose user can have it read again', async () => {
  const client = await moneykitClient(app)
  const link = await linked(app, client, { user: 'someone-linked' })
  const widget = await openWidget(app, { userId: 'someone-linked' })
  const { members } = (await widget.call('GET', '/members')).body
  expect(members).toMatchObject([
    { institution_code: 'moneykit-creds-bank', connection_status: 6, is_being_aggregated: false },
  ])
  expect(moneykitId('link', readMxId('member', members[0].guid))).toBe(link)
  expect(await run(app, widget, members[0].guid)).toMatchObject({ connection_status: 6 })
  expect((await widget.call('DELETE', `/members/${members[0].guid}`)).status).toBe(204)
  expect((await client.call('GET', `/links/${link}/accounts`)).status).toBe(410)
})
