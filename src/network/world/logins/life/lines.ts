/**
 * A line of an account, with what becomes of it: it begins, and is posted or gone later. What it looks like at an instant
 * follows, and so does the balance: the lines posted by then, no more and no less.
 */
import type { HeldTransaction } from '../../../port.js'
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

type State = Pick<HeldTransaction, 'status' | 'cents' | 'on'> & { readonly changedAt: string }

/** The line at an instant; null before it began. */
function stateAt({ begunAt, postedAt, goneAt, cents, pendingCents }: Line, at: string): State | null {
  if (begunAt > at) return null
  if (postedAt !== null && postedAt <= at) return { status: 'posted', cents, on: dayOf(postedAt), changedAt: postedAt }
  const pending = { cents: pendingCents, on: dayOf(begunAt) }
  if (goneAt !== null && goneAt <= at) return { ...pending, status: 'removed', changedAt: goneAt }
  return { ...pending, status: 'pending', changedAt: begunAt }
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
    .map((line) => ({ line, state: stateAt(line, at) }))
    .filter((each): each is { line: Line; state: State } => each.state !== null && isNews(each.line, each.state, since))
    .sort((a, b) => (a.state.changedAt < b.state.changedAt ? -1 : a.state.changedAt > b.state.changedAt ? 1 : 0))
    .map(({ line, state }) => toldOf(line, state, currency))
}

/**
 * What is recorded may be seen a little after the instant it is recorded for, and a clock may stand still meanwhile; so it is
 * told again to whoever asks again soon.
 */
const RECORDED_MINUTES = 10

/** What came and went since the last asking was never there for whoever asks. */
function isNews({ begunAt, isRecorded }: Line, { status, changedAt }: State, since: string | null): boolean {
  if (since === null) return status !== 'removed'
  const from = isRecorded ? minutesBefore(since, RECORDED_MINUTES) : since
  return changedAt > from && (status !== 'removed' || isRecorded || begunAt <= since)
}

function minutesBefore(at: string, minutes: number): string {
  return new Date(Date.parse(at) - minutes * 60_000).toISOString()
}

function toldOf(line: Line, { status, cents, on }: State, currency: string): HeldTransaction {
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
