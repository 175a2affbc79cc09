import { LIABILITY_TYPES, type LiabilityType } from '../../core/institutions/institutions.js'

/** What requests may say; the wire has both numbers of one word. Contract: method/conventions §20.18. */
export const WIRE_LIABILITY_TYPES = [...LIABILITY_TYPES, 'student_loan'] as const

export function readLiabilityType(word: (typeof WIRE_LIABILITY_TYPES)[number]): LiabilityType {
  return word === 'student_loan' ? 'student_loans' : word
}

/** How merchants spell a type: accounts say `student_loans`, merchants `student_loan`. */
export function spellMerchantType(type: LiabilityType): string {
  return type === 'student_loans' ? 'student_loan' : type
}
