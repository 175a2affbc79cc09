/**
 * What is on a card: its number, when it expires, its verification value, and the zip of its bill. A documented person's
 * card has what the documents say; of others it is invented from the debt's ref each time and never stored. A card is
 * replaced every four years, in the month it expires, by one with another verification value.
 */
import type { AccountSecrets, Ask, CardCheck, CardCheckResult, CardClaim } from '../../port.js'
import { chanceOf } from '../chance.js'
import type { WorldDirectory } from '../directory.js'
import { CITIES } from '../invent/places.js'
import { monthNumber } from '../life/calendar.js'
import type { Town } from '../people.js'
import { documentedDebt } from '../personas/personas.js'
import type { HeldDebt } from '../store.js'
import { accountNumberOf, cardNetworkOf } from '../tradelines.js'

/** The number of any debt; the rest only of a card. */
export function secretsOf(
  { seed, secrets }: Pick<Town, 'seed' | 'secrets'>,
  debt: HeldDebt,
  { ask, directory }: { ask: Ask; directory: WorldDirectory },
): AccountSecrets {
  const number = accountNumberOf(secrets, debt, { realm: ask.realm, directory })
  const network = cardNetworkOf(debt)
  if (!network) return { number, expMonth: null, expYear: null, cvv: null, billingZip: null }
  const documented = documentedDebt(debt)?.card
  if (documented) return { number, ...documented }
  const expires = expiryOf(seed, debt.ref, ask.at)
  const cvv = chanceOf(seed, 'cvv', debt.ref, expires).between(0, network === 'amex' ? 9999 : 999)
  return {
    number,
    expMonth: padded((expires % 12) + 1, 2),
    expYear: padded(Math.floor(expires / 12), 4),
    cvv: padded(cvv, network === 'amex' ? 4 : 3),
    billingZip: debt.holder?.zip ?? inventedZip(seed, debt.ref),
  }
}

const VALID_MONTHS = 48

/** The month in which the card of a day expires, numbered like every month; never one that is over. */
function expiryOf(seed: string, ref: string, at: string): number {
  const now = monthNumber(at)
  const phase = chanceOf(seed, 'expiry', ref).between(0, VALID_MONTHS - 1)
  const left = (((phase - now) % VALID_MONTHS) + VALID_MONTHS) % VALID_MONTHS
  return now + left
}

function inventedZip(seed: string, ref: string): string {
  const chance = chanceOf(seed, 'zip', ref)
  return chance.pick(chance.pick(CITIES).zips)
}

/**
 * Holds a claim against the card. The number has to be the card's. Of a documented card the verification value has to be
 * the documented one; all else passes when it could be true: well formed, and not expired. What is not said contradicts
 * nothing, so it passes; whoever needs a thing said asks for it. contract: method/accounts §12.5 (inferred)
 */
export function checkOf(
  debt: HeldDebt,
  card: AccountSecrets,
  { claim, at }: { claim: CardClaim; at: string },
): CardCheck {
  const documented = documentedDebt(debt)?.card
  return {
    number: judged(claim.number, (number) => number.replaceAll(/[ -]/g, '') === card.number),
    expiry: isExpiryPossible(claim, at),
    cvv: judged(claim.cvv, (cvv) => (documented ? cvv === documented.cvv : /^\d{3,4}$/.test(cvv))),
    billingZip: judged(claim.billingZip, (zip) => /^\d{5}(-?\d{4})?$/.test(zip)),
  }
}

/** Of what is said of an expiry: well formed, and not over on that day. */
export function isExpiryPossible({ expMonth, expYear }: CardClaim, at: string): CardCheckResult {
  const month = judged(expMonth, (text) => /^(0[1-9]|1[0-2])$/.test(text))
  const year = judged(expYear, (text) => /^\d{4}$/.test(text) && text >= at.slice(0, 4))
  if (month === 'fail' || year === 'fail') return 'fail'
  return judged(expMonth, (text) => expYear === null || `${expYear}-${text}` >= at.slice(0, 7))
}

function judged(said: string | null, isRight: (text: string) => boolean): CardCheckResult {
  return said === null || isRight(said) ? 'pass' : 'fail'
}

function padded(value: number, length: number): string {
  return String(value).padStart(length, '0')
}
