/** Tables, and lists that are read a page at a time. */
import { Button, Group } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { type Newsworthy, queryText, useTeamQuery } from '../api.js'
import { Async } from './page.js'

export interface Column<T> {
  readonly name: string
  readonly show: (row: T) => ReactNode
  readonly isNumber?: boolean
}

interface RowsProps<T> {
  readonly rows: readonly T[]
  readonly columns: readonly Column<T>[]
  readonly keyOf: (row: T) => string
  readonly label: string
}

export function Rows<T>({ rows, columns, keyOf, label }: RowsProps<T>) {
  return (
    <table className="rows" aria-label={label}>
      <thead>
        <tr>
          {columns.map(({ name, isNumber }) => (
            <th key={name} scope="col" className={isNumber ? 'number' : ''}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map(({ name, show, isNumber }) => (
              <td key={name} data-label={name} className={isNumber ? 'number' : ''}>
                {show(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Some of a list, newest first, and where it goes on. */
export interface Listed<T> {
  readonly items: readonly T[]
  readonly next: string | null
  readonly total?: number
}

interface PagedProps<T> extends Omit<RowsProps<T>, 'rows'> {
  readonly path: string
  readonly filter?: Readonly<Record<string, string | null | undefined>>
  /** Asked for again when there is news of these, while the newest are shown. */
  readonly follows?: readonly Newsworthy[]
  readonly empty: ReactNode
}

/** A list of the chosen team. Begins anew when the filter changes. */
export function Paged<T>({ path, filter = {}, ...rest }: PagedProps<T>) {
  return <Pages key={`${path}${queryText(filter)}`} path={path} filter={filter} {...rest} />
}

function Pages<T>({ path, filter, follows = [], empty, ...table }: PagedProps<T>) {
  // The cursors of the pages before this one; the first page has none.
  const [cursors, setCursors] = useState<readonly string[]>([])
  const cursor = cursors.at(-1) ?? null
  const query = useTeamQuery<Listed<T>>(`${path}${queryText({ ...filter, cursor })}`, {
    follows: cursor === null ? follows : [],
  })
  return (
    <Async query={query}>
      {({ items, next, total }) => (
        <>
          {items.length === 0 && cursor === null ? empty : <Rows rows={items} {...table} />}
          {(next !== null || cursor !== null) && (
            <Group mt="md" gap="sm">
              <Button variant="default" disabled={cursor === null} onClick={() => setCursors(cursors.slice(0, -1))}>
                Newer
              </Button>
              <Button variant="default" disabled={next === null} onClick={() => next && setCursors([...cursors, next])}>
                Older
              </Button>
              {total !== undefined && <span className="quiet">{total.toLocaleString('en-US')} in all</span>}
            </Group>
          )}
        </>
      )}
    </Async>
  )
}
