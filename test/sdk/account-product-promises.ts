/** What can be retrieved about one account through an official client. Contract: method/dev-fixtures-accounts F.3. */
import { beforeAll, expect, test } from 'vitest'
import type { Wire } from '../../src/faces/method/versions/versions.js'
import type { Release } from '../setup/sdk.js'
import { type Connected, completed, connectedKevin, expectRefusal, id, instant, isEarly, type Visit } from './visit.js'

const TIMES = { created_at: instant, updated_at: instant }
const SAPPHIRE = {
  name: 'Chase Sapphire Reserve',
  url: 'https://static.methodfi.com/card_brands/1b7ccaba6535cb837f802d968add4700.png',
}

export function accountProductPromises(release: Release, visit: () => Visit): void {
  let kevin: Connected
  beforeAll(async () => {
    kevin = await connectedKevin(visit())
  })
  const ofCard = () => visit().client.accounts(kevin.card.id)

  test('a payoff of the loan is pending at first, then the quote of the fixtures', async () => {
    const { client } = visit()
    const mch_id = isEarly(release) ? 'mch_2347' : 'mch_311130'
    const [loan] = await client.accounts.list({ holder_id: kevin.entityId, 'liability.mch_id': mch_id })
    const { payoffs } = client.accounts(loan?.id)
    const pending = await payoffs.create()
    const common = { id: id('pyf'), account_id: loan?.id, error: null, ...TIMES }
    const unknown = { amount: null, term: null, per_diem_amount: null }
    expect(pending).toStrictEqual({ ...common, ...unknown, status: 'pending' })
    const done = await completed(() => payoffs.retrieve(pending.id))
    const quote = { amount: 6083988, term: 15, per_diem_amount: null }
    expect(done).toStrictEqual({ ...common, ...quote, id: pending.id, status: 'completed' })
    // The first release could not list them.
    if (!isEarly(release)) expect(await payoffs.list()).toStrictEqual([done])
  })

  test('the brand of the card is the one of the fixtures', async () => {
    const { cardBrands } = ofCard()
    const asked = await cardBrands.create()
    expect(asked).toMatchObject({ id: id('cbrd'), account_id: kevin.card.id, shared: false, error: null })
    expect(asked.status).toBe(isEarly(release) ? 'completed' : 'in_progress')
    const done = await completed(() => cardBrands.retrieve(asked.id))
    expect(done).toStrictEqual(cardBrand(release, kevin.card.id))
    if (release === '2.1.1')
      expect(await visit().client.cardProducts.retrieve('pdt_15')).toMatchObject({ id: 'pdt_15', error: null })
    const shown = await visit().client.accounts.retrieve(kevin.card.id, { expand: ['card_brand'] })
    expect(shown.card_brand).toStrictEqual(done)
  })

  test('sensitive fields are for a proven card, and then those of the fixtures', async () => {
    const wanted = { expand: ['credit_card.number', 'credit_card.exp_month', 'credit_card.exp_year'] }
    const { sensitive, verificationSessions } = ofCard()
    await expectRefusal(release, 'PRODUCT_VERIFICATION_MISSING', sensitive.create(wanted))
    const session = await verificationSessions.create({ type: 'pre_auth' })
    const pre_auth = { exp_month: '03', exp_year: '2028', billing_zip_code: '78758', cvv: '878' }
    expect(await verificationSessions.update(session.id, { pre_auth })).toMatchObject({ status: 'verified' })
    const told = await sensitive.create(wanted)
    expect(told).toStrictEqual({
      id: id('astv'),
      account_id: kevin.card.id,
      type: 'credit_card',
      credit_card: { number: '5555555555551580', exp_month: '03', exp_year: '2028', cvv: null, billing_zip_code: null },
      status: 'completed',
      error: null,
      ...TIMES,
    })
    expect(await sensitive.retrieve(told.id)).toStrictEqual(told)
    if (!isEarly(release)) expect(await sensitive.list()).toStrictEqual([told])
  })

  // The first release knew neither.
  if (isEarly(release)) return

  test('attributes of the card say how it is held', async () => {
    const { attributes } = ofCard()
    const told = await attributes.create()
    expect(told).toStrictEqual({
      id: expect.stringMatching(/^acc_attr_/),
      account_id: kevin.card.id,
      status: 'completed',
      attributes: expect.objectContaining({ account_standing: { value: 'current' } }),
      error: null,
      ...TIMES,
    })
    expect(await attributes.retrieve(told.id)).toStrictEqual(told)
    expect(await attributes.list()).toStrictEqual([told])
  })

  test('payment instruments are refused to ordinary teams', async () => {
    await expectRefusal(release, 'TEAM_CAPABILITY_RESTRICTED', ofCard().paymentInstruments.create({ type: 'card' }))
  })
}

function cardBrand(release: Release, cardId: string): Wire {
  const card = { network: 'visa', issuer: 'Chase', last4: '1580' }
  const common = { id: id('cbrd'), account_id: cardId, status: 'completed', shared: false, error: null, ...TIMES }
  if (release === '1.1.6') return { ...common, ...card, brands: [{ ...SAPPHIRE, id: id('brand'), art_id: id('art') }] }
  if (release === '1.2.5') {
    return { ...common, ...card, source: 'network', brands: [{ ...SAPPHIRE, id: 'pdt_15_brd_1', art_id: id('art') }] }
  }
  const product = { card_product_id: 'pdt_15', description: 'Chase Sapphire Reserve', issuer: 'Chase', network: 'visa' }
  return { ...common, source: 'network', brands: [{ ...SAPPHIRE, ...product, id: 'pdt_15_brd_1', type: 'specific' }] }
}
