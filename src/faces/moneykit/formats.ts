/** How times and money are written. Contract: moneykit/conventions §8.2, §8.3. */

/** `2031-02-16T09:14:11`: UTC, without a word about it. */
export function spellTime(at: string): string {
  return at.slice(0, 19)
}

export function spellTimeOrNull(at: string | null): string | null {
  return at === null ? null : spellTime(at)
}

/** `2031-02-16T09:14:11Z` */
export function spellInstant(at: string): string {
  return `${at.slice(0, 19)}Z`
}

/** A JSON number of whole units, or null: `1204.55`. */
export function unitsOf(cents: number | null): number | null {
  return cents === null ? null : cents / 100
}

/** A decimal text, never negative: `"384.05"`. */
export function amountText(cents: number): string {
  return (Math.abs(cents) / 100).toFixed(2)
}
