/**
 * What a request must look like, and how it is said what is wrong: everything at once, in the classes that the vendor's
 * server names. Contract: moneykit/conventions §5.2, §7.
 */
import type { TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import Format from 'typebox/format'
import { Settings } from 'typebox/system'
import { isRoutingNumber } from '../../core/accounts/accounts.js'
import { isDate } from '../../core/dates.js'
import { readAccountType } from './account-types.js'
import type { ValidationError } from './errors.js'

Format.Set('web-url', (text) => URL.canParse(text) && /^https?:\/\/[^/]/i.test(text))

// The library stops at eight, and a caller wants to know all.
Settings.Set({ maxErrors: 1000 })

// A day, or ISO 8601 with or without an offset.
Format.Set('any-time', (text) => {
  const [, day = '', time] =
    /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?$/i.exec(text) ?? []
  return isDate(day) && (time === undefined || !Number.isNaN(Date.parse(text)))
})

// A web address to come back to: institutions add a query of their own.
Format.Set('redirect-uri', (text) => Format.Test('web-url', text) && new URL(text).search === '')
Format.Set('routing-number', isRoutingNumber)
Format.Set('account-type', (text) => readAccountType(text) !== null)

type Part = 'path' | 'query' | 'header' | 'body'

/** Says what of a value breaks a schema. */
export type Checker = (value: unknown) => readonly ValidationError[]

export function checkerOf(part: Part, schema: TSchema): Checker {
  // Compiled when it is first needed: commands start everything and ask nothing.
  let compiled: Validator | null = null
  return (value) => {
    compiled ??= Compile(schema)
    const validator = compiled
    if (validator.Check(value)) return []
    return flawsOf(validator, value).flatMap((flaw) => explain(part, flaw))
  }
}

type Flaw = ReturnType<Validator['Errors']>[number]

function flawsOf(validator: Validator, value: unknown): readonly Flaw[] {
  const flaws = validator.Errors(value)
  const seen = new Set<string>()
  // The first flaw of a member is the one that counts: text that is too short is no address either.
  return flaws.filter(({ instancePath, keyword }) => {
    const isNews = !seen.has(instancePath)
    if (keyword !== 'required') seen.add(instancePath)
    return isNews
  })
}

function explain(part: Part, flaw: Flaw): readonly ValidationError[] {
  const path = flaw.instancePath
    .split('/')
    .slice(1)
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step.replaceAll('~1', '/').replaceAll('~0', '~')))
  const location = [part, ...path]
  if (flaw.keyword === 'required') {
    const { requiredProperties } = flaw.params
    return requiredProperties.map((name) => ({
      location: [...location, name],
      message: 'field required',
      type: 'value_error.missing',
    }))
  }
  return [{ location, ...classOf(flaw) }]
}

const typeClasses: Readonly<Record<string, Omit<ValidationError, 'location'>>> = {
  object: { message: 'value is not a valid dict', type: 'type_error.dict' },
  array: { message: 'value is not a valid list', type: 'type_error.list' },
  integer: { message: 'value is not a valid integer', type: 'type_error.integer' },
  boolean: { message: 'value could not be parsed to a boolean', type: 'type_error.bool' },
}

const formatClasses: Readonly<Record<string, Omit<ValidationError, 'location'>>> = {
  date: { message: 'invalid date format', type: 'value_error.date' },
  'date-time': { message: 'invalid datetime format', type: 'value_error.datetime' },
  email: { message: 'value is not a valid email address', type: 'value_error.email' },
  'any-time': { message: 'invalid datetime format', type: 'value_error.datetime' },
  'account-type': { message: 'value is not an account type', type: 'type_error.enum' },
  'redirect-uri': { message: 'invalid URL, or one with a query', type: 'value_error.url' },
  'routing-number': { message: 'value is not a routing number', type: 'value_error' },
  'web-url': { message: 'invalid or missing URL scheme', type: 'value_error.url' },
}

function classOf(flaw: Flaw): Omit<ValidationError, 'location'> {
  switch (flaw.keyword) {
    case 'type': {
      const wanted = [flaw.params.type].flat()[0] ?? ''
      return typeClasses[wanted] ?? { message: flaw.message, type: 'value_error' }
    }
    case 'enum':
      return {
        message: `value is not a valid enumeration member; permitted: ${flaw.params.allowedValues.filter((word) => word !== null).join(', ')}`,
        type: 'type_error.enum',
      }
    case 'minLength':
      return lengthClass('least', flaw.params.limit, 'min_length')
    case 'maxLength':
      return lengthClass('most', flaw.params.limit, 'max_length')
    case 'pattern':
      return { message: `string does not match regex "${flaw.params.pattern}"`, type: 'value_error.str.regex' }
    case 'format':
      return formatClasses[flaw.params.format] ?? { message: flaw.message, type: 'value_error' }
    case 'minimum':
      return {
        message: `ensure this value is greater than or equal to ${flaw.params.limit}`,
        type: 'value_error.number.not_ge',
      }
    case 'maximum':
      return {
        message: `ensure this value is less than or equal to ${flaw.params.limit}`,
        type: 'value_error.number.not_le',
      }
    case 'minItems':
      return {
        message: `ensure this value has at least ${flaw.params.limit} items`,
        type: 'value_error.list.min_items',
      }
    default:
      return { message: flaw.message, type: 'value_error' }
  }
}

function lengthClass(bound: 'least' | 'most', limit: number, name: string): Omit<ValidationError, 'location'> {
  return { message: `ensure this value has at ${bound} ${limit} characters`, type: `value_error.any_str.${name}` }
}
