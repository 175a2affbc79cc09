/**
 * What `core` relies on whoever answers: one suite for every adapter of the port. An adapter's test file calls
 * `describeNetwork` with a cast of people it knows.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type {
  AchOrder,
  Ask,
  IdentityClaim,
  LiabilityReport,
  LoginAttempt,
  Network,
  Outcome,
  Tradeline,
} from './port.js'
import { LIABILITY_TYPES } from './port.js'
import { describeAccess } from './port-access.contract.js'

/** An adapter set up for the suite. `known` is somebody with debts, open ones among them. */
export interface NetworkStage {
  readonly network: Network
  readonly ask: Ask
  readonly known: IdentityClaim
  readonly unknown: IdentityClaim
  /** A login that opens at once, with a deposit account behind it. */
  readonly login: Pick<LoginAttempt, 'institutionSlug' | 'credentials'>
  close(): Promise<void>
}

const DAY = /^\d{4}-\d{2}-\d{2}$/
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/

export function describeNetwork(name: string, open: () => Promise<NetworkStage>): void {
  describe(`${name} as a network`, () => {
    let stage: NetworkStage
    let personRef: string
    beforeAll(async () => {
      stage = await open()
      personRef = await refOfKnown(stage)
    })
    afterAll(() => stage.close())

    const tradelines = async (): Promise<readonly Tradeline[]> => {
      const answer = await stage.network.tradelines(stage.ask, personRef)
      if (!answer.ok) throw new Error(`tradelines: ${answer.reason}`)
      return answer.value
    }

    describeDirectory(() => stage.network)
    describeAch(() => stage)
    describeClearing(() => stage)
    describeAccess(() => stage)

    test('a person stays the same however often and with whatever more they are asked for', async () => {
      const again = await Promise.all(Array.from({ length: 5 }, () => refOfKnown(stage)))
      const claim = { ...stage.known, dob: '1970-01-02', ssn: '123456789' }
      const more = await stage.network.identify(stage.ask, claim)
      expect(new Set(again)).toEqual(new Set([personRef]))
      expect(more).toEqual({ found: 'one', personRef })
    })

    test('nobody is found for a phone number nobody has, nor any record of them', async () => {
      expect(await stage.network.identify(stage.ask, stage.unknown)).toEqual({ found: 'none' })
      expect(await stage.network.identityRecords(stage.ask, stage.unknown)).toEqual([])
    })

    test('records of a person carry clear PII', async () => {
      const [record] = await stage.network.identityRecords(stage.ask, stage.known)
      expect(record?.ssn).toMatch(/^\d{9}$/)
      expect(record?.dob).toMatch(DAY)
      expect(record?.phone).toBe(stage.known.phone)
    })

    test('a quiz is passed over or has three questions with five answers, one of them right', async () => {
      const quiz = await stage.network.identityQuiz(stage.ask, personRef)
      const questions = quiz.kind === 'questions' ? quiz.questions : []
      if (quiz.kind === 'questions') expect(questions).toHaveLength(3)
      for (const { answers } of questions) {
        expect(answers).toHaveLength(5)
        expect(answers.filter((answer) => answer.isCorrect)).toHaveLength(1)
      }
    })

    test('a text reaches its phone, in its own realm', async () => {
      const to = '+15125550177'
      const outcome = await stage.network.sendText(stage.ask, { to, text: 'hello' })
      expect(outcome).toEqual({ ok: true, value: null })
      const messages = await stage.network.stage?.messages(stage.ask.realm, to)
      const elsewhere = await stage.network.stage?.messages('another realm', to)
      expect(messages?.map(({ text }) => text) ?? ['hello']).toEqual(['hello'])
      expect(elsewhere ?? []).toEqual([])
    })

    test('debts come in a stable order, each with a ref of its own and a known merchant', async () => {
      const lines = await tradelines()
      const numbers = new Set((await stage.network.directory()).merchants.map((merchant) => merchant.number))
      expect(lines.length).toBeGreaterThan(0)
      expect(new Set(lines.map((line) => line.accountRef)).size).toBe(lines.length)
      expect(lines.filter((line) => !numbers.has(line.merchantNumber))).toEqual([])
      expect(await tradelines()).toEqual(lines)
    })

    test('a mask is the end of the account number, and every snapshot is well formed', async () => {
      for (const line of await tradelines()) {
        expect(line.accountNumber.endsWith(line.mask)).toBe(true)
        expectWellFormed(line.snapshot)
      }
    })

    test('an open debt has a balance, and a report where its institution reports directly', async () => {
      for (const line of (await tradelines()).filter((each) => !each.isClosed)) {
        const balance = await stage.network.balance(stage.ask, line.accountRef)
        const report = await stage.network.liabilityReport(stage.ask, line.accountRef)
        expect(balance.ok).toBe(true)
        expect(report.ok).toBe(line.reportsDirectly)
        if (!report.ok) expect(report.reason).toBe('not_supported')
        if (report.ok) expectWellFormed(report.value)
        if (report.ok && balance.ok) expect(balance.value.amountCents).toBe(report.value.balanceCents)
      }
    })

    describeSingleAccounts(() => stage, tradelines)
    describeCards(() => stage, tradelines)
    describeDeposits(() => stage)

    test('an account nobody has is not found', async () => {
      const { network, ask } = stage
      const unsaid = { number: null, expMonth: null, expYear: null, cvv: null, billingZip: null }
      const answers = [
        await network.balance(ask, 'nobody'),
        await network.liabilityReport(ask, 'nobody'),
        await network.payoffQuote(ask, 'nobody'),
        await network.cardBrand(ask, 'nobody'),
        await network.accountSecrets(ask, 'nobody'),
        await network.checkCard(ask, 'nobody', unsaid),
        await network.accountHealth(ask, 'nobody'),
        await network.cardTransactions(ask, 'nobody', ask.at),
      ]
      expect(answers).toEqual(answers.map(() => ({ ok: false, reason: 'not_found' })))
    })

    test('an account of one realm does not exist in another', async () => {
      const [line] = await tradelines()
      const elsewhere = { ...stage.ask, realm: 'another realm' }
      const answer = await stage.network.balance(elsewhere, line?.accountRef ?? '')
      expect(answer).toEqual({ ok: false, reason: 'not_found' })
    })

    test('a credit report has a score from 300 to 850 and reasons, strongest first', async () => {
      const report = await stage.network.creditReport(stage.ask, personRef)
      if (!report.ok) throw new Error(report.reason)
      expect(report.value.score).toBeGreaterThanOrEqual(300)
      expect(report.value.score).toBeLessThanOrEqual(850)
      expect(report.value.asOf).toMatch(INSTANT)
      for (const { code } of report.value.factors) expect(code).toMatch(/^\d{5}$/)
    })
  })
}

