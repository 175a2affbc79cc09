/** By what an account is paid into or from, as its country numbers accounts. contract: moneykit/data §2 */
import type { AccountNumbers } from '../../port.js'
import { chanceOf } from '../chance.js'
import { branchOf, type Held, type HeldDeposit } from './held.js'
import type { Rails } from './points.js'

/** Certificates take no payments. */
const UNPAYABLE = new Set(['depository.cd'])
const WIRE_SHARE = 0.3

/** Of the accounts that have numbers. */
export function numbersOf(rails: Rails, accounts: readonly Held[]): readonly AccountNumbers[] {
  return accounts
    .filter((account) => account.kind === 'deposit')
    .filter(({ terms }) => !UNPAYABLE.has(terms.type))
    .map((account) => ({ ...NONE, accountRef: account.ref, ...numberedBy(rails, account) }))
}

const NONE = { ach: null, eft: null, bacs: null, international: null } as const

function numberedBy(rails: Rails, { ref, number, routingNumber }: HeldDeposit): Partial<AccountNumbers> {
  // A described account says by its routing number that it is an American one.
  if (routingNumber !== null) return { ach: { number, routingNumber, wireRoutingNumber: wireNumber(rails, ref) } }
  switch (rails.kind) {
    case 'ach':
      return {}
    case 'eft':
      return { eft: { institutionNumber: rails.institutionNumber, branchNumber: branchOf(ref, 5), number } }
    case 'bacs':
      return {
        bacs: { sortCode: rails.sortCode, number },
        international: { iban: ibanOf(rails, number), bic: `${rails.bankCode}GB2L` },
      }
  }
}

function wireNumber(rails: Rails, ref: string): string | null {
  const second = rails.kind === 'ach' ? rails.routingNumbers[1] : undefined
  return second !== undefined && chanceOf('wire', ref).isLikely(WIRE_SHARE) ? second : null
}

/** ISO 13616: check digits make the whole, with letters as numbers from 10 and the country moved to the end, 1 modulo 97. */
function ibanOf({ bankCode, sortCode }: Extract<Rails, { kind: 'bacs' }>, number: string): string {
  const rest = `${bankCode}${sortCode}${number.padStart(8, '0')}`
  const digits = [...`${rest}GB00`].map((character) => String(Number.parseInt(character, 36))).join('')
  const check = 98n - (BigInt(digits) % 97n)
  return `GB${String(check).padStart(2, '0')}${rest}`
}
