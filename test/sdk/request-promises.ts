/** What every answer carries, and how failures arrive as errors of the client. Contract: method/conventions §5–§10. */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { IDENTITY_SESSION, KEVIN, PHONE_SESSION } from '../setup/method-api.js'
import { packages, type Release } from '../setup/sdk.js'
import { expectRefusal, type Visit } from './visit.js'

export function requestPromises(release: Release, visit: () => Visit): void {
  test('ping answers pong', async () => {
    const { client } = visit()
    expect(await client.ping()).toStrictEqual({ success: true, data: null, message: 'pong' })
    const { last_response } = await client.healthcheck.retrieve()
    expect(last_response).toMatchObject({ request_id: expect.stringMatching(/^req_/), status: 200 })
  })

  test('retrieve without an id answers with the collection', async () => {
    const { client } = visit()
    for (const resource of [client.entities, client.accounts]) {
      const answer = await resource.retrieve()
      expect(answer).toBeInstanceOf(Array)
      expect(answer.last_response).toMatchObject({
        request_id: expect.stringMatching(/^req_/),
        idempotency_status: 'bypassed',
        status: 200,
      })
    }
  })

  test('a list is walked by its cursors and counted in its headers', async () => {
    const { client } = visit()
    for (let made = 0; made < 3; made++) await client.entities.create({ type: 'individual', individual: {} })
    const [first, second, third] = await client.entities.list({ page_limit: 100 })
    const page = await client.entities.list({ page_limit: 2 })
    expect(page.map((entity) => entity.id)).toStrictEqual([first?.id, second?.id])
    const { pagination } = page.last_response
    expect(pagination).toMatchObject({ page: 1, page_limit: 2, page_cursor_next: third?.id, page_cursor_prev: '' })
    expect(pagination.page_count).toBe(Math.ceil(pagination.total_count / 2))
    const next = await client.entities.list({ page_limit: 2, page_cursor: pagination.page_cursor_next })
    expect(next[0]).toStrictEqual(third)
    expect(next.last_response.pagination).toMatchObject({ page: 2, page_cursor_prev: first?.id })
  })

  test('a create with an idempotency key is carried out once and then replayed', async () => {
    const { client } = visit()
    const idempotency_key = randomUUID()
    const first = await client.entities.create(KEVIN, { idempotency_key })
    expect(first.last_response.idempotency_status).toBe('stored')
    const counted = (await client.entities.list()).last_response.pagination.total_count
    const again = await client.entities.create(KEVIN, { idempotency_key })
    expect(again).toStrictEqual(first)
    expect(again.last_response.idempotency_status).toBe('replayed')
    expect(again.last_response.request_id).not.toBe(first.last_response.request_id)
    expect((await client.entities.list()).last_response.pagination.total_count).toBe(counted)
  })

  test('a refusal arrives as an invalid request with its sub-type', async () => {
    const { client } = visit()
    const stranger = await client.entities.create({ type: 'individual', individual: {} })
    const kevin = await client.entities.create(KEVIN)
    const sessions = client.entities(kevin.id).verificationSessions
    const refusals: readonly (readonly [string, number, () => Promise<unknown>])[] = [
      ['NOT_FOUND', 404, () => client.entities.retrieve('ent_unknown')],
      ['NOT_FOUND', 404, () => client.accounts('acc_unknown').balances.create()],
      ['INVALID_REQUEST', 400, () => client.accounts.list({ status: 'sleeping' })],
      ['INVALID_ENTITY_PHONE_NUMBER', 400, () => client.entities.update(stranger.id, { individual: { phone: '12' } })],
      ['ENTITY_UPDATE_INVALID', 400, () => client.entities.update(kevin.id, { individual: { first_name: 'Ann' } })],
      ['ENTITY_VERIFICATION_MISSING', 400, () => client.entities(kevin.id).connect.create()],
      ['MISSING_PHONE_VERIFICATION', 400, () => sessions.create(IDENTITY_SESSION)],
      ['UNAUTHORIZED_VERIFICATION_METHOD', 400, () => sessions.create({ type: 'identity', method: 'byo_kyc' })],
    ]
    for (const [subType, code, attempt] of refusals) await expectRefusal(release, subType, attempt(), code)
    await sessions.create(PHONE_SESSION)
    await expectRefusal(release, 'EXISTING_VERIFIED_SESSION', sessions.create(PHONE_SESSION))
  })

  test('an unknown key arrives as an authorization error', async () => {
    const { clientWith } = visit()
    const failure = await clientWith('sk_dev_nobody')
      .entities.list()
      .catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(packages[release]().MethodAuthorizationError)
    expect(failure).toMatchObject({ type: 'INVALID_AUTHORIZATION', sub_type: 'UNAUTHORIZED', code: 401 })
  })
}
