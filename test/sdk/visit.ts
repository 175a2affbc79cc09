/** One official client in front of one server, and what the promises of every release are made with. */
import { expect } from 'vitest'
import type { Wire } from '../../src/faces/method/versions/versions.js'
import { IDENTITY_SESSION, KEVIN, PHONE_SESSION } from '../setup/method-api.js'
import { type Clients, type MethodClient, packages, type Release } from '../setup/sdk.js'

export interface Visit<R extends Release = Release> {
  /** The client by the types of its own release, so that a call they do not allow does not compile. */
  readonly typed: Clients[R]
  /** The same client, for what those types leave out. */
  readonly client: MethodClient
  /** A client of the same release with another key. */
  clientWith(apiKey: string): MethodClient
}

export const instant = expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/)
/** An id of a kind: its prefix and 13 characters. */
export const id = (prefix: string) => expect.stringMatching(new RegExp(`^${prefix}_[0-9A-Za-z]{13}$`))
/** The one release of the early shape of 2024-04-04. */
export const isEarly = (release: Release) => release === '1.1.6'
export const sorted = (names: readonly string[]) => [...names].sort()

/** Fails unless the client raises its error of an invalid request, with that sub-type. */
export async function expectRefusal(release: Release, subType: string, attempt: Promise<unknown>, code = 400) {
  const failure = await attempt.catch((error: unknown) => error)
  expect(failure, subType).toBeInstanceOf(packages[release]().MethodInvalidRequestError)
  const message = expect.stringMatching(/./)
  expect(failure).toMatchObject({ type: 'INVALID_REQUEST', sub_type: subType, code, message })
}

/** Kevin Doyle with both sessions verified. */
export async function verifiedKevin({ client }: Pick<Visit, 'client'>, phone = KEVIN.individual.phone): Promise<Wire> {
  const entity = await client.entities.create({ ...KEVIN, individual: { ...KEVIN.individual, phone } })
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
export async function connectedKevin(visit: Pick<Visit, 'client'>, phone?: string): Promise<Connected> {
  const { client } = visit
  const { id: entityId } = await verifiedKevin(visit, phone)
  const connect = await client.entities(entityId).connect.create()
  const [card] = await client.accounts.list({ holder_id: entityId, 'liability.mch_id': 'mch_302086' })
  if (!card) throw new Error('Connect found no card.')
  return { entityId, connect, card }
}

/** Asks as the suites do, until the record is at an end. */
export async function completed<Result extends { readonly status: string } | Wire>(
  retrieve: () => Promise<Result>,
): Promise<Result> {
  await expect.poll(async () => (await retrieve()).status, { timeout: 10_000, interval: 30 }).toBe('completed')
  return retrieve()
}
