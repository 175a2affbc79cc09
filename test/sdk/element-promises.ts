/** Elements through an official client. Contract: method/entities §12, dev-fixtures §8. */
import { expect, test } from 'vitest'
import type { Release } from '../setup/sdk.js'
import { expectRefusal, id, type Visit } from './visit.js'

const KEVIN = {
  first_name: 'Kevin',
  last_name: 'Doyle',
  dob: '1930-03-11',
  email: 'kevin.doyle@gmail.com',
  phone: '+15121231111',
}
const TOKEN = expect.stringMatching(/^pk_elem_\w{32}$/)

export function elementPromises(release: Release, visit: () => Visit): void {
  const newEntity = () => visit().typed.entities.create({ type: 'individual', individual: KEVIN })
  const noNews = { authenticated: false, cxn_id: null, accounts: [], events: [] }

  test('a token has one member, and its results no news', async () => {
    const { token } = visit().typed.elements
    const { id: entity_id } = await newEntity()
    const made = await token.create({
      type: 'connect',
      entity_id,
      connect: {
        products: ['balance'],
        account_filters: { selection_type: 'multiple', liability_types: ['credit_card'] },
      },
    })
    expect(made).toStrictEqual({ element_token: TOKEN })
    expect(await token.results(made.element_token)).toStrictEqual({ ...noNews, entity_id })
  })

  test('a token for a new person makes their entity', async () => {
    const { client, typed } = visit()
    const entity = { type: 'individual', individual: { ...KEVIN, phone_verification_type: 'sms' } } as const
    const made = await typed.elements.token.create({ type: 'connect', connect: { products: ['balance'], entity } })
    const results = await typed.elements.token.results(made.element_token)
    expect(results).toStrictEqual({ ...noNews, entity_id: id('ent') })
    expect(await client.entities.retrieve(String(results.entity_id))).toMatchObject({ individual: KEVIN })
  })

  test('a token for a balance transfer comes with a session', async () => {
    const { token } = visit().typed.elements
    const { id: entity_id } = await newEntity()
    const made = await token.create({
      type: 'balance_transfer',
      entity_id,
      balance_transfer: {
        payout_amount_min: 100,
        minimum_loan_amount: 1000,
        payout_residual_amount_max: 1000,
        loan_details_requested_amount: 1000,
        loan_details_requested_rate: 0.1,
        loan_details_requested_term: 12,
        loan_details_requested_monthly_payment: 100,
      },
    })
    const element_session_id = expect.stringMatching(/^elem_sess_\w{13}$/)
    expect(made).toStrictEqual({ element_token: TOKEN, element_session_id })
    expect(await token.results(made.element_token)).toStrictEqual({ ...noNews, entity_id })
  })

  test('there is no token for nobody, for somebody unknown, or for who withdrew consent', async () => {
    const { elements, entities } = visit().typed
    const forWhom = (entity_id?: string) =>
      elements.token.create({ type: 'connect', connect: {}, ...(entity_id ? { entity_id } : {}) })
    const { id: withdrawn } = await newEntity()
    await entities.withdrawConsent(withdrawn)
    await expectRefusal(release, 'INVALID_REQUEST', forWhom())
    await expectRefusal(release, 'NOT_FOUND', forWhom('ent_unknown'), 404)
    await expectRefusal(release, 'INVALID_ENTITY', forWhom(withdrawn))
    await expectRefusal(release, 'NOT_FOUND', elements.token.results('pk_elem_unknown'), 404)
  })
}
