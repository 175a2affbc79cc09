/** The documented people of the world. To add one: a file beside this one, and a line here. */
import type { HeldDebt } from '../store.js'
import { kevinDoyles } from './kevin-doyle.js'
import type { AmbiguousPersona, DocumentedDebt, Persona } from './persona.js'
import { twoKevins } from './two-kevins.js'

const personas: readonly (Persona | AmbiguousPersona)[] = [...kevinDoyles, twoKevins]

const byPhone = new Map(personas.map((persona) => [persona.phone, persona]))

export function personaOf(phone: string): Persona | AmbiguousPersona | null {
  return byPhone.get(phone) ?? null
}

/** What documents say of a debt, when its holder is a documented person. */
export function documentedDebt({ holder, merchantNumber }: HeldDebt): DocumentedDebt | null {
  const persona = holder?.origin === 'persona' ? personaOf(holder.phone) : null
  return persona?.kind === 'copied' ? (persona.documented.get(merchantNumber) ?? null) : null
}
