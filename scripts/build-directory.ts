/**
 * Writes `src/network/world/directory.json`: the institutions and merchants every world knows, from the lists in
 * `scripts/directory/` and the FedACH directory. Run with `npx tsx scripts/build-directory.ts`; prints what it wrote and
 * fails when an institution that takes deposits is not in FedACH.
 */
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'
import type { Institution, Merchant } from '../src/network/port.js'
import { banks } from './directory/banks.js'
import { collectors, insurers, medicalGroups, utilities } from './directory/billers.js'
import { creditUnions } from './directory/credit-unions.js'
import { fixtureMerchants, mostPopular } from './directory/fixtures.js'
import { appLenders, autoLenders, mortgageServicers, personalLenders, studentServicers } from './directory/lenders.js'
import { LINES, type LineName, type OwnLine, type Row, type SourceList } from './directory/source.js'

const lists: readonly SourceList[] = [
  banks,
  creditUnions,
  autoLenders,
  mortgageServicers,
  studentServicers,
  personalLenders,
  appLenders,
  collectors,
  medicalGroups,
  insurers,
  utilities,
]

const ROUTING_NUMBERS_MAX = 12
const LINES_PER_ROW_MAX = 9
const SOURCE = new URL('../src/core/institutions/fedach-2018-12.csv', import.meta.url)
const TARGET = new URL('../src/network/world/directory.json', import.meta.url)

// Ids at Plaid that are public knowledge; the others are invented in a range Plaid does not use.
const PLAID_IDS: Record<string, readonly string[]> = {
  chase: ['ins_56'],
  bank_of_america: ['ins_127989'],
  wells_fargo: ['ins_127991'],
  citi: ['ins_5'],
  us_bank: ['ins_127990'],
  usaa: ['ins_7'],
  capital_one: ['ins_9', 'ins_128026'],
  amex: ['ins_10'],
  charles_schwab: ['ins_11'],
  pnc: ['ins_13'],
  td_bank: ['ins_14'],
  navy_federal: ['ins_15'],
  suntrust: ['ins_16'],
  regions: ['ins_19'],
  citizens_bank: ['ins_20'],
  huntington: ['ins_21'],
  ally: ['ins_25'],
  discover: ['ins_33'],
}

// The number printed on most of the bank's checks; the others follow as FedACH lists them.
const MAIN_ROUTING_NUMBERS: Record<string, string> = {
  chase: '021000021',
  bank_of_america: '026009593',
  wells_fargo: '121000248',
  pnc: '043000096',
  us_bank: '091000022',
}

type FedachRow = { routing_number: string; name: string; state: string }
const fedach: readonly FedachRow[] = parse(await readFile(SOURCE), { columns: true })

const institutions = lists.flatMap((list) => list.rows.map(institutionOf))
const merchants = byPopularity([...fixtureMerchants, ...interleaved(lists.map(merchantsOf))])
assertUnique(institutions.map((institution) => institution.slug))
assertUnique(merchants.map((merchant) => String(merchant.number)))
await writeFile(TARGET, fileText())
console.log(`${institutions.length} institutions, ${merchants.length} merchants`)

function institutionOf([slug, name, domain, fedachName]: Row): Institution {
  return { slug, name, url: `https://${domain}`, routingNumbers: fedachName ? routingNumbersOf(slug, fedachName) : [] }
}

function routingNumbersOf(slug: string, fedachName: string): string[] {
  const rows = fedachName.split('|').flatMap(fedachRows)
  if (rows.length === 0) throw new Error(`${slug}: no name in FedACH starts with "${fedachName}"`)
  const main = MAIN_ROUTING_NUMBERS[slug]
  if (main && !rows.some((row) => row.routing_number === main)) throw new Error(`${slug}: ${main} is not in FedACH`)
  const numbers = new Set([...(main ? [main] : []), ...rows.map((row) => row.routing_number)])
  return [...numbers].slice(0, ROUTING_NUMBERS_MAX)
}

function fedachRows(pattern: string): readonly FedachRow[] {
  const [start = '', state] = pattern.split('@')
  return fedach.filter((row) => row.name.startsWith(start) && (!state || row.state === state))
}

type Ranked = Omit<Merchant, 'popularity'>

/** The merchants of a list, one array per row. */
function merchantsOf(list: SourceList): Ranked[][] {
  return list.rows.map((row, place) => {
    const lines = linesOf(row)
    if (lines.length > LINES_PER_ROW_MAX) throw new Error(`${row[0]}: more than ${LINES_PER_ROW_MAX} lines`)
    return lines.map((line, index) =>
      merchantOf(row, line, list.numbersFrom + place * (LINES_PER_ROW_MAX + 1) + index + 1),
    )
  })
}

function linesOf([, name, , , creditorName, lines, ownLines = []]: Row): OwnLine[] {
  const plain = lines.split(' ').map((text) => {
    const line = text as LineName
    const suffix = LINES[line].creditorSuffix
    return { line, name: `${name} ${LINES[line].label}`, creditorName: `${creditorName}${suffix}` }
  })
  return [...plain, ...ownLines]
}

function merchantOf([slug]: Row, { line, name, creditorName }: OwnLine, number: number): Ranked {
  return {
    number,
    institutionSlug: slug,
    name,
    type: LINES[line].type,
    providerIds: {
      plaid: PLAID_IDS[slug] ?? [`ins_9${digitsOf(slug, 5)}`],
      mx: [slug],
      finicity: [digitsOf(`finicity ${slug}`, 5)],
      dpp: [digitsOf(`dpp ${slug} ${number}`, 8)],
    },
    creditorName,
    accountNumberFormats: LINES[line].accountNumberFormats,
  }
}

/** A decimal number of `count` digits that follows from a text. */
function digitsOf(text: string, count: number): string {
  const hash = createHash('sha256').update(text).digest().readUIntBE(0, 6)
  return String(10 ** (count - 1) + (hash % (9 * 10 ** (count - 1))))
}

/** The first rows of all lists, then the second ones: the popular of every kind stand first. */
function interleaved(listed: readonly Ranked[][][]): Ranked[] {
  const longest = Math.max(...listed.map((rows) => rows.length))
  return Array.from({ length: longest }, (_, place) => listed.flatMap((rows) => rows[place] ?? [])).flat()
}

function byPopularity(all: readonly Ranked[]): Merchant[] {
  const head = mostPopular.map((number) => all.find((merchant) => merchant.number === number))
  const rest = all.filter((merchant) => !mostPopular.includes(merchant.number))
  return [...head, ...rest].flatMap((merchant, index) => (merchant ? [{ ...merchant, popularity: index + 1 }] : []))
}

function assertUnique(values: readonly string[]): void {
  const twice = values.filter((value, index) => values.indexOf(value) !== index)
  if (twice.length > 0) throw new Error(`used twice: ${twice.join(', ')}`)
}

/** One record per line, so that a change shows as one line. */
function fileText(): string {
  const lines = (records: readonly unknown[]) => records.map((record) => `    ${JSON.stringify(record)}`).join(',\n')
  return `{
  "generatedBy": "npx tsx scripts/build-directory.ts",
  "institutions": [\n${lines(institutions)}\n  ],
  "merchants": [\n${lines(merchants)}\n  ]
}
`
}
