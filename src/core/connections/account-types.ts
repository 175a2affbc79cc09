/** Account types, and what other vocabularies call them. Contract: moneykit/data §1.2. */
const KINDS = {
  depository: ['checking', 'savings', 'cash', 'prepaid', 'money_market', 'cd', 'other'],
  investment: ['brokerage', '401k', '403b', 'ira', 'roth', 'hsa', '529', 'pension', 'crypto', 'other'],
  liability: ['credit_card', 'line_of_credit', 'mortgage', 'auto', 'student', 'personal', 'other'],
  other: ['other'],
} as const

// An older, closed list, and what people write.
const OTHER_NAMES: Readonly<Record<string, string>> = {
  creditcard: 'liability.credit_card',
  credit: 'liability.credit_card',
  loanmortgage: 'liability.mortgage',
  loangeneral: 'liability.other',
  loanother: 'liability.other',
  loan: 'liability.other',
  autoloan: 'liability.auto',
  studentloan: 'liability.student',
  personalloan: 'liability.personal',
  depository: 'depository.other',
  investment: 'investment.other',
  liability: 'liability.other',
  other: 'other.other',
}

const TYPES: ReadonlyMap<string, string> = new Map([
  // A kind that several groups have says nothing by itself.
  ...Object.entries(KINDS).flatMap(([group, kinds]) =>
    kinds.filter((kind) => kind !== 'other').map((kind) => [plain(kind), `${group}.${kind}`] as const),
  ),
  ...Object.entries(KINDS).flatMap(([group, kinds]) =>
    kinds.map((kind) => [plain(`${group}.${kind}`), `${group}.${kind}`] as const),
  ),
  ...Object.entries(OTHER_NAMES),
])

/** The type that a text in any words means, or `unknown`. */
export function readAccountType(text: string): string {
  return TYPES.get(plain(text)) ?? 'unknown'
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '')
}
