/** What a persona draft must be before anything of it is written: real days, known merchants, figures that add up. */
import { type LiabilityDraft, type LiabilityType, type PersonaDraft, PersonaRejected } from '../../port.js'
import type { WorldDirectory } from '../directory.js'
import { isRealDay } from '../life/calendar.js'
import { personaOf } from './personas.js'

const DRAFTS_MAX = 1_000
const LIABILITIES_MAX = 30
const TEXT_MAX = 100
/** Ten million dollars: more than that is a slip of units. */
const CENTS_MAX = 1_000_000_000
const RATE_PERCENT_MAX = 100

/** Throws `PersonaRejected` naming the first field that is wrong and what to do. */
export function assertDrafts(drafts: readonly PersonaDraft[], directory: WorldDirectory): void {
  if (drafts.length > DRAFTS_MAX) reject('personas', `send at most ${DRAFTS_MAX} at a time`)
  const seen = new Set<string>()
  for (const [index, draft] of drafts.entries()) {
    const at = `personas[${index}]`
    assertPerson(draft, at)
    if (seen.has(draft.phone)) reject(`${at}.phone`, 'is used twice; give every persona a phone number of its own')
    seen.add(draft.phone)
    const liabilities = draft.liabilities ?? []
    if (liabilities.length > LIABILITIES_MAX) reject(`${at}.liabilities`, `give at most ${LIABILITIES_MAX}`)
    for (const [place, liability] of liabilities.entries()) {
      assertLiability(liability, `${at}.liabilities[${place}]`, directory)
    }
  }
}

function assertPerson(draft: PersonaDraft, at: string): void {
  if (!/^\+1[2-9]\d{2}[2-9]\d{6}$/.test(draft.phone)) {
    reject(`${at}.phone`, 'must be a US number in E.164, such as +15125550123')
  }
  if (personaOf(draft.phone)) reject(`${at}.phone`, 'belongs to a documented persona; choose another number')
  assertText(draft.firstName, `${at}.firstName`)
  assertText(draft.lastName, `${at}.lastName`)
  assertDay(draft.dob, `${at}.dob`)
  if (draft.ssn !== undefined && !isPlausibleSsn(draft.ssn)) {
    reject(
      `${at}.ssn`,
      'must be nine digits of a possible number: not 000, 666 or 9xx first, 00 in the middle, 0000 last',
    )
  }
  const { line1, line2, city, state, zip } = draft.address ?? {}
  for (const [field, text] of Object.entries({ line1, line2, city })) assertText(text, `${at}.address.${field}`)
  if (state && !/^[A-Z]{2}$/.test(state)) reject(`${at}.address.state`, 'must be two capital letters, such as TX')
  if (zip && !/^\d{5}(-\d{4})?$/.test(zip)) reject(`${at}.address.zip`, 'must be five digits, or five and four')
}

const WITH_LIMIT: readonly LiabilityType[] = ['credit_card', 'personal_loan']
const WITHOUT_RATE: readonly LiabilityType[] = ['collection', 'medical', 'utility', 'insurance']

function assertLiability(draft: LiabilityDraft, at: string, directory: WorldDirectory): void {
  const merchant = directory.merchant(draft.merchantNumber)
  if (!merchant) reject(`${at}.merchantNumber`, `${draft.merchantNumber} is not in the directory; list the merchants`)
  if (draft.accountNumber !== undefined && !/^[A-Za-z0-9]{4,34}$/.test(draft.accountNumber)) {
    reject(`${at}.accountNumber`, 'must be 4 to 34 letters or digits')
  }
  assertCents(draft.balanceCents, `${at}.balanceCents`)
  assertCents(draft.creditLimitCents, `${at}.creditLimitCents`)
  assertDay(draft.openedOn, `${at}.openedOn`)
  const { type } = merchant
  if (draft.creditLimitCents !== undefined) {
    if (!WITH_LIMIT.includes(type)) reject(`${at}.creditLimitCents`, `leave it out: ${type} has no limit`)
    if ((draft.balanceCents ?? 0) > draft.creditLimitCents) {
      reject(`${at}.creditLimitCents`, 'must be at least balanceCents')
    }
  }
  if (draft.interestRatePercent !== undefined) {
    if (WITHOUT_RATE.includes(type)) reject(`${at}.interestRatePercent`, `leave it out: ${type} bears no interest`)
    const rate = draft.interestRatePercent
    if (!(rate >= 0 && rate <= RATE_PERCENT_MAX))
      reject(`${at}.interestRatePercent`, 'must be from 0 to 100; 23.5 is 23.5 %')
  }
}

function assertText(text: string | null | undefined, at: string): void {
  if (typeof text !== 'string') return
  if (text.trim() === '' || text.length > TEXT_MAX) reject(at, `must have 1 to ${TEXT_MAX} characters; or leave it out`)
}

function assertDay(day: string | undefined, at: string): void {
  if (day !== undefined && !(isRealDay(day) && day >= '1900-01-01')) reject(at, 'must be a real day, YYYY-MM-DD')
}

function assertCents(cents: number | undefined, at: string): void {
  if (cents === undefined) return
  if (!Number.isInteger(cents) || cents < 0 || cents > CENTS_MAX)
    reject(at, `must be whole cents from 0 to ${CENTS_MAX}`)
}

// contract: method/entities §1.6
function isPlausibleSsn(ssn: string): boolean {
  return /^(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)\d{4}$/.test(ssn)
}

function reject(field: string, whatToDo: string): never {
  throw new PersonaRejected(`${field}: ${whatToDo}`)
}