type Lines = () => Promise<readonly Tradeline[]>

function describeSingleAccounts(stage: () => NetworkStage, tradelines: Lines): void {
  test('a debt is located by its merchant and number, by nobody but its own, and not by another number', async () => {
    const { network, ask, known } = stage()
    const personRef = await refOfKnown(stage())
    const [line] = await tradelines()
    if (!line) throw new Error('the known person has a debt')
    const { merchantNumber, accountNumber } = line
    const claim = { consumerRef: known.consumerRef, personRef, merchantNumber, accountNumber }
    const located = await network.locateDebt(ask, claim)
    expect(located.ok && located.value).toEqual(line)
    const wrong = [
      { ...claim, accountNumber: '000' },
      { ...claim, merchantNumber: -1 },
      { ...claim, personRef: null },
    ]
    for (const each of wrong) expect(await network.locateDebt(ask, each)).toEqual({ ok: false, reason: 'not_found' })
  })

  test('a payoff quote is at least what is owed, and only loans for cars and homes have one', async () => {
    const { network, ask } = stage()
    for (const line of await tradelines()) {
      const quote = await network.payoffQuote(ask, line.accountRef)
      if (!quote.ok) {
        expect(quote.reason).toBe('not_supported')
        continue
      }
      const balance = await network.balance(ask, line.accountRef)
      expect(['auto_loan', 'mortgage']).toContain(line.type)
      expect(quote.value.amountCents).toBeGreaterThanOrEqual(balance.ok ? balance.value.amountCents : Infinity)
      expect(quote.value.validDays).toBeGreaterThan(0)
      expect(quote.value.asOf).toMatch(INSTANT)
    }
  })

  test('the secrets of an account have its number, and more only of a card', async () => {
    const { network, ask } = stage()
    for (const line of await tradelines()) {
      const secrets = await network.accountSecrets(ask, line.accountRef)
      if (!secrets.ok) throw new Error(secrets.reason)
      const { number, expMonth, expYear, cvv, billingZip } = secrets.value
      expect(number).toBe(line.accountNumber)
      if (line.cardNetwork === null) expect([expMonth, expYear, cvv, billingZip]).toEqual([null, null, null, null])
      if (expMonth !== null) expect(`${expYear}-${expMonth}` >= ask.at.slice(0, 7)).toBe(true)
    }
  })

  test('the health of an account agrees with its report, and is delinquent or not', async () => {
    const { network, ask } = stage()
    for (const line of await tradelines()) {
      const health = await network.accountHealth(ask, line.accountRef)
      if (!health.ok) throw new Error(health.reason)
      const { standing, delinquentDays, delinquentCents, utilizationPercent } = health.value
      const isWrong = standing === 'delinquent' || standing === 'charged_off'
      expect([delinquentDays !== null, delinquentCents !== null]).toEqual([isWrong, isWrong])
      if (standing === 'closed') expect(line.isClosed).toBe(true)
      if (utilizationPercent !== null) expect(Math.round(utilizationPercent * 10) / 10).toBe(utilizationPercent)
    }
  })
}

