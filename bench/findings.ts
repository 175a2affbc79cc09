/** What a run found out: figures beside their goals. */

export interface Finding {
  readonly workload: string
  readonly what: string
  readonly value: number
  /** The smallest and the largest of the pairs; a count has none. */
  readonly range: readonly [number, number] | null
  readonly unit: 'x' | 'ms' | 'count'
  /** Null for a figure that is only told. */
  readonly goal: { readonly kind: 'at least' | 'at most'; readonly value: number } | null
  /** What was seen on the two sides, for the reader. */
  readonly note: string
  /** More, for who asks. */
  readonly details?: readonly string[]
}

/** The median of the pairs' ratios: pairs were run next to each other, so the machine's mood cancels out. */
export function ratioOf(
  pairs: readonly { readonly baseline: number; readonly clearspan: number }[],
): Pick<Finding, 'value' | 'range' | 'unit'> {
  return { ...medianOf(pairs.map(({ baseline, clearspan }) => clearspan / baseline)), unit: 'x' }
}

export function medianOf(values: readonly number[]): { value: number; range: readonly [number, number] } {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  const value = ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2
  return { value, range: [sorted[0] ?? 0, sorted.at(-1) ?? 0] }
}

export function isMet({ goal, value }: Finding): boolean | null {
  if (!goal) return null
  return goal.kind === 'at least' ? value >= goal.value : value <= goal.value
}

/** The findings as a Markdown table, which a terminal shows well enough. */
export function tableOf(findings: readonly Finding[]): string {
  const rows = findings.map((finding) => [
    finding.workload,
    finding.what,
    spell(finding.value, finding.unit),
    finding.range ? `${spell(finding.range[0], finding.unit)} to ${spell(finding.range[1], finding.unit)}` : '',
    finding.goal ? `${finding.goal.kind} ${spell(finding.goal.value, finding.unit)}` : '',
    { true: 'pass', false: 'MISS', null: '' }[String(isMet(finding)) as 'true' | 'false' | 'null'],
    finding.note,
  ])
  const all = [['', 'what', 'median', 'range', 'goal', '', 'seen'], ...rows]
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? []
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const [head = [], ...body] = all
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n')
}

function spell(value: number, unit: Finding['unit']): string {
  switch (unit) {
    case 'x':
      return `${value.toFixed(2)}×`
    case 'ms':
      return `${value.toFixed(0)} ms`
    case 'count':
      return value.toFixed(value % 1 === 0 ? 0 : 2)
  }
}
