/** Every promise to the users of one release of the official client, against one real server. */
import { afterAll, beforeAll, describe } from 'vitest'
import { freshDatabase } from '../setup/database.js'
import { DEMO_KEY, sharedEnvironment } from '../setup/method-api.js'
import { clientOf, type Release, type StartedServer } from '../setup/sdk.js'
import { spawnServer } from '../setup/server.js'
import { accountPromises } from './account-promises.js'
import { entityPromises } from './entity-promises.js'
import { requestPromises } from './request-promises.js'
import type { Visit } from './visit.js'
import { webhookPromises } from './webhook-promises.js'

export function wholePath(release: Release, start: () => Promise<StartedServer>): void {
  let server: StartedServer
  let shown: Visit

  beforeAll(async () => {
    server = await start()
    const clientWith = (apiKey: string) => clientOf(release, server, apiKey)
    shown = { client: clientWith(DEMO_KEY), clientWith }
  })
  afterAll(() => server.stop())

  const visit = () => shown
  describe('entities', () => entityPromises(release, visit))
  describe('accounts', () => accountPromises(release, visit))
  describe('requests', () => requestPromises(release, visit))
  describe('webhooks', () => webhookPromises(release, visit))
}

/** A server on a database of its own, whose institutions answer at once. */
export async function startOnFreshDatabase(): Promise<StartedServer> {
  const database = await freshDatabase()
  const server = await spawnServer({ environment: sharedEnvironment(database) })
  return {
    url: server.url,
    async stop() {
      await server.stop()
      await database.close()
    },
  }
}
