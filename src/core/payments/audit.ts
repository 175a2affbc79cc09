/**
 * Proves the ledger: that every transfer balances, that each payment's transfers are what its entries and its status say, and
 * that the network has posted the same. It only reads, a page of payments at a time.
 */
import type { AchPosting } from '../../network/port.js'
import type { Asking, Ctx } from '../ctx.js'
import { findUnbalanced, holderTotals, type Remainder, remaindersOf } from '../ledger/ledger.js'
import type { AchEntry } from './entries.js'
import * as entryStore from './entry-store.js'
import type { Payment } from './payments.js'
import * as reversalStore from './reversal-store.js'
import type { Reversal } from './reversals.js'
import * as store from './store.js'

const PAGE = 1_000

/** Something that is not as it should be. */
export interface LedgerFinding {
  /** A payment's id, or an entry's reference. */
  readonly about: string
  readonly finding: string
}

export interface LedgerProof {
  readonly payments: number
  readonly entries: number
  readonly findings: readonly LedgerFinding[]
}

/** What was looked at, and what is wrong: nothing, as long as all is well. Payments that move meanwhile may show up as wrong. */
export async function checkLedger(ctx: Ctx<Asking>): Promise<LedgerProof> {
  const unbalanced = await findUnbalanced(ctx)
  const findings: LedgerFinding[] = unbalanced.map(({ paymentId, step }) => ({
    about: paymentId,
    finding: `its transfer ${step} does not balance`,
  }))
  let payments = 0
  for (let after = ''; ; ) {
    const page = await store.listAfter(ctx, after, PAGE)
    findings.push(...(await checkPayments(ctx, page)))
    payments += page.length
    if (page.length < PAGE) break
    after = page.at(-1)?.id ?? ''
  }
  const { entries, findings: outside } = await checkNetwork(ctx)
  return { payments, entries, findings: [...findings, ...outside] }
}

async function checkPayments(ctx: Ctx<Asking>, page: readonly Payment[]): Promise<readonly LedgerFinding[]> {
  const ids = page.map(({ id }) => id)
  const entries = groupBy(await entryStore.listOfPayments(ctx, ids), ({ paymentId }) => paymentId)
  const reversals = groupBy(await reversalStore.findReversals(ctx, ids), ({ paymentId }) => paymentId)
  const remainders = new Map((await remaindersOf(ctx, ids)).map((each) => [each.paymentId, each.cents]))
  const holders = groupBy(await holderTotals(ctx, ids), ({ paymentId }) => paymentId)
  return page.flatMap((payment) => {
    const facts = { entries: entries.get(payment.id) ?? [], reversals: reversals.get(payment.id) ?? [] }
    const held = new Map((holders.get(payment.id) ?? []).map(({ accountId, cents }) => [accountId, cents]))
    const wrong = [
      ...checkHolders(facts.entries, held),
      ...checkRemainder(payment, facts.entries, remainders.get(payment.id) ?? {}),
      ...checkStatus(payment, facts),
    ]
    return wrong.map((finding) => ({ about: payment.id, finding }))
  })
}

/** What accounts outside gained is what the entries brought that stand. */
function checkHolders(entries: readonly AchEntry[], held: ReadonlyMap<string, number>): readonly string[] {
  const expected = new Map<string, number>()
  for (const { accountId, direction, amountCents, status } of entries) {
    const cents = status === 'returned' ? 0 : direction === 'credit' ? amountCents : -amountCents
    expected.set(accountId, (expected.get(accountId) ?? 0) + cents)
  }
  return [...new Set([...expected.keys(), ...held.keys()])].flatMap((accountId) => {
    const [posted, due] = [held.get(accountId) ?? 0, expected.get(accountId) ?? 0]
    return posted === due ? [] : [`account ${accountId} has ${posted} cents of it instead of ${due}`]
  })
}

interface Stands {
  readonly pull: boolean
  readonly push: boolean
  readonly reversal: boolean
}

const stands = (entries: readonly AchEntry[], leg: AchEntry['leg'], direction?: AchEntry['direction']) =>
  entries.some(
    (entry) => entry.leg === leg && entry.status !== 'returned' && (!direction || entry.direction === direction),
  )

