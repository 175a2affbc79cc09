/** Finding a thing by any of its ids, in any face's spelling; or people by name. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { findAccounts } from '../../core/accounts/accounts.js'
import { connectionOfAccount, getConnection } from '../../core/connections/connections.js'
import { findConsumers, findExternalConsumer, listConsumers } from '../../core/consumers/consumers.js'
import type { Ctx, Reading } from '../../core/ctx.js'
import { eventsOf, getRecorded } from '../../core/events/events.js'
import { type AccountId, type ConsumerId, readId } from '../../core/ids.js'
import { getPayment } from '../../core/payments/payments.js'
import { Refusal } from '../../core/refuse.js'
import { findRequest } from '../../core/request-log/request-log.js'
import { deliveriesWhere, deliveryLog, listAllWebhooks } from '../../core/webhooks/webhooks.js'
import { queryOf } from './bodies.js'
import { type ConsoleDesk, type NamedThing, teamOf } from './desk.js'
import { counted } from './lists.js'
import { consumerLine } from './resources.js'

const SearchQuery = Type.Object({ q: Type.String({ minLength: 1, maxLength: 200 }) })
const PEOPLE_MAX = 20

export function searchRoute(app: FastifyInstance, desk: ConsoleDesk): void {
  app.get('/search', async (request) => {
    const wanted = queryOf(SearchQuery, request).q.trim()
    const ctx = await teamOf(desk, request)
    const found = await findThing(ctx, wanted, namedBy(desk, wanted))
    if (found) return { found, people: [] }
    const people = await listConsumers(ctx, { name: wanted, status: null, kind: null }, counted(undefined, PEOPLE_MAX))
    return { found: null, people: people.items.map(consumerLine) }
  })
}

/** What the text may name: by a face's spelling, or as it is stored. */
function namedBy({ ids }: ConsoleDesk, text: string): readonly NamedThing[] {
  const spelled = ids.flatMap((words) => words.read(text) ?? [])
  return readId(text) === null ? spelled : [...spelled, { kind: 'any', id: text }]
}

async function findThing(ctx: Ctx<Reading>, text: string, named: readonly NamedThing[]): Promise<NamedThing | null> {
  for (const { id } of named) {
    const found = await findById(ctx, id)
    if (found) return found
  }
  const consumer = await findExternalConsumer(ctx, text)
  if (consumer) return { kind: 'consumer', id: consumer.id }
  const asked = await findRequest(ctx, text)
  return asked && { kind: 'request', id: asked.id }
}

/** Ids are unique over all kinds, so the first that has it is the one. */
async function findById(ctx: Ctx<Reading>, id: string): Promise<NamedThing | null> {
  const finders: Readonly<Record<string, () => Promise<unknown>>> = {
    consumer: async () => (await findConsumers(ctx, [id as ConsumerId]))[0],
    account: async () => (await findAccounts(ctx, [id as AccountId]))[0],
    payment: () => orNothing(getPayment(ctx, id)),
    connection: () => orNothing(getConnection(ctx, { id, clientId: null })),
    event: () => orNothing(getRecorded(ctx, id)),
    webhook: async () => (await listAllWebhooks(ctx)).find((webhook) => webhook.id === id),
    held_account: () => findHeldAccount(ctx, id),
    delivery: async () => (await deliveryLog(ctx, deliveriesWhere({ deliveryId: id }), 1))[0],
    resource: async () => (await eventsOf(ctx, id, 1))[0],
  }
  for (const [kind, find] of Object.entries(finders)) {
    const found = await find()
    if (found) return isNamed(found) ? found : { kind, id }
  }
  return null
}

/** Some are shown by another thing. */
function isNamed(found: unknown): found is NamedThing {
  return typeof found === 'object' && found !== null && Object.keys(found).length === 2 && 'kind' in found
}

/** An account behind a connection has no page of its own: its connection shows it. */
async function findHeldAccount(ctx: Ctx<Reading>, id: string): Promise<NamedThing | null> {
  const connection = await orNothing(connectionOfAccount(ctx, id))
  return connection && { kind: 'connection', id: connection.id }
}

async function orNothing<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}