function describeCards(stage: () => NetworkStage, tradelines: Lines): void {
  const cards = async () => (await tradelines()).filter((line) => line.cardNetwork !== null)

  test('a card is one product or one of a few, each of which can be looked up and has a picture', async () => {
    const { network, ask } = stage()
    expect((await cards()).length).toBeGreaterThan(0)
    for (const line of await cards()) {
      const report = await network.cardBrand(ask, line.accountRef)
      if (!report.ok) throw new Error(report.reason)
      const { isExact, brands, lastFour } = report.value
      expect(line.accountNumber.endsWith(lastFour)).toBe(true)
      expect(isExact ? brands.length === 1 : brands.length > 1).toBe(true)
      for (const brand of brands) {
        const product = await network.cardProduct(brand.productNumber)
        const picture = await network.cardArt(brand.productNumber, brand.number)
        expect(product?.brands).toContainEqual(brand)
        expect(brand.imageUrl ?? picture ?? '').toMatch(/^(https:|<svg )/)
      }
    }
    expect([await network.cardProduct(-1), await network.cardArt(-1, 1)]).toEqual([null, null])
  })

  test('a card is told from another by its number', async () => {
    const { network, ask } = stage()
    const [card] = await cards()
    const unsaid = { expMonth: null, expYear: null, cvv: null, billingZip: null }
    const check = (number: string) => network.checkCard(ask, card?.accountRef ?? '', { ...unsaid, number })
    const [right, wrong] = [await check(card?.accountNumber ?? ''), await check('0000000000000000')]
    expect([right.ok && right.value.number, wrong.ok && wrong.value.number]).toEqual(['pass', 'fail'])
  })

  test('transactions of a card come oldest first, within the span that was asked for', async () => {
    const { network, ask } = stage()
    const since = `${Number(ask.at.slice(0, 4)) - 1}${ask.at.slice(4)}`
    for (const line of await cards()) {
      const told = await network.cardTransactions(ask, line.accountRef, since)
      if (!told.ok) throw new Error(told.reason)
      const times = told.value.map((each) => each.transactedAt)
      expect(times).toEqual([...times].sort())
      for (const { status, transactedAt, postedAt, voidedAt } of told.value) {
        expect([status === 'posted', status === 'voided']).toEqual([postedAt !== null, voidedAt !== null])
        const changedAt = postedAt ?? voidedAt ?? transactedAt
        expect(changedAt > since && changedAt <= ask.at && transactedAt <= changedAt).toBe(true)
      }
    }
  })
}

