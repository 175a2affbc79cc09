/**
 * A line of an account, with what becomes of it: it begins, and is posted or gone later. What it looks like at an instant
 * follows, and so does the balance: the lines posted by then, no more and no less.
 */
import type { HeldTransaction, LineChange } from '../../../port.js'
import { dayOf } from '../../life/calendar.js'

export interface Line
  extends Pick<
    HeldTransaction,
    | 'ref'
    | 'accountRef'
    | 'direction'
    | 'rawDescription'
    | 'description'
    | 'counterparty'
    | 'category'
    | 'subcategory'
    | 'recurrence'
  > {
  readonly begunAt: string
  /** One of these two at most is set. */
  readonly postedAt: string | null
  readonly goneAt: string | null
  /** Once it is posted. */
  readonly cents: number
  /** While it is pending. */
  readonly pendingCents: number
  /** The institution tells when it was begun, not only on which day. */
  readonly isTimed: boolean
  /** Somebody wrote it down, rather than that it follows from the terms. */
  readonly isRecorded: boolean
  /** Its day, where that is another than its instants say. */
  readonly on?: string
  /** In the order in which they were made. */
  readonly edits?: readonly LineEdit[]
}

/** What is told of a line beside money and time. */
export type Wording = Pick<
  Line,
  'rawDescription' | 'description' | 'counterparty' | 'category' | 'subcategory' | 'recurrence'
>

/** A line that is posted as soon as it begins; `cents` below nothing leave the account. */
export function postedLine(
  { ref, accountRef, at }: { readonly ref: string; readonly accountRef: string; readonly at: string },
  cents: number,
  wording: Wording,
): Line {
  return {
    ref,
    accountRef,
    begunAt: at,
    postedAt: at,
    goneAt: null,
    cents: Math.abs(cents),
    pendingCents: Math.abs(cents),
    direction: cents < 0 ? 'debit' : 'credit',
    isTimed: false,
    isRecorded: false,
    ...wording,
  }
}

/** A line as a rehearsal changed it at an instant, or took it away. */
export interface LineEdit {
  readonly at: string
  readonly kind: 'change' | 'remove'
  readonly change: LineChange
}

/** A line as it is at an instant. */
interface State {
  readonly line: Line
  readonly status: HeldTransaction['status']
  readonly cents: number
  readonly on: string
  readonly changedAt: string
  readonly isRecorded: boolean
}

/** Null before it began. */
function stateAt(line: Line, at: string): State | null {
  const own = ownStateAt(line, at)
  if (!own || !line.edits) return own
  return line.edits.filter((edit) => edit.at <= at).reduce(edited, own)
}

function ownStateAt(line: Line, at: string): State | null {
  const { begunAt, postedAt, goneAt, cents, pendingCents, isRecorded } = line
  if (begunAt > at) return null
  if (postedAt !== null && postedAt <= at) {
    return { line, status: 'posted', cents, on: line.on ?? dayOf(postedAt), changedAt: postedAt, isRecorded }
  }
  const pending = { line, cents: pendingCents, on: line.on ?? dayOf(begunAt), isRecorded }
  if (goneAt !== null && goneAt <= at) return { ...pending, status: 'removed', changedAt: goneAt }
  return { ...pending, status: 'pending', changedAt: begunAt }
}

function edited(state: State, { at, kind, change }: LineEdit): State {
  const { status = state.status, cents = state.cents, ...wording } = change
  return {
    ...state,
    line: { ...state.line, ...wording },
    status: kind === 'remove' ? 'removed' : status,
    cents,
    changedAt: at > state.changedAt ? at : state.changedAt,
    isRecorded: true,
  }
}

/** A line as it is told at an instant; null before it began, and once it is gone. */
export function lineAt(line: Line, at: string, currency: string): HeldTransaction | null {
  const state = stateAt(line, at)
  return state && state.status !== 'removed' ? toldOf(state, currency) : null
}

export interface Sums {
  readonly postedCents: number
  /** What pending lines will take. */
  readonly heldCents: number
}

export function sumsAt(lines: readonly Line[], at: string): Sums {
  let postedCents = 0
  let heldCents = 0
  for (const line of lines) {
    const state = stateAt(line, at)
    if (state?.status === 'posted') postedCents += line.direction === 'credit' ? state.cents : -state.cents
    if (state?.status === 'pending' && line.direction === 'debit') heldCents += state.cents
  }
  return { postedCents, heldCents }
}

/** What changed after `since`, oldest change first; all that there is, where it is null. */
export function changesIn(
  lines: readonly Line[],
  { since, at, currency }: { readonly since: string | null; readonly at: string; readonly currency: string },
): readonly HeldTransaction[] {
  return lines
    .flatMap((line) => {
      const state = stateAt(line, at)
      return state && isNews(state, since) ? [state] : []
    })
    .sort((a, b) => (a.changedAt < b.changedAt ? -1 : a.changedAt > b.changedAt ? 1 : 0))
    .map((state) => toldOf(state, currency))
}

/**
 * What is recorded may be seen a little after the instant it is recorded for, and a clock may stand still meanwhile; so it is
 * told again to whoever asks again soon.
 */
const RECORDED_MINUTES = 10

/** What came and went since the last asking was never there for whoever asks. */
function isNews({ line, status, changedAt, isRecorded }: State, since: string | null): boolean {
  if (since === null) return status !== 'removed'
  const from = isRecorded ? minutesBefore(since, RECORDED_MINUTES) : since
  return changedAt > from && (status !== 'removed' || isRecorded || line.begunAt <= since)
}

function minutesBefore(at: string, minutes: number): string {
  return new Date(Date.parse(at) - minutes * 60_000).toISOString()
}

function toldOf({ line, status, cents, on }: State, currency: string): HeldTransaction {
  return {
    ref: line.ref,
    accountRef: line.accountRef,
    cents,
    direction: line.direction,
    currency,
    on,
    at: line.isTimed ? line.begunAt : null,
    status,
    rawDescription: line.rawDescription,
    description: line.description,
    counterparty: line.counterparty,
    category: line.category,
    subcategory: line.subcategory,
    recurrence: line.recurrence,
  }
}
