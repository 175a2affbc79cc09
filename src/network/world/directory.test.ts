import { describe, expect, test } from 'vitest'
import { LIABILITY_TYPES } from '../port.js'
import { loadDirectory, networkOf, reportsDirectly } from './directory.js'

const world = await loadDirectory()
const { institutions, merchants } = world.directory

describe('the directory', () => {
  test('has at least 250 institutions and 500 merchants of all types', () => {
    expect(institutions.length).toBeGreaterThanOrEqual(250)
    expect(merchants.length).toBeGreaterThanOrEqual(500)
    expect(new Set(merchants.map((merchant) => merchant.type))).toEqual(new Set(LIABILITY_TYPES))
  })

  test('names institutions by slugs in lower case, each once', () => {
    expect(institutions.filter(({ slug }) => !/^[a-z0-9]+(_[a-z0-9]+)*$/.test(slug))).toEqual([])
    expect(new Set(institutions.map(({ slug }) => slug)).size).toBe(institutions.length)
  })

  test('has only routing numbers with a right check digit, the main one first', () => {
    const numbers = institutions.flatMap((institution) => institution.routingNumbers)
    expect(numbers.filter((number) => !hasCheckDigit(number))).toEqual([])
    expect(institutions.find(({ slug }) => slug === 'chase')?.routingNumbers[0]).toBe('021000021')
    expect(Math.max(...institutions.map((institution) => institution.routingNumbers.length))).toBeLessThanOrEqual(12)
  })

  test('has the published merchants word for word', () => {
    expect(world.merchant(3)).toMatchObject({
      institutionSlug: 'amex',
      name: 'American Express - Credit Cards',
      type: 'credit_card',
      providerIds: {
        plaid: ['ins_10'],
        mx: ['amex'],
        finicity: [],
        dpp: ['120', '18954427', '11859365', '18947131', '16255844'],
      },
      accountNumberFormats: [],
    })
    expect(world.merchant(300485)).toMatchObject({
      name: 'American Express Credit Card',
      providerIds: {
        plaid: ['ins_10'],
        mx: ['amex'],
        finicity: [],
        dpp: ['7929257', '120', '18391555', '18954427', '11859365', '18947131', '16255844'],
      },
      accountNumberFormats: ['#'.repeat(15)],
    })
    expect(world.merchant(301761)).toMatchObject({
      name: 'Capital One Credit Card',
      providerIds: {
        plaid: ['ins_9', 'ins_128026'],
        mx: ['capital_one'],
        finicity: [],
        dpp: ['9366979', '18372457', '18431971', '18373255', '14444930'],
      },
      accountNumberFormats: ['#'.repeat(16)],
    })
    expect(world.institutionName('amex')).toBe('American Express')
    expect(world.institutionName('capital_one')).toBe('Capital One')
  })

  test.each([
    [302086, 'credit_card'],
    [311289, 'credit_card'],
    [2347, 'auto_loan'],
    [311130, 'auto_loan'],
    [300503, 'auto_loan'],
    [301760, 'auto_loan'],
    [304444, 'student_loans'],
    [309067, 'mortgage'],
  ] as const)('has merchant %i of type %s, which reports directly', (number, type) => {
    expect(world.merchant(number)?.type).toBe(type)
    expect(number === 301760 || reportsDirectly(number)).toBe(true)
  })

  test('ranks every merchant once, and of those at ins_10 number 300485 first', () => {
    const ranks = merchants.map((merchant) => merchant.popularity).sort((a, b) => a - b)
    expect(ranks).toEqual(merchants.map((_, index) => index + 1))
    const atAmex = merchants
      .filter((merchant) => merchant.providerIds.plaid.includes('ins_10'))
      .sort((a, b) => a.popularity - b.popularity)
    expect(atAmex.slice(0, 2).map((merchant) => merchant.number)).toEqual([300485, 3])
  })

  test('most merchants report directly, and the two closed networks issue their own cards', () => {
    const direct = merchants.filter((merchant) => reportsDirectly(merchant.number)).length / merchants.length
    expect(direct).toBeGreaterThan(0.6)
    expect(direct).toBeLessThan(0.8)
    const [amex] = merchants.filter((merchant) => merchant.institutionSlug === 'amex')
    expect(amex && networkOf(amex)).toBe('amex')
  })
})

/** ABA: the weighted sum of the nine digits is a multiple of ten. */
function hasCheckDigit(number: string): boolean {
  const weights = [3, 7, 1, 3, 7, 1, 3, 7, 1]
  const sum = [...number].reduce((total, digit, index) => total + Number(digit) * (weights[index] ?? 0), 0)
  return number.length === 9 && sum % 10 === 0
}
