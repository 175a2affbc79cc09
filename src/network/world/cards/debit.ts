/**
 * Debit cards. Whatever card a caller names exists, as long as a network has such numbers: the first six digits say which
 * bank has issued it, and the account behind it has the card's number. So what a bank sends back is rehearsed by the end of a
 * card's number as by that of an account's. The card of a day that is over is refused, and so is a verification value of the
 * wrong length.
 */
import type { BankAccount, CardCheck, CardClaim, CardNetwork, DebitCardReport } from '../../port.js'
import { chanceOf } from '../chance.js'
import type { WorldDirectory } from '../directory.js'
import { isExpiryPossible } from './plastic.js'

type Claim = CardClaim & { readonly number: string }

/** Null for a number that no network has. */
export function debitCardOf(claim: Claim, at: string): DebitCardReport | null {
  const network = networkOf(claim.number)
  return network && { network, check: checkOf(claim, network, at) }
}

/** The account that a card draws on. */
export function accountBehind(number: string, { directory }: WorldDirectory): BankAccount {
  const issuers = directory.institutions.flatMap(({ routingNumbers: [first] }) => first ?? [])
  return {
    routingNumber: chanceOf('debit card', number.slice(0, 6)).pick(issuers),
    accountNumber: number,
    type: 'checking',
  }
}

// ISO/IEC 7812: the ranges of the networks.
const RANGES: readonly (readonly [CardNetwork, RegExp])[] = [
  ['visa', /^4\d{15}$/],
  ['mastercard', /^(5[1-5]\d{2}|222[1-9]|22[3-9]\d|2[3-6]\d{2}|27[01]\d|2720)\d{12}$/],
  ['amex', /^3[47]\d{13}$/],
  ['discover', /^(6011|65\d{2}|64[4-9]\d)\d{12}$/],
]

function networkOf(number: string): CardNetwork | null {
  return RANGES.find(([, range]) => range.test(number))?.[0] ?? null
}

function checkOf(claim: Claim, network: CardNetwork, at: string): CardCheck {
  const { cvv, billingZip } = claim
  return {
    number: 'pass',
    expiry: isExpiryPossible(claim, at),
    cvv: cvv === null || cvv.length === (network === 'amex' ? 4 : 3) ? 'pass' : 'fail',
    billingZip: billingZip === null || /^\d{5}$/.test(billingZip) ? 'pass' : 'fail',
  }
}
