/** By what securities are known between institutions. */
import { chanceOf } from '../../chance.js'
import type { Currency } from '../terms.js'

const COUNTRY = { USD: 'US', CAD: 'CA', GBP: 'GB' } as const satisfies Record<Currency, string>

/** ISO 6166: letters as numbers from 10, and a last digit by Luhn. */
export function isinOf(currency: Currency, ticker: string): string {
  const body = `${COUNTRY[currency]}${String(chanceOf('isin', ticker).between(1, 999_999_999)).padStart(9, '0')}`
  const digits = [...body].map((character) => Number.parseInt(character, 36)).join('')
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 0 ? 2 : 1)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return `${body}${(10 - (sum % 10)) % 10}`
}

const SEDOL_WEIGHTS = [1, 3, 1, 7, 3, 9]

/** The last digit makes the weighted sum a multiple of ten. */
export function sedolOf(ticker: string): string {
  const body = String(chanceOf('sedol', ticker).between(1, 999_999)).padStart(6, '0')
  const sum = [...body].reduce((total, digit, index) => total + Number(digit) * (SEDOL_WEIGHTS[index] ?? 0), 0)
  return `${body}${(10 - (sum % 10)) % 10}`
}
