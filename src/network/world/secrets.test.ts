import { describe, expect, test } from 'vitest'
import { createSecrets } from './secrets.js'

const secrets = createSecrets('seed', Buffer.alloc(32, 1))
const shape = { cardNetwork: null, pattern: null }

describe('secrets of the world', () => {
  test('what is sealed opens for its owner only, and only with the key', () => {
    const sealed = secrets.seal('123456789', 'team/person')
    expect(secrets.open(sealed, 'team/person')).toBe('123456789')
    expect(() => secrets.open(sealed, 'team/other')).toThrow()
    expect(() => createSecrets('seed', Buffer.alloc(32, 2)).open(sealed, 'team/person')).toThrow()
    expect(secrets.seal('123456789', 'team/person')).not.toBe(sealed)
  })

  test('a mark finds a text again for its owner only, and only with the key', () => {
    const mark = secrets.mark('4410098263', 'team')
    expect(mark).toBe(secrets.mark('4410098263', 'team'))
    const others = [secrets.mark('4410098263', 'other'), secrets.mark('4410098264', 'team')]
    expect([...others, createSecrets('seed', Buffer.alloc(32, 2)).mark('4410098263', 'team')]).not.toContain(mark)
    expect(mark).not.toContain('4410098263')
  })

  test('an invented SSN is possible, and was never given to anybody who is an adult', () => {
    for (let person = 0; person < 500; person += 1) {
      expect(secrets.inventedSsn(`p${person}`)).toMatch(/^(77[3-9]|7[89]\d|8\d\d)(?!00)\d{2}(?!0000)\d{4}$/)
    }
    expect(secrets.inventedSsn('p1')).toBe(secrets.inventedSsn('p1'))
  })

  test.each([
    ['visa', /^400000\d{10}$/],
    ['mastercard', /^555555\d{10}$/],
    ['amex', /^378282\d{9}$/],
    ['discover', /^601111\d{10}$/],
  ] as const)('an invented %s number is in a test range and passes the Luhn test', (cardNetwork, form) => {
    const number = secrets.inventedAccountNumber('debt', { cardNetwork, pattern: null })
    expect(number).toMatch(form)
    expect(luhnSum(number) % 10).toBe(0)
  })

  test('an invented account number has the form its institution uses', () => {
    expect(secrets.inventedAccountNumber('debt', { ...shape, pattern: '####-##' })).toMatch(/^[1-9]\d{3}-\d{2}$/)
    expect(secrets.inventedAccountNumber('debt', shape)).toMatch(/^[1-9]\d{9}$/)
  })
})

function luhnSum(number: string): number {
  return [...number].reverse().reduce((sum, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 1 ? 2 : 1)
    return sum + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
}
