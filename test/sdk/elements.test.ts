/** Elements by the official clients, against a server of its own. Contract: method/dev-fixtures §8 [N113, N126, N211]. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Wire } from '../../src/faces/method/versions/versions.js'
import { type FreshDatabase, freshDatabase } from '../setup/database.js'
import { createTeamKey, DEMO_KEY, sharedEnvironment } from '../setup/method-api.js'
import { clientOf, type MethodClient, packages, type Release } from '../setup/sdk.js'
import { runClearspan, type SpawnedServer, spawnServer } from '../setup/server.js'

interface Elements {
  readonly token: { create(body: object): Promise<Wire>; results(token: string): Promise<Wire> }
}

let database: FreshDatabase
let server: SpawnedServer
let environment: Readonly<Record<string, string>>
beforeAll(async () => {
  database = await freshDatabase()
  environment = sharedEnvironment(database)
  server = await spawnServer({ environment })
})
afterAll(async () => {
  await server.stop()
  await database.close()
})

const clientWith = (release: Release, key: string) =>
  clientOf(release, server, key) as MethodClient & { readonly elements: Elements }

const newEntity = (client: MethodClient) =>
  client.entities.create({
    type: 'individual',
    individual: {
      first_name: 'Kevin',
      last_name: 'Doyle',
      dob: '1930-03-11',
      email: 'kevin.doyle@gmail.com',
      phone: '+15121231111',
    },
  })

describe.each(Object.keys(packages) as Release[])('method-node %s', (release) => {
  const client = () => clientWith(release, DEMO_KEY)

  test('gets a token, and reads results without news from it', async () => {
    const { id } = await newEntity(client())
    const token = await client().elements.token.create({
      type: 'connect',
      entity_id: id,
      connect: {
        products: ['balance'],
        account_filters: { selection_type: 'multiple', liability_types: ['credit_card'] },
      },
    })
    expect(Object.keys(token)).toEqual(['element_token'])
    expect(await client().elements.token.results(token.element_token)).toEqual({
      authenticated: false,
      cxn_id: null,
      accounts: [],
      entity_id: id,
      events: [],
    })
  })

  test('gets a token with a session for a balance transfer', async () => {
    const { id } = await newEntity(client())
    const token = await client().elements.token.create({
      type: 'balance_transfer',
      entity_id: id,
      balance_transfer: {
        payout_amount_min: 100,
        minimum_loan_amount: 1000,
        payout_residual_amount_max: 1000,
        loan_details_requested_amount: 1000,
        loan_details_requested_rate: 0.1,
        loan_details_requested_term: 12,
        loan_details_requested_monthly_payment: 100,
      },
    })
    expect(token).toEqual({
      element_token: expect.stringMatching(/^pk_elem_\w{32}$/),
      element_session_id: expect.stringMatching(/^elem_sess_\w{13}$/),
    })
  })

  test('gets the error of a product that its team may not use, until it may', async () => {
    const team = `team of ${release}`
    const own = clientWith(release, await createTeamKey(team, environment))
    const { id } = await newEntity(own)
    const token = () => own.elements.token.create({ type: 'connect', entity_id: id, connect: { products: ['payoff'] } })
    const teams = async (command: string) => {
      const { code, output } = await runClearspan(['teams', command, team, '--product', 'payoff'], environment)
      expect(code, output).toBe(0)
      // A server believes what it knows of a key for a second.
      await expect
        .poll(
          () =>
            token().then(
              () => 'allow',
              (error) => error.sub_type,
            ),
          { timeout: 5000 },
        )
        .not.toBe(command === 'allow' ? 'TEAM_CAPABILITY_RESTRICTED' : 'allow')
    }
    await teams('restrict')
    await expect(token()).rejects.toMatchObject({ type: 'INVALID_REQUEST', sub_type: 'TEAM_CAPABILITY_RESTRICTED' })
    await teams('allow')
    expect(await token()).toHaveProperty('element_token')
  })
})
