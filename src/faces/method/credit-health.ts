import { CREDIT_HEALTH_NAMES, type CreditHealthName } from '../../core/products/products.js'
import { invalidRequest } from './invalid.js'

const PREFIX = 'credit_health_'

/** The figure behind the wire's word. Refuses `request.invalid` for a word that names none. */
export function readCreditHealthName(word: string, member: string): CreditHealthName {
  const name = CREDIT_HEALTH_NAMES.find((candidate) => `${PREFIX}${candidate}` === word)
  if (!name)
    throw invalidRequest(
      member,
      `has no ${word}. Use any of: ${CREDIT_HEALTH_NAMES.map((n) => PREFIX + n).join(', ')}.`,
    )
  return name
}
