import { CATEGORIES } from '../../src/core/connections/connections.js'

/** Categories with their subcategories, of which a line may have none. Contract: moneykit/data §4.1. */
export const VOCABULARY: Readonly<Record<string, readonly (string | null)[]>> = Object.fromEntries(
  Object.entries(CATEGORIES).map(([category, subcategories]) => [category, [null, ...subcategories]]),
)
