/** Lines as a rehearsal edits them: what it adds, and what it changes of any line, from the instant of the edit on. */
import { sql } from 'kysely'
import type { Db } from '../../../../db/database.js'
import type { Ask, LineChange, LineDraft } from '../../../port.js'
import { refOf } from '../../chance.js'
import { dayOf } from '../../life/calendar.js'
import { type Line, type LineEdit, postedLine } from './lines.js'

interface EditRow {
  readonly id: number
  readonly accountRef: string
  /** Null for a line that is added. */
  readonly lineRef: string | null
  readonly at: string
  readonly kind: 'add' | LineEdit['kind']
  readonly detail: LineDraft | LineChange | null
}

/** The lines with those that were added to these accounts, each with its edits. */
export async function withEdits(
  db: Db,
  { realm }: Pick<Ask, 'realm'>,
  { lines, accountRefs }: { readonly lines: readonly Line[]; readonly accountRefs: readonly string[] },
): Promise<readonly Line[]> {
  const recorded = await listEdits(db, realm, accountRefs)
  if (recorded.length === 0) return lines
  const byLine = new Map<string, LineEdit[]>()
  for (const { lineRef, at, kind, detail } of recorded) {
    if (kind === 'add' || lineRef === null) continue
    const edits = byLine.get(lineRef) ?? []
    byLine.set(lineRef, edits)
    edits.push({ at, kind, change: (detail ?? {}) as LineChange })
  }
  const added = recorded.filter(({ kind }) => kind === 'add').map(addedLine)
  return [...lines, ...added].map((line) => {
    const edits = byLine.get(line.ref)
    return edits ? { ...line, edits } : line
  })
}

function addedLine({ id, accountRef, at, detail }: EditRow): Line {
  const draft = detail as LineDraft
  const { cents, direction, description, isPending = false } = draft
  const line = postedLine({ ref: addedRef(accountRef, id), accountRef, at }, direction === 'debit' ? -cents : cents, {
    rawDescription: draft.rawDescription ?? description.toUpperCase(),
    description,
    counterparty: draft.counterparty ?? null,
    category: draft.category ?? 'general',
    subcategory: draft.subcategory ?? null,
    recurrence: null,
  })
  return { ...line, postedAt: isPending ? null : at, isRecorded: true, on: draft.on ?? dayOf(at) }
}

function addedRef(accountRef: string, id: number): string {
  return refOf('added', accountRef, id)
}

async function listEdits(db: Db, realm: string, accountRefs: readonly string[]): Promise<readonly EditRow[]> {
  const { rows } = await sql<EditRow>`
    select id::float8 as id, account_ref as "accountRef", line_ref as "lineRef", at, kind, detail
    from world.line_edits
    where realm = ${realm} and account_ref = any(${accountRefs}::text[])
    order by account_ref, id`.execute(db)
  return rows
}

/** Adds an edit, of a line or adding one; returns the ref of the line. */
export async function recordEdit(
  db: Db,
  { realm, at }: Ask,
  { accountRef, lineRef, kind, detail }: Omit<EditRow, 'at' | 'id'>,
): Promise<string> {
  const { rows } = await sql<{ id: number }>`
    insert into world.line_edits (realm, account_ref, line_ref, at, kind, detail)
    values (${realm}, ${accountRef}, ${lineRef}, ${at}, ${kind}, ${detail && JSON.stringify(detail)}::jsonb)
    returning id::float8 as id`.execute(db)
  return lineRef ?? addedRef(accountRef, rows[0]?.id ?? 0)
}
