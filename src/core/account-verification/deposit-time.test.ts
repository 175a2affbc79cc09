import { expect, test } from 'vitest'
import { depositTime } from './deposit-time.js'

test.each([
  ['a Tuesday in winter', '2026-01-13T20:00:00.000Z', '2026-01-14T14:30:00.000Z'],
  ['a Tuesday in summer', '2026-07-14T20:00:00.000Z', '2026-07-15T13:30:00.000Z'],
  ['a Friday', '2026-07-17T20:00:00.000Z', '2026-07-20T13:30:00.000Z'],
  ['the Friday before the clocks change', '2026-03-06T20:00:00.000Z', '2026-03-09T13:30:00.000Z'],
  ['the Friday before a Monday holiday', '2026-09-04T20:00:00.000Z', '2026-09-08T13:30:00.000Z'],
  ['a late Tuesday evening, by UTC a Wednesday', '2026-01-14T03:00:00.000Z', '2026-01-14T14:30:00.000Z'],
])('deposits asked for on %s leave on the next business morning of US Central time', (_, now, leaves) => {
  expect(depositTime(now, 'production')).toBe(leaves)
  expect(depositTime(now, 'sandbox')).toBe(leaves)
})

test('deposits of a rehearsal leave after five seconds', () => {
  expect(depositTime('2026-03-06T20:00:00.000Z', 'development')).toBe('2026-03-06T20:00:05.000Z')
})
