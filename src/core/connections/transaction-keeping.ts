/**
 * What an institution tells of transactions, kept. Posted ones are kept for good, and each change of one is written into the
 * connection's log, by which clients follow. Pending ones are another matter: every refresh replaces the whole set, with new
 * ids, so the log never speaks of them. Contract: moneykit/data §5.2.
 */
import { isDeepStrictEqual } from 'node:util'
import type { HeldTransaction as ToldTransaction } from '../../network/port.js'
import type { Ctx, Writing } from '../ctx.js'
import { type HeldTransactionId, newId } from '../ids.js'
import type { AccountRow } from './account-store.js'
import { type Judge, judgeBy } from './judging.js'
import { type HeldConnection, patchConnection } from './store.js'
import type { TransactionRow } from './transaction-store.js'
import * as store from './transaction-store.js'

export interface Told {
  readonly accounts: readonly AccountRow[]
  readonly transactions: readonly ToldTransaction[]
  /** They are all that there are, so that what is not among them is gone. */
  readonly isWhole: boolean
}

/** Keeps what was told of a connection that the caller has taken; says whether anything changed. */
export async function keepTransactions(
  ctx: Ctx<Writing>,
  connection: HeldConnection,
  { accounts, transactions, isWhole }: Told,
): Promise<{ readonly hasNews: boolean; readonly connection: HeldConnection }> {
  const inside = { ...ctx, db: ctx.tx }
  const permitted = new Map(
    accounts.flatMap(({ id, networkRef, isPermitted }) =>
      isPermitted && networkRef ? [[networkRef, id] as const] : [],
    ),
  )
  const told = new Map(
    transactions.filter(({ accountRef }) => permitted.has(accountRef)).map((each) => [each.ref, each]),
  )
  const known = isWhole
    ? await store.listPosted(inside, connection.id)
    : await store.listPostedByRef(inside, connection.id, [...told.keys()])
  const fresh = (facts: ToldTransaction, status: 'pending' | 'posted') =>
    newRow(ctx, connection, facts, permitted.get(facts.accountRef) as AccountRow['id'], status)
  const { changes, renamed } = changesAmongPosted({ known, told, isWhole, permitted, fresh })
  const judge = connection.products.enrichment ? await judgeBy(inside, connection.consumerId) : null
  // Enrichment comes after a fetch, as a change. Of the first one, which brings years, nobody has seen anything yet.
  const isFirst = isWhole && known.length === 0
  const judged = judge && isFirst ? changes.map((row) => ({ ...row, ...judge(row), isJudged: true })) : changes
  const positioned = judged.map((row, index) => at(row, connection.changePosition + index + 1))
  const knownIds = new Set(known.map(({ id }) => id))
  const [old, added] = [
    positioned.filter(({ id }) => knownIds.has(id)),
    positioned.filter(({ id }) => !knownIds.has(id)),
  ]
  await store.putTransactions(ctx, [...old, ...renamed], ctx.clock.stamp())
  store.addTransactions(ctx, added, ctx.clock.stamp())
  await store.addChanges(ctx, connection.id, positioned, connection.changePosition)
  const pendingBefore = await store.listPending(inside, connection.id)
  const gone = new Set(positioned.filter(({ status }) => status === 'removed').map(({ id }) => id))
  const posted = new Set(known.filter(({ id }) => !gone.has(id)).map(({ networkRef }) => networkRef))
  const pendingNow = pendingAfter({ before: isWhole ? [] : pendingBefore, told, posted, fresh }, judge)
  const generation = connection.pendingGeneration + 1
  await store.deletePending(ctx, connection.id)
  store.addTransactions(
    ctx,
    pendingNow.map((row) => ({ ...row, generation })),
    ctx.clock.stamp(),
  )
  await store.recount(ctx, connection.id)
  const patch = { changePosition: connection.changePosition + positioned.length, pendingGeneration: generation }
  return {
    hasNews: positioned.length > 0 || !isSameSet(pendingBefore, pendingNow),
    connection: await patchConnection(ctx, connection.id, patch, ctx.clock.stamp()),
  }
}

interface Posted {
  readonly known: readonly TransactionRow[]
  readonly told: ReadonlyMap<string, ToldTransaction>
  readonly isWhole: boolean
  readonly permitted: ReadonlyMap<string, AccountRow['id']>
  fresh(facts: ToldTransaction, status: 'posted'): TransactionRow
}

interface PostedAfter {
  /** In their new form: those that are new, those that changed, and those that are gone. */
  readonly changes: readonly TransactionRow[]
  /** Only their refs changed, which is nobody else's business. */
  readonly renamed: readonly TransactionRow[]
}

