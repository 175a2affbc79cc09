/**
 * The records of an ACH file, each 94 columns wide, field by field in their order. Nacha Operating Rules, Appendix Three
 * (ACH record format specifications) and Appendix Four and Five for addenda of returns and changes.
 */
import {
  blank,
  constant,
  date,
  digits,
  type Field,
  FieldFault,
  type Fixed,
  oneOf,
  routing,
  text,
  whole,
} from './fields.js'

export const COLUMNS = 94
/** Records of a physical block; a file is filled up to whole ones. */
export const BLOCKING_FACTOR = 10
export const FILLER = '9'.repeat(COLUMNS)

export const SERVICE_CLASSES = { mixed: '200', credits: '220', debits: '225' } as const
export const ENTRY_CLASSES = ['PPD', 'CCD', 'COR', 'WEB', 'TEL'] as const

/** By kind of account; `returned` is what the receiving bank sends back for either direction. */
export const TRANSACTION_CODES = {
  checking: { credit: '22', debit: '27', returnedCredit: '21', returnedDebit: '26' },
  savings: { credit: '32', debit: '37', returnedCredit: '31', returnedDebit: '36' },
  loan: { credit: '52', debit: '55', returnedCredit: '51', returnedDebit: '56' },
} as const
const ALL_CODES = [
  ...['21', '22', '23', '24', '26', '27', '28', '29'],
  ...['31', '32', '33', '34', '36', '37', '38', '39'],
  ...['41', '42', '43', '44', '46', '47', '48', '49'],
  ...['51', '52', '53', '54', '55', '56'],
] as const
/** Entries that take money from the receiver, sent or returned. */
const DEBIT_CODES: readonly string[] = ALL_CODES.filter((code) => /[6-9]$/.test(code) || code === '55')

export function isDebit(transactionCode: string): boolean {
  return DEBIT_CODES.includes(transactionCode)
}

export const fileHeader = {
  recordType: constant('1'),
  priority: constant('01'),
  destinationRouting: routing(),
  originId: text(10),
  createdOn: date(),
  createdAt: digits(4),
  modifier: text(1),
  recordSize: constant('094'),
  blockingFactor: constant('10'),
  format: constant('1'),
  destinationName: text(23),
  originName: text(23),
  reference: text(8),
}

export const batchHeader = {
  recordType: constant('5'),
  serviceClass: oneOf(Object.values(SERVICE_CLASSES)),
  companyName: text(16),
  discretionary: text(20),
  companyId: text(10),
  entryClass: oneOf(ENTRY_CLASSES),
  description: text(10),
  descriptiveDate: text(6),
  effectiveOn: date(),
  // A Julian day that the operator fills in.
  settlementDay: text(3),
  originatorStatus: oneOf(['1', '0', '2']),
  odfi: digits(8),
  number: whole(7),
}

export const entryDetail = {
  recordType: constant('6'),
  transactionCode: oneOf(ALL_CODES),
  routingNumber: digits(9),
  accountNumber: text(17),
  amountCents: whole(10),
  reference: text(15),
  name: text(22),
  discretionary: text(2),
  addendaIndicator: oneOf(['0', '1']),
  traceNumber: digits(15),
}

export const paymentAddenda = {
  recordType: constant('7'),
  addendaType: constant('05'),
  information: text(80),
  sequence: whole(4),
  entrySequence: digits(7),
}

export const changeAddenda = {
  recordType: constant('7'),
  addendaType: constant('98'),
  changeCode: text(3),
  originalTraceNumber: digits(15),
  reservedFirst: blank(6),
  originalRdfi: digits(8),
  correctedData: text(29),
  reservedLast: blank(15),
  traceNumber: digits(15),
}

export const returnAddenda = {
  recordType: constant('7'),
  addendaType: constant('99'),
  reasonCode: text(3),
  originalTraceNumber: digits(15),
  diedOn: date(),
  originalRdfi: digits(8),
  information: text(44),
  traceNumber: digits(15),
}

export const batchControl = {
  recordType: constant('8'),
  serviceClass: oneOf(Object.values(SERVICE_CLASSES)),
  entryCount: whole(6),
  entryHash: digits(10),
  debitCents: whole(12),
  creditCents: whole(12),
  companyId: text(10),
  authenticationCode: blank(19),
  reserved: blank(6),
  odfi: digits(8),
  number: whole(7),
}

export const fileControl = {
  recordType: constant('9'),
  batchCount: whole(6),
  blockCount: whole(6),
  entryCount: whole(8),
  entryHash: digits(10),
  debitCents: whole(12),
  creditCents: whole(12),
  reserved: blank(39),
}

type Layout = Readonly<Record<string, Field<unknown>>>
/** The values of a record: one for each field that the layout does not fix. */
export type RecordOf<L extends Layout> = {
  readonly [Name in keyof L as L[Name] extends Fixed ? never : Name]: L[Name] extends Field<infer T> ? T : never
}

/** A file, or what should become one, breaks a rule. `line` counts from 1; the message names the columns. */
export class AchFault extends Error {
  readonly line: number | null

  constructor(line: number | null, rule: string) {
    super(line === null ? rule : `Line ${line}: ${rule}.`)
    this.name = 'AchFault'
    this.line = line
  }
}

/** One line. Throws `AchFault` for a value that does not fit its field. */
export function writeRecord<L extends Layout>(layout: L, values: RecordOf<L>): string {
  const given = values as Readonly<Record<string, unknown>>
  return Object.entries(layout)
    .map(([name, field]) => {
      try {
        return field.write(given[name])
      } catch (error) {
        if (!(error instanceof FieldFault)) throw error
        throw new AchFault(null, `${name} ${error.message}, not ${JSON.stringify(given[name])}.`)
      }
    })
    .join('')
}

/** The values of one line. Throws `AchFault` naming the line, the field and its columns. */
export function readRecord<L extends Layout>(layout: L, record: string, line: number): RecordOf<L> {
  let column = 0
  const values = Object.entries(layout).flatMap(([name, field]) => {
    const found = record.slice(column, column + field.width)
    const columns = field.width === 1 ? `column ${column + 1}` : `columns ${column + 1}-${column + field.width}`
    column += field.width
    try {
      const value = field.read(found)
      return 'isFixed' in field ? [] : [[name, value] as const]
    } catch (error) {
      if (!(error instanceof FieldFault)) throw error
      throw new AchFault(line, `${name} (${columns}) ${error.message}, not ${JSON.stringify(found)}`)
    }
  })
  return Object.fromEntries(values) as RecordOf<L>
}
