/** The simulated world by itself, over a database of its own, for questions that need no server. */
import type { Ask, Network, Outcome, Stage } from '../../src/network/port.js'
import { createWorld } from '../../src/network/world/world.js'
import { type FreshDatabase, freshDatabase } from './database.js'

export interface OpenWorld {
  readonly world: Network
  readonly stage: Stage
  readonly database: FreshDatabase
  /** The ref of somebody who says no more than a name. */
  meet(ask: Ask, phone: string, consumerRef?: string): Promise<string>
  close(): Promise<void>
}

export async function openWorld(): Promise<OpenWorld> {
  const database = await freshDatabase()
  const world = createWorld({ db: database.db, seed: 'seed', secretKey: Buffer.alloc(32, 7), answerDelayMs: 0 })
  const { stage } = world
  if (!stage) throw new Error('the world has a stage')
  return {
    world,
    stage,
    database,
    async meet(ask, phone, consumerRef = 'jane') {
      const address = { line1: null, line2: null, city: null, state: null, zip: null }
      const said = { firstName: 'Jane', lastName: 'Roe', phone, dob: null, ssn: null, ssn4: null, address }
      const identification = await world.identify(ask, { consumerRef, ...said })
      if (identification.found !== 'one') throw new Error(`${phone}: ${identification.found}`)
      return identification.personRef
    },
    close: () => database.close(),
  }
}

/** The answer, which the test relies on. */
export function told<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.reason)
  return outcome.value
}
