import type { EventId } from './ids.js'

/** Something that happened, as it is kept. Snapshots are plain values, secrets left out. */
export interface RecordedEvent {
  readonly id: EventId
  /** `<resource>.<op>`, in the core's words. */
  readonly topic: string
  readonly resource: string
  readonly resourceId: string
  /** Null for a new resource. */
  readonly before: object | null
  readonly after: object
  readonly createdAt: string
}
