import { expect, test } from 'vitest'
import { rate } from './rating-bands.js'

// Contract: method/entities §6.2; the first six are the published samples.
test.each([
  ['credit_card_usage', 22, 'good'],
  ['derogatory_marks', 1, 'fair'],
  ['hard_inquiries', 1, 'fair'],
  ['total_accounts', 15, 'fair'],
  ['credit_age', 42, 'needs_work'],
  ['payment_history', 100, 'excellent'],
  ['credit_card_usage', 9, 'excellent'],
  ['credit_card_usage', 10, 'good'],
  ['credit_card_usage', 30, 'fair'],
  ['credit_card_usage', 50, 'needs_work'],
  ['derogatory_marks', 0, 'excellent'],
  ['derogatory_marks', 2, 'needs_work'],
  ['hard_inquiries', 3, 'fair'],
  ['hard_inquiries', 4, 'needs_work'],
  ['total_accounts', 26, 'excellent'],
  ['total_accounts', 21, 'good'],
  ['total_accounts', 10, 'needs_work'],
  ['credit_age', 108, 'excellent'],
  ['credit_age', 107, 'good'],
  ['credit_age', 83, 'fair'],
  ['credit_age', 59, 'needs_work'],
  ['payment_history', 99.9, 'good'],
  ['payment_history', 98, 'fair'],
  ['payment_history', 97.9, 'needs_work'],
  ['soft_inquiries', 3, 'no_rating'],
])('%s of %d is rated %s', (name, value, rating) => {
  expect(rate(name, value)).toBe(rating)
})