/** What is left with us follows from the status and from whether the push stands. */
function checkRemainder(payment: Payment, entries: readonly AchEntry[], left: Remainder['cents']): readonly string[] {
  const { status, amountCents, fee, operatorFeeCents } = payment
  const keeps = stands(entries, 'push') && status !== 'reversed'
  const markup = fee?.type === 'markup' && keeps ? operatorFeeCents : 0
  const invoice = fee?.type !== 'markup' && entries.some(({ leg }) => leg === 'push') ? operatorFeeCents : 0
  const { source_in_transit: inTransit = 0, clearing = 0, returns_receivable: receivable = 0 } = left
  // Ended or out, nothing of it is with us; what was reversed, refused or returned may leave money or a loss.
  const isDone = ['pending', 'canceled', 'sent', 'posted', 'cashed'].includes(status)
  const isWhole = isDone || (status === 'settled' && payment.reversalId === null)
  return [
    ...differ('what others sent', left.senders ?? 0, payment.instrumentId && status !== 'failed' ? -amountCents : 0),
    ...differ('in transit', inTransit, status === 'processing' && payment.fundStatus !== 'clearing' ? amountCents : 0),
    ...(isWhole || status === 'processing'
      ? differ('clearing', clearing, payment.fundStatus === 'clearing' ? amountCents : 0)
      : []),
    ...(isWhole || status === 'processing' ? differ('receivables', receivable, 0) : []),
    ...differ('team fees', left.team_fees ?? 0, keeps ? (fee?.amountCents ?? 0) : 0),
    ...differ('operator fees', left.operator_fees ?? 0, markup + invoice),
    ...differ('invoices', left.operator_invoices ?? 0, -invoice),
  ]
}

function differ(what: string, found: number, expected: number): readonly string[] {
  return found === expected ? [] : [`${what} are ${found} cents instead of ${expected}`]
}

interface Facts {
  readonly entries: readonly AchEntry[]
  readonly reversals: readonly Reversal[]
}

/** The status is one that the entries allow. */
function checkStatus(payment: Payment, { entries, reversals }: Facts): readonly string[] {
  const now: Stands = {
    // What others have sent came in before anything else.
    pull: stands(entries, 'pull') || payment.instrumentId !== null,
    push: stands(entries, 'push'),
    reversal: stands(entries, 'reversal', 'debit'),
  }
  const isAllowed = allowed(payment, now, entries, reversals)
  return isAllowed ? [] : [`it is ${payment.status}, which its entries do not say`]
}

function allowed(payment: Payment, now: Stands, entries: readonly AchEntry[], reversals: readonly Reversal[]): boolean {
  switch (payment.status) {
    case 'pending':
    case 'canceled':
      return entries.length === 0
    case 'processing':
      return now.pull && !entries.some(({ leg }) => leg !== 'pull')
    case 'sent':
    case 'posted':
    case 'cashed':
      return now.push && now.pull
    case 'settled':
      return now.push && (payment.reversalId === null ? now.pull : isSent(reversals))
    case 'failed':
      return entries.length === 0 || !now.pull || !now.push
    case 'reversal_required':
      return !now.pull && !now.reversal
    case 'reversal_processing':
      return !now.pull && reversals.length > 0
    case 'reversed':
      return isSent(reversals)
  }
}

function isSent(reversals: readonly Reversal[]): boolean {
  return reversals.some(({ status }) => status === 'sent')
}

/** Both sides in the order of their references: each entry that was handed over is posted once, as it was said, and no other. */
async function checkNetwork(ctx: Ctx<Asking>): Promise<Pick<LedgerProof, 'entries' | 'findings'>> {
  const findings: LedgerFinding[] = []
  let entries = 0
  for (let after = ''; ; ) {
    const ours = await entryStore.listAfter(ctx, after, PAGE)
    const isLast = ours.length < PAGE
    const answer = await ctx.network.achPostings({ realm: ctx.team.id, at: ctx.clock.now() }, { after, limit: PAGE })
    if (!answer.ok) return { entries, findings: [...findings, { about: 'network', finding: `it is ${answer.reason}` }] }
    const until =
      isLast && answer.value.length < PAGE ? null : lesser(ours.at(-1)?.reference, answer.value.at(-1)?.reference)
    const isIn = ({ reference }: { readonly reference: string }) => until === null || reference <= until
    const postings = new Map(answer.value.filter(isIn).map((posting) => [posting.reference, posting]))
    for (const entry of ours.filter(isIn)) {
      entries += 1
      const finding = compare(entry, postings.get(entry.reference))
      postings.delete(entry.reference)
      if (finding) findings.push({ about: entry.reference, finding })
    }
    findings.push(
      ...[...postings.keys()].map((about) => ({ about, finding: 'the network has it, and nobody sent it' })),
    )
    if (until === null) return { entries, findings }
    after = until
  }
}

function lesser(a: string | undefined, b: string | undefined): string {
  if (a === undefined || b === undefined) return a ?? b ?? ''
  return a < b ? a : b
}

function compare(entry: AchEntry, posting: AchPosting | undefined): string | null {
  // One that waits may have been posted by a process that died before it could say so.
  if (!posting) return entry.status === 'waiting' ? null : 'the network does not have it'
  if (posting.amountCents !== entry.amountCents) return `the network has ${posting.amountCents} cents`
  if (posting.direction !== entry.direction) return `the network has a ${posting.direction}`
  if (posting.returnCode !== null && entry.status !== 'returned') return 'the network has sent it back'
  return null
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group) group.push(item)
    else groups.set(keyOf(item), [item])
  }
  return groups
}
