/** What is settled for a team from the command line, as the official clients meet it. Contract: method/conventions §18. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../setup/database.js'
import {
  createTeamKey,
  KEVIN,
  type MethodApi,
  methodApi,
  PHONE_SESSION,
  sharedEnvironment,
} from '../setup/method-api.js'
import { type Clients, clientOf, packages, type Release, untyped } from '../setup/sdk.js'
import { runClearspan, type SpawnedServer, spawnServer } from '../setup/server.js'
import { expectDepositsToProve } from './new-account-promises.js'
import { expectRefusal, id, instant, verifiedKevin } from './visit.js'

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

// A server believes what it knows of a key for a second.
const BELIEF = { timeout: 5000, interval: 100 }
const subTypeOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => null,
    (error) => error.sub_type,
  )

// What a team may do is the server's business; ALL_RELEASES asks with the older clients, too.
const RELEASES = (Object.keys(packages) as Release[]).slice(process.env.ALL_RELEASES ? 0 : -1)

describe.each(RELEASES)('method-node %s', (release) => {
  const team = `team of ${release}`
  const { individual } = KEVIN
  let typed: Clients[Release]
  let api: MethodApi
  beforeAll(async () => {
    const key = await createTeamKey(team, environment)
    typed = clientOf(release, server, key)
    api = methodApi(server, key)
  })
  const settle = async (command: string, ...options: readonly string[]) => {
    const { code, output } = await runClearspan(['teams', command, team, ...options], environment)
    expect(code, output).toBe(0)
  }

  test('a product taken from a team is refused and shown as restricted, until it is given back', async () => {
    const { id: entity_id } = await verifiedKevin({ client: untyped(typed) })
    const of = typed.entities(entity_id)
    const token = () => typed.elements.token.create({ type: 'connect', entity_id, connect: { products: ['payoff'] } })
    await token()
    await of.identities.create()

    await settle('restrict', '--product', 'payoff')
    await settle('restrict', '--product', 'identity')
    await expect.poll(() => subTypeOf(of.identities.create()), BELIEF).toBe('TEAM_CAPABILITY_RESTRICTED')
    await expectRefusal(release, 'TEAM_CAPABILITY_RESTRICTED', of.identities.create())
    await expectRefusal(release, 'TEAM_CAPABILITY_RESTRICTED', token())
    const { identity, ...others } = await of.products.list()
    expect(identity).toMatchObject({
      status: 'restricted',
      status_error: {
        type: 'INVALID_REQUEST',
        sub_type: 'TEAM_CAPABILITY_RESTRICTED',
        message: expect.stringMatching(/./),
      },
    })
    expect(others.credit_score).toMatchObject({ status: 'available', status_error: null })

    await settle('allow', '--product', 'payoff')
    await settle('allow', '--product', 'identity')
    await expect.poll(() => subTypeOf(of.identities.create()), BELIEF).toBeNull()
    expect(await token()).toHaveProperty('element_token')
    expect((await of.products.list()).identity?.status).toBe('available')
  })

  test("a team's own word about an identity is taken once that is settled", async () => {
    const { id: entity_id } = await typed.entities.create({ type: 'individual', individual })
    const sessions = typed.entities(entity_id).verificationSessions
    await sessions.create({ type: 'phone', method: 'byo_sms', byo_sms: PHONE_SESSION.byo_sms })
    const vouch = () => sessions.create({ type: 'identity', method: 'byo_kyc', byo_kyc: {} })
    await expectRefusal(release, 'UNAUTHORIZED_VERIFICATION_METHOD', vouch())
    await settle('set', '--byo-kyc', 'on')
    const methods = async () =>
      (await untyped(typed).entities.retrieve(entity_id)).verification.identity.methods.includes('byo_kyc')
    await expect.poll(methods, BELIEF).toBe(true)
    expect(await vouch()).toStrictEqual({
      id: id('evf'),
      entity_id,
      status: 'verified',
      type: 'identity',
      method: 'byo_kyc',
      byo_kyc: { authenticated: true },
      error: null,
      created_at: instant,
      updated_at: instant,
    })
    expect(await untyped(typed).entities.retrieve(entity_id)).toMatchObject({ status: 'active' })
  })

  test('deposits prove an account where the team has settled that none is proven by itself', async () => {
    await settle('set', '--auto-verify', 'off')
    const client = untyped(typed)
    const { id: holder_id } = await typed.entities.create({ type: 'individual', individual })
    let number = 0
    const isProven = async () => {
      const ach = { routing: '062103000', number: String(number++), type: 'checking' } as const
      return (await typed.accounts.create({ holder_id, ach })).products.includes('payment')
    }
    await expect.poll(isProven, BELIEF).toBe(false)
    await expectDepositsToProve(release, { client, typed }, async (path) => (await api.get(path)).body.data.amounts)
  }, 40_000)
})
