import { allForYear } from '@18f/us-federal-holidays'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { addMs } from '../clock/clock.js'
import {
  addBusinessDays,
  cutoffCycle,
  dateIn,
  dayOf,
  instantOn,
  isBusinessDay,
  nextDestinationWindow,
  nextSourceWindow,
  paymentDates,
  previousCutoffCycle,
  previousDestinationWindow,
  previousSourceWindow,
} from './calendar.js'

const OFFSETS = { sourceDays: 1, destinationDays: 3 }

describe('a payment', () => {
  it.each([
    ['2024-08-19T15:10:00.000Z', '2024-08-19', '2024-08-20', '2024-08-22', 'on an ordinary morning'],
    ['2024-08-19T21:30:00.000Z', '2024-08-19', '2024-08-20', '2024-08-22', 'at the instant of the cutoff'],
    ['2024-08-19T21:30:00.001Z', '2024-08-20', '2024-08-21', '2024-08-23', 'a millisecond after the cutoff'],
    ['2024-08-19T21:31:00.000Z', '2024-08-20', '2024-08-21', '2024-08-23', 'a minute after the cutoff'],
    ['2024-08-30T14:00:00.000Z', '2024-08-30', '2024-09-03', '2024-09-05', 'on the Friday before Labor Day'],
    ['2024-08-30T21:31:00.000Z', '2024-09-03', '2024-09-04', '2024-09-06', 'after the cutoff before Labor Day'],
    ['2024-12-21T18:00:00.000Z', '2024-12-23', '2024-12-24', '2024-12-27', 'on a Saturday before Christmas'],
    ['2024-12-25T18:00:00.000Z', '2024-12-26', '2024-12-27', '2024-12-31', 'on Christmas Day'],
    ['2021-12-31T16:00:00.000Z', '2021-12-31', '2022-01-03', '2022-01-05', 'on the Friday before a Saturday New Year'],
    ['2022-12-30T16:00:00.000Z', '2022-12-30', '2023-01-03', '2023-01-05', 'on the Friday before a Sunday New Year'],
    ['2026-07-03T16:00:00.000Z', '2026-07-03', '2026-07-06', '2026-07-08', 'on the Friday before a Saturday Fourth'],
    ['2026-03-06T22:30:00.000Z', '2026-03-06', '2026-03-09', '2026-03-11', 'at the cutoff in winter time'],
    ['2026-03-09T21:30:00.000Z', '2026-03-09', '2026-03-10', '2026-03-12', 'at the cutoff in summer time'],
    [
      '2026-03-09T22:30:00.000Z',
      '2026-03-10',
      '2026-03-11',
      '2026-03-13',
      'where the cutoff was before the clocks changed',
    ],
    [
      '2026-11-02T21:45:00.000Z',
      '2026-11-02',
      '2026-11-03',
      '2026-11-05',
      'an hour earlier by UTC once the clocks are back',
    ],
    [
      '2024-01-02T04:00:00.000Z',
      '2024-01-02',
      '2024-01-03',
      '2024-01-05',
      'late on New Year’s Day, by UTC the day after',
    ],
  ])('made %s is processed %s and settles %s and %s (%s)', (createdAt, processingOn, source, destination) => {
    expect(paymentDates(createdAt, OFFSETS)).toEqual({
      processingOn,
      sourceSettlementOn: source,
      destinationSettlementOn: destination,
      estimatedCompletionOn: destination,
    })
  })

  it('settles by the offsets of its team', () => {
    expect(paymentDates('2024-08-19T15:10:00.000Z', { sourceDays: 0, destinationDays: 1 })).toMatchObject({
      sourceSettlementOn: '2024-08-19',
      destinationSettlementOn: '2024-08-20',
    })
  })
})

describe('a source window', () => {
  it.each([
    ['2026-01-13T06:00:00.000Z', '2026-01-13T16:30:00.000Z'],
    ['2026-01-13T16:30:00.000Z', '2026-01-13T16:30:00.000Z'],
    ['2026-01-13T16:30:00.001Z', '2026-01-13T19:30:00.000Z'],
    ['2026-01-13T19:30:00.000Z', '2026-01-13T19:30:00.000Z'],
    ['2026-01-13T19:30:00.001Z', '2026-01-13T22:30:00.000Z'],
    ['2026-01-13T22:30:00.000Z', '2026-01-13T22:30:00.000Z'],
    ['2026-01-13T22:30:00.001Z', '2026-01-14T16:30:00.000Z'],
    ['2026-01-16T23:00:00.000Z', '2026-01-20T16:30:00.000Z'], // Martin Luther King Jr. Day on the 19th
    ['2026-03-06T23:00:00.000Z', '2026-03-09T15:30:00.000Z'], // an hour earlier by UTC from the 8th on
    ['2026-10-30T22:00:00.000Z', '2026-11-02T16:30:00.000Z'], // and back on the 1st of November
    ['2026-03-08T08:00:00.000Z', '2026-03-09T15:30:00.000Z'], // 2:00, an hour that the Sunday lacks
    ['2026-11-01T06:30:00.000Z', '2026-11-02T16:30:00.000Z'], // 1:30, an hour that the Sunday has twice
  ])('takes what waits at %s on %s', (at, window) => {
    expect(nextSourceWindow(at)).toBe(window)
  })

  it.each([
    ['2026-01-13T16:29:59.999Z', '2026-01-12T22:30:00.000Z'],
    ['2026-01-13T16:30:00.000Z', '2026-01-13T16:30:00.000Z'],
    ['2026-01-20T12:00:00.000Z', '2026-01-16T22:30:00.000Z'],
    ['2026-03-09T12:00:00.000Z', '2026-03-06T22:30:00.000Z'],
  ])('that was the last to open by %s opened %s', (at, window) => {
    expect(previousSourceWindow(at)).toBe(window)
  })
})

