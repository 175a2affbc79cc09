import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../../test/setup/database.js'
import { describeNetwork } from '../port.contract.js'
import type { Ask, IdentityClaim, Network, Tradeline } from '../port.js'
import { createWorld } from './world.js'

const NOON = '2026-03-10T12:00:00.000Z'
const ask: Ask = { realm: 'team', at: NOON }
const secretKey = Buffer.alloc(32, 7)

function worldOn({ db }: FreshDatabase, seed = 'seed'): Network {
  return createWorld({ db, seed, secretKey, answerDelayMs: 0 })
}

function claim(phone: string, said: Partial<IdentityClaim> = {}): IdentityClaim {
  return {
    consumerRef: 'jane',
    firstName: 'Jane',
    lastName: 'Roe',
    phone,
    dob: null,
    ssn: null,
    ssn4: null,
    address: { line1: null, line2: null, city: null, state: null, zip: null },
    ...said,
  }
}

const austin = { line1: '1 Main St', line2: null, city: 'Austin', state: 'TX', zip: '78705' }

describeNetwork('the world', async () => {
  const database = await freshDatabase()
  // A phone number of the seed's world whose owner has debts.
  return {
    network: worldOn(database),
    ask,
    known: claim('+17375550007'),
    unknown: claim('+15125550123'),
    login: {
      institutionSlug: 'moneykit-creds-bank',
      credentials: { username: 'user_good', password: 'pass_good' },
    },
    close: () => database.close(),
  }
})

