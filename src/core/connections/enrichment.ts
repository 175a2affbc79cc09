/** What the server makes of a transaction: category, merchant, recurrence. Contract: moneykit/data §4.1, §6. */
import { isDeepStrictEqual } from 'node:util'
import type { Ctx, Writing } from '../ctx.js'
import { record } from '../events/events.js'
import { type HeldTransactionId, readId } from '../ids.js'
import { findReadable } from './access.js'
import { type Owned, owned } from './accounts.js'
import { CATEGORIES, readSubcategory } from './categories.js'
import type { Whose } from './connections.js'
import { refuse } from './errors.js'
import { type Judge, judgeBy, likenessOf } from './judging.js'
import { transactionsChange } from './news.js'
import { type HeldConnection, listOfConsumer, patchConnection, shown, takeConnection } from './store.js'
import type { TransactionRow } from './transaction-store.js'
import * as store from './transaction-store.js'
import { type HeldTransaction, transactionOf } from './transactions.js'

/** Confidence in whole percent; null where there is none. */
export interface Judged {
  readonly value: string
  readonly confidence: number | null
}

export interface EnrichedParty {
  /** A UUID: the same for everybody who trades under the name. */
  readonly id: string
  readonly name: string
  readonly domain: string | null
  readonly confidence: number | null
}

export interface Enrichment {
  readonly category: Judged
  readonly subcategory: Judged | null
  readonly merchant: EnrichedParty | null
  readonly processor: EnrichedParty | null
  readonly recurrence: { readonly frequency: string; readonly nextOn: string | null } | null
}

export interface Correction {
  readonly transactionId: string
  readonly category: string
  readonly subcategory: string | null
}

/**
 * Puts a transaction, and similar earlier ones of the consumer, into another category; later ones follow. Returns those that
 * changed. Refuses what reading transactions refuses, and `connection.transaction_not_found`, `.invalid_category`.
 */
export async function correctCategory(
  ctx: Ctx<Writing>,
  whose: Whose,
  { transactionId, category, subcategory }: Correction,
): Promise<Owned & { readonly transactions: readonly HeldTransaction[] }> {
  const inside = { ...ctx, db: ctx.tx }
  const connection = await findReadable(inside, whose, 'transactions')
  const name = subcategory === null ? null : readSubcategory(category, subcategory)
  if (!CATEGORIES[category] || (subcategory !== null && name === null)) throw refuse('connection.invalid_category')
  const id = readId<HeldTransactionId>(transactionId)
  const subject = id && (await store.findTransaction(inside, connection.id, id))
  if (!subject) throw refuse('connection.transaction_not_found')
  const likeness = likenessOf(subject)
  await store.putCorrection(ctx, connection.consumerId, { likeness, category, subcategory: name }, ctx.clock.stamp())
  const judge = await judgeBy(inside, connection.consumerId)
  const siblings = await listOfConsumer(inside, { consumerId: connection.consumerId, clientId: whose.clientId })
  const changed: TransactionRow[] = []
  // In the order of ids, as everybody takes connections.
  for (const { id: siblingId } of [...siblings].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const sibling = await takeConnection(ctx, siblingId)
    if (!sibling?.products.transactions) continue
    const alike = await store.listAlike(inside, [siblingId], {
      name: subject.counterparty?.name ?? null,
      description: subject.description,
      until: subject.on,
    })
    const rows = alike.filter((row) => likenessOf(row) === likeness)
    changed.push(...(await keepJudged(ctx, sibling, judgedBy(judge, rows))))
  }
  const { accounts } = await owned(inside, connection, { accountIds: null })
  const [first, others] = [
    changed.filter((row) => row.id === subject.id),
    changed.filter((row) => row.id !== subject.id),
  ]
  return { connection: shown(connection), accounts, transactions: [...first, ...others].map(transactionOf) }
}

/** A transaction as it was, and what is made of it now. */
interface JudgedPair {
  readonly before: TransactionRow
  readonly after: TransactionRow
}

function judgedBy(judge: Judge, rows: readonly TransactionRow[]): readonly JudgedPair[] {
  return rows.map((before) => ({ before, after: { ...before, ...judge(before), isJudged: true } }))
}

function changedAmong(judged: readonly JudgedPair[]): readonly TransactionRow[] {
  return judged.flatMap(({ before, after }) => (isDeepStrictEqual(before.enrichment, after.enrichment) ? [] : [after]))
}

function putJudged(ctx: Ctx<Writing>, judged: readonly JudgedPair[]): void {
  const rows = judged.map(({ after }) => after)
  store.putEnrichments(ctx, rows, ctx.clock.stamp())
}

/**
 * Keeps what was made of transactions of a connection that the caller has taken. Those that look otherwise now count as
 * changed, which is told. Returns them.
 */
async function keepJudged(
  ctx: Ctx<Writing>,
  connection: HeldConnection,
  judged: readonly JudgedPair[],
): Promise<readonly TransactionRow[]> {
  const changed = changedAmong(judged)
  const posted = changed.filter(({ status }) => status === 'posted')
  putJudged(ctx, judged)
  await store.addChanges(ctx, connection.id, posted, connection.changePosition)
  if (posted.length === 0) return changed
  const changePosition = connection.changePosition + posted.length
  await record(ctx, [
    transactionsChange(await patchConnection(ctx, connection.id, { changePosition }, ctx.clock.stamp())),
  ])
  return changed
}

// So many are held in memory at once.
const JUDGED_AT_ONCE = 5000

/** Makes what can be made of posted transactions that nobody has looked at, of a connection that the caller has taken. */
export async function enrichAll(ctx: Ctx<Writing>, connection: HeldConnection): Promise<void> {
  const inside = { ...ctx, db: ctx.tx }
  const judge = await judgeBy(inside, connection.consumerId)
  let { changePosition } = connection
  for (let afterId = ''; ; ) {
    const rows = await store.listUnjudged(inside, connection.id, { afterId, limit: JUDGED_AT_ONCE })
    const judged = judgedBy(judge, rows)
    const changed = changedAmong(judged)
    putJudged(ctx, judged)
    await store.addChanges(ctx, connection.id, changed, changePosition)
    changePosition += changed.length
    const last = rows.at(-1)
    if (!last || rows.length < JUDGED_AT_ONCE) break
    afterId = last.id
  }
  if (changePosition === connection.changePosition) return
  await record(ctx, [
    transactionsChange(await patchConnection(ctx, connection.id, { changePosition }, ctx.clock.stamp())),
  ])
}
