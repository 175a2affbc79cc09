/** Companies and their owners. Contract: method/entities §1.2, §1.4, §1.6, §1.10, §1.13. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type App, openApp, type Wire } from '../../../test/setup/app.js'
import { VERSIONS } from './versions/versions.js'

let app: App
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())

const NOWHERE = { line1: null, line2: null, city: null, state: null, zip: null }
const HARBOR = { line1: '90 Harbor Street', line2: null, city: 'Austin', state: 'TX', zip: '78701' }
const OWNER = {
  first_name: 'Kevin',
  last_name: 'Doyle',
  phone: '+15125550134',
  email: 'kevin.doyle@example.com',
  dob: '1988-02-14',
  address: { line1: '412 Larkspur Lane', line2: null, city: 'Round Rock', state: 'TX', zip: '78664' },
}
const HERON = { name: 'Blue Heron Outfitters Inc.', dba: 'Blue Heron', ein: '820415567', owners: [OWNER] }

const create = (members: object) => app.call('POST', '/entities', { body: { type: 'corporation', ...members } })
const update = (entity: Wire, body: object) => app.call('PUT', `/entities/${entity.id}`, { body })
const retrieve = async (entity: Wire) => (await app.call('GET', `/entities/${entity.id}`)).data

describe('a company', () => {
  test.each(VERSIONS)('shows exactly its own keys at %s', async (version) => {
    const body = { type: 'corporation', corporation: HERON, address: HARBOR }
    const { data } = await app.call('POST', '/entities', { version, body })
    expect(data).toEqual({
      id: expect.stringMatching(/^ent_\w{13}$/),
      type: 'corporation',
      corporation: HERON,
      address: HARBOR,
      status: 'active',
      error: null,
      metadata: null,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    })
    expect((await app.call('GET', `/entities/${data.id}`, { version })).data).toEqual(data)
  })

  test('may begin empty and waits for name, EIN, an owner and an address', async () => {
    const { data: empty } = await create({ corporation: {} })
    expect(empty).toMatchObject({ corporation: { name: null, dba: null, ein: null, owners: [] }, address: NOWHERE })
    const steps = [{ corporation: { name: HERON.name } }, { corporation: { ein: HERON.ein } }, { address: HARBOR }]
    for (const step of steps) expect((await update(empty, step)).data.status).toBe('incomplete')
    const { data } = await update(empty, { corporation: { owners: [{ first_name: 'Kevin' }] } })
    expect(data.status).toBe('active')
    expect(data.corporation.owners).toEqual([
      { first_name: 'Kevin', last_name: null, phone: null, email: null, dob: null, address: NOWHERE },
    ])
  })

  test('has no verification, and no product can be requested for it', async () => {
    const { data } = await create({ corporation: HERON })
    const requests = [
      ['verification_sessions', { type: 'phone', method: 'sms', sms: {} }, 'INVALID_ENTITY_TYPE'],
      ['connect', {}, 'INVALID_REQUEST'],
      ['credit_scores', {}, 'INVALID_REQUEST'],
      ['identities', {}, 'INVALID_REQUEST'],
      ['attributes', {}, 'INVALID_REQUEST'],
    ] as const
    for (const [path, body, subType] of requests) {
      const { status, error } = await app.call('POST', `/entities/${data.id}/${path}`, { body })
      expect([path, status, error.sub_type]).toEqual([path, 400, subType])
    }
  })
})

describe('what a company has said', () => {
  test('can be said again, and nothing changes', async () => {
    const { data } = await create({ corporation: HERON, address: HARBOR })
    app.clock.advance(1000)
    const again = await update(data, { corporation: { ...HERON, dba: null }, address: HARBOR })
    expect(again.data).toEqual(data)
  })

  test.each([
    ['another name', { corporation: { name: 'Red Heron' } }],
    ['another EIN', { corporation: { ein: '820415568' } }],
    ['another owner', { corporation: { owners: [{ ...OWNER, first_name: 'Calvin' }] } }],
    ['one owner more', { corporation: { owners: [OWNER, OWNER] } }],
    ['another address', { address: { city: 'Dallas' } }],
    ['something new and another name', { corporation: { name: 'Red Heron', dba: 'Red' } }],
  ])('cannot become %s', async (_, body) => {
    const { data } = await create({ corporation: { ...HERON, dba: null }, address: HARBOR })
    expect((await update(data, body)).error).toMatchObject({ code: 400, sub_type: 'ENTITY_UPDATE_INVALID' })
    expect(await retrieve(data)).toEqual(data)
  })

  test.each([
    ['an EIN of eight digits', { ein: '82041556' }, 'INVALID_REQUEST'],
    ['an EIN of letters', { ein: '82041556x' }, 'INVALID_REQUEST'],
    ['an empty name', { name: ' ' }, 'INVALID_REQUEST'],
    ["an owner's phone", { owners: [{ phone: '+4915123456' }] }, 'INVALID_ENTITY_PHONE_NUMBER'],
    ["an owner's email", { owners: [{ email: 'kevin' }] }, 'INVALID_ENTITY_EMAIL_ADDRESS'],
    ["an owner's birthday to come", { owners: [{ dob: '2031-01-01' }] }, 'INVALID_REQUEST'],
    ["an owner's state", { owners: [{ address: { state: 'Texas' } }] }, 'INVALID_REQUEST'],
    ['eleven owners', { owners: Array.from({ length: 11 }, () => ({})) }, 'INVALID_REQUEST'],
  ])('is refused for %s', async (_, corporation, subType) => {
    expect((await create({ corporation })).error).toMatchObject({ code: 400, sub_type: subType })
    const { data } = await create({ corporation: {} })
    expect((await update(data, { corporation })).error).toMatchObject({ code: 400, sub_type: subType })
  })

  test('is not what a person says', async () => {
    const { data } = await create({ corporation: {} })
    const { error } = await update(data, { individual: { first_name: 'Kevin' } })
    expect(error).toMatchObject({ code: 400, sub_type: 'ENTITY_UPDATE_UNSUPPORTED' })
  })
})

test.each(['c_corporation', 's_corporation', 'llc', 'partnership', 'sole_proprietorship', 'receive_only'])(
  'the former type %s is refused',
  async (type) => {
    const { error } = await app.call('POST', '/entities', { body: { type, corporation: {} } })
    expect(error).toMatchObject({ code: 400, sub_type: 'INVALID_REQUEST' })
  },
)
