/** Money that moved on a debt for a reason of its own, not of its terms: bought in a rehearsal, or paid by somebody. */

/** What was bought, where it is a purchase. */
export interface Bought {
  readonly merchantName: string
  readonly categoryCode: string
  readonly city: string
  readonly state: string
}

export interface Movement {
  /** Counts from 1 within the debt. */
  readonly number: number
  /** The instant it posted. */
  readonly at: string
  readonly kind: 'purchase' | 'payment'
  /** What it adds to the debt; a payment takes away, so it is negative. */
  readonly cents: number
  readonly detail: Bought | null
}
