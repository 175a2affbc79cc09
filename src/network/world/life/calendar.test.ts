import { describe, expect, test } from 'vitest'
import { addDays, addMonths, daysBetween, isRealDay, lastMonthly, monthsBetween } from './calendar.js'

describe('the calendar', () => {
  test('adds months, and stops at the end of a shorter one', () => {
    expect(addMonths('2024-01-31', 1)).toBe('2024-02-29')
    expect(addMonths('2023-11-15', 3)).toBe('2024-02-15')
    expect(addMonths('2024-02-15', -2)).toBe('2023-12-15')
    expect(addMonths('2024-01-01', -1)).toBe('2023-12-01')
  })

  test('counts days and whole months', () => {
    expect(daysBetween('2024-02-28', '2024-03-01')).toBe(2)
    expect(addDays('2024-12-31', 1)).toBe('2025-01-01')
    expect(monthsBetween('2024-01-15', '2024-02-14')).toBe(0)
    expect(monthsBetween('2024-01-15', '2024-02-15')).toBe(1)
    expect(monthsBetween('2024-01-31', '2024-02-29')).toBe(1)
  })

  test('finds the last statement day', () => {
    expect(lastMonthly(10, '2024-03-10')).toBe('2024-03-10')
    expect(lastMonthly(10, '2024-03-09')).toBe('2024-02-10')
    expect(lastMonthly(28, '2024-01-05')).toBe('2023-12-28')
  })

  test('knows real days from others', () => {
    expect(['2024-02-29', '1999-12-31'].every(isRealDay)).toBe(true)
    expect(['2023-02-29', '2024-13-01', '2024-1-1', 'yesterday', ''].some(isRealDay)).toBe(false)
  })
})
