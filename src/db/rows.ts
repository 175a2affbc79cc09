/** The single row of a statement that cannot give another number. */
export function onlyRow<T>(rows: readonly T[]): T {
  const [row] = rows
  if (row === undefined || rows.length > 1) throw new Error(`Expected one row and got ${rows.length}.`)
  return row
}

/** A jsonb parameter: null stays SQL null. */
export function jsonOrNull(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value)
}
