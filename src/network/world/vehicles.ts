/** Vehicles: one behind each auto loan that is not paid off, unless a persona's are documented. */
import type { Vehicle } from '../port.js'
import { type Chance, chanceOf } from './chance.js'
import type { CreditFile } from './credit-file.js'
import { yearOf } from './life/calendar.js'
import { standingAt } from './life/life.js'

/** What is registered to the person on a day. */
export function vehiclesOf(file: CreditFile, day: string): readonly Vehicle[] {
  if (file.profile.givenVehicles) return file.profile.givenVehicles
  return file.debts
    .filter((debt) => debt.terms.type === 'auto_loan' && standingAt(debt.terms, day, debt.movements).closedOn === null)
    .map(({ ref, terms }) => inventVehicle(chanceOf(file.seed, 'vehicle', ref), yearOf(terms.openedOn)))
}

const MODELS = [
  { make: 'toyota', model: 'camry', series: 'le', style: 'sedan/saloon', wmi: '4T1' },
  { make: 'honda', model: 'cr-v', series: 'ex', style: 'sport_utility_vehicle', wmi: '5J6' },
  { make: 'ford', model: 'f-150', series: 'xlt', style: 'pickup', wmi: '1FT' },
  { make: 'chevrolet', model: 'equinox', series: 'lt', style: 'sport_utility_vehicle', wmi: '2GN' },
  { make: 'volvo', model: 'xc60', series: 'momentum', style: 'sport_utility_vehicle', wmi: 'YV4' },
  { make: 'nissan', model: 'altima', series: 'sv', style: 'sedan/saloon', wmi: '1N4' },
  { make: 'subaru', model: 'outback', series: 'premium', style: 'wagon', wmi: '4S4' },
] as const
const COLORS = ['black', 'white', 'silver', 'gray', 'blue', 'red'] as const

function inventVehicle(chance: Chance, boughtIn: number): Vehicle {
  const { wmi, ...model } = chance.pick(MODELS)
  const year = boughtIn - chance.between(0, 4)
  return { vin: inventVin(chance, wmi, year), year, ...model, majorColor: chance.pick(COLORS) }
}

// 49 CFR 565: no I, O or Q; the ninth character is a check digit; the tenth is the model year.
const VIN_LETTERS = [...'ABCDEFGHJKLMNPRSTUVWXYZ0123456789']
const YEAR_CODES = 'ABCDEFGHJKLMNPRSTVWXY123456789'
const WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
const VALUES: Readonly<Record<string, number>> = {
  ...{ A: 1, B: 2, C: 3, D: 4, E: 5, F: 6, G: 7, H: 8, J: 1, K: 2, L: 3, M: 4, N: 5, P: 7, R: 9 },
  ...{ S: 2, T: 3, U: 4, V: 5, W: 6, X: 7, Y: 8, Z: 9 },
}

function inventVin(chance: Chance, wmi: string, year: number): string {
  const described = Array.from({ length: 5 }, () => chance.pick(VIN_LETTERS)).join('')
  const yearCode = YEAR_CODES[(year - 1980) % YEAR_CODES.length] ?? 'A'
  const serial = String(chance.between(0, 999_999)).padStart(6, '0')
  const without = `${wmi}${described}0${yearCode}${chance.pick(VIN_LETTERS)}${serial}`
  return `${without.slice(0, 8)}${vinCheckDigit(without)}${without.slice(9)}`
}

/** The ninth character of a VIN, from the other sixteen. */
export function vinCheckDigit(vin: string): string {
  const sum = [...vin].reduce(
    (total, letter, index) => total + (VALUES[letter] ?? Number(letter)) * (WEIGHTS[index] ?? 0),
    0,
  )
  return sum % 11 === 10 ? 'X' : String(sum % 11)
}
