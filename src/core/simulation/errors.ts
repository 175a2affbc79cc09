import { refuser } from '../refuse.js'

export const simulationRefusals = {
  'simulation.forbidden': 'Simulation exists only in the development environment. Use a development key.',
  'simulation.cannot_happen':
    'Nothing can be simulated here yet: request the product, or connect the entity, first; only an active account can be closed.',
  'simulation.invalid_persona': 'A persona of the request is not valid.',
  'simulation.not_subscribed': 'The account lacks the active subscription that this simulates. Enroll it first.',
  'simulation.nothing_requested':
    'The entity has no completed request of the product that this simulates. Request it once, then simulate what the next one finds.',
  'simulation.too_many':
    'At most five simulated behaviors can wait for the next request. Request the product, then add more.',
  'simulation.unknown_brand': 'No card product has this brand.',
} as const

export type SimulationRefusal = keyof typeof simulationRefusals
export const refuse = refuser(simulationRefusals)
