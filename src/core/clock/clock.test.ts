import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addMs, clockOver, instantOf } from './clock.js'

describe('stamps', () => {
  it('strictly increase, whatever the machine’s clock does', () => {
    const times = fc.array(fc.integer({ min: 1_700_000_000_000, max: 1_700_000_000_050 }), {
      minLength: 1,
      maxLength: 200,
    })
    fc.assert(
      fc.property(times, (readings) => {
        const left = [...readings]
        const clock = clockOver(() => left.shift() ?? 0)
        const stamps = readings.map(() => clock.stamp())
        expect([...new Set(stamps)].sort()).toEqual(stamps)
      }),
    )
  })

  it('are microseconds of the moment they are given at', () => {
    const clock = clockOver(() => Date.parse('2026-03-10T15:00:00.123Z'))
    expect([clock.stamp(), clock.stamp()]).toEqual(['2026-03-10T15:00:00.123000Z', '2026-03-10T15:00:00.123001Z'])
    expect(clock.now()).toBe('2026-03-10T15:00:00.123Z')
  })

  it('run over into the next millisecond when there are more than a thousand', () => {
    const clock = clockOver(() => Date.parse('2026-03-10T15:00:00.999Z'))
    const stamps = Array.from({ length: 1001 }, () => clock.stamp())
    expect(stamps.at(-1)).toBe('2026-03-10T15:00:01.000000Z')
  })

  it('are seen by the millisecond', () => {
    expect(instantOf('2026-03-10T15:00:00.123456Z')).toBe('2026-03-10T15:00:00.123Z')
  })
})

describe('an instant', () => {
  it('moves by milliseconds, over the end of a year too', () => {
    expect(addMs('2026-12-31T23:59:59.999Z', 1)).toBe('2027-01-01T00:00:00.000Z')
    expect(addMs('2026-03-10T15:00:00.000Z', -3_600_000)).toBe('2026-03-10T14:00:00.000Z')
  })
})