function changesAmongPosted({ known, told, isWhole, permitted, fresh }: Posted): PostedAfter {
  const byRef = new Map(known.map((row) => [row.networkRef, row]))
  const strangers = isWhole ? unclaimed(known, told) : new Map()
  const changes: TransactionRow[] = []
  const renamed: TransactionRow[] = []
  const found = new Set<HeldTransactionId>()
  for (const facts of told.values()) {
    const before = byRef.get(facts.ref)
    if (facts.status === 'removed') {
      if (before) changes.push({ ...before, status: 'removed' })
    } else if (facts.status === 'posted') {
      const accountId = permitted.get(facts.accountRef) ?? before?.accountId
      const same = before ?? takeAlike(strangers, facts, accountId)
      if (!same) changes.push(fresh(facts, 'posted'))
      else {
        found.add(same.id)
        const after = { ...same, ...factsOf(facts), networkRef: facts.ref, accountId: accountId ?? same.accountId }
        if (!isSame(same, after)) changes.push({ ...after, isJudged: same.isCorrected })
        else if (same.networkRef !== after.networkRef) renamed.push(after)
      }
    } else if (before) found.add(before.id)
  }
  if (!isWhole) return { changes, renamed }
  const listed = new Set(changes.map(({ id }) => id))
  const gone = known
    // An institution knows nothing of what was only ever imported.
    .filter(({ id, networkRef }) => networkRef !== null && !found.has(id) && !listed.has(id))
    .map((row): TransactionRow => ({ ...row, status: 'removed' }))
  return { changes: [...changes, ...gone], renamed }
}

/** Those known under refs that nobody tells any more: another provider has its own, and an import had none. */
function unclaimed(known: readonly TransactionRow[], told: ReadonlyMap<string, ToldTransaction>): Strangers {
  const strangers = new Map<string, TransactionRow[]>()
  for (const row of known) {
    if (row.networkRef !== null && told.has(row.networkRef)) continue
    const mark = markOf(row, row.accountId)
    const alike = strangers.get(mark)
    if (alike) alike.push(row)
    else strangers.set(mark, [row])
  }
  return strangers
}

/** By what makes them alike: account, day, amount and direction. */
type Strangers = ReadonlyMap<string, TransactionRow[]>

function markOf({ on, cents, direction }: Pick<ToldTransaction, 'on' | 'cents' | 'direction'>, accountId = ''): string {
  return `${accountId} ${on} ${cents} ${direction}`
}

function takeAlike(strangers: Strangers, facts: ToldTransaction, accountId?: AccountRow['id']): TransactionRow | null {
  return strangers.get(markOf(facts, accountId))?.shift() ?? null
}

/** A change at its place in the log. */
function at(row: TransactionRow, position: number): TransactionRow {
  return {
    ...row,
    createdPosition: row.createdPosition ?? position,
    removedPosition: row.status === 'removed' ? position : null,
  }
}

interface Pending {
  readonly before: readonly TransactionRow[]
  readonly told: ReadonlyMap<string, ToldTransaction>
  /** Refs of those that were posted before. */
  readonly posted: ReadonlySet<string | null>
  fresh(facts: ToldTransaction, status: 'pending'): TransactionRow
}

/** The set that counts from now on: what was pending and still is, and what has become so. */
function pendingAfter({ before, told, posted, fresh }: Pending, judge: Judge | null): readonly TransactionRow[] {
  const kept = before.filter(({ networkRef }) => networkRef === null || !told.has(networkRef))
  const carried = kept.flatMap((row) => {
    const renewed = fresh(toldAgain(row), 'pending')
    return [{ ...renewed, accountId: row.accountId }]
  })
  const begun = [...told.values()].filter(({ ref, status }) => status === 'pending' && !posted.has(ref))
  const rows = [...carried, ...begun.map((facts) => fresh(facts, 'pending'))]
  return judge ? rows.map((row) => ({ ...row, enrichment: judge(row)?.enrichment ?? null })) : rows
}

function toldAgain(row: TransactionRow): ToldTransaction {
  return { ...factsOf(row), ref: row.networkRef ?? row.id, accountRef: '', status: 'pending' }
}

type Facts = Omit<ToldTransaction, 'ref' | 'accountRef' | 'status'>

function factsOf(of: Facts | TransactionRow): Facts {
  const { cents, direction, currency, on, at: time, description, counterparty, subcategory, recurrence } = of
  return {
    cents,
    direction,
    currency,
    on,
    at: time,
    description,
    rawDescription: of.rawDescription ?? '',
    counterparty: counterparty && {
      name: counterparty.name,
      categoryCode: counterparty.categoryCode,
      domain: counterparty.domain,
    },
    category: of.category ?? '',
    subcategory,
    recurrence,
  }
}

/** Ids and refs aside: an institution may name things anew. */
function isSame(a: TransactionRow, b: TransactionRow): boolean {
  return a.accountId === b.accountId && isDeepStrictEqual(factsOf(a), factsOf(b))
}

function isSameSet(before: readonly TransactionRow[], after: readonly TransactionRow[]): boolean {
  const spelled = (rows: readonly TransactionRow[]) => rows.map((row) => JSON.stringify(factsOf(row))).sort()
  return isDeepStrictEqual(spelled(before), spelled(after))
}

function newRow(
  ctx: Ctx<'chance'>,
  connection: HeldConnection,
  facts: ToldTransaction,
  accountId: AccountRow['id'],
  status: 'pending' | 'posted',
): TransactionRow {
  return {
    ...factsOf(facts),
    id: newId<HeldTransactionId>(ctx.chance),
    connectionId: connection.id,
    accountId,
    networkRef: facts.ref,
    originalId: null,
    status,
    enrichment: null,
    isCorrected: false,
    isJudged: false,
    createdPosition: null,
    removedPosition: null,
    generation: status === 'pending' ? connection.pendingGeneration + 1 : null,
  }
}
