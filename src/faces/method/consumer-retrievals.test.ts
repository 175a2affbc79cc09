/** Credit scores, identities, attributes and vehicles of entities. Contract: method/entities §4–§7, dev-fixtures §3.4, §4. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type App, openApp, type Wire } from '../../../test/setup/app.js'
import { kevin, type Person, questionedKevin, somebody, stranger } from '../../../test/setup/cast.js'

let app: App
let known: Person
beforeAll(async () => {
  app = await openApp()
  known = await kevin(app).verified().connected().enter()
})
afterAll(() => app.close())

const post = (path: string, call = {}) => app.call('POST', path, call)
const get = (path: string, call = {}) => app.call('GET', path, call)

describe('a credit score', () => {
  test('is pending until the bureau has answered, and then is one Equifax score with its reasons', async () => {
    const { data: asked } = await post(`/entities/${known.id}/credit_scores`)
    expect(asked).toMatchObject({ entity_id: known.id, status: 'pending', scores: null, error: null })
    expect(Object.keys(asked).sort()).toEqual([
      'created_at',
      'entity_id',
      'error',
      'id',
      'scores',
      'status',
      'updated_at',
    ])
    await app.drain()
    const { data: answered } = await get(`/entities/${known.id}/credit_scores/${asked.id}`)
    expect(answered).toMatchObject({ id: asked.id, status: 'completed', created_at: asked.created_at })
    expect(answered.scores).toHaveLength(1)
    expect(answered.scores[0]).toMatchObject({ score: 734, source: 'equifax', model: 'vantage_4' })
    expect(answered.scores[0].factors.map((factor: Wire) => factor.code)).toEqual(['00034', '00012', '00063', '00016'])
    expect((await get(`/entities/${known.id}`)).data.credit_score).toBe(asked.id)
    expect((await get(`/entities/${known.id}?expand[]=credit_score`)).data.credit_score).toEqual(answered)
  })

  test('fails with a reason for a person whom the bureau has no file of', async () => {
    const thin = await somebodyWithoutDebts()
    const { data: asked } = await post(`/entities/${thin.id}/credit_scores`)
    await app.drain()
    const { data } = await get(`/entities/${thin.id}/credit_scores/${asked.id}`)
    expect(data).toMatchObject({ status: 'failed', scores: null })
    expect(data.error).toMatchObject({
      type: 'CREDIT_SCORE_FAILED',
      code: 23001,
      sub_type: 'CREDIT_SCORE_FAILED_TEMPORARILY_UNAVAILABLE',
    })
  })

  test('is refused to an entity that is not verified, and to a company', async () => {
    const unverified = await kevin(app).phoned().enter()
    const company = await post('/entities', { body: { type: 'corporation', corporation: { name: 'Blue Heron' } } })
    expect((await post(`/entities/${unverified.id}/credit_scores`)).error).toMatchObject({
      code: 400,
      sub_type: 'ENTITY_VERIFICATION_MISSING',
    })
    expect((await post(`/entities/${company.data.id}/credit_scores`)).error).toMatchObject({
      code: 400,
      sub_type: 'INVALID_REQUEST',
    })
    expect((await post('/entities/ent_RbWady8jPiD3y/credit_scores')).status).toBe(404)
  })

  test('is listed newest first', async () => {
    const { data: newest } = await post(`/entities/${known.id}/credit_scores`)
    const { data: list } = await get(`/entities/${known.id}/credit_scores`)
    expect(list[0]).toEqual(newest)
  })

  test('that moved is told as increased or decreased, with both records', async () => {
    const person = await somebody(app, '0424').verified().connected().enter()
    for (let month = 0; month < 14; month++) {
      await post(`/entities/${person.id}/credit_scores`)
      await app.drain()
      app.clock.advance(31 * 24 * 3600 * 1000)
    }
    const scores = (
      (await get(`/entities/${person.id}/credit_scores?page_limit=20`)).data as unknown as Wire[]
    ).reverse()
    const rows = await app.fresh.db
      .selectFrom('events')
      .selectAll()
      .where('resource', '=', 'credit_score')
      .where('topic', 'in', ['credit_score.increased', 'credit_score.decreased'])
      .orderBy('created_at')
      .execute()
    const moves = scores.slice(1).flatMap((score, index) => {
      const change = score.scores[0].score - (scores[index]?.scores[0]?.score ?? 0)
      return change === 0 ? [] : [{ id: score.id, op: change > 0 ? 'increased' : 'decreased' }]
    })
    expect(moves.length).toBeGreaterThan(0)
    const told = rows.filter((row) => scores.some(({ id }) => id === `crs_${row.resource_id}`))
    expect(told.map((row) => ({ id: `crs_${row.resource_id}`, op: row.topic.split('.')[1] }))).toEqual(moves)
    for (const row of told) expect((row.before as Wire).id).not.toBe((row.after as Wire).id)
  })

  async function somebodyWithoutDebts(): Promise<Person> {
    for (let number = 0; number < 400; number += 2) {
      const person = await somebody(app, String(number).padStart(4, '0')).verified().connected().enter()
      if (person.accounts.length === 0) return person
    }
    throw new Error('Everybody owes something.')
  }
})

describe('identities', () => {
  test('of the documented ambiguous number are its two records, in clear, without any verification', async () => {
    const { data: entity } = await post('/entities', {
      body: { type: 'individual', individual: { first_name: 'Kevin', last_name: 'Doyle', phone: '+16505551115' } },
    })
    const { data } = await post(`/entities/${entity.id}/identities`)
    const record = (ssn: string) => ({
      first_name: 'KEVIN',
      last_name: 'DOYLE',
      phone: '+16505551115',
      dob: '1997-03-18',
      ssn,
      address: { address: '3300 N INTERSTATE 35', city: 'AUSTIN', state: 'TX', postal_code: '78705' },
    })
    expect(data).toMatchObject({ entity_id: entity.id, status: 'completed', error: null })
    expect(data.identities).toEqual([record('111223333'), record('123456789')])
    expect((await get(`/entities/${entity.id}/identities/${data.id}`)).data).toEqual(data)
    expect((await get(`/entities/${entity.id}/identities`)).data[0]).toEqual(data)
    const newest = await get(`/entities/${entity.id}/identities/${data.id}`, { version: '2025-12-01' })
    expect(newest.data.identities[0]).toMatchObject({ ssn: 'xxxxxxxxx', address: { zip: '78705' } })
  })

  test('are sealed where they are stored', async () => {
    await post(`/entities/${known.id}/identities`)
    const { rows } = await app.fresh.database.pool.query(
      "select result::text from retrievals where product = 'identity'",
    )
    expect(rows.length).toBeGreaterThan(0)
    for (const { result } of rows) expect(result).not.toMatch(/DOYLE|111223333/)
  })

  test('need a name and a phone, and somebody known under them', async () => {
    const { data: nameless } = await post('/entities', { body: { type: 'individual', individual: {} } })
    const unknown = await stranger(app).enter()
    expect((await post(`/entities/${nameless.id}/identities`)).error.sub_type).toBe('PRODUCT_RESTRICTED')
    expect((await post(`/entities/${unknown.id}/identities`)).error).toMatchObject({
      code: 400,
      sub_type: 'NO_IDENTITIES_FOUND',
    })
    expect((await get(`/entities/${unknown.id}/identities`)).data).toEqual([])
  })
})

describe('attributes', () => {
  test('are six figures with ratings in the early shape, and all nine later', async () => {
    const { data } = await post(`/entities/${known.id}/attributes`)
    expect(data.status).toBe('completed')
    expect(data.attributes).toEqual({
      credit_health_credit_card_usage: { value: 22, rating: 'good' },
      credit_health_derogatory_marks: { value: 1, rating: 'fair' },
      credit_health_hard_inquiries: { value: 1, rating: 'fair' },
      credit_health_total_accounts: { value: 15, rating: 'fair' },
      credit_health_credit_age: { value: 42, rating: 'needs_work' },
      credit_health_payment_history: { value: 100, rating: 'excellent' },
    })
    const late = (await get(`/entities/${known.id}/attributes/${data.id}`, { version: '2025-07-04' })).data.attributes
    expect(Object.keys(late)).toHaveLength(9)
    expect(late.credit_health_entity_delinquent).toEqual({
      value: false,
      rating: 'no_rating',
      metadata: { delinquent_account_ids: [] },
    })
    expect(late.credit_health_hard_inquiries.metadata.history[0]).toEqual({
      institution_name: expect.any(String),
      inquiry_date: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
    })
  })

  test('show the names that were asked for, from the late shape on', async () => {
    const body = { attributes: ['credit_health_credit_card_usage'] }
    const late = await post(`/entities/${known.id}/attributes`, { body, version: '2024-04-04-late' })
    const early = await post(`/entities/${known.id}/attributes`, { body })
    const wrong = await post(`/entities/${known.id}/attributes`, {
      body: { attributes: ['credit_health_luck'] },
      version: '2024-04-04-late',
    })
    expect(Object.keys(late.data.attributes)).toEqual(['credit_health_credit_card_usage'])
    expect(Object.keys(early.data.attributes)).toHaveLength(6)
    expect(wrong.error).toMatchObject({ code: 400, sub_type: 'INVALID_REQUEST' })
  })

  test('need a completed connect', async () => {
    const active = await kevin(app).verified().enter()
    expect((await post(`/entities/${active.id}/attributes`)).error).toMatchObject({
      code: 400,
      sub_type: 'PRODUCT_RESTRICTED_CONNECT_REQUIRED',
    })
    expect((await get(`/entities/${active.id}`)).data.restricted_products).toEqual(['attribute'])
  })
})

describe('vehicles', () => {
  test('belong to the documented number, and to nobody who has none', async () => {
    const scene = await app.call('POST', '/entities', {
      body: { type: 'individual', individual: { first_name: 'Kevin', last_name: 'Doyle', phone: '+15121231122' } },
    })
    const owner = scene.data.id
    for (const body of [
      { type: 'phone', method: 'byo_sms', byo_sms: { timestamp: '2024-03-15T00:00:00.000Z' } },
      { type: 'identity', method: 'kba', kba: {} },
    ]) {
      expect((await post(`/entities/${owner}/verification_sessions`, { body })).data.status).toBe('verified')
    }
    expect((await post(`/entities/${owner}/vehicles`)).error.sub_type).toBe('PRODUCT_RESTRICTED_CONNECT_REQUIRED')
    await post(`/entities/${owner}/connect`)
    const { data } = await post(`/entities/${owner}/vehicles`)
    expect(data).toMatchObject({ status: 'completed', error: null })
    expect(data.vehicles.map((vehicle: Wire) => [vehicle.year, vehicle.make, vehicle.model, vehicle.style])).toEqual([
      ['2015', 'chevrolet', 'impala', 'sedan/saloon'],
      ['2012', 'infiniti', 'qx56', 'sport_utility_vehicle'],
    ])
    expect((await get(`/entities/${owner}/vehicles`)).data[0]).toEqual(data)
    expect((await get(`/entities/${owner}`, { version: '2024-04-04-late' })).data.vehicle).toBe(data.id)
    expect((await post(`/entities/${known.id}/vehicles`)).data.vehicles).toEqual([])
  })
})

test('a person matched only with more details has the same products', async () => {
  const person = await questionedKevin(app).enter()
  expect(person.entity.products).toEqual(['identity'])
})

test.each(['identities', 'attributes', 'vehicles'])('%s are told later to a caller that prefers so', async (noun) => {
  const path = `/entities/${known.id}/${noun}`
  const { data: asked } = await post(path, { version: '2025-07-04', headers: { prefer: 'respond-async' } })
  expect(asked).toMatchObject({ status: 'pending', error: null })
  await app.drain()
  const { data: answered } = await get(`${path}/${asked.id}`, { version: '2025-07-04' })
  const { data: atOnce } = await post(path, { version: '2025-07-04' })
  expect(answered).toMatchObject({ id: asked.id, status: 'completed', [noun]: atOnce[noun] })
  expect(atOnce.status).toBe('completed')
})
