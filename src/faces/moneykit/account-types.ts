/** The types of accounts that this face knows. Contract: moneykit/data §1.2. */

const KINDS = {
  depository: ['checking', 'savings', 'cash', 'prepaid', 'money_market', 'cd', 'other'],
  investment: ['brokerage', '401k', '403b', 'ira', 'roth', 'hsa', '529', 'pension', 'crypto', 'other'],
  liability: ['credit_card', 'line_of_credit', 'mortgage', 'auto', 'student', 'personal', 'other'],
  other: ['other'],
} as const

const DOTTED = Object.entries(KINDS).flatMap(([group, kinds]) => kinds.map((kind) => `${group}.${kind}`))

// The closed list of the first generation, where it differs.
const FORMER: Readonly<Record<string, string>> = {
  credit_card: 'liability.credit_card',
  'loan.mortgage': 'liability.mortgage',
  'loan.general': 'liability.other',
  'loan.other': 'liability.other',
  investment: 'investment.other',
  other: 'other.other',
}

/** The type that is meant, or null. */
export function readAccountType(text: string): string | null {
  if (text === 'unknown') return text
  return FORMER[text] ?? DOTTED.find((type) => type === text) ?? null
}
