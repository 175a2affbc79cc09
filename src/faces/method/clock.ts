/** `/simulate/clock`: the time of the caller's team. Clearspan's own route, development only. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { refuseRealTime } from '../../core/clock/clock.js'
import { ClockBody, clockWire, readMove } from '../clock-body.js'
import { callerOf, type MethodDesk } from './caller.js'
import { invalidRequest } from './invalid.js'
import { change, read } from './routes.js'
import { nullable, Timestamp } from './schema.js'

const ClockWire = Type.Object({ now: Timestamp, frozen: Type.Boolean(), moving_to: nullable(Timestamp) })

export function clockRoutes(app: FastifyInstance, { mover }: Pick<MethodDesk, 'mover'>): void {
  const tag = 'Simulation'
  const url = '/simulate/clock'
  app.register(async (routes) => {
    // Outside development there is nothing to get right or wrong. Contract: method/simulate §0.
    routes.addHook('preValidation', async (request) => refuseRealTime(callerOf(request).ctx.team))

    read(routes, url, { tag, summary: "Read the team's clock", reply: ClockWire }, async ({ ctx }) =>
      clockWire(await mover.show(ctx.team)),
    )

    change(
      routes,
      'POST',
      url,
      { tag, summary: "Move, stop or start the team's clock", body: ClockBody, reply: ClockWire },
      {
        ask: ({ ctx, body }) => mover.move(ctx.team, readMove(body, invalidRequest)),
        write: async (_, reading) => reading,
        toWire: clockWire,
      },
    )
  })
}
