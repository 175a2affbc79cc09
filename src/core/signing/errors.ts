import { refuser } from '../refuse.js'

export const signingRefusals = {
  'signing_key.not_found': 'No signing key has this id. The keys that count are published as a set.',
} as const

export type SigningRefusal = keyof typeof signingRefusals
export const refuse = refuser(signingRefusals)
