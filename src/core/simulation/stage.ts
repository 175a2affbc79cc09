import type { Stage } from '../../network/port.js'
import type { Ctx } from '../ctx.js'
import { refuse } from './errors.js'

/** Refuses `simulation.forbidden` where things are real. */
export function stageOf(ctx: Ctx<'team' | 'network'>): Stage {
  if (ctx.team.environment !== 'development' || !ctx.network.stage) throw refuse('simulation.forbidden')
  return ctx.network.stage
}
