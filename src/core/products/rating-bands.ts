/**
 * What a figure of credit health is worth. No source publishes the bands; these agree with every published sample.
 * Contract: method/entities §6.2.
 */
export const RATINGS = ['excellent', 'good', 'fair', 'needs_work', 'no_rating'] as const
export type Rating = (typeof RATINGS)[number]

/** From best to worst: the rating holds while the value is within the limit; what passes none needs work. */
interface Bands {
  readonly within: 'below' | 'at_most' | 'at_least'
  readonly limits: readonly (readonly [limit: number, rating: Rating])[]
}

export const bands: Readonly<Record<string, Bands>> = {
  credit_card_usage: {
    within: 'below',
    limits: [
      [10, 'excellent'],
      [30, 'good'],
      [50, 'fair'],
    ],
  },
  derogatory_marks: {
    within: 'at_most',
    limits: [
      [0, 'excellent'],
      [1, 'fair'],
    ],
  },
  hard_inquiries: {
    within: 'at_most',
    limits: [
      [0, 'excellent'],
      [3, 'fair'],
    ],
  },
  total_accounts: {
    within: 'at_least',
    limits: [
      [26, 'excellent'],
      [21, 'good'],
      [11, 'fair'],
    ],
  },
  credit_age: {
    within: 'at_least',
    limits: [
      [108, 'excellent'],
      [84, 'good'],
      [60, 'fair'],
    ],
  },
  payment_history: {
    within: 'at_least',
    limits: [
      [100, 'excellent'],
      [99, 'good'],
      [98, 'fair'],
    ],
  },
}

/** The rating of a figure; `no_rating` for one that has no bands. */
export function rate(name: string, value: number): Rating {
  const of = bands[name]
  if (!of) return 'no_rating'
  const holds = {
    below: (limit: number) => value < limit,
    at_most: (limit: number) => value <= limit,
    at_least: (limit: number) => value >= limit,
  }
  return of.limits.find(([limit]) => holds[of.within](limit))?.[1] ?? 'needs_work'
}
