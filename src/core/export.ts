import type { Instant } from './clock/clock.js'

/** A column of a downloaded table: what it shows, as the one who asks for it spells it. */
export interface Column<Field extends string> {
  readonly heading: string
  readonly field: Field
  /** Put before the value where there is one. */
  readonly prefix?: string
  /** What each value is called instead; one that is not here is left empty. */
  readonly words?: Readonly<Record<string, string | number>>
}

/** A stretch of time that begins with `from` and ends before `before`. */
export interface Span {
  readonly from: Instant
  readonly before: Instant
}

/** The text of a table in pieces of some thousand rows, the headings first. */
export type Lines = AsyncGenerator<string, void, undefined>
