/**
 * Tables as CSV (RFC 4180), written by PostgreSQL some thousand rows at a time. Each piece is a statement of its own that
 * begins behind the last row of the piece before, so that neither a large table nor a slow reader holds memory, a
 * connection or a snapshot. While one piece is on its way to the reader, PostgreSQL writes the next.
 */
import { type RawBuilder, sql } from 'kysely'
import type { Db } from './database.js'

export interface CsvColumn {
  readonly heading: string
  readonly value: RawBuilder<unknown>
  /** `plain` never needs quotes: an id, a number, a date, one of a few words. */
  readonly kind: 'plain' | 'text' | 'instant'
  readonly prefix?: string
  readonly words?: Readonly<Record<string, string | number>>
}

export interface CsvRows {
  /** The table and its joins, as after `from`. */
  readonly from: RawBuilder<unknown>
  readonly where: RawBuilder<unknown>
  /** What rows are ordered by, an instant and an id, which an index should have. */
  readonly at: RawBuilder<unknown>
  readonly id: RawBuilder<unknown>
  readonly span: { readonly from: string; readonly before: string }
}

export const ROWS_AT_ONCE = 2000

/** The line of headings, and then the rows, oldest first, in pieces of up to `ROWS_AT_ONCE`. */
export async function* csvLines(
  db: Db,
  columns: readonly CsvColumn[],
  rows: CsvRows,
): AsyncGenerator<string, void, undefined> {
  yield `${columns.map(({ heading }) => heading).join(',')}\r\n`
  const line = sql`concat_ws(',', ${sql.join(columns.map(cell))})`
  const read = (after: Place) => {
    const piece = readPiece(db, line, rows, after)
    // Its failure is met when it is its turn, if whoever reads is still there.
    piece.catch(() => {})
    return piece
  }
  let coming: Promise<Piece> | null = read({ at: rows.span.from, id: '' })
  while (coming) {
    const { text, count, at, id }: Piece = await coming
    coming = count === ROWS_AT_ONCE && at !== null && id !== null ? read({ at, id }) : null
    if (text !== null) yield text
  }
}

interface Place {
  readonly at: string
  readonly id: string
}

interface Piece {
  readonly text: string | null
  readonly count: number
  readonly at: string | null
  readonly id: string | null
}

// The place before is the only lower bound: beside another, the index would be read from that one on, for every piece anew.
// It begins with `with`, and so goes by a connection of the pool instead of one that small reads share.
async function readPiece(
  db: Db,
  line: RawBuilder<unknown>,
  { from, where, at, id, span }: CsvRows,
  after: Place,
): Promise<Piece> {
  const { rows } = await sql<Piece>`
    with piece as materialized (
      select ${line} as line, ${at} as at, ${id} as id
      from ${from}
      where ${where} and ${at} < ${span.before}::timestamptz
        and (${at}, ${id}) > (${after.at}::timestamptz, ${after.id}::text)
      order by ${at}, ${id} limit ${sql.lit(ROWS_AT_ONCE)}),
    last as (select at, id from piece order by at desc, id desc limit 1)
    select string_agg(line, E'\r\n' order by at, id) || E'\r\n' as text, count(*)::int as count,
      (select at::text from last) as at, (select id from last) as id
    from piece`.execute(db)
  return rows[0] ?? { text: null, count: 0, at: null, id: null }
}

// Words and prefixes are the face's own and stand in the statement: as parameters of a prepared one, they would be read for every row.
function cell({ value, kind, prefix, words }: CsvColumn): RawBuilder<unknown> {
  const shown = words ? sql`${sql.lit(JSON.stringify(words))}::jsonb ->> (${value})` : spelled(value, kind)
  return sql`coalesce(${prefix === undefined ? shown : sql`${sql.lit(prefix)} || ${shown}`}, '')`
}

function spelled(value: RawBuilder<unknown>, kind: CsvColumn['kind']): RawBuilder<unknown> {
  switch (kind) {
    case 'plain':
      return sql`(${value})::text`
    case 'instant':
      return sql`to_char((${value}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
    case 'text':
      return sql`case when (${value}) ~ '[",\r\n]' then '"' || replace(${value}, '"', '""') || '"' else ${value} end`
  }
}
