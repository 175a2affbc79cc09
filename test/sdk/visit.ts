/** One official client in front of one server, and what the promises of every release are made with. */
import { expect } from 'vitest'
import type { Wire } from '../../src/faces/method/versions/versions.js'
import { IDENTITY_SESSION, KEVIN, PHONE_SESSION } from '../setup/method-api.js'
import type { MethodClient } from '../setup/sdk.js'

export interface Visit {
  readonly client: MethodClient
  /** A client of the same release with another key. */
  clientWith(apiKey: string): MethodClient
}

export const instant = expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/)
/** An id of a kind: its prefix and 13 characters. */
export const id = (prefix: string) => expect.stringMatching(new RegExp(`^${prefix}_[0-9A-Za-z]{13}$`))
export const sorted = (names: readonly string[]) => [...names].sort()

/** Kevin Doyle with both sessions verified. */
export async function verifiedKevin({ client }: Visit): Promise<Wire> {
  const entity = await client.entities.create(KEVIN)
  await client.entities(entity.id).verificationSessions.create(PHONE_SESSION)
  await client.entities(entity.id).verificationSessions.create(IDENTITY_SESSION)
  return client.entities.retrieve(entity.id)
}

export interface Connected {
  readonly entityId: string
  readonly connect: Wire
  /** The Chase card of the fixtures. */
  readonly card: Wire
}

/** Kevin Doyle with what connect finds. */
export async function connectedKevin(visit: Visit): Promise<Connected> {
  const { client } = visit
  const { id: entityId } = await verifiedKevin(visit)
  const connect = await client.entities(entityId).connect.create()
  const [card] = await client.accounts.list({ holder_id: entityId, 'liability.mch_id': 'mch_302086' })
  if (!card) throw new Error('Connect found no card.')
  return { entityId, connect, card }
}

/** Asks as the suites do, until the record is at an end. */
export async function completed(retrieve: () => Promise<Wire>): Promise<Wire> {
  await expect.poll(async () => (await retrieve()).status, { timeout: 10_000, interval: 30 }).toBe('completed')
  return retrieve()
}
