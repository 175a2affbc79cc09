import { expect, test } from 'vitest'
import { isLuhnNumber } from './card-number.js'
import { isRoutingNumber } from './routing-number.js'

test.each(['062103000', '021000021', '111000025'])('%s is the number of a bank', (number) => {
  expect(isRoutingNumber(number)).toBe(true)
})

test.each(['123456789', '000000000', '021000022', '02100002', '0210000211', '02100002a', ''])(
  '%j is the number of no bank',
  (number) => {
    expect(isRoutingNumber(number)).toBe(false)
  },
)

test.each([
  ['4111111111111111', true],
  ['5555555555554444', true],
  ['4111111111111112', false],
  ['41111111x1111111', false],
  ['', false],
])('the check digit of a card numbered %j is right: %s', (number, isRight) => {
  expect(isLuhnNumber(number)).toBe(isRight)
})
