/** `/simulate/clock`: the time of the caller's team. Clearspan's own route, development only. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { type Move, type Reading, refuseRealTime } from '../../core/clock/clock.js'
import { callerOf, type MethodDesk } from './caller.js'
import { invalidRequest } from './invalid.js'
import { change, read } from './routes.js'
import { nullable, Text, Timestamp } from './schema.js'
import type { Wire } from './versions/versions.js'

const ClockBody = Type.Object({
  advance: Type.Optional(
    Type.Union([Type.Integer({ minimum: 0 }), Text], { description: 'Seconds, or an ISO 8601 duration: P1D, PT90S' }),
  ),
  set: Type.Optional(
    Type.String({ description: 'An ISO 8601 instant with its offset, or a day, which begins in UTC' }),
  ),
  freeze: Type.Optional(Type.Boolean({ description: 'Whether it stands still' })),
})

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
        ask: ({ ctx, body }) => mover.move(ctx.team, readMove(body)),
        write: async (_, reading) => reading,
        toWire: clockWire,
      },
    )
  })
}

const INSTANT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/

function readMove({ advance, set, freeze }: Static<typeof ClockBody>): Move {
  const [move, ...more] = [
    ...(advance === undefined ? [] : [{ advance }]),
    ...(set === undefined ? [] : [{ set: readInstant(set) }]),
    ...(freeze === undefined ? [] : [{ freeze }]),
  ]
  if (!move || more.length > 0) throw invalidRequest('advance,', 'set or freeze is required, one of them at a time.')
  return move
}

function readInstant(text: string): string {
  const ms = INSTANT.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(ms)) throw invalidRequest('set', 'must be an instant such as 2027-01-15T09:00:00Z.')
  return new Date(ms).toISOString()
}

function clockWire({ now, isFrozen, targetAt }: Reading): Wire {
  return { now, frozen: isFrozen, moving_to: targetAt }
}
