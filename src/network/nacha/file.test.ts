import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { type AchFile, type Entry, writeFile } from './file.js'
import { AchFault, FILLER } from './layouts.js'
import { isRoutingNumber, isWhole, parseFile } from './parse.js'

// Written by hand from the published record layouts; blanks are shown as dots so that columns can be counted.
const PULLS = [
  '101.09100001912345678902601131030A094101FIRST.CENTRAL.BANK.....CLEARSPAN..............REF00001',
  '5225CLEARSPAN.PAY.......................1234567890PPDCARDPAY01.......260114...1091000010000001',
  '627062103000123456789........0000012500PMTXQ7LWRN4TKYCKEVIN.DOYLE.............0091000010000001',
  '637121000358987654321........0000005000PMT2...........JANE.ROE................1091000010000002',
  '705INVOICE.42......................................................................00010000002',
  '822500000300183103350000000175000000000000001234567890.........................091000010000001',
  '9000001000001000000030018310335000000017500000000000000.......................................',
  FILLER,
  FILLER,
  FILLER,
]
const RETURNS = [
  '101.123456780.0910000192601151600A094101CLEARSPAN..............FIRST.CENTRAL.BANK.....RETURNS.',
  '5225CLEARSPAN.PAY.......................1234567890PPDCARDPAY01.......2601140151062103000000001',
  '626091000019123456789........0000012500PMTXQ7LWRN4TKYCKEVIN.DOYLE.............1062103000000001',
  '799R01091000010000001......06210300............................................062103000000001',
  '822500000200091000010000000125000000000000001234567890.........................062103000000001',
  '5220CLEARSPAN.PAY.......................1234567890CORCARDPAY01.......2601140151062103000000002',
  '621091000019987654321........0000000000PMT2...........JANE.ROE................1062103000000002',
  '798C01091000010000002......121000351918171614..................................062103000000002',
  '822000000200091000010000000000000000000000001234567890.........................062103000000002',
  '9000002000001000000040018200002000000012500000000000000.......................................',
]

const textOf = (lines: readonly string[]) => `${lines.join('\n').replaceAll('.', ' ')}\n`
const changed = (line: number, from: string, to: string) =>
  textOf(PULLS.map((each, index) => (index === line - 1 ? each.replace(from, to) : each)))

const pulls: AchFile = {
  destinationRouting: '091000019',
  originId: '1234567890',
  createdOn: '2026-01-13',
  createdAt: '1030',
  modifier: 'A',
  destinationName: 'FIRST CENTRAL BANK',
  originName: 'CLEARSPAN',
  reference: 'REF00001',
  batches: [
    {
      companyName: 'CLEARSPAN PAY',
      discretionary: '',
      companyId: '1234567890',
      entryClass: 'PPD',
      description: 'CARDPAY01',
      descriptiveDate: '',
      effectiveOn: '2026-01-14',
      settlementDay: '',
      originatorStatus: '1',
      odfi: '09100001',
      entries: [
        {
          transactionCode: '27',
          routingNumber: '062103000',
          accountNumber: '123456789',
          amountCents: 12500,
          reference: 'PMTXQ7LWRN4TKYC',
          name: 'KEVIN DOYLE',
          discretionary: '',
          traceNumber: '091000010000001',
          addenda: [],
        },
        {
          transactionCode: '37',
          routingNumber: '121000358',
          accountNumber: '987654321',
          amountCents: 5000,
          reference: 'PMT2',
          name: 'JANE ROE',
          discretionary: '',
          traceNumber: '091000010000002',
          addenda: [{ kind: 'payment', information: 'INVOICE 42' }],
        },
      ],
    },
  ],
}