function describeDeposits(stage: () => NetworkStage): void {
  test('micro-deposits arrive once per reference', async () => {
    const { network, ask } = stage()
    const to = { routingNumber: '062103000', accountNumber: '31415926535', type: 'checking' } as const
    const deposits = { reference: 'contract', to, amountsCents: [21, 34] }
    const answers = [await network.sendMicroDeposits(ask, deposits), await network.sendMicroDeposits(ask, deposits)]
    expect(answers).toEqual(answers.map(() => ({ ok: true, value: { returnCode: null } })))
    const arrived = await network.stage?.deposits(ask.realm, to.accountNumber)
    expect(arrived?.map(({ cents }) => cents).sort() ?? [21, 34]).toEqual([21, 34])
  })
}

function describeAch(stage: () => NetworkStage): void {
  const account = (accountNumber: string) =>
    ({ kind: 'deposit', account: { routingNumber: '062103000', accountNumber, type: 'checking' } }) as const
  const order = (reference: string, accountNumber: string, direction: 'debit' | 'credit' = 'debit'): AchOrder => ({
    reference,
    direction,
    party: account(accountNumber),
    amountCents: 5000,
    description: 'Contract',
    traceId: '091000010000001',
    effectiveOn: stage().ask.at.slice(0, 10),
  })
  const opened = <T>(answer: Outcome<T>): T => {
    if (!answer.ok) throw new Error(answer.reason)
    return answer.value
  }

  test('an entry is posted once, however often and by however many at once it is handed over', async () => {
    const { network, ask } = stage()
    const orders = [order('contract-1', '16180339885'), order('contract-2', '16180339886', 'credit')]
    await Promise.all(Array.from({ length: 5 }, () => network.originate(ask, orders)))
    await network.originate(ask, [...orders, order('contract-3', '16180339885')])
    const postings = opened(await network.achPostings(ask, { after: '', limit: 10 }))
    expect(postings).toEqual([
      { reference: 'contract-1', direction: 'debit', amountCents: 5000, returnCode: null },
      { reference: 'contract-2', direction: 'credit', amountCents: 5000, returnCode: null },
      { reference: 'contract-3', direction: 'debit', amountCents: 5000, returnCode: null },
    ])
    expect(opened(await network.achPostings(ask, { after: 'contract-1', limit: 1 }))).toEqual([postings[1]])
    const sums = await Promise.all(
      ['16180339885', '16180339886'].map(async (number) => {
        const entries = await network.stage?.deposits(ask.realm, number)
        return entries?.reduce((sum, { cents }) => sum + (Math.abs(cents) === 5000 ? cents : 0), 0)
      }),
    )
    if (network.stage) expect(sums).toEqual([-10_000, 5000])
  })

  test('what comes back is told once it is there, after what was told before, and not to another realm', async () => {
    const { network, ask } = stage()
    if (!network.stage) return
    const later = { ...ask, at: `${Number(ask.at.slice(0, 4)) + 1}${ask.at.slice(4)}` }
    const { lookAgainAt } = opened(await network.originate(ask, [order('contract-4', '271828180001')]))
    expect(lookAgainAt).toMatch(INSTANT)
    const before = opened(await network.achReturns(ask, 0))
    expect(before).toMatchObject({ returns: [], lookAgainAt })
    const told = opened(await network.achReturns(later, before.until))
    expect(told.returns).toEqual([{ reference: 'contract-4', code: 'R01', at: lookAgainAt }])
    expect(told.lookAgainAt).toBeNull()
    expect(opened(await network.achReturns(later, told.until)).returns).toEqual([])
    expect(opened(await network.achReturns({ ...later, realm: 'another' }, 0)).returns).toEqual([])
    expect(await network.stage.returnEntry(later, 'contract-1', 'R10')).toBe(true)
    expect(await network.stage.returnEntry(later, 'contract-1', 'R02')).toBe(true)
    expect(await network.stage.returnEntry(later, 'contract-nothing', 'R10')).toBe(false)
    const more = opened(await network.achReturns(later, told.until))
    expect(more.returns).toEqual([{ reference: 'contract-1', code: 'R10', at: later.at }])
  })
}

