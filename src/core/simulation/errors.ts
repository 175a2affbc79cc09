import { refuser } from '../refuse.js'

export const simulationRefusals = {
  'simulation.forbidden': 'Simulation exists only in the development environment. Use a development key.',
  'simulation.invalid_persona': 'A persona of the request is not valid.',
} as const

export type SimulationRefusal = keyof typeof simulationRefusals
export const refuse = refuser(simulationRefusals)
