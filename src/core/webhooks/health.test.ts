import { expect, test } from 'vitest'
import { HEALTHY, healthAfter, SWITCHED_OFF } from './health.js'

test.each([
  ['timeout', 'timeout'],
  ['404', 'received_4xx'],
  ['503', 'received_5xx'],
  ['302', 'other'],
  ['201', 'other'],
  ['unreachable', 'other'],
])('a delivery that ended with %s asks for attention because of %s', (outcome, statusReason) => {
  expect(healthAfter(HEALTHY, 'exhausted', outcome)).toEqual({
    status: 'requires_attention',
    statusReason,
    exhaustedInRow: 1,
  })
})

test('the fifth in a row disables, and one that arrives in between starts the count anew', () => {
  const given = (times: number, from = HEALTHY) =>
    Array.from({ length: times }).reduce<typeof HEALTHY>((health) => healthAfter(health, 'exhausted', '500'), from)
  expect(given(4).status).toBe('requires_attention')
  expect(given(5)).toEqual({ status: 'disabled', statusReason: 'received_5xx', exhaustedInRow: 5 })
  expect(given(4, healthAfter(given(4), 'delivered', '200')).status).toBe('requires_attention')
})

test('what is still on its way when a webhook is switched off changes nothing', () => {
  expect(healthAfter(SWITCHED_OFF, 'delivered', '200')).toBe(SWITCHED_OFF)
  expect(healthAfter(SWITCHED_OFF, 'exhausted', '500')).toBe(SWITCHED_OFF)
})
