import { refuser } from '../refuse.js'

export const institutionRefusals = {
  'card_product.not_found': 'No card product has this id. Take one from a card brand.',
  'merchant.conflicting_filters': 'Only one filter by provider id is possible at a time. Leave the others out.',
  'merchant.not_found': 'No merchant has this id. List the merchants to find one.',
} as const

export type InstitutionRefusal = keyof typeof institutionRefusals
export const refuse = refuser(institutionRefusals)
