/**
 * What `core` relies on whoever answers: one suite for every adapter of the port. An adapter's test file calls
 * `describeNetwork` with a cast of people it knows.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Ask, IdentityClaim, LiabilityReport, Network, Tradeline } from './port.js'
import { LIABILITY_TYPES } from './port.js'

/** An adapter set up for the suite. `known` is somebody with debts, open ones among them. */
export interface NetworkStage {
  readonly network: Network
  readonly ask: Ask
  readonly known: IdentityClaim
  readonly unknown: IdentityClaim
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

    test('an account nobody has is not found', async () => {
      const answers = [
        await stage.network.balance(stage.ask, 'nobody'),
        await stage.network.liabilityReport(stage.ask, 'nobody'),
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
