/** Contract: method/payments §4, dev-fixtures-accounts F.7. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, openApp, type Wire } from '../../../test/setup/app.js'
import { WIRE_LIABILITY_TYPES } from './liability-types.js'

let app: App
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())

const list = async (query: string) => (await app.call('GET', `/merchants?${query}`)).data as unknown as readonly Wire[]

describe('a merchant', () => {
  it.each([
    {
      id: 'mch_3',
      parent_name: 'American Express',
      name: 'American Express - Credit Cards',
      logo: 'https://static.methodfi.com/mch_logos/mch_3.png',
      type: 'credit_card',
      provider_ids: {
        plaid: ['ins_10'],
        mx: ['amex'],
        finicity: [],
        dpp: ['120', '18954427', '11859365', '18947131', '16255844'],
      },
      is_temp: false,
      account_number_formats: [],
    },
    {
      id: 'mch_300485',
      parent_name: 'American Express',
      name: 'American Express Credit Card',
      logo: 'https://static.methodfi.com/mch_logos/mch_300485.png',
      type: 'credit_card',
      provider_ids: {
        plaid: ['ins_10'],
        mx: ['amex'],
        finicity: [],
        dpp: ['7929257', '120', '18391555', '18954427', '11859365', '18947131', '16255844'],
      },
      is_temp: false,
      account_number_formats: ['###############'],
    },
    {
      id: 'mch_301761',
      parent_name: 'Capital One',
      name: 'Capital One Credit Card',
      logo: 'https://static.methodfi.com/mch_logos/mch_301761.png',
      type: 'credit_card',
      provider_ids: {
        plaid: ['ins_9', 'ins_128026'],
        mx: ['capital_one'],
        finicity: [],
        dpp: ['9366979', '18372457', '18431971', '18373255', '14444930'],
      },
      is_temp: false,
      account_number_formats: ['################'],
    },
  ])('of the fixtures is as the fixtures have it: $id', async (merchant) => {
    for (const environment of ['development', 'sandbox', 'production'] as const) {
      const answer = await app.call('GET', `/merchants/${merchant.id}`, { key: app.keys[environment] })
      expect(answer.data).toEqual(merchant)
    }
  })

  it.each([
    ['mch_302086', 'credit_card'],
    ['mch_311289', 'credit_card'],
    ['mch_2347', 'auto_loan'],
    ['mch_311130', 'auto_loan'],
    ['mch_300503', 'auto_loan'],
    ['mch_304444', 'student_loan'],
    ['mch_309067', 'mortgage'],
  ])('%s is of the type %s', async (id, type) => {
    expect((await app.call('GET', `/merchants/${id}`)).data.type).toBe(type)
  })

  it.each(['mch_999999999', 'mch_chase', 'mch_', 'mch_-3', 'mch_3.0', 'mch_12345678901234567890', 'acc_3', '3'])(
    'that does not exist is not found: %s',
    async (id) => {
      expect(await app.call('GET', `/merchants/${id}`)).toMatchObject({ status: 404, error: { sub_type: 'NOT_FOUND' } })
    },
  )
})

describe('a search for merchants', () => {
  it('by a provider’s id finds exactly its members, the fixture first', async () => {
    const found = await list('provider_id.plaid=ins_10')
    expect(found[0]?.id).toBe('mch_300485')
    expect(found.map(({ id }) => id)).toContain('mch_3')
    for (const { provider_ids } of found) expect(provider_ids.plaid).toContain('ins_10')
    expect(await list('provider_id.plaid=ins_1')).toSatisfy((merchants: Wire[]) =>
      merchants.every(({ provider_ids }) => provider_ids.plaid.includes('ins_1')),
    )
    expect((await list('provider_id.mx=amex')).length).toBeGreaterThan(0)
    expect(await list('provider_id.finicity=nobody')).toEqual([])
  })

  it('by two providers’ ids is refused', async () => {
    expect(await app.call('GET', '/merchants?provider_id.plaid=ins_10&provider_id.mx=amex')).toMatchObject({
      status: 400,
      error: { type: 'INVALID_REQUEST', sub_type: 'INVALID_SEARCH_PARAMETERS' },
    })
  })

  it('by name looks at the merchant and its parent, in any case, part of a word too', async () => {
    for (const name of ['american express', 'AMERICAN', 'merican exp']) {
      const ids = (await list(`name=${encodeURIComponent(name)}&page_limit=100`)).map(({ id }) => id)
      expect(ids).toEqual(expect.arrayContaining(['mch_3', 'mch_300485']))
    }
    const [exact] = await list('name=Capital%20One%20Credit%20Card')
    expect(exact?.id).toBe('mch_301761')
  })

  it('takes the text as it is: wildcards and quotes mean themselves', async () => {
    for (const name of ['%', '_', '\\', "'", '"', '%%']) {
      const found = await list(`name=${encodeURIComponent(name)}&page_limit=100`)
      for (const merchant of found) expect(`${merchant.name} ${merchant.parent_name}`).toContain(name)
    }
  })

  it('by the name on a credit report finds its merchant', async () => {
    const found = await list('creditor_name=jpmcb')
    expect(found.map(({ parent_name }) => parent_name).join()).toMatch(/chase/i)
  })

  it.each(WIRE_LIABILITY_TYPES)('by the type %s finds only that', async (type) => {
    const found = await list(`type=${type}&page_limit=100`)
    expect(found.length).toBeGreaterThan(0)
    const spelled = type === 'student_loans' ? 'student_loan' : type
    expect(new Set(found.map((merchant) => merchant.type))).toEqual(new Set([spelled]))
  })

  it('by several things finds what is all of them', async () => {
    const found = await list('name=chase&type=credit_card')
    expect(found.map(({ id }) => id)).toContain('mch_302086')
    expect(new Set(found.map(({ type }) => type))).toEqual(new Set(['credit_card']))
  })

  it('by an unknown type is refused', async () => {
    expect(await app.call('GET', '/merchants?type=spaceship')).toMatchObject({ status: 400 })
  })

  it('has pages by number that show each merchant once', async () => {
    const first = await app.call('GET', '/merchants?type=credit_card&page_limit=7')
    const count = Number(first.headers['pagination-page-count'])
    const pages = await Promise.all(
      Array.from({ length: count }, (_, index) => list(`type=credit_card&page_limit=7&page=${index + 1}`)),
    )
    const ids = pages.flat().map(({ id }) => id)
    expect(ids).toHaveLength(Number(first.headers['pagination-total-count']))
    expect(new Set(ids).size).toBe(ids.length)
    expect(first.headers).not.toHaveProperty('pagination-page-cursor-next')
  })

  it('says how many there are also behind the last page', async () => {
    const { headers, data } = await app.call('GET', '/merchants?type=mortgage&page=1000')
    const first = await app.call('GET', '/merchants?type=mortgage')
    expect(data).toEqual([])
    expect(headers['pagination-total-count']).toBe(first.headers['pagination-total-count'])
  })
})
