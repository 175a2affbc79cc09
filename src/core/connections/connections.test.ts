/** A consumer's way to a connection, and what the team can do with it. Contract: moneykit/links. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type App, openApp } from '../../../test/setup/app.js'
import { account, BANK, type Bank, line, openBank } from '../../../test/setup/bank.js'
import {
  ASKED,
  complete,
  connect,
  type Desk,
  deskAt,
  draft,
  HOOK,
  login,
  NO_FEATURES,
  OAUTH_BANK,
  toldOf,
  write,
} from '../../../test/setup/connecting.js'
import { withdrawConsent } from '../consent/consent.js'
import type { Asking, Ctx } from '../ctx.js'
import {
  answerChallenges,
  CONNECTION_PRODUCTS,
  CONNECTION_TOPICS,
  type ConnectionTopic,
  changeConnection,
  chooseAccounts,
  completeSession,
  connectionsOfConsumer,
  createConnectSession,
  currentStep,
  deleteConnection,
  exchangeToken,
  getConnection,
  getConnectSession,
  getHeldAccount,
  listConnections,
  listHeldAccounts,
  listHeldTransactions,
  listNumbers,
  listOwners,
  requestRefresh,
  resetConnection,
  returnFromInstitution,
  startConnecting,
  submitCredentials,
  testWebhook,
} from './connections.js'

let app: App
let bank: Bank
let desk: Desk
let ctx: Ctx<Asking>
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())
beforeEach(async () => {
  bank = openBank()
  desk = await deskAt(app, { moneykit: bank })
  ctx = desk.ctx
})

const of = ({ id }: { readonly id: string }) => ({ id, clientId: null })
const at = { institutionId: BANK }
const refusal = (code: string) => expect.objectContaining({ code })
const exchange = (token: string | null) =>
  write(ctx, (inside) => exchangeToken(inside, { token: token ?? '', clientId: null }))
const everything = { accountIds: null, fromDate: null, toDate: null }
const states = async () =>
  (await toldOf(ctx)).filter(({ topic }) => topic === 'connection.state_changed').map(({ state }) => state)

describe('a consumer who logs in', () => {
  test('leaves a connection that works once its token is exchanged, with all that was asked for', async () => {
    bank.tell(line('bread'))
    const { connection, exchangeToken: token, accounts } = await complete(ctx, { login: at })
    expect(connection).toMatchObject({ state: 'awaiting_exchange', connectedAt: null, errorCode: null })
    expect(accounts).toMatchObject([{ name: 'Account checking' }])
    await expect(listHeldAccounts(ctx, of(connection), { accountIds: null })).rejects.toEqual(
      refusal('connection.bad_state'),
    )
    expect(await exchange(token)).toMatchObject({ id: connection.id, state: 'connected', provider: 'moneykit' })
    await desk.drain()
    const { products, availableProducts } = await getConnection(ctx, of(connection))
    expect(Object.keys(products)).toEqual(CONNECTION_PRODUCTS)
    for (const product of Object.values(products))
      expect(product).toMatchObject({ refreshedAt: expect.any(String), errorCode: null })
    expect(availableProducts).toEqual([])
    const { transactions, total } = await listHeldTransactions(ctx, of(connection), everything, { page: 1, size: 50 })
    expect([total, transactions]).toMatchObject([1, [{ description: 'Corner Bakery', cents: 1840, isPending: false }]])
    const [numbered] = (await listNumbers(ctx, of(connection))).accounts
    expect(numbered?.numbers.ach).toEqual({ routingNumber: '111000025', wireRoutingNumber: null, number: '123454321' })
    const [owned] = (await listOwners(ctx, of(connection), { accountIds: null })).accounts
    expect(owned?.owners).toMatchObject([{ names: ['Ada Own'] }])
  })

  test('is a consumer of the team by its own name, also to the method face, and the same one every time', async () => {
    const contact = { email: 'ada@example.com', emailVerifiedAt: null, phone: '+15125550123', phoneVerifiedAt: null }
    const first = await connect(ctx, { login: at, session: { contact } })
    const second = await connect(ctx, { login: at, session: { contact } })
    expect(second.consumerId).toBe(first.consumerId)
    const found = await connectionsOfConsumer(ctx, { externalId: 'user-1', clientId: null })
    expect(found.map(({ id }) => id)).toEqual([first.id, second.id])
    expect(await connectionsOfConsumer(ctx, { externalId: 'nobody', clientId: null })).toEqual([])
  })

  test('grants nothing that was not asked for, and reads nothing that nobody wants yet', async () => {
    const products = { identity: { ...ASKED, prefetch: false } }
    const connection = await connect(ctx, { login: at, session: { products } })
    await desk.drain()
    const read = await getConnection(ctx, of(connection))
    expect(read.products.identity).toMatchObject({ refreshedAt: null, lastAttemptedAt: null })
    expect(read.availableProducts).toEqual(['account_numbers', 'transactions', 'investments'])
    expect((await listOwners(ctx, of(connection), { accountIds: null })).accounts).toEqual([])
    await expect(listNumbers(ctx, of(connection))).rejects.toEqual(refusal('connection.product_not_granted'))
  })

  test('shows only the accounts that were chosen', async () => {
    bank.accounts = [account('checking'), account('savings', { type: 'depository.savings', mask: '7777' })]
    const connection = await connect(ctx, { login: { ...at, accounts: ['7777'] } })
    const { accounts } = await listHeldAccounts(ctx, of(connection), { accountIds: null })
    expect(accounts.map(({ mask }) => mask)).toEqual(['7777'])
    expect((await getHeldAccount(ctx, of(connection), accounts[0]?.id ?? '')).account).toEqual(accounts[0])
    await expect(getHeldAccount(ctx, of(connection), '4444444444444')).rejects.toEqual(
      refusal('connection.account_not_found'),
    )
  })

  test('can only grant what the session allows', async () => {
    bank.accounts = [account('checking'), account('card', { type: 'liability.credit_card', mask: '9999' })]
    const features = { ...NO_FEATURES, onlyOneAccount: true, onlyDepositoryAccounts: true }
    const products = { identity: { ...ASKED, required: true }, transactions: ASKED }
    const session = await createConnectSession(ctx, draft({ features, products }))
    await startConnecting(ctx, session.id, at)
    const step = await submitCredentials(ctx, session.id, { credentials: {}, returnUrl: null })
    expect(step).toMatchObject({
      kind: 'choose',
      offer: {
        accounts: [{ ref: 'checking', isFixed: false }],
        products: [
          { product: 'identity', isFixed: true },
          { product: 'transactions', isFixed: false },
        ],
        onlyOne: true,
      },
    })
    expect(await currentStep(ctx, session.id)).toEqual(step)
    for (const choice of [
      { accountRefs: [], products: ['identity'] },
      { accountRefs: ['card'], products: ['identity'] },
      { accountRefs: ['checking'], products: [] },
      { accountRefs: ['checking'], products: ['identity', 'investments'] },
    ] as const) {
      await expect(chooseAccounts(ctx, session.id, choice)).rejects.toEqual(refusal('connect_session.invalid_choice'))
    }
    const { connection } = await chooseAccounts(ctx, session.id, { accountRefs: ['checking'], products: ['identity'] })
    expect(Object.keys(connection.products)).toEqual(['accounts', 'identity'])
  })

  test('answers what the institution asks, and goes to its pages, in the world', async () => {
    const world = await app.ctx(await app.newTeam())
    const mfa = { credentials: { username: 'user_mfa_device', password: 'any' }, answers: ['Text message', '1234'] }
    const session = await createConnectSession(world, draft())
    await startConnecting(world, session.id, { institutionId: 'moneykit-creds-bank' })
    const asked = await submitCredentials(world, session.id, { ...mfa, returnUrl: null })
    if (asked.kind !== 'answer') throw new Error(asked.kind)
    const [device] = asked.challenges
    const next = await answerChallenges(world, session.id, [
      { challengeId: device?.id ?? '', value: device?.options[0]?.id ?? '' },
    ])
    if (next.kind !== 'answer') throw new Error(next.kind)
    const code = [{ challengeId: next.challenges[0]?.id ?? '', value: '1234' }]
    expect(await answerChallenges(world, session.id, code)).toMatchObject({ kind: 'choose' })
    await expect(returnFromInstitution(world, session.id, null)).rejects.toEqual(refusal('connect_session.wrong_step'))
    const { connection } = await complete(world, { login: { institutionId: OAUTH_BANK } })
    expect(connection).toMatchObject({ state: 'awaiting_exchange', institution: { slug: OAUTH_BANK } })
  })
})

describe('a login that fails', () => {
  test.each([
    ['invalid_credentials', 'invalid_credentials'],
    ['wrong_answer', 'user_input_incorrect'],
    ['challenge_expired', 'user_input_incorrect'],
    ['access_denied', 'user_oauth_denied'],
    ['locked', 'user_setup_required'],
    ['setup_required', 'user_setup_required'],
    ['no_accounts', 'no_accounts'],
    ['institution_down', 'institution_error'],
    ['institution_maintenance', 'institution_error'],
    ['provider_failed', 'provider_error'],
  ] as const)('because of %s leaves a connection with the error %s', async (reason, errorCode) => {
    bank.refusal = reason
    const { connection, exchangeToken: token, failure } = await complete(ctx, { login: at, session: { webhook: HOOK } })
    expect({ token, failure }).toMatchObject({ token: null, failure: { error: errorCode } })
    expect(connection).toMatchObject({ state: 'error', errorCode, connectedAt: null })
    await expect(listHeldAccounts(ctx, of(connection), { accountIds: null })).rejects.toEqual(
      refusal('connection.bad_state'),
    )
    expect(await states()).toEqual(['error'])
  })

  test('may be tried again in the session, by the same connection', async () => {
    const session = await createConnectSession(ctx, draft())
    await startConnecting(ctx, session.id, at)
    bank.refusal = 'institution_down'
    const said = { credentials: {}, returnUrl: null }
    expect(await submitCredentials(ctx, session.id, said)).toMatchObject({ kind: 'failed', mayRetry: true })
    const { connectionId } = await getConnectSession(ctx, session.id)
    expect(await getConnection(ctx, of({ id: connectionId ?? '' }))).toMatchObject({ state: 'error' })
    bank.refusal = null
    expect(await submitCredentials(ctx, session.id, said)).toMatchObject({ kind: 'choose' })
    expect(await getConnection(ctx, of({ id: connectionId ?? '' }))).toMatchObject({
      state: 'connecting',
      errorCode: null,
    })
  })

  test('of a provider is taken over by the next one, whose name the connection keeps', async () => {
    const second = openBank()
    bank.refusal = 'provider_failed'
    const both = await deskAt(app, { moneykit: bank, plaid: second })
    const { connection } = await complete(both.ctx, { login: at })
    expect(connection).toMatchObject({ state: 'awaiting_exchange', provider: 'plaid' })
    expect([bank.logins.length, second.logins.length]).toEqual([0, 1])
  })

  test('of the consumer is not tried with another provider', async () => {
    const second = openBank()
    bank.refusal = 'invalid_credentials'
    const both = await deskAt(app, { moneykit: bank, plaid: second })
    expect((await complete(both.ctx, { login: at })).failure).toMatchObject({ error: 'invalid_credentials' })
    expect(second.logins).toEqual([])
  })
})

describe('a session', () => {
  test('ends after an hour, and takes what was begun with it', async () => {
    const session = await createConnectSession(ctx, draft({ webhook: HOOK }))
    await startConnecting(ctx, session.id, at)
    const { connectionId } = await getConnectSession(ctx, session.id)
    app.clock.advance(60 * 60_000)
    await expect(submitCredentials(ctx, session.id, { credentials: {}, returnUrl: null })).rejects.toEqual(
      refusal('connect_session.expired'),
    )
    await desk.drain()
    expect(await getConnection(ctx, of({ id: connectionId ?? '' }))).toMatchObject({
      state: 'error',
      errorCode: 'user_error',
    })
    expect(await states()).toEqual(['error'])
  })

  test('left at the choice of accounts leaves the connection incomplete', async () => {
    const session = await createConnectSession(ctx, draft())
    await startConnecting(ctx, session.id, at)
    await submitCredentials(ctx, session.id, { credentials: {}, returnUrl: null })
    const { connectionId } = await getConnectSession(ctx, session.id)
    app.clock.advance(60 * 60_000)
    await desk.drain()
    expect(await getConnection(ctx, of({ id: connectionId ?? '' }))).toMatchObject({ errorCode: 'incomplete' })
  })

  test('is over once it succeeded', async () => {
    const { session } = await complete(ctx, { login: at })
    expect(await getConnectSession(ctx, session.id)).toMatchObject({ status: 'completed' })
    await expect(startConnecting(ctx, session.id, at)).rejects.toEqual(refusal('connect_session.completed'))
  })

  test('offers only what it was made for', async () => {
    const abroad = await createConnectSession(ctx, draft({ countries: ['GB'] }))
    await expect(startConnecting(ctx, abroad.id, at)).rejects.toEqual(refusal('connect_session.invalid_choice'))
    const others = await createConnectSession(ctx, draft({ providers: ['akoya'] }))
    await expect(startConnecting(ctx, others.id, at)).rejects.toEqual(refusal('connect_session.invalid_choice'))
    await connect(ctx, { login: at })
    const features = { ...NO_FEATURES, rejectDuplicates: true }
    const twice = await createConnectSession(ctx, draft({ features }))
    await expect(startConnecting(ctx, twice.id, at)).rejects.toEqual(refusal('connect_session.invalid_choice'))
    await expect(startConnecting(ctx, twice.id, { institutionId: null })).rejects.toEqual(
      refusal('connect_session.invalid_choice'),
    )
  })

  test('is refused for what does not exist or may not be', async () => {
    await expect(createConnectSession(ctx, draft({ institutionId: 'nowhere' }))).rejects.toEqual(
      refusal('connection.institution_not_found'),
    )
    await expect(createConnectSession(ctx, draft({ existingConnectionId: '4444444444444' }))).rejects.toEqual(
      refusal('connection.not_found'),
    )
    await expect(createConnectSession(ctx, draft({ webhook: { ...HOOK, url: 'nowhere' } }))).rejects.toEqual(
      refusal('webhook.invalid_url'),
    )
    await expect(getConnectSession(ctx, '4444444444444')).rejects.toEqual(refusal('connect_session.not_found'))
    const customData = { accounts: [], owners: null }
    const earnest = { ...ctx, team: { ...ctx.team, environment: 'production' as const } }
    await expect(createConnectSession(earnest, draft({ customData }))).rejects.toEqual(
      refusal('connect_session.rehearsal_data'),
    )
  })
})

describe('a token', () => {
  test('is good once, for its client, and for half an hour', async () => {
    const { exchangeToken: token } = await complete(ctx, { login: at, session: { clientId: 'mine' } })
    const byOthers = write(ctx, (inside) => exchangeToken(inside, { token: token ?? '', clientId: 'other' }))
    await expect(byOthers).rejects.toEqual(refusal('connect_session.invalid_token'))
    await exchange(token)
    await expect(exchange(token)).rejects.toEqual(refusal('connect_session.invalid_token'))
    const late = await complete(ctx, { login: at, session: { webhook: HOOK } })
    app.clock.advance(30 * 60_000)
    await expect(exchange(late.exchangeToken)).rejects.toEqual(refusal('connect_session.invalid_token'))
    await desk.drain()
    expect(await getConnection(ctx, of(late.connection))).toMatchObject({ state: 'error', errorCode: 'incomplete' })
    expect(await states()).toEqual(['error'])
  })
})

describe('a connection that is made again', () => {
  const again = (existingConnectionId: string, said: Parameters<typeof draft>[0] = {}) =>
    complete(ctx, { session: { existingConnectionId, ...said }, login: { institutionId: null } })

  test('works without an exchange, keeps its accounts, and takes webhook and tags from the session', async () => {
    const connection = await connect(ctx, {
      login: at,
      session: { webhook: HOOK, tags: ['old'], products: { identity: ASKED } },
    })
    const before = await listHeldAccounts(ctx, of(connection), { accountIds: null })
    await write(ctx, (inside) => resetConnection(inside, of(connection)))
    bank.accounts = [account('renumbered'), account('new', { mask: '1111' })]
    const done = await again(connection.id, { tags: ['new'], products: { transactions: ASKED } })
    expect(done).toMatchObject({
      exchangeToken: null,
      connection: { state: 'connected', webhookUrl: null, tags: ['new'] },
    })
    await desk.drain()
    const after = await listHeldAccounts(ctx, of(connection), { accountIds: null })
    expect(Object.keys(after.connection.products)).toEqual(['accounts', 'identity', 'transactions', 'enrichment'])
    expect(after.accounts.map(({ id }) => id)).toEqual([before.accounts[0]?.id, expect.any(String)])
    expect(await states()).toEqual(['connected', 'error'])
  })

  test('stays as it was when that fails', async () => {
    const connection = await connect(ctx, { login: at })
    bank.refusal = 'locked'
    expect(await again(connection.id)).toMatchObject({
      failure: { error: 'user_setup_required' },
      connection: { state: 'connected', errorCode: null },
    })
    await write(ctx, (inside) => resetConnection(inside, of(connection)))
    await again(connection.id)
    expect(await getConnection(ctx, of(connection))).toMatchObject({ state: 'error', errorCode: 'auth_expired' })
  })

  test('reads the past of accounts that are permitted now', async () => {
    bank.accounts = [account('checking'), account('savings', { mask: '7777' })]
    bank.tell(line('old', { accountRef: 'savings' }))
    const connection = await connect(ctx, { login: { ...at, accounts: ['4321'] } })
    await desk.drain()
    const total = async () => (await listHeldTransactions(ctx, of(connection), everything, { page: 1, size: 5 })).total
    expect(await total()).toBe(0)
    await again(connection.id)
    await desk.drain()
    expect(await total()).toBe(1)
  })
})

describe('the team', () => {
  test('lists active connections oldest first, a page at a time', async () => {
    const ids = []
    for (const externalConsumerId of ['user-1', 'user-2', 'user-3']) {
      ids.push((await connect(ctx, { login: at, session: { externalConsumerId, clientId: 'mine' } })).id)
    }
    await complete(ctx, { login: at })
    const page = { clientId: 'mine', cursor: null, limit: 2 }
    const first = await listConnections(ctx, page)
    expect(first.connections.map(({ id }) => id)).toEqual(ids.slice(0, 2))
    const second = await listConnections(ctx, { ...page, cursor: first.next })
    expect([second.connections.map(({ id }) => id), second.next]).toEqual([ids.slice(2), null])
    expect((await listConnections(ctx, { ...page, clientId: 'other' })).connections).toEqual([])
    for (const cursor of ['4444444444444', 'no id']) {
      await expect(listConnections(ctx, { ...page, cursor })).rejects.toEqual(refusal('connection.unknown_cursor'))
    }
  })

  test('cannot see what is not its own', async () => {
    const connection = await connect(ctx, { login: at, session: { clientId: 'mine' } })
    await expect(getConnection(ctx, { id: connection.id, clientId: 'other' })).rejects.toEqual(
      refusal('connection.other_client'),
    )
    const other = await app.ctx(await app.newTeam())
    await expect(getConnection(other, of(connection))).rejects.toEqual(refusal('connection.not_found'))
  })

  test('is told of what is another environment’s, and of that alone', async () => {
    const keys = await app.newTeam()
    const [own, production] = [await app.ctx(keys), await app.ctx(keys, 'production')]
    const connection = await connect(own)
    await expect(getConnection(production, of(connection))).rejects.toEqual(refusal('connection.other_client'))
    const stranger = await app.ctx(await app.newTeam(), 'production')
    await expect(getConnection(stranger, of(connection))).rejects.toEqual(refusal('connection.not_found'))
    await expect(getConnection(production, of({ id: '4444444444444' }))).rejects.toEqual(
      refusal('connection.not_found'),
    )
  })

  test('changes webhook and tags, and what is left out stays', async () => {
    const connection = await connect(ctx, { login: at, session: { webhook: HOOK, tags: ['a'] } })
    const change = (changes: Parameters<typeof changeConnection>[2]) =>
      write(ctx, (inside) => changeConnection(inside, of(connection), changes))
    expect(await change({ tags: [] })).toMatchObject({ tags: [], webhookUrl: HOOK.url })
    expect(await change({})).toMatchObject({ tags: [], webhookUrl: HOOK.url })
    await expect(change({ webhook: { ...HOOK, url: 'ftp://x' } })).rejects.toEqual(refusal('webhook.invalid_url'))
    expect(await change({ webhook: null })).toMatchObject({ webhookUrl: null })
    await write(ctx, (inside) => resetConnection(inside, of(connection)))
    expect(await states()).toEqual(['connected'])
  })

  test('deletes a connection: the data go, the access ends, and a record stays for 90 days', async () => {
    const connection = await connect(ctx, { login: at, session: { webhook: HOOK, tags: ['kept'] } })
    await desk.drain()
    await write(ctx, (inside) => deleteConnection(inside, of(connection)))
    await desk.drain()
    const bare = { state: 'deleted', products: {}, availableProducts: [], webhookUrl: null, tags: ['kept'] }
    expect(await getConnection(ctx, of(connection))).toMatchObject(bare)
    expect(bank.ended).toEqual(['access 1'])
    expect(await states()).toEqual(['connected', 'deleted'])
    const deleted = refusal('connection.deleted')
    await expect(listHeldAccounts(ctx, of(connection), { accountIds: null })).rejects.toEqual(deleted)
    await expect(write(ctx, (inside) => deleteConnection(inside, of(connection)))).rejects.toEqual(deleted)
    await expect(write(ctx, (inside) => resetConnection(inside, of(connection)))).rejects.toEqual(deleted)
    await expect(write(ctx, (inside) => requestRefresh(inside, of(connection), ['accounts']))).rejects.toEqual(deleted)
    await expect(write(ctx, (inside) => changeConnection(inside, of(connection), {}))).rejects.toEqual(deleted)
    app.clock.advance(90 * 86_400_000)
    await desk.drain()
    await expect(getConnection(ctx, of(connection))).rejects.toEqual(refusal('connection.not_found'))
  })

  test('loses all connections of a consumer who takes consent back', async () => {
    const connection = await connect(ctx, { login: at })
    const { connection: begun } = await complete(ctx, { login: at })
    const open = await createConnectSession(ctx, draft())
    await startConnecting(ctx, open.id, at)
    await write(ctx, (inside) => withdrawConsent(inside, connection.consumerId))
    await desk.drain()
    for (const each of [connection, begun]) {
      expect(await getConnection(ctx, of(each))).toMatchObject({ state: 'deleted', products: {} })
    }
    expect(bank.ended).toHaveLength(2)
    const goOn = submitCredentials(ctx, open.id, { credentials: {}, returnUrl: null })
    await expect(goOn).rejects.toEqual(refusal('connect_session.expired'))
    await expect(createConnectSession(ctx, draft())).rejects.toEqual(refusal('consumer.disabled'))
  })

  test('of a consumer who takes consent back before choosing a bank gets none at all', async () => {
    const { id, consumerId } = await createConnectSession(ctx, draft({ institutionId: BANK }))
    await write(ctx, (inside) => withdrawConsent(inside, consumerId))
    await expect(startConnecting(ctx, id, at)).rejects.toEqual(refusal('consumer.disabled'))
    expect(await getConnectSession(ctx, id)).toMatchObject({ connectionId: null })
  })

  test('resets one only where people are not real, and only when it has worked', async () => {
    const connection = await connect(ctx, { login: at })
    const earnest = { ...ctx, team: { ...ctx.team, environment: 'production' as const } }
    await expect(write(earnest, (inside) => resetConnection(inside, of(connection)))).rejects.toEqual(
      refusal('connection.not_a_rehearsal'),
    )
    const { connection: waiting } = await complete(ctx, { login: at })
    await expect(write(ctx, (inside) => resetConnection(inside, of(waiting)))).rejects.toMatchObject({
      code: 'connection.bad_state',
      detail: 'awaiting_exchange',
    })
    expect(await write(ctx, (inside) => resetConnection(inside, of(connection)))).toMatchObject({
      errorCode: 'auth_expired',
    })
    expect((await listHeldAccounts(ctx, of(connection), { accountIds: null })).accounts).toHaveLength(1)
  })

  test('tries its webhook', async () => {
    const connection = await connect(ctx, { login: at, session: { webhook: HOOK } })
    const tried = (topic: ConnectionTopic) =>
      write(ctx, (inside) => testWebhook(inside, of(connection), { topic, key: 'k-1' }))
    for (const topic of CONNECTION_TOPICS) expect(await tried(topic)).toMatch(/^\w{13}$/)
    expect((await toldOf(ctx)).filter(({ testKey }) => testKey === 'k-1')).toMatchObject([
      { state: 'connected' },
      { product: 'accounts', state: 'completed' },
      { hasHistory: false },
    ])
    const silent = await connect(ctx, { login: at })
    const test = { topic: 'connection.state_changed', key: 'k' } as const
    await expect(write(ctx, (inside) => testWebhook(inside, of(silent), test))).rejects.toEqual(
      refusal('connection.no_webhook'),
    )
  })
})

test('a session that everything is known for is completed in rehearsals only', async () => {
  const { id } = await createConnectSession(ctx, draft())
  const earnest = { ...ctx, team: { ...ctx.team, environment: 'production' as const } }
  await expect(completeSession(earnest, id, login(at))).rejects.toEqual(refusal('simulation.forbidden'))
})
