/**
 * The files that a processing window sends: a window's entries in batches, one for each class of entry, description, day and
 * direction. A file is a pure function of its window and its entries, so that making it again gives the same bytes.
 */
import { Temporal } from 'temporal-polyfill'
import { type AchFile, type Batch, type Entry, writeFile } from './file.js'
import { TRANSACTION_CODES } from './layouts.js'

/** One movement, as an entry of a file needs it. */
export interface WindowEntry {
  readonly reference: string
  /** A debit takes from the account, a credit gives to it. */
  readonly direction: 'debit' | 'credit'
  readonly routingNumber: string
  readonly accountNumber: string
  readonly accountType: 'checking' | 'savings'
  /** Whose account it is; null where nobody said. */
  readonly name: string | null
  readonly isCompany: boolean
  readonly amountCents: number
  readonly description: string
  /** Fifteen digits; the first eight are the originating bank's. */
  readonly traceNumber: string
  /** `YYYY-MM-DD` */
  readonly effectiveOn: string
}

export interface Window {
  /** Whose entries they are: letters and digits, for the name of the file. */
  readonly team: string
  /** When the window opened: ISO 8601, UTC. */
  readonly opensAt: string
}

export interface NamedFile {
  readonly name: string
  readonly content: string
}

/** Sums have twelve columns, and a payment may be a million dollars: more entries than this could overflow them. */
export const ENTRIES_MAX = 9_999

const ZONE = 'America/Chicago'
const ORIGINATOR = { name: 'CLEARSPAN', companyId: '9CLEARSPAN', bank: 'ORIGINATING BANK' }
const NAME_NOT_GIVEN = 'ACCOUNT HOLDER'
const MODIFIERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
// Of the 36 letters that tell the files of a day apart, each of three windows has a third.
const MODIFIERS_OF_WINDOW = 12

/** The part of a file's name that all files of a window share. */
export function nameOfWindow({ team, opensAt }: Window): string {
  const { date, time } = localTime(opensAt)
  return `${team}-${date.replaceAll('-', '')}-${time}`
}

/** The `sequence`th file of a window, from 1 on. At most `ENTRIES_MAX` entries. Throws `AchFault` for what does not fit. */
export function composeFile(window: Window, sequence: number, entries: readonly WindowEntry[]): NamedFile {
  const { date, time } = localTime(window.opensAt)
  const sorted = [...entries].sort((a, b) => compare(a.traceNumber, b.traceNumber))
  const file: AchFile = {
    destinationRouting: withCheckDigit(sorted[0]?.traceNumber.slice(0, 8) ?? ''),
    originId: ORIGINATOR.companyId,
    createdOn: date,
    createdAt: time,
    modifier: modifierOf(time, sequence),
    destinationName: ORIGINATOR.bank,
    originName: ORIGINATOR.name,
    reference: '',
    batches: batchesOf(sorted),
  }
  return { name: `${nameOfWindow(window)}-${String(sequence).padStart(2, '0')}.ach`, content: writeFile(file) }
}

function batchesOf(sorted: readonly WindowEntry[]): readonly Batch[] {
  const groups = new Map<string, WindowEntry[]>()
  for (const entry of sorted) {
    const key = JSON.stringify([
      entryClassOf(entry),
      entry.description,
      entry.effectiveOn,
      entry.direction,
      entry.traceNumber.slice(0, 8),
    ])
    groups.set(key, [...(groups.get(key) ?? []), entry])
  }
  return [...groups.keys()].sort().flatMap((key) => {
    const [first, ...rest] = groups.get(key) ?? []
    return first ? [batchOf(first, [first, ...rest])] : []
  })
}

function batchOf(first: WindowEntry, entries: readonly WindowEntry[]): Batch {
  return {
    companyName: ORIGINATOR.name,
    discretionary: '',
    companyId: ORIGINATOR.companyId,
    entryClass: entryClassOf(first),
    description: plainText(first.description, 10),
    descriptiveDate: '',
    effectiveOn: first.effectiveOn,
    settlementDay: '',
    originatorStatus: '1',
    odfi: first.traceNumber.slice(0, 8),
    entries: entries.map(entryOf),
  }
}

function entryOf(entry: WindowEntry): Entry {
  return {
    transactionCode: TRANSACTION_CODES[entry.accountType][entry.direction],
    routingNumber: entry.routingNumber,
    accountNumber: entry.accountNumber,
    amountCents: entry.amountCents,
    reference: plainText(entry.reference, 15),
    name: plainText(entry.name ?? '', 22) || NAME_NOT_GIVEN,
    discretionary: '',
    traceNumber: entry.traceNumber,
    addenda: [],
  }
}

/** PPD for people, CCD for companies. Nacha: standard entry class codes. */
function entryClassOf({ isCompany }: WindowEntry): 'PPD' | 'CCD' {
  return isCompany ? 'CCD' : 'PPD'
}

function modifierOf(time: string, sequence: number): string {
  const window = time < '1200' ? 0 : time < '1500' ? 1 : 2
  return MODIFIERS[(window * MODIFIERS_OF_WINDOW + sequence - 1) % MODIFIERS.length] ?? 'A'
}

/** What ASCII has of a text: accents fall off, other letters become blanks. */
function plainText(text: string, width: number): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^\x20-\x7e]/g, ' ')
    .trim()
    .slice(0, width)
    .trimEnd()
}

function withCheckDigit(eight: string): string {
  const weights = [3, 7, 1, 3, 7, 1, 3, 7]
  const sum = weights.reduce((total, weight, at) => total + weight * Number(eight[at]), 0)
  return `${eight}${(10 - (sum % 10)) % 10}`
}

function localTime(at: string): { readonly date: string; readonly time: string } {
  const local = Temporal.Instant.from(at).toZonedDateTimeISO(ZONE)
  return {
    date: local.toPlainDate().toString(),
    time: local.toPlainTime().toString({ smallestUnit: 'minute' }).replace(':', ''),
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