function describeClearing(stage: () => NetworkStage): void {
  const opened = <T>(answer: Outcome<T>): T => {
    if (!answer.ok) throw new Error(answer.reason)
    return answer.value
  }
  const order = (reference: string, party: AchOrder['party'], direction: 'debit' | 'credit', cents: number) => ({
    reference,
    direction,
    party,
    amountCents: cents,
    description: 'Contract',
    traceId: '091000010000001',
    effectiveOn: stage().ask.at.slice(0, 10),
  })

  test('a clearing account is the same for the same reference, and gives what has come in and no more', async () => {
    const { network, ask } = stage()
    const [account, again, other] = await Promise.all(
      ['one', 'one', 'two'].map(async (reference) => opened(await network.openClearingAccount(ask, reference))),
    )
    expect(again).toEqual(account)
    expect(other?.accountNumber).not.toBe(account?.accountNumber)
    if (!account) throw new Error('no account was opened')
    const party = { kind: 'deposit', account } as const
    const orders = [
      order('clearing-1', party, 'debit', 600),
      order('clearing-2', party, 'debit', 500),
      order('clearing-3', party, 'debit', 400),
      order('clearing-4', party, 'credit', 1000),
    ]
    const { lookAgainAt } = opened(await network.originate(ask, orders))
    // Handed over again, nothing of it is held against what is left.
    await network.originate(ask, orders)
    await network.originate(ask, [order('clearing-5', party, 'debit', 1)])
    const later = { ...ask, at: `${Number(ask.at.slice(0, 4)) + 2}${ask.at.slice(4)}` }
    const { returns } = opened(await network.achReturns(later, 0))
    const back = returns.filter(({ reference }) => reference.startsWith('clearing'))
    expect(lookAgainAt).not.toBeNull()
    expect(back.map(({ reference, code }) => `${reference} ${code}`).sort()).toEqual([
      'clearing-2 R01',
      'clearing-5 R01',
    ])
  })

  test('a debit card is known by its network, is refused once it has expired, and draws on one account', async () => {
    const { network, ask } = stage()
    const card = { number: '5200828282828210', expMonth: '12', expYear: '2099', cvv: null, billingZip: null }
    const passed = { number: 'pass', expiry: 'pass', cvv: 'pass', billingZip: 'pass' }
    const answers = [
      opened(await network.debitCard(ask, card)),
      opened(await network.debitCard(ask, { ...card, expYear: '2001', cvv: '1' })),
    ]
    expect(answers).toEqual([
      { network: 'mastercard', check: passed },
      { network: 'mastercard', check: { ...passed, expiry: 'fail', cvv: 'fail' } },
    ])
    expect(await network.debitCard(ask, { ...card, number: '9200828282828210' })).toEqual({
      ok: false,
      reason: 'not_found',
    })
    const party = { kind: 'debit_card', number: card.number } as const
    await network.originate(ask, [order('card-1', party, 'debit', 700), order('card-2', party, 'credit', 200)])
    const entries = await network.stage?.deposits(ask.realm, card.number)
    if (entries) expect(entries.map(({ cents }) => cents).sort()).toEqual([-700, 200])
  })
}

function describeDirectory(network: () => Network): void {
  test('the directory names every merchant once and knows the institution of each', async () => {
    const { institutions, merchants, fingerprint } = await network().directory()
    const slugs = new Set(institutions.map((institution) => institution.slug))
    expect(fingerprint).not.toBe('')
    expect(new Set(merchants.map((merchant) => merchant.number)).size).toBe(merchants.length)
    expect(merchants.filter((merchant) => !slugs.has(merchant.institutionSlug))).toEqual([])
    expect(merchants.filter((merchant) => !LIABILITY_TYPES.includes(merchant.type))).toEqual([])
  })
}

async function refOfKnown({ network, ask, known }: NetworkStage): Promise<string> {
  const identification = await network.identify(ask, known)
  if (identification.found !== 'one') throw new Error(`the known person was not found: ${identification.found}`)
  return identification.personRef
}

function expectWellFormed(report: LiabilityReport): void {
  const { asOf, openedOn, closedOn, lastPaymentOn, nextPaymentDueOn, balanceCents, disbursements } = report
  expect(asOf).toMatch(INSTANT)
  for (const day of [openedOn, closedOn, lastPaymentOn, nextPaymentDueOn]) if (day !== null) expect(day).toMatch(DAY)
  if (balanceCents !== null) expect(Number.isInteger(balanceCents) && balanceCents >= 0).toBe(true)
  expect(disbursements.map((each) => each.sequence)).toEqual(disbursements.map((_, index) => index + 1))
}