describe('the world', () => {
  let database: FreshDatabase
  let world: Network
  beforeAll(async () => {
    database = await freshDatabase()
    world = worldOn(database)
  })
  afterAll(() => database.close())

  async function meet(about: IdentityClaim, asked: Ask = ask): Promise<string> {
    const identification = await world.identify(asked, about)
    if (identification.found !== 'one') throw new Error(`${about.phone}: ${identification.found}`)
    return identification.personRef
  }

  async function debtsOf(personRef: string, asked: Ask = ask): Promise<readonly Tradeline[]> {
    const answer = await world.tradelines(asked, personRef)
    if (!answer.ok) throw new Error(answer.reason)
    return answer.value
  }

  describe('recognises people by phone number', () => {
    const found = async (about: IdentityClaim) => (await world.identify(ask, about)).found

    test('+15121231111 and +15121231122 need a name, whichever it is', async () => {
      expect(await found(claim('+15121231111'))).toBe('one')
      expect(await found(claim('+15121231122', { firstName: 'Test' }))).toBe('one')
      expect(await found(claim('+15121231111', { lastName: null }))).toBe('none')
      expect(await found(claim('+15121231111', { firstName: ' ' }))).toBe('none')
    })

    test('+15121231112 needs a birth date, +15121231113 an address too', async () => {
      expect(await found(claim('+15121231112'))).toBe('none')
      expect(await found(claim('+15121231112', { dob: '1930-03-11' }))).toBe('one')
      expect(await found(claim('+15121231113', { dob: '1930-03-11' }))).toBe('none')
      expect(await found(claim('+15121231113', { dob: '1930-03-11', address: austin }))).toBe('one')
    })

    test('+16505551115 fits two people, whose records are the documented ones', async () => {
      expect(await world.identify(ask, claim('+16505551115'))).toEqual({ found: 'several' })
      const records = await world.identityRecords(ask, claim('+16505551115'))
      const kevin = { firstName: 'KEVIN', lastName: 'DOYLE', dob: '1997-03-18', phone: '+16505551115' }
      const address = { line1: '3300 N INTERSTATE 35', line2: null, city: 'AUSTIN', state: 'TX', zip: '78705' }
      expect(records).toEqual([
        { ...kevin, ssn: '111223333', address },
        { ...kevin, ssn: '123456789', address },
      ])
    })

    test('a documented persona is on file as the consumer described them, in capitals', async () => {
      const [record] = await world.identityRecords(ask, claim('+15121231111', { dob: '1930-03-11' }))
      expect(record).toMatchObject({ firstName: 'JANE', lastName: 'ROE', dob: '1930-03-11', ssn: '111223333' })
    })
  })

  test('every consumer has their own copy of a documented persona, with the same debts', async () => {
    const jane = await debtsOf(await meet(claim('+15121231111')))
    const john = await debtsOf(await meet(claim('+15121231111', { consumerRef: 'john' })))
    const shared = jane.filter((line) => john.some((other) => other.accountRef === line.accountRef))
    expect(shared).toEqual([])
    expect(john.map((line) => line.name)).toEqual(jane.map((line) => line.name))
  })

  test('two consumers with an invented person’s phone number share the person', async () => {
    const jane = await meet(claim('+17375550042'))
    const john = await meet(claim('+17375550042', { consumerRef: 'john', firstName: 'John' }))
    const elsewhere = await meet(claim('+17375550042'), { ...ask, realm: 'other' })
    expect(john).toBe(jane)
    expect(elsewhere).not.toBe(jane)
  })

  test('the documented persona owes what the fixtures say, all open, one debt per merchant', async () => {
    const lines = await debtsOf(await meet(claim('+15121231111')))
    expect(lines.map((line) => line.merchantNumber)).toEqual([302086, 2347, 311130, 311289, 309067, 304444, 460001])
    expect(lines.filter((line) => line.isClosed || line.ownership !== 'primary')).toEqual([])
    const [chase, volvo] = lines
    expect(chase).toMatchObject({
      accountNumber: '5555555555551580',
      mask: '1580',
      cardNetwork: 'visa',
      reportsDirectly: true,
    })
    expect(volvo).toMatchObject({ mask: '0966', name: 'Volvo Cars Auto Loan' })
    expect(await world.balance(ask, chase?.accountRef ?? '')).toEqual({
      ok: true,
      value: { asOf: NOON, amountCents: 1866688 },
    })
    expect(await world.liabilityReport(ask, chase?.accountRef ?? '')).toEqual({ ok: true, value: chaseReport })
  })

  test('the documented persona scores 734 for the four documented reasons', async () => {
    const report = await world.creditReport(ask, await meet(claim('+15121231111')))
    if (!report.ok) throw new Error(report.reason)
    expect(report.value).toMatchObject({ score: 734, bureau: 'equifax', model: 'vantage_4' })
    expect(report.value.factors.map((factor) => factor.code)).toEqual(['00034', '00012', '00063', '00016'])
  })

  test('the recognised are asked nothing, the others three questions from their file', async () => {
    const recognised = await meet(claim('+15121231111'))
    const questioned = await meet(claim('+15121231112', { dob: '1930-03-11' }))
    expect(await world.identityQuiz(ask, recognised)).toEqual({ kind: 'recognized' })
    const quiz = await world.identityQuiz(ask, questioned)
    const right = quiz.kind === 'questions' ? quiz.questions.map(rightAnswer) : []
    expect(right).toEqual([
      expect.stringMatching(/Interstate 35|Larkspur|Quail Run/),
      '$850 - $949',
      'Northgate Freight',
    ])
    expect(quiz.kind === 'questions' && quiz.questions.map((each) => each.answers.at(-1)?.text)).toEqual(
      Array.from({ length: 3 }, () => 'None of these'),
    )
  })

  test('ten first questions at once write one person with one set of debts', async () => {
    const about = claim('+17375550007')
    const fresh = { ...ask, realm: 'crowd' }
    const refs = await Promise.all(Array.from({ length: 10 }, () => meet(about, fresh)))
    const answers = await Promise.all(refs.map((ref) => debtsOf(ref, fresh)))
    expect(new Set(refs).size).toBe(1)
    for (const answer of answers) expect(answer).toEqual(answers[0])
  })

  test('a database keeps no invented or brought number in clear', async () => {
    const phone = '+15125550177'
    const liabilities = [{ merchantNumber: 302086, accountNumber: '4111111111111111' }]
    await world.stage?.registerPersonas('secret', [{ phone, ssn: '219099999', liabilities }])
    const realm = { ...ask, realm: 'secret' }
    const [line] = await debtsOf(await meet(claim(phone), realm), realm)
    const [record] = await world.identityRecords(realm, claim(phone))
    const { rows } = await sql<{ text: string }>`
      select p::text || l::text as text from world.people p join world.liabilities l on l.realm = p.realm
      where p.realm = 'secret'`.execute(database.db)
    expect([line?.accountNumber, record?.ssn]).toEqual(['4111111111111111', '219099999'])
    expect(rows.map((row) => row.text).join()).not.toMatch(/4111111111111111|219099999/)
  })

  test('the same seed makes the same world on another database', async () => {
    const other = await freshDatabase()
    const twin = worldOn(other)
    const ref = await meet(claim('+17375551234'))
    const lines = await world.tradelines(ask, ref)
    await twin.identify(ask, claim('+17375551234'))
    expect(await twin.tradelines(ask, ref)).toEqual(lines)
    expect(await twin.creditReport(ask, ref)).toEqual(await world.creditReport(ask, ref))
    await other.close()
  })
})

function rightAnswer({ answers }: { answers: readonly { text: string; isCorrect: boolean }[] }): string | undefined {
  return answers.find((answer) => answer.isCorrect)?.text
}

// contract: method/dev-fixtures §6.1
const chaseReport = {
  asOf: NOON,
  subType: 'flexible_spending',
  openedOn: '2016-12-20',
  closedOn: null,
  balanceCents: 1866688,
  lastPaymentCents: 100000,
  lastPaymentOn: '2023-01-04',
  nextPaymentDueOn: '2023-02-09',
  nextPaymentMinimumCents: 51060,
  interestRateType: 'variable',
  interestRatePercent: null,
  interestRateSource: null,
  interestRatePercentMax: 27.5,
  interestRatePercentMin: 20.5,
  availableCreditCents: 930000,
  creditLimitCents: 2800000,
  usagePattern: null,
  originalLoanCents: null,
  termMonths: null,
  expectedPayoffOn: null,
  disbursements: [],
}
