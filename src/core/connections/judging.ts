/**
 * What can be said of a transaction beyond what the institution wrote: its category, whom it was paid to, by whom it was
 * processed, and when it comes again. What a person said about transactions of its kind goes before everything else.
 */
import { createHash } from 'node:crypto'
import { Temporal } from 'temporal-polyfill'
import type { Ctx, Reading } from '../ctx.js'
import type { ConsumerId } from '../ids.js'
import { CATEGORIES, readSubcategory } from './categories.js'
import type { EnrichedParty, Enrichment } from './enrichment.js'
import { type KeptCorrection, listCorrections, type TransactionRow } from './transaction-store.js'

export type Judge = (row: TransactionRow) => { readonly enrichment: Enrichment; readonly isCorrected: boolean } | null

// In percent. A card network's code of the merchant says more than the text of a line.
const CONFIDENCE = { corrected: 100, coded: 97, named: 94, described: 85 } as const
// What processors write before the name of those they collect for.
const PROCESSORS = [
  { mark: /^SQ \*/i, name: 'Square', domain: 'squareup.com' },
  { mark: /^TST\* ?/i, name: 'Toast', domain: 'toasttab.com' },
  { mark: /^PAYPAL ?\*/i, name: 'PayPal', domain: 'paypal.com' },
] as const
const EVERY: Readonly<Record<NonNullable<TransactionRow['recurrence']>, Temporal.DurationLike>> = {
  weekly: { days: 7 },
  biweekly: { days: 14 },
  semimonthly: { days: 15 },
  monthly: { months: 1 },
  quarterly: { months: 3 },
  yearly: { years: 1 },
}

/** A judge who knows what the consumer's team has corrected. */
export async function judgeBy(ctx: Ctx<Reading>, consumerId: ConsumerId): Promise<Judge> {
  const corrections = new Map((await listCorrections(ctx, consumerId)).map((each) => [each.likeness, each]))
  return (row) => judge(row, corrections.get(likenessOf(row)) ?? null)
}

/** What transactions of a kind have in common: the merchant, or the cleaned description where there is none. */
export function likenessOf({ counterparty, description, rawDescription }: TransactionRow): string {
  if (counterparty) return `name:${counterparty.name}`
  return `description:${description ?? rawDescription ?? ''}`
}

/** Null for one of which too little is known. */
function judge(row: TransactionRow, correction: KeptCorrection | null): ReturnType<Judge> {
  const category = correction?.category ?? row.category
  if (category === null || !CATEGORIES[category]) return null
  const wanted = correction ? correction.subcategory : row.subcategory
  const subcategory = wanted === null ? null : readSubcategory(category, wanted)
  const { counterparty } = row
  const found = counterparty === null ? CONFIDENCE.described : CONFIDENCE[counterparty.categoryCode ? 'coded' : 'named']
  const confidence = correction ? CONFIDENCE.corrected : found
  const processor = PROCESSORS.find(({ mark }) => mark.test(row.rawDescription ?? ''))
  return {
    isCorrected: correction !== null,
    enrichment: {
      category: { value: category, confidence },
      subcategory: subcategory === null ? null : { value: subcategory, confidence },
      merchant: counterparty && party(counterparty.name, counterparty.domain, found),
      processor: processor ? party(processor.name, processor.domain, CONFIDENCE.coded) : null,
      recurrence: row.recurrence && { frequency: row.recurrence, nextOn: nextAfter(row.on, row.recurrence) },
    },
  }
}

function nextAfter(on: string, recurrence: keyof typeof EVERY): string {
  return Temporal.PlainDate.from(on).add(EVERY[recurrence]).toString()
}

function party(name: string, domain: string | null, confidence: number): EnrichedParty {
  const hash = createHash('sha256').update(`party:${name.toLowerCase()}`).digest('hex')
  const id = hash.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-8$3-a$4-$5')
  return { id, name, domain, confidence }
}
