/** Reads an ACH file, strictly: every record in its place, every control equal to what it controls. */
import { type AchFile, type Addenda, type Batch, blocksOf, type Entry, serviceClassOf, totalsOf } from './file.js'
import {
  AchFault,
  BLOCKING_FACTOR,
  batchControl,
  batchHeader,
  COLUMNS,
  changeAddenda,
  entryDetail,
  FILLER,
  fileControl,
  fileHeader,
  paymentAddenda,
  readRecord,
  returnAddenda,
  SERVICE_CLASSES,
} from './layouts.js'

/** A file of a million entries is 95 MB; what is larger is no ACH file that anyone meant to send here. */
export const FILE_BYTES_MAX = 100_000_000

/** True once the last line of the file is there, so that one that is still being written is told from a broken one. */
export function isWhole(content: string): boolean {
  const lines = content.split(/\r?\n/).filter((line) => line !== '')
  const last = lines.findLast((line) => line !== FILLER) ?? ''
  const isEnded = content.endsWith('\n') || lines.at(-1)?.length === COLUMNS
  return isEnded && last.startsWith('9') && lines.length % BLOCKING_FACTOR === 0
}

/** The file's batches and entries. Throws `AchFault`, which names the line and the columns that break a rule. */
export function parseFile(content: string): AchFile {
  const reader = readerOf(content)
  const header = readRecord(fileHeader, reader.take('1', 'a file header'), reader.line())
  const batches: Batch[] = []
  while (reader.peek() === '5') batches.push(readBatch(reader, batches.length + 1))
  const control = readRecord(fileControl, reader.take('9', 'a batch header or the file control'), reader.line())
  const { line } = reader
  expectEqual(line(), 'batchCount (columns 2-7)', control.batchCount, batches.length)
  expectEqual(line(), 'blockCount (columns 8-13)', control.blockCount, blocksOf(line()))
  expectTotals(line(), control, totalsOf(batches.flatMap((batch) => batch.entries)), FILE_COLUMNS)
  reader.expectFiller()
  return { ...header, batches }
}

interface Reader {
  /** The type of the next record; empty at the end. */
  peek(): string
  /** The next record, which must have this type. */
  take(type: string, wanted: string): string
  /** The number of the record taken last. */
  line(): number
  expectFiller(): void
}

function readerOf(content: string): Reader {
  const lines = content.split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  let taken = 0
  return {
    peek: () => (lines[taken] === FILLER ? '' : (lines[taken]?.[0] ?? '')),
    line: () => taken,
    take(type, wanted) {
      const record = lines[taken]
      taken++
      if (record === undefined) throw new AchFault(taken, `the file ends where ${wanted} must follow`)
      if (record.length !== COLUMNS) throw new AchFault(taken, `must have ${COLUMNS} columns, not ${record.length}`)
      if (record[0] !== type || record === FILLER) throw new AchFault(taken, `(column 1) must be ${wanted}`)
      return record
    },
    expectFiller() {
      const stray = lines.findIndex((record, index) => index >= taken && record !== FILLER)
      if (stray >= 0) throw new AchFault(stray + 1, 'after the file control there may only be lines of 9s')
      if (lines.length % BLOCKING_FACTOR !== 0) {
        throw new AchFault(lines.length, `the file must be filled up to blocks of ${BLOCKING_FACTOR} lines`)
      }
    },
  }
}

function readBatch(reader: Reader, wantedNumber: number): Batch {
  const { serviceClass, number, ...header } = readRecord(batchHeader, reader.take('5', 'a batch header'), reader.line())
  expectEqual(reader.line(), 'number (columns 88-94)', number, wantedNumber)
  const entries: Entry[] = []
  while (reader.peek() === '6') entries.push(readEntry(reader, entries.at(-1)?.traceNumber ?? ''))
  const control = readRecord(batchControl, reader.take('8', 'an entry or the batch control'), reader.line())
  const line = reader.line()
  if (entries.length === 0) throw new AchFault(line, 'a batch must have entries')
  expectEqual(line, 'serviceClass (columns 2-4)', control.serviceClass, serviceClass)
  if (serviceClass !== SERVICE_CLASSES.mixed) {
    expectEqual(line, 'serviceClass (columns 2-4)', serviceClass, serviceClassOf(entries))
  }
  expectEqual(line, 'companyId (columns 45-54)', control.companyId, header.companyId)
  expectEqual(line, 'odfi (columns 80-87)', control.odfi, header.odfi)
  expectEqual(line, 'number (columns 88-94)', control.number, number)
  expectTotals(line, control, totalsOf(entries), BATCH_COLUMNS)
  return { ...header, entries }
}

function readEntry(reader: Reader, traceBefore: string): Entry {
  const record = readRecord(entryDetail, reader.take('6', 'an entry'), reader.line())
  const { addendaIndicator, ...entry } = record
  const line = reader.line()
  if (!isRoutingNumber(entry.routingNumber)) {
    throw new AchFault(line, `routingNumber (columns 4-12) must have the check digit of its first eight digits`)
  }
  if (entry.traceNumber <= traceBefore) {
    throw new AchFault(line, 'traceNumber (columns 80-94) must be greater than that of the entry before')
  }
  const addenda: Addenda[] = []
  while (reader.peek() === '7') addenda.push(readAddenda(reader, entry.traceNumber, addenda.length + 1))
  expectEqual(line, 'addendaIndicator (column 79)', addendaIndicator, addenda.length > 0 ? '1' : '0')
  return { ...entry, addenda }
}

function readAddenda(reader: Reader, traceNumber: string, wantedSequence: number): Addenda {
  const record = reader.take('7', 'an addenda record')
  const line = reader.line()
  switch (record.slice(1, 3)) {
    case '05': {
      const { sequence, entrySequence, information } = readRecord(paymentAddenda, record, line)
      expectEqual(line, 'sequence (columns 84-87)', sequence, wantedSequence)
      expectEqual(line, 'entrySequence (columns 88-94)', entrySequence, traceNumber.slice(-7))
      return { kind: 'payment', information }
    }
    case '98':
      return { kind: 'change', ...readRecord(changeAddenda, record, line) }
    case '99':
      return { kind: 'return', ...readRecord(returnAddenda, record, line) }
    default:
      throw new AchFault(line, `addendaType (columns 2-3) must be 05, 98 or 99, not "${record.slice(1, 3)}"`)
  }
}

// 3, 7 and 1 in turn; the sum with the ninth digit is a multiple of ten.
const WEIGHTS = [3, 7, 1, 3, 7, 1, 3, 7, 1]

/** True when the ninth digit is the check digit of the eight before it. */
export function isRoutingNumber(text: string): boolean {
  return /^\d{9}$/.test(text) && WEIGHTS.reduce((sum, weight, at) => sum + weight * Number(text[at]), 0) % 10 === 0
}

type Controlled = ReturnType<typeof totalsOf>
const BATCH_COLUMNS = { entryCount: '5-10', entryHash: '11-20', debitCents: '21-32', creditCents: '33-44' }
const FILE_COLUMNS = { entryCount: '14-21', entryHash: '22-31', debitCents: '32-43', creditCents: '44-55' }

function expectTotals(line: number, found: Controlled, counted: Controlled, columns: typeof BATCH_COLUMNS): void {
  for (const name of ['entryCount', 'entryHash', 'debitCents', 'creditCents'] as const) {
    expectEqual(line, `${name} (columns ${columns[name]})`, found[name], counted[name])
  }
}

function expectEqual(line: number, what: string, found: string | number, counted: string | number): void {
  if (found !== counted) throw new AchFault(line, `${what} says ${found}, the records make ${counted}`)
}
