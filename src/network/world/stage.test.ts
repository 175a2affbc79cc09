import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../../test/setup/database.js'
import { type Ask, type IdentityClaim, type Network, type PersonaDraft, PersonaRejected, type Stage } from '../port.js'
import { createWorld } from './world.js'

const ask: Ask = { realm: 'team', at: '2026-03-10T12:00:00.000Z' }
const PHONE = '+15125550199'

const claim: IdentityClaim = {
  consumerRef: 'jane',
  firstName: 'Jane',
  lastName: 'Roe',
  phone: PHONE,
  dob: null,
  ssn: null,
  ssn4: null,
  address: { line1: null, line2: null, city: null, state: null, zip: null },
}

describe('a rehearsal', () => {
  let database: FreshDatabase
  let world: Network
  let stage: Stage
  beforeAll(async () => {
    database = await freshDatabase()
    world = createWorld({ db: database.db, seed: 'seed', secretKey: Buffer.alloc(32, 7), answerDelayMs: 0 })
    if (!world.stage) throw new Error('the world has a stage')
    stage = world.stage
  })
  afterAll(() => database.close())

  async function debts(about: IdentityClaim = claim) {
    const identification = await world.identify(ask, about)
    if (identification.found !== 'one') throw new Error(identification.found)
    const answer = await world.tradelines(ask, identification.personRef)
    if (!answer.ok) throw new Error(answer.reason)
    return answer.value
  }

  test('a registered person owes exactly what was drafted, on every later day', async () => {
    const [persona] = await stage.registerPersonas(ask.realm, [
      {
        phone: PHONE,
        firstName: 'Ada',
        liabilities: [
          { merchantNumber: 302086, balanceCents: 123_456, creditLimitCents: 500_000, interestRatePercent: 21.5 },
          { merchantNumber: 309067, balanceCents: 20_000_000, openedOn: '2024-05-31' },
          { merchantNumber: 304444, balanceCents: 1_000_001 },
          { merchantNumber: 300485, isClosed: true },
        ],
      },
    ])
    expect(persona).toMatchObject({ phone: PHONE, firstName: 'Ada', liabilityCount: 4 })
    const lines = await debts()
    expect(lines.map((line) => line.isClosed)).toEqual([false, false, false, true])
    for (const at of [ask.at, '2027-12-31T00:00:00.000Z']) {
      const reports = await Promise.all(lines.map((line) => world.liabilityReport({ ...ask, at }, line.accountRef)))
      const balances = reports.map((report) => (report.ok ? report.value.balanceCents : report.reason))
      expect(balances.slice(0, 3)).toEqual([123_456, 20_000_000, 1_000_001])
    }
    const card = await world.liabilityReport(ask, lines[0]?.accountRef ?? '')
    expect(card.ok && card.value).toMatchObject({ availableCreditCents: 376_544, interestRatePercentMin: 21.5 })
  })

  test('registering again replaces the person and their debts', async () => {
    await stage.registerPersonas(ask.realm, [{ phone: PHONE, lastName: 'Byron', liabilities: [] }])
    expect(await debts()).toEqual([])
    const personas = await stage.listPersonas(ask.realm)
    expect(personas.filter((persona) => persona.phone === PHONE)).toMatchObject([
      { lastName: 'Byron', liabilityCount: 0 },
    ])
    expect(await stage.listPersonas('other')).toEqual([])
  })

  test('debts that are left out are invented, as many as was said', async () => {
    const phone = '+15125550177'
    const [persona] = await stage.registerPersonas(ask.realm, [{ phone }])
    expect(await debts({ ...claim, phone })).toHaveLength(persona?.liabilityCount ?? -1)
  })

  test('a registered person replaces the invented one with that phone number', async () => {
    const about = { ...claim, phone: '+17375550007' }
    expect((await debts(about)).length).toBeGreaterThan(0)
    await stage.registerPersonas(ask.realm, [{ phone: '+17375550007', matchNeeds: ['name', 'dob'], liabilities: [] }])
    expect(await world.identify(ask, about)).toEqual({ found: 'none' })
    expect(await debts({ ...about, dob: '1980-01-01' })).toEqual([])
  })

  test('a wrong draft is refused with the field and what to do, and nothing of the batch is written', async () => {
    const good: PersonaDraft = { phone: '+15125550150' }
    const wrong: readonly [PersonaDraft, string][] = [
      [{ phone: '5125550151' }, 'personas[1].phone'],
      [{ phone: '+15121231111' }, 'personas[1].phone'],
      [{ phone: '+16505551115' }, 'personas[1].phone'],
      [{ phone: '+15125550150' }, 'personas[1].phone'],
      [{ phone: '+15125550151', dob: '1990-02-30' }, 'personas[1].dob'],
      [{ phone: '+15125550151', ssn: '900112222' }, 'personas[1].ssn'],
      [{ phone: '+15125550151', address: { zip: 'abc' } }, 'personas[1].address.zip'],
      [withDebt({ merchantNumber: 1 }), 'personas[1].liabilities[0].merchantNumber'],
      [withDebt({ merchantNumber: 3, balanceCents: 1.5 }), 'personas[1].liabilities[0].balanceCents'],
      [
        withDebt({ merchantNumber: 3, balanceCents: 9, creditLimitCents: 8 }),
        'personas[1].liabilities[0].creditLimitCents',
      ],
      [withDebt({ merchantNumber: 3, openedOn: '2020-13-01' }), 'personas[1].liabilities[0].openedOn'],
    ]
    for (const [draft, field] of wrong) {
      const refusal = await stage.registerPersonas('strict', [good, draft]).catch((error: unknown) => error)
      expect(refusal).toBeInstanceOf(PersonaRejected)
      expect(String(refusal)).toContain(`${field}: `)
    }
    expect(await stage.listPersonas('strict')).toEqual([])
  })

  test('more than a thousand at a time are refused', async () => {
    const many = Array.from({ length: 1001 }, (_, index) => ({ phone: `+1512555${String(index).padStart(4, '0')}` }))
    await expect(stage.registerPersonas('strict', many)).rejects.toThrow('personas: ')
  })
})

function withDebt(debt: NonNullable<PersonaDraft['liabilities']>[number]): PersonaDraft {
  return { phone: '+15125550151', liabilities: [debt] }
}
