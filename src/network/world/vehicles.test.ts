import { expect, test } from 'vitest'
import { vinCheckDigit } from './vehicles.js'

test('the check digit of a VIN is the one of 49 CFR 565', () => {
  expect(vinCheckDigit('1M8GDM9AXKP042788')).toBe('X')
  expect(vinCheckDigit('11111111111111111')).toBe('1')
})
