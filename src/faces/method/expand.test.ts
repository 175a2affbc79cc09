/** Ids replaced by what they name. Contract: method/conventions §11. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, openApp, type Wire } from '../../../test/setup/app.js'
import { kevin, type Person } from '../../../test/setup/cast.js'

let app: App
let person: Person
beforeAll(async () => {
  app = await openApp()
  person = await kevin(app).verified().connected().enter()
})
afterAll(() => app.close())

const get = async (path: string) => (await app.call('GET', path)).data

describe('an entity', () => {
  const connected = () => get(`/entities/${person.id}/connect/${person.entity.connect}`)

  it.each([
    'expand=connect',
    'expand[]=connect',
    'expand[0]=connect',
    'expand%5B%5D=connect',
    'expand%5B0%5D=connect',
    'expand=connect&expand=connect',
    'expand[]=connect&expand[]=credit_score',
  ])('shows its connect in place of the id: %s', async (query) => {
    const entity = await get(`/entities/${person.id}?${query}`)
    expect(entity).toEqual({ ...person.entity, connect: await connected() })
  })

  it('shows its sessions inside its verification', async () => {
    const names = ['identity', 'phone'].map((channel) => `expand[]=${channel}_latest_verification_session`).join('&')
    const { verification } = await get(`/entities/${person.id}?${names}`)
    for (const channel of ['identity', 'phone']) {
      const id = person.entity.verification[channel].latest_verification_session
      expect(verification[channel]).toEqual({
        ...person.entity.verification[channel],
        latest_verification_session: await get(`/entities/${person.id}/verification_sessions/${id}`),
      })
    }
  })

  it('shows null where there is nothing to expand', async () => {
    const { data } = await app.call('POST', '/entities', { body: { type: 'individual', individual: {} } })
    const names = ['connect', 'credit_score', 'attribute', 'identity_latest_verification_session']
    const entity = await get(`/entities/${data.id}?${names.map((name) => `expand[]=${name}`).join('&')}`)
    expect(entity).toEqual(await get(`/entities/${data.id}`))
  })

  it('expands in a list as it does alone, companies untouched', async () => {
    await app.call('POST', '/entities', { body: { type: 'corporation', corporation: {} } })
    const entities = (await get('/entities?expand=connect')) as unknown as readonly Wire[]
    expect(entities.find(({ id }) => id === person.id)?.connect).toEqual(await connected())
    expect(entities.some(({ type }) => type === 'corporation')).toBe(true)
  })

  it('does not expand what it is not asked to', async () => {
    expect(await get(`/entities/${person.id}`)).toEqual(person.entity)
  })
})

describe('an account', () => {
  it('shows its update and balance in place of the ids', async () => {
    const { id } = person.account('mch_302086')
    await app.call('POST', `/accounts/${id}/balances`)
    await app.drain()
    const plain = await get(`/accounts/${id}`)
    const expanded = await get(`/accounts/${id}?expand[]=update&expand[]=balance&expand[]=card_brand`)
    expect(expanded).toEqual({
      ...plain,
      update: await get(`/accounts/${id}/updates/${plain.update}`),
      balance: await get(`/accounts/${id}/balances/${plain.balance}`),
    })
    expect(expanded.balance.amount).toBe(1_866_688)
  })

  it('shows what it normally does not have only when asked', async () => {
    const { id } = person.account('mch_302086')
    expect(await get(`/accounts/${id}`)).not.toHaveProperty('sensitive')
    expect(await get(`/accounts/${id}`)).not.toHaveProperty('transactions')
    expect(await get(`/accounts/${id}?expand[]=transactions`)).toMatchObject({ transactions: [] })
    expect(await get(`/accounts/${id}?expand=transaction`)).toMatchObject({ transaction: [] })
  })

  it('accepts payment without effect', async () => {
    const { id } = person.account('mch_302086')
    expect(await get(`/accounts/${id}?expand=payment`)).toEqual(await get(`/accounts/${id}`))
  })

  it('expands in a list as it does alone', async () => {
    const { id } = person.account('mch_2347')
    const accounts = (await get(`/accounts?holder_id=${person.id}&expand[]=update`)) as unknown as readonly Wire[]
    expect(accounts.find((account) => account.id === id)).toEqual(await get(`/accounts/${id}?expand=update`))
  })
})

describe('a connect', () => {
  const version = '2025-07-04'
  const at = async (query: string) =>
    (await app.call('GET', `/entities/${person.id}/connect/${person.entity.connect}${query}`, { version })).data

  it('shows its accounts in place of their ids, in the order of the ids', async () => {
    const { accounts: ids } = await at('')
    const { accounts } = await at('?expand=accounts')
    expect(accounts.map(({ id }: Wire) => id)).toEqual(ids)
    const [first] = accounts
    expect(first).toEqual((await app.call('GET', `/accounts/${first.id}`, { version })).data)
  })

  it('shows what its accounts point to, which shows the accounts as well', async () => {
    const { accounts } = await at('?expand[]=accounts.update')
    for (const account of accounts) {
      expect(account.update).toMatchObject({ account_id: account.id, status: 'completed' })
    }
  })

  it('expands when it is made, and in a list', async () => {
    const newcomer = await kevin(app).verified().enter()
    const path = `/entities/${newcomer.id}/connect?expand[]=accounts`
    const { data } = await app.call('POST', path, { version })
    expect(data.accounts).toHaveLength(7)
    expect(data.accounts[0]).toMatchObject({ holder_id: newcomer.id, type: 'liability' })
    const [listed] = (await app.call('GET', path, { version })).data as unknown as readonly Wire[]
    expect(listed?.accounts.map(({ id }: Wire) => id)).toEqual(data.accounts.map(({ id }: Wire) => id))
  })

  it('has nothing to expand in the early shape', async () => {
    const { data } = await app.call('GET', `/entities/${person.id}/connect/${person.entity.connect}?expand=accounts`)
    expect(typeof data.accounts[0]).toBe('string')
  })
})

describe('a name that a resource does not have', () => {
  it('is refused', async () => {
    const early = [
      `/entities/${person.id}?expand=balance`,
      '/entities?expand[]=connect&expand[]=identity',
      `/accounts/${person.account('mch_2347').id}?expand=connect`,
      '/accounts?expand=everything',
    ]
    const refused = { status: 400, error: { sub_type: 'INVALID_REQUEST' } }
    for (const path of early) expect(await app.call('GET', path)).toMatchObject(refused)
    const path = `/entities/${person.id}/connect?expand=balance`
    expect(await app.call('GET', path, { version: '2025-07-04' })).toMatchObject(refused)
  })

  it('is refused before a connect is made', async () => {
    const { id } = await kevin(app).verified().enter()
    const refused = await app.call('POST', `/entities/${id}/connect?expand=balance`, { version: '2025-07-04' })
    expect(refused.status).toBe(400)
    expect((await app.call('GET', `/entities/${id}/connect`)).data).toEqual([])
  })

  it('is refused when there are too many names', async () => {
    const names = Array.from({ length: 21 }, () => 'expand[]=connect').join('&')
    expect((await app.call('GET', `/entities?${names}`)).status).toBe(400)
  })
})
