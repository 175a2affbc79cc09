/** A person whom documents describe: found by phone number, and given to every consumer as a copy of their own. */
import type { AccountSecrets, IdentityRecord, PayoffQuote } from '../../port.js'
import type { Inventor, NewDebt } from '../invent/debts.js'
import type { Profile } from '../invent/profile.js'

export interface Persona {
  readonly kind: 'copied'
  /** E.164 */
  readonly phone: string
  readonly profile: Profile
  /** The SSN on file when the consumer did not give one; published, so no secret. */
  readonly ssn: string
  /** The debts as they are first asked for on `day`. */
  debts(inventor: Inventor, day: string): readonly NewDebt[]
  /** What documents say of single debts, by the number of their merchant. */
  readonly documented: ReadonlyMap<number, DocumentedDebt>
}

export interface DocumentedDebt {
  /** What is embossed on the card and known of its bill. */
  readonly card?: Omit<AccountSecrets, 'number'>
  readonly payoff?: Omit<PayoffQuote, 'asOf'>
}

/** A phone number that fits more than one person, whatever else is said. */
export interface AmbiguousPersona {
  readonly kind: 'ambiguous'
  readonly phone: string
  readonly records: readonly IdentityRecord[]
}
