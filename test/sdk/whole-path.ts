/** Every promise to the users of one release of the official client, against one real server. */
import { afterAll, beforeAll, describe } from 'vitest'
import { freshDatabase } from '../setup/database.js'
import { DEMO_KEY, sharedEnvironment } from '../setup/method-api.js'
import { clientOf, type Release, type StartedServer, untyped } from '../setup/sdk.js'
import { spawnServer } from '../setup/server.js'
import { accountProductPromises } from './account-product-promises.js'
import { accountPromises } from './account-promises.js'
import { consentPromises } from './consent-promises.js'
import { elementPromises } from './element-promises.js'
import { entityPromises } from './entity-promises.js'
import { eventPromises } from './event-promises.js'
import { knowledgePromises } from './knowledge-promises.js'
import { newAccountPromises } from './new-account-promises.js'
import { paymentPromises } from './payment-promises.js'
import { reportPromises } from './report-promises.js'
import { requestPromises } from './request-promises.js'
import { subscriptionPromises } from './subscription-promises.js'
import { transactionPromises } from './transaction-promises.js'
import { verificationPromises } from './verification-promises.js'
import type { Visit } from './visit.js'
import { webhookPromises } from './webhook-promises.js'

/** `own` makes the promises for calls that not every release has. */
export function wholePath<R extends Release>(
  release: R,
  start: () => Promise<StartedServer>,
  own: (visit: () => Visit<R>) => void,
): void {
  let server: StartedServer
  let shown: Visit<R>

  beforeAll(async () => {
    server = await start()
    const typed = clientOf(release, server, DEMO_KEY)
    const clientWith = (apiKey: string) => untyped(clientOf(release, server, apiKey))
    shown = { typed, client: untyped(typed), clientWith }
  })
  afterAll(() => server.stop())

  const visit = () => shown
  describe('entities', () => entityPromises(release, visit))
  describe('verification', () => verificationPromises(release, visit))
  describe('what is known of entities', () => knowledgePromises(release, visit))
  describe('subscriptions', () => subscriptionPromises(release, visit))
  describe('accounts', () => accountPromises(release, visit))
  describe('what is known of an account', () => accountProductPromises(release, visit))
  describe('described accounts', () => newAccountPromises(release, visit))
  describe('subscriptions of accounts, and transactions', () => transactionPromises(release, visit))
  describe('payments', () => paymentPromises(release, visit))
  describe('elements', () => elementPromises(release, visit))
  describe('consent', () => consentPromises(release, visit))
  describe('reports', () => reportPromises(release, visit))
  describe('requests', () => requestPromises(release, visit))
  describe('events', () => eventPromises(release, visit))
  describe('webhooks', () => webhookPromises(release, visit))
  describe('what this release has of its own', () => own(visit))
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
