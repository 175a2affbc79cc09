/**
 * The kinds of field that a record of an ACH file is made of: how each is written to its fixed width and read back. Reading
 * is strict: a field that could not have been written is refused with a reason.
 */

/** What a file breaks, in words: `must be 7 digits`. The reader of the record adds where. */
export class FieldFault extends Error {}

export interface Field<T> {
  readonly width: number
  write(value: T): string
  read(text: string): T
}

/** A field whose value the layout knows; it is no member of the record. */
export interface Fixed extends Field<null> {
  readonly isFixed: true
}

export function constant(text: string): Fixed {
  return {
    isFixed: true,
    width: text.length,
    write: () => text,
    read(found) {
      if (found !== text) throw new FieldFault(text.trim() === '' ? 'must be blank' : `must be ${JSON.stringify(text)}`)
      return null
    },
  }
}

export function blank(width: number): Fixed {
  return constant(' '.repeat(width))
}

/** A count or an amount: right-justified, with zeroes before it. */
export function whole(width: number): Field<number> {
  return {
    width,
    write(value) {
      if (!Number.isSafeInteger(value) || value < 0) throw new FieldFault('must be a whole number')
      return fitting(String(value).padStart(width, '0'), width)
    },
    read: (text) => Number(matching(text, /^\d+$/, `must be ${width} digits`)),
  }
}

/** Digits that are a name and no quantity: a routing or trace number. */
export function digits(width: number): Field<string> {
  const shape = new RegExp(`^\\d{${width}}$`)
  const check = (text: string) => matching(text, shape, `must be ${width} digits`)
  return { width, write: check, read: check }
}

/** One of a few codes. */
export function oneOf<const T extends string>(codes: readonly T[]): Field<T> {
  const check = (text: string): T => {
    const found = codes.find((code) => code === text)
    if (found === undefined) throw new FieldFault(`must be one of ${codes.join(', ')}`)
    return found
  }
  return { width: codes[0]?.length ?? 0, write: check, read: check }
}

/** Printable ASCII, left-justified, with blanks behind it; what surrounds it does not survive. */
export function text(width: number): Field<string> {
  const check = (value: string) => matching(value, /^[\x20-\x7e]*$/, 'must be printable ASCII')
  return {
    width,
    write: (value) => fitting(check(value).padEnd(width), width),
    read: (value) => check(value).trimEnd(),
  }
}

/** A routing number with the blank that stands before it in a file header. */
export function routing(): Field<string> {
  const number = digits(9)
  return {
    width: 10,
    write: (value) => ` ${number.write(value)}`,
    read: (value) => number.read(matching(value, /^ /, 'must begin with a blank').slice(1)),
  }
}

/** `YYMMDD`, of this century; blank when there is none. */
export function date(): Field<string | null> {
  return {
    width: 6,
    write: (value) => (value === null ? ' '.repeat(6) : value.replaceAll('-', '').slice(2)),
    read(value) {
      if (value.trim() === '' || value === '000000') return null
      const [, year, month, day] = /^(\d\d)(\d\d)(\d\d)$/.exec(value) ?? []
      const written = `20${year}-${month}-${day}`
      const time = Date.parse(`${written}T00:00:00Z`)
      if (Number.isNaN(time) || !new Date(time).toISOString().startsWith(written)) {
        throw new FieldFault('must be a date as YYMMDD')
      }
      return written
    },
  }
}

function matching(value: string, shape: RegExp, rule: string): string {
  if (!shape.test(value)) throw new FieldFault(rule)
  return value
}

function fitting(value: string, width: number): string {
  if (value.length > width) throw new FieldFault(`must fit ${width} columns`)
  return value
}
