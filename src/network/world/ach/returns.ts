/**
 * Which entries a bank sends back, and after how many banking days: by the account's number, so that every return can be
 * rehearsed. A number may end in one of these; whatever else ends well.
 *
 * | ends in | return | of a debit   | of a credit  |                                        |
 * | ------- | ------ | ------------ | ------------ | -------------------------------------- |
 * | `0001`  | `R01`  | next day     | –            | too little money                       |
 * | `0002`  | `R02`  | next day     | next day     | the account is closed                  |
 * | `0004`  | `R04`  | next day     | next day     | the number cannot be one               |
 * | `0007`  | `R07`  | next day     | –            | the holder took back the authorization |
 * | `0010`  | `R10`  | next day     | –            | the holder knows nothing of it         |
 * | `0016`  | `R16`  | next day     | next day     | the account is frozen                  |
 * | `0020`  | `R20`  | next day     | next day     | no account for such entries            |
 * | `0023`  | `R23`  | –            | next day     | the holder refuses the money           |
 * | `0029`  | `R29`  | next day     | –            | a company knows nothing of it          |
 * | `9001`  | `R01`  | 4 days later | –            | as `0001`, after the push              |
 * | `9002`  | `R02`  | 4 days later | –            | as `0002`, after the push              |
 * | `9007`  | `R07`  | 20 days later| –            | as `0007`, after the push              |
 * | `9010`  | `R10`  | 20 days later| –            | as `0010`, after the push              |
 * | `9029`  | `R29`  | 4 days later | –            | as `0029`, after the push              |
 *
 * A number of zeros only is `R03`, no account, either way. Nacha: two banking days for most returns of a pull, sixty calendar
 * days for one that its holder did not authorize.
 */
const NEXT_DAY = 1
const AFTER_PUSH_DAYS = 4
const UNAUTHORIZED_LATER_DAYS = 20

interface Rule {
  readonly code: string
  /** Banking days after the entry; absent where it is not sent back. */
  readonly debit?: number
  readonly credit?: number
}

const both = (code: string): Rule => ({ code, debit: NEXT_DAY, credit: NEXT_DAY })

const RULES: Readonly<Record<string, Rule>> = {
  '0001': { code: 'R01', debit: NEXT_DAY },
  '0002': both('R02'),
  '0004': both('R04'),
  '0007': { code: 'R07', debit: NEXT_DAY },
  '0010': { code: 'R10', debit: NEXT_DAY },
  '0016': both('R16'),
  '0020': both('R20'),
  '0023': { code: 'R23', credit: NEXT_DAY },
  '0029': { code: 'R29', debit: NEXT_DAY },
  '9001': { code: 'R01', debit: AFTER_PUSH_DAYS },
  '9002': { code: 'R02', debit: AFTER_PUSH_DAYS },
  '9007': { code: 'R07', debit: UNAUTHORIZED_LATER_DAYS },
  '9010': { code: 'R10', debit: UNAUTHORIZED_LATER_DAYS },
  '9029': { code: 'R29', debit: AFTER_PUSH_DAYS },
}
const NO_ACCOUNT = both('R03')

/** What becomes of a debit of a clearing account with too little in it. */
export const UNCOVERED: ForeseenReturn = { code: 'R01', bankingDays: NEXT_DAY }

export interface ForeseenReturn {
  readonly code: string
  readonly bankingDays: number
}

/** What will become of an entry at an account; null when it stands. */
export function foreseenReturn(accountNumber: string, direction: 'debit' | 'credit'): ForeseenReturn | null {
  const rule = /^0+$/.test(accountNumber) ? NO_ACCOUNT : RULES[accountNumber.slice(-4)]
  const bankingDays = rule?.[direction]
  return rule && bankingDays !== undefined ? { code: rule.code, bankingDays } : null
}
