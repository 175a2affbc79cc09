import type { Change } from './events.js'

/** What a change implies beyond itself. It is recorded after the change. Contract: method/webhooks-events §5.4. */
export function computedChanges(change: Change): readonly Change[] {
  const closed =
    change.resource === 'account' && statusOf(change.before) === 'active' && statusOf(change.after) === 'closed'
  return closed ? [{ ...change, op: 'closed' }] : []
}

function statusOf(snapshot: object | null): unknown {
  return snapshot && 'status' in snapshot ? snapshot.status : null
}
