/** The documented people of the world. To add one: a file beside this one, and a line here. */
import { kevinDoyles } from './kevin-doyle.js'
import type { AmbiguousPersona, Persona } from './persona.js'
import { twoKevins } from './two-kevins.js'

const personas: readonly (Persona | AmbiguousPersona)[] = [...kevinDoyles, twoKevins]

const byPhone = new Map(personas.map((persona) => [persona.phone, persona]))

export function personaOf(phone: string): Persona | AmbiguousPersona | null {
  return byPhone.get(phone) ?? null
}