describe('an ACH file', () => {
  it('is written column by column as the layouts say', () => {
    expect(writeFile(pulls)).toBe(textOf(PULLS))
  })

  it('is read back to what was written', () => {
    expect(parseFile(textOf(PULLS))).toEqual(pulls)
    expect(parseFile(textOf(PULLS).replaceAll('\n', '\r\n'))).toEqual(pulls)
  })

  it('of returns says which entry came back, and why', () => {
    const [returned, corrected] = parseFile(textOf(RETURNS)).batches
    expect(returned?.entries[0]).toMatchObject({
      transactionCode: '26',
      addenda: [
        { kind: 'return', reasonCode: 'R01', originalTraceNumber: '091000010000001', originalRdfi: '06210300' },
      ],
    })
    expect(corrected?.entries[0]).toMatchObject({
      amountCents: 0,
      addenda: [{ kind: 'change', changeCode: 'C01', correctedData: '1918171614', originalRdfi: '12100035' }],
    })
    expect(writeFile(parseFile(textOf(RETURNS)))).toBe(textOf(RETURNS))
  })

  it.each([
    ['a column too few', 3, 'KEVIN.DOYLE..', 'KEVIN.DOYLE.', 'Line 3: must have 94 columns, not 93.'],
    [
      'letters in an amount',
      3,
      '0000012500',
      '00000125OO',
      'Line 3: amountCents (columns 30-39) must be 10 digits, not "00000125OO".',
    ],
    [
      'a bank with a wrong check digit',
      3,
      '062103000',
      '062103001',
      'Line 3: routingNumber (columns 4-12) must have the check digit of its first eight digits.',
    ],
    [
      'an unknown transaction code',
      3,
      '627',
      '699',
      /^Line 3: transactionCode \(columns 2-3\) must be one of 21, .*, not "99"\.$/,
    ],
    [
      'a trace number that goes back',
      4,
      '091000010000002',
      '091000010000000',
      'Line 4: traceNumber (columns 80-94) must be greater than that of the entry before.',
    ],
    [
      'an addenda record that is not announced',
      4,
      '1091000010000002',
      '0091000010000002',
      'Line 4: addendaIndicator (column 79) says 0, the records make 1.',
    ],
    [
      'an addenda record of another entry',
      5,
      '00010000002',
      '00010000001',
      'Line 5: entrySequence (columns 88-94) says 0000001, the records make 0000002.',
    ],
    [
      'a batch of credits with debits in it',
      2,
      '5225',
      '5220',
      'Line 6: serviceClass (columns 2-4) says 225, the records make 220.',
    ],
    [
      'a sum that is a cent off',
      6,
      '000000017500',
      '000000017501',
      'Line 6: debitCents (columns 21-32) says 17501, the records make 17500.',
    ],
    [
      'a hash that is off',
      7,
      '0018310335',
      '0018310336',
      'Line 7: entryHash (columns 22-31) says 0018310336, the records make 0018310335.',
    ],
    [
      'a day that is none',
      2,
      '260114',
      '260231',
      'Line 2: effectiveOn (columns 70-75) must be a date as YYMMDD, not "260231".',
    ],
    ['a record of no known type', 6, '8225', '4225', 'Line 6: (column 1) must be an entry or the batch control.'],
    ['another file behind it', 8, '9999', '1019', 'Line 8: after the file control there may only be lines of 9s.'],
  ])('with %s is refused where it breaks the rule', (_, line, from, to, message) => {
    expect(() => parseFile(changed(line, from, to))).toThrow(message)
  })

  it('that lacks lines to a whole block is refused', () => {
    expect(() => parseFile(textOf(PULLS.slice(0, 8)))).toThrow(
      'Line 8: the file must be filled up to blocks of 10 lines.',
    )
  })

  it('is whole when its last record is there and its block is full', () => {
    expect(isWhole(textOf(PULLS))).toBe(true)
    for (let lines = 0; lines < PULLS.length; lines++) expect(isWhole(textOf(PULLS.slice(0, lines)))).toBe(false)
    expect(isWhole(textOf(PULLS).slice(0, -30))).toBe(false)
  })

  it('holds nothing that does not fit its columns', () => {
    const [batch] = pulls.batches
    const withEntry = (change: Partial<Entry>) => ({
      ...pulls,
      batches: batch ? [{ ...batch, entries: batch.entries.map((entry) => ({ ...entry, ...change })) }] : [],
    })
    expect(() => writeFile(withEntry({ name: 'A NAME LONGER THAN TWENTY-TWO' }))).toThrow(AchFault)
    expect(() => writeFile(withEntry({ name: 'Zoë' }))).toThrow('name must be printable ASCII')
    expect(() => writeFile(withEntry({ amountCents: 12.5 }))).toThrow('amountCents must be a whole number')
    expect(() => writeFile(withEntry({ amountCents: 10_000_000_000 }))).toThrow('amountCents must fit 10 columns')
  })
})

const word = (length: number) =>
  fc
    .string({ unit: fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789&-/'), maxLength: length })
    .map((text) => text.trim())
const digits = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length })
const day = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2035-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))
const bank = digits(8).map(
  (eight) =>
    '0123456789'
      .split('')
      .map((check) => eight + check)
      .find(isRoutingNumber) ?? '',
)
const addenda = fc.oneof(
  fc.record({ kind: fc.constant('payment' as const), information: word(80) }),
  fc.record({
    kind: fc.constant('return' as const),
    reasonCode: fc.constantFrom('R01', 'R10'),
    originalTraceNumber: digits(15),
    diedOn: fc.option(day),
    originalRdfi: digits(8),
    information: word(44),
    traceNumber: digits(15),
  }),
  fc.record({
    kind: fc.constant('change' as const),
    changeCode: fc.constantFrom('C01', 'C02', 'C05'),
    originalTraceNumber: digits(15),
    originalRdfi: digits(8),
    correctedData: word(29),
    traceNumber: digits(15),
  }),
)
const entry = fc.record({
  transactionCode: fc.constantFrom('22', '27', '32', '37', '52', '26', '36', '21'),
  routingNumber: bank,
  accountNumber: word(17),
  amountCents: fc.integer({ min: 0, max: 9_999_999_999 }),
  reference: word(15),
  name: word(22),
  discretionary: word(2),
  addenda: fc.array(addenda, { maxLength: 1 }),
})
const batch = fc.record({
  companyName: word(16),
  discretionary: word(20),
  companyId: word(10),
  entryClass: fc.constantFrom('PPD', 'CCD', 'COR'),
  description: word(10),
  descriptiveDate: word(6),
  effectiveOn: fc.option(day),
  settlementDay: fc.constantFrom('', '015'),
  originatorStatus: fc.constant('1'),
  odfi: digits(8),
  entries: fc
    .array(entry, { minLength: 1, maxLength: 12 })
    .map((entries) =>
      entries.map((each, at) => ({ ...each, traceNumber: `09100001${String(at + 1).padStart(7, '0')}` })),
    ),
})

test('every file that can be written is read back unchanged', () => {
  const files = fc.record({
    destinationRouting: bank,
    originId: word(10),
    createdOn: day,
    createdAt: fc.constant('1630'),
    modifier: fc.constantFrom('A', '9'),
    destinationName: word(23),
    originName: word(23),
    reference: word(8),
    batches: fc.array(batch, { maxLength: 4 }),
  })
  fc.assert(
    fc.property(files, (file) => {
      const written = writeFile(file as AchFile)
      const lines = written.split('\n').slice(0, -1)
      expect(lines.length % 10).toBe(0)
      expect(new Set(lines.map((line) => line.length))).toEqual(new Set([94]))
      expect(isWhole(written)).toBe(true)
      expect(parseFile(written)).toEqual(file)
    }),
    { numRuns: 300 },
  )
})
