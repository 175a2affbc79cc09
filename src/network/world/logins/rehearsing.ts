/** What a rehearsal does to the lines behind an access, so that whoever keeps a copy finds something new. */
import type { Ask, HeldTransaction, LineChange, LineDraft } from '../../port.js'
import { dayOf } from '../life/calendar.js'
import type { Opened } from './access.js'
import { recordEdit } from './life/edits.js'
import { type Books, depositLines } from './life/life.js'
import { lineAt } from './life/lines.js'

/** Null for an account that is none of the deposit accounts, and for a day to come. */
export async function addLine(
  books: Books,
  ask: Ask,
  { opened, accountRef, draft }: { readonly opened: Opened; readonly accountRef: string; readonly draft: LineDraft },
): Promise<HeldTransaction | null> {
  const isDeposit = opened.accounts.some(({ ref, kind }) => ref === accountRef && kind === 'deposit')
  if (!isDeposit || (draft.on !== undefined && draft.on > dayOf(ask.at))) return null
  const ref = await recordEdit(books.town.db, ask, { accountRef, lineRef: null, kind: 'add', detail: draft })
  return findLine(books, ask, { opened, ref })
}

/** Changes a line, or takes it away where `change` is null; null for one that is not there. */
export async function editLine(
  books: Books,
  ask: Ask,
  { opened, ref, change }: { readonly opened: Opened; readonly ref: string; readonly change: LineChange | null },
): Promise<HeldTransaction | null> {
  const found = await findLine(books, ask, { opened, ref })
  if (!found) return null
  const kind = change === null ? 'remove' : 'change'
  await recordEdit(books.town.db, ask, { accountRef: found.accountRef, lineRef: ref, kind, detail: change })
  return (await findLine(books, ask, { opened, ref })) ?? { ...found, status: 'removed' }
}

async function findLine(
  books: Books,
  ask: Ask,
  { opened, ref }: { readonly opened: Opened; readonly ref: string },
): Promise<HeldTransaction | null> {
  const { currency } = opened.holding.customer.terms
  const lines = [...(await depositLines(books, ask, opened)).values()].flat()
  const line = lines.find((each) => each.ref === ref)
  return line ? lineAt(line, ask.at, currency) : null
}