describe('a destination window', () => {
  it.each([
    ['2026-07-14T12:00:00.000Z', '2026-07-14T18:30:00.000Z', '2026-07-13T18:30:00.000Z'],
    ['2026-07-14T18:30:00.000Z', '2026-07-14T18:30:00.000Z', '2026-07-14T18:30:00.000Z'],
    ['2026-07-14T18:30:00.001Z', '2026-07-15T18:30:00.000Z', '2026-07-14T18:30:00.000Z'],
    ['2026-07-18T12:00:00.000Z', '2026-07-20T18:30:00.000Z', '2026-07-17T18:30:00.000Z'],
  ])('opens once a business day: seen from %s, next %s and last %s', (at, next, last) => {
    expect(nextDestinationWindow(at)).toBe(next)
    expect(previousDestinationWindow(at)).toBe(last)
  })
})

describe('the windows', () => {
  const instants = fc
    .date({ min: new Date('2020-01-01'), max: new Date('2035-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString())

  it('follow one another without a gap, at Central hours of business days', () => {
    fc.assert(
      fc.property(instants, (at) => {
        const next = nextSourceWindow(at)
        expect(next >= at).toBe(true)
        expect(previousSourceWindow(next)).toBe(next)
        expect(nextSourceWindow(addMs(previousSourceWindow(at), 1)) >= at).toBe(true)
        expect(isBusinessDay(dateIn(next))).toBe(true)
        expect(['10:30', '13:30', '16:30'].map((time) => instantOn(dateIn(next), time))).toContain(next)
      }),
      { numRuns: 500 },
    )
  })

  it('close one cycle where the next begins', () => {
    fc.assert(
      fc.property(instants, (at) => {
        const [cycle, before] = [cutoffCycle(at), previousCutoffCycle(at)]
        expect(cycle.after < at && at <= cycle.through).toBe(true)
        expect(before.through).toBe(cycle.after)
        expect(cutoffCycle(before.through)).toEqual(before)
        expect(cutoffCycle(addMs(cycle.through, 1)).after).toBe(cycle.through)
      }),
      { numRuns: 500 },
    )
  })
})

test('a cycle that ends after a holiday began before it', () => {
  expect(cutoffCycle('2024-09-01T12:00:00.000Z')).toEqual({
    after: '2024-08-30T21:30:00.000Z',
    through: '2024-09-03T21:30:00.000Z',
  })
})

test('a day has 23 hours in March, 25 in November and 24 otherwise', () => {
  const hours = (date: string) => {
    const { from, before } = dayOf(date)
    return (Date.parse(before) - Date.parse(from)) / 3_600_000
  }
  expect([hours('2026-03-08'), hours('2026-11-01'), hours('2026-07-14')]).toEqual([23, 25, 24])
  expect(dayOf('2026-07-14').from).toBe('2026-07-14T05:00:00.000Z')
})

describe('business days', () => {
  it('agree with an independent table on every day from 2020 to 2035', () => {
    const start = Date.parse('2020-01-01T00:00:00Z')
    const days = Array.from({ length: 5844 }, (_, day) => new Date(start + day * 86_400_000).toISOString().slice(0, 10))
    expect(days.at(-1)).toBe('2035-12-31')
    const wrong = days.filter((day) => isBusinessDay(day) !== isBusinessDayOfTable(day))
    expect(wrong).toEqual([])
  })

  it('are not lost to the Friday before a Saturday holiday', () => {
    for (const friday of ['2021-12-24', '2021-12-31', '2022-06-17', '2022-12-30', '2026-07-03', '2027-06-18']) {
      expect(isBusinessDay(friday)).toBe(true)
    }
  })

  it('count forwards, backwards and from days that are none', () => {
    expect(addBusinessDays('2024-08-30', 1)).toBe('2024-09-03')
    expect(addBusinessDays('2024-09-03', -1)).toBe('2024-08-30')
    expect(addBusinessDays('2024-08-31', 0)).toBe('2024-09-03')
    expect(addBusinessDays('2024-08-31', 1)).toBe('2024-09-03')
  })
})

function isBusinessDayOfTable(day: string): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  return weekday !== 0 && weekday !== 6 && !tableOf(Number(day.slice(0, 4))).includes(day)
}

const tables = new Map<number, readonly string[]>()

function tableOf(year: number): readonly string[] {
  const known = tables.get(year) ?? allForYear(year, { shiftSaturdayHolidays: false }).map((day) => iso(day.dateString))
  tables.set(year, known)
  return known
}

/** The table writes `2024-1-5`. */
function iso(date: string): string {
  const [year = '', month = '', day = ''] = date.split('-')
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
}
