/** The Event object. Contract: method/webhooks-events §5. */
import type { Ctx } from '../../core/ctx.js'
import type { RecordedEvent } from '../../core/events/events.js'
import type { AccountWithFigure } from '../../core/products/products.js'
import { spellEventId } from './ids.js'
import type { Told } from './spelling.js'
import { downTo, isSince, type Version, type Wire } from './versions/versions.js'

/** Who reads an event, and by which name it was asked for. */
export interface Reader {
  readonly version: Version
  readonly wireType: string
  readonly ctx: Ctx<'team' | 'vault'>
}

/** The event with its resource as it was then, in the shape that a caller of that version knows. */
export function eventWire(event: RecordedEvent, resource: Told, { version, wireType, ctx }: Reader): Wire {
  const spelled = resource.wire(event.after, ctx)
  const shape = (wire: Wire) => (resource.resource ? downTo(version, resource.resource, wire) : wire)
  const after = shape(spelled)
  return {
    id: spellEventId(event.id),
    type: wireType,
    resource_id: after.id,
    resource_type: event.resource === 'consumer' ? 'entity' : event.resource,
    ...(isSince(version, '2025-12-01') ? { related_ids: relatedIds(resource, spelled) } : {}),
    data: after,
    diff: diffOf(event, event.before && shape(resource.wire(event.before, ctx)), after),
    created_at: event.createdAt,
    updated_at: event.createdAt,
  }
}

function relatedIds(resource: Told, wire: Wire): readonly string[] {
  return Object.values(resource.refs(wire)).filter((id) => id !== wire.id)
}

/** A figure that moved is told by both records as they are, anything else by what changed of one. */
function diffOf(event: RecordedEvent, before: Wire | null, after: Wire): Wire {
  const isMove = /\.(in|de)creased$/.test(event.topic)
  if (!before || isMove) return { before, after }
  const [old, now] = [figureOf(event.before), figureOf(event.after)]
  return old && now
    ? { before: { id: before.id, ...old }, after: { id: after.id, ...now } }
    : changedMembers(before, after)
}

/** What an account owes, or may, is no member of it. */
function figureOf(snapshot: object | null): Wire | null {
  const { figure } = (snapshot ?? {}) as Partial<AccountWithFigure>
  return figure ? { [figure.name]: figure.cents } : null
}

/** The id and the members that differ, old and new. Contract: method/webhooks-events §5.2. */
function changedMembers(before: Wire, after: Wire): { readonly before: Wire; readonly after: Wire } {
  const changed = Object.keys(after).filter(
    (key) => key === 'id' || JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  )
  const pick = (wire: Wire) => Object.fromEntries(changed.map((key) => [key, wire[key] ?? null]))
  return { before: pick(before), after: pick(after) }
}
