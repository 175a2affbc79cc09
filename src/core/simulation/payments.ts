import type { Asking, Ctx } from '../ctx.js'
import { prepareSimulation, type SimulatedMove } from '../payments/payments.js'
import { stageOf } from './stage.js'

export { type SimulatedMove, simulatePayment } from '../payments/payments.js'

/** The bank's part of moving a payment. Refuses `simulation.forbidden`, `payment.not_found`, `.invalid_move`, `.error_code_missing`. */
export function prepareMove(ctx: Ctx<Asking>, move: SimulatedMove): Promise<void> {
  return prepareSimulation(ctx, stageOf(ctx), move)
}
