/** How a request says where the team's clock shall go, the same on every face. Contract: method/simulate §0, docs/clock.md */
import { type Static, Type } from 'typebox'
import type { Move, Reading } from '../core/clock/clock.js'

export const ClockBody = Type.Object({
  advance: Type.Optional(
    Type.Union([Type.Integer({ minimum: 0 }), Type.String()], {
      description: 'Seconds, or an ISO 8601 duration: P1D, PT90S',
    }),
  ),
  set: Type.Optional(
    Type.String({ description: 'An ISO 8601 instant with its offset, or a day, which begins in UTC' }),
  ),
  freeze: Type.Optional(Type.Boolean({ description: 'Whether it stands still' })),
})

const INSTANT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/

/** Throws what `fault` makes of the member at fault and the rule that it breaks. */
export function readMove(
  { advance, set, freeze }: Static<typeof ClockBody>,
  fault: (member: string, rule: string) => Error,
): Move {
  const [move, ...more] = [
    ...(advance === undefined ? [] : [{ advance }]),
    ...(set === undefined ? [] : [{ set: readInstant(set, fault) }]),
    ...(freeze === undefined ? [] : [{ freeze }]),
  ]
  if (!move || more.length > 0) throw fault('advance,', 'set or freeze is required, one of them at a time.')
  return move
}

function readInstant(text: string, fault: (member: string, rule: string) => Error): string {
  const ms = INSTANT.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(ms)) throw fault('set', 'must be an instant such as 2027-01-15T09:00:00Z.')
  return new Date(ms).toISOString()
}

/** The clock as it is. */
export function clockWire({ now, isFrozen, targetAt }: Reading) {
  return { now, frozen: isFrozen, moving_to: targetAt }
}
