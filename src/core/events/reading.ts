/** The events that can be read: those of resources that have event records. Contract: method/webhooks-events §5.1. */
import type { Page as KeysetPage } from '../../db/keyset.js'
import type { Page, PageRequest } from '../../db/pages.js'
import type { Ctx, Reading } from '../ctx.js'
import { type EventId, readId } from '../ids.js'
import { pageRefusal } from '../pages.js'
import type { RecordedEvent } from '../recorded-event.js'
import { refuse } from './errors.js'
import * as store from './store.js'

export const READABLE = ['account', 'attribute', 'connect', 'consumer', 'credit_score', 'payment'] as const
export type ReadableResource = (typeof READABLE)[number]

/** Filters combine with and; null leaves a filter out. */
export interface EventFilter {
  readonly topic: string | null
  /** Of no use beside a topic. */
  readonly exceptTopics: readonly string[]
  readonly resource: ReadableResource | null
  readonly resourceId: string | null
}

/** Newest first. Refuses `request.unknown_cursor`. */
export async function listEvents(
  ctx: Ctx<Reading>,
  filter: EventFilter,
  request: PageRequest,
): Promise<Page<RecordedEvent>> {
  const page = await store.listReadable(ctx, filter, request)
  if (!page) throw pageRefusal()
  return page
}

/** Everything that was recorded, of whatever resource, newest first. Null leaves a filter out. */
export function listRecorded(
  ctx: Ctx<Reading>,
  filter: { readonly topic: string | null; readonly resourceId: string | null },
  page: { readonly cursor: string | null; readonly limit: number },
): Promise<KeysetPage<RecordedEvent>> {
  return store.listRecorded(ctx, filter, page)
}

/** Any event, of whatever resource. Refuses `event.not_found`. */
export async function getRecorded(ctx: Ctx<Reading>, wanted: string): Promise<RecordedEvent> {
  const id = readId<EventId>(wanted)
  const event = id && (await store.findRecorded(ctx, id))
  if (!event) throw refuse('event.not_found')
  return event
}

/** Refuses `event.not_found`, also for one that can't be read. */
export async function getEvent(ctx: Ctx<Reading>, wanted: string): Promise<RecordedEvent> {
  const id = readId<EventId>(wanted)
  const event = id && (await store.findReadable(ctx, id))
  if (!event) throw refuse('event.not_found')
  return event
}
