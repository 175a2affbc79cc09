/**
 * An ACH file as values: batches of entries with their addenda. The control records repeat what they follow (counts, sums,
 * a hash over the receiving banks), so they are computed when a file is written and compared when one is read.
 */
import {
  BLOCKING_FACTOR,
  batchControl,
  batchHeader,
  changeAddenda,
  entryDetail,
  FILLER,
  fileControl,
  fileHeader,
  isDebit,
  paymentAddenda,
  type RecordOf,
  returnAddenda,
  SERVICE_CLASSES,
  writeRecord,
} from './layouts.js'

export type FileHeader = RecordOf<typeof fileHeader>
export type BatchHeader = Omit<RecordOf<typeof batchHeader>, 'number' | 'serviceClass'>

export type Addenda =
  | { readonly kind: 'payment'; readonly information: string }
  | ({ readonly kind: 'change' } & RecordOf<typeof changeAddenda>)
  | ({ readonly kind: 'return' } & RecordOf<typeof returnAddenda>)

export interface Entry extends Omit<RecordOf<typeof entryDetail>, 'addendaIndicator'> {
  readonly addenda: readonly Addenda[]
}

export interface Batch extends BatchHeader {
  readonly entries: readonly Entry[]
}

export interface AchFile extends FileHeader {
  readonly batches: readonly Batch[]
}

/** What a control record says of the records before it. */
export interface Totals {
  /** Entries and addenda. */
  readonly entryCount: number
  /** The last ten digits of the sum of the first eight digits of every receiving bank. */
  readonly entryHash: string
  readonly debitCents: number
  readonly creditCents: number
}

const HASH_MODULUS = 10_000_000_000

/** The whole text: lines of 94 columns, each ended by a newline, filled up to blocks of ten. Throws `AchFault`. */
export function writeFile(file: AchFile): string {
  const lines = [writeRecord(fileHeader, file)]
  file.batches.forEach((batch, index) => {
    lines.push(...batchLines(batch, index + 1))
  })
  lines.push(
    writeRecord(fileControl, {
      batchCount: file.batches.length,
      blockCount: blocksOf(lines.length + 1),
      ...totalsOf(file.batches.flatMap((batch) => batch.entries)),
    }),
  )
  while (lines.length % BLOCKING_FACTOR !== 0) lines.push(FILLER)
  return `${lines.join('\n')}\n`
}

/** The blocks that so many lines fill. */
export function blocksOf(lines: number): number {
  return Math.ceil(lines / BLOCKING_FACTOR)
}

export function totalsOf(entries: readonly Entry[]): Totals {
  let [entryCount, hash, debitCents, creditCents] = [0, 0, 0, 0]
  for (const entry of entries) {
    entryCount += 1 + entry.addenda.length
    hash = (hash + Number(entry.routingNumber.slice(0, 8))) % HASH_MODULUS
    if (isDebit(entry.transactionCode)) debitCents += entry.amountCents
    else creditCents += entry.amountCents
  }
  return { entryCount, entryHash: String(hash).padStart(10, '0'), debitCents, creditCents }
}

/** Which of the three classes the entries make up. */
export function serviceClassOf(entries: readonly Entry[]): (typeof SERVICE_CLASSES)[keyof typeof SERVICE_CLASSES] {
  const debits = entries.filter((entry) => isDebit(entry.transactionCode)).length
  if (debits === entries.length) return SERVICE_CLASSES.debits
  return debits === 0 ? SERVICE_CLASSES.credits : SERVICE_CLASSES.mixed
}

function batchLines(batch: Batch, number: number): readonly string[] {
  const { entries, companyId, odfi } = batch
  const serviceClass = serviceClassOf(entries)
  return [
    writeRecord(batchHeader, { ...batch, serviceClass, number }),
    ...entries.flatMap(entryLines),
    writeRecord(batchControl, { ...totalsOf(entries), serviceClass, companyId, odfi, number }),
  ]
}

function entryLines(entry: Entry): readonly string[] {
  const addendaIndicator = entry.addenda.length === 0 ? '0' : '1'
  return [
    writeRecord(entryDetail, { ...entry, addendaIndicator }),
    ...entry.addenda.map((addenda, index) => addendaLine(addenda, entry, index + 1)),
  ]
}

function addendaLine(addenda: Addenda, entry: Entry, sequence: number): string {
  switch (addenda.kind) {
    case 'payment':
      return writeRecord(paymentAddenda, { ...addenda, sequence, entrySequence: entry.traceNumber.slice(-7) })
    case 'change':
      return writeRecord(changeAddenda, addenda)
    case 'return':
      return writeRecord(returnAddenda, addenda)
  }
}
