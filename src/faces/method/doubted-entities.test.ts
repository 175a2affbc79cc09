/** People whose details are not believed. Contract: method/entities §1.7; conventions §19.3. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, openApp, type Wire } from '../../../test/setup/app.js'
import { register } from '../../../test/setup/cast.js'
import { changeSettings } from '../../core/teams/teams.js'

let app: App
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())

describe('a person whom the network doubts', () => {
  const phone = '+15125550261'
  const named = { first_name: 'Ada', last_name: 'Own', phone }
  const doubted = {
    invalid_details: [12002, 'ENTITY_INVALID_DETAILS', 'Entity was disabled due to invalid information.'],
    pending_review: [12003, 'ENTITY_PENDING_KYC_REVIEW', 'Entity was disabled due to pending KYC review.'],
  } as const
  const mismatch = {
    type: 'ENTITY_DISABLED',
    code: 12005,
    sub_type: 'ENTITY_SSN_MISMATCH',
    message: 'Entity was disabled due to a mismatch in the provided and retrieved social security number.',
  }

  it.each(Object.entries(doubted))('is disabled as soon as it is said who they are: %s', async (doubt, row) => {
    const call = { key: (await app.newTeam()).development }
    await register(app, { phone, liabilities: [], doubt }, call)
    const [code, sub_type, message] = row
    const body = { type: 'individual', individual: named }
    const { data: made } = await app.call('POST', '/entities', { ...call, body })
    const ended = { status: 'disabled', error: { type: 'ENTITY_DISABLED', code, sub_type, message } }
    expect(made).toMatchObject({ ...ended, products: [], restricted_products: [], restricted_subscriptions: [] })
    const { data } = await app.call('POST', '/entities', { ...call, body: { type: 'individual' } })
    expect(data).toMatchObject({ status: 'incomplete', error: null })
    const path = `/entities/${data.id}`
    const reply = await app.call('PUT', path, { ...call, body: { individual: named } })
    expect(reply.data).toMatchObject(ended)
    expect(await app.call('PUT', path, { ...call, body: { individual: { email: 'a@b.cd' } } })).toMatchObject({
      status: 400,
      error: { sub_type: 'ENTITY_UPDATE_DISABLED' },
    })
    const { data: told } = await app.call('GET', `/events?resource_id=${made.id}`, call)
    expect((told as unknown as Wire[]).map(({ type }) => type)).toEqual(['entity.update', 'entity.create'])
  })

  it('is disabled by an SSN that is another’s, subscriptions and all, and not by their own', async () => {
    const call = { key: (await app.newTeam()).development }
    const own = await register(app, { phone, liabilities: [], ssn: '111223333' }, call)
    const tell = (id: string, individual: object) =>
      app.call('PUT', `/entities/${id}`, { ...call, body: { individual } })
    const honest = await own.verified().enter()
    expect((await tell(honest.id, { ssn_4: '3333' })).data).toMatchObject({ status: 'active', error: null })
    expect((await tell(honest.id, { ssn: '111223333' })).data).toMatchObject({ status: 'active', error: null })
    const other = await own.verified().enter()
    const subscriptions = `/entities/${other.id}/subscriptions`
    const { data: enrolled } = await app.call('POST', subscriptions, { ...call, body: { enroll: 'credit_score' } })
    expect((await tell(other.id, { ssn_4: '4444' })).data).toMatchObject({ status: 'disabled', error: mismatch })
    expect((await app.call('GET', `${subscriptions}/${enrolled.id}`, call)).data.status).toBe('inactive')
    const body = { type: 'individual', individual: { ...named, ssn: '123456789' } }
    expect((await app.call('POST', '/entities', { ...call, body })).data).toMatchObject({ error: mismatch })
  })

  it('is nobody whose SSN nobody gave', async () => {
    for (const given of ['+15121231111', '+17375550102']) {
      const body = { type: 'individual', individual: { ...named, phone: given, ssn: '123456789' } }
      expect((await app.call('POST', '/entities', { body })).data).toMatchObject({
        status: 'incomplete',
        error: null,
        verification: { identity: { matched: true } },
      })
    }
  })

  it('takes their accounts with them, where the team is pinned to 2025-12-01', async () => {
    const liabilities = [{ mch_id: 'mch_302086' }, { mch_id: 'mch_2347' }]
    const endOne = async (version: string) => {
      const keys = await app.newTeam()
      const call = { key: keys.development }
      await changeSettings(app.base, { name: keys.team, environment: 'development' }, () => ({ method: { version } }))
      const own = await register(app, { phone, liabilities, ssn: '111223333' }, call)
      const person = await own.verified().connected().enter()
      const [card] = person.accounts
      const { data: enrolled } = await app.call('POST', `/accounts/${card?.id}/subscriptions`, {
        ...call,
        body: { enroll: 'update.snapshot' },
      })
      await app.call('PUT', `/entities/${person.id}`, { ...call, body: { individual: { ssn_4: '4444' } } })
      const { data } = await app.call('GET', `/accounts?holder_id=${person.id}`, call)
      const path = `/accounts/${card?.id}/subscriptions/${enrolled.id}`
      return {
        accounts: data as unknown as Wire[],
        subscription: (await app.call('GET', path, call)).data,
        person,
        call,
      }
    }
    const before = await endOne('2025-07-04')
    expect(before.accounts.map(({ status, error }) => [status, error])).toEqual(Array(2).fill(['active', null]))
    expect(before.subscription.status).toBe('active')
    const { accounts, subscription, person, call } = await endOne('2025-12-01')
    for (const account of accounts) {
      expect(account).toMatchObject({
        status: 'disabled',
        products: [],
        restricted_products: [],
        subscriptions: [],
        error: { type: 'ACCOUNT_DISABLED', code: 11006, sub_type: 'ACCOUNT_DISABLED_HOLDER_ENTITY_DISABLED' },
      })
      const { data: told } = await app.call('GET', `/events?resource_id=${account.id}&page_limit=1`, call)
      expect((told as unknown as Wire[])[0]).toMatchObject({
        type: 'account.update',
        diff: { before: { status: 'active', error: null }, after: { status: 'disabled' } },
      })
    }
    expect(subscription.status).toBe('inactive')
    const withdrawn = await app.call('POST', `/accounts/${accounts[0]?.id}/consent`, {
      ...call,
      body: { type: 'withdraw' },
    })
    expect(withdrawn.data.error.code).toBe(11004)
    expect((await app.call('GET', `/entities/${person.id}`, call)).data.error).toEqual(mismatch)
  })
})
