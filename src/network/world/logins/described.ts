/**
 * Accounts as a caller described them, for the test login `user_custom`: these and no others, with these numbers and
 * owners. What the description leaves open, such as balances, follows from the customer's seed.
 * contract: moneykit/links §1.6
 */
import type { CustomData } from '../../port.js'
import { type Chance, chanceOf } from '../chance.js'
import { beginningOf, CURRENCY } from './opening.js'
import type { Bank } from './points.js'
import type { AccountTerms, CustomerTerms } from './terms.js'

export function describedTerms(
  seed: string,
  { bank, day, data }: { readonly bank: Bank; readonly day: string; readonly data: CustomData },
): CustomerTerms {
  return {
    seed,
    currency: CURRENCY[bank.point.country],
    openedOn: beginningOf(day),
    household: null,
    accounts: data.accounts.map(({ type, name }, index) =>
      accountOf({ type, name }, chanceOf(seed, 'described', index)),
    ),
  }
}

function accountOf({ type, name }: { readonly type: string; readonly name: string }, chance: Chance): AccountTerms {
  const named = { type, name, nickname: null }
  const [group] = type.split('.')
  if (group === 'investment') return { ...named, kind: 'portfolio', openingCents: chance.between(20, 400) * 10_000 }
  if (group !== 'liability') {
    const interestPercent = type === 'depository.checking' ? 0 : chance.between(40, 420) / 100
    return { ...named, kind: 'deposit', openingCents: chance.between(800, 9_000) * 100, interestPercent }
  }
  const limitCents = type === 'liability.credit_card' ? chance.between(10, 200) * 10_000 : null
  const owedCents = limitCents === null ? chance.between(2_000, 250_000) * 100 : chance.between(0, limitCents)
  return { ...named, kind: 'plain_debt', owedCents, limitCents }
}
