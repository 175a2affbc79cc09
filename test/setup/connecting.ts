/** Consumers who connect accounts, brought as far as a test needs them. */
import { runAllDue } from '../../src/core/clock/clock.js'
import {
  accessEndTask,
  type Completed,
  type Connection,
  type ConnectSession,
  type ConnectSessionDraft,
  completeSession,
  createConnectSession,
  createProviders,
  exchangeToken,
  GRANTABLE_PRODUCTS,
  type Login,
  type ProductSettings,
  type ProviderName,
  type RoutingRule,
  refreshTask,
} from '../../src/core/connections/connections.js'
import type { Asking, Ctx, Writing } from '../../src/core/ctx.js'
import { deliveryLog, type Speller } from '../../src/core/webhooks/webhooks.js'
import { inTx } from '../../src/db/database.js'
import { drain } from '../../src/jobs/runner.js'
import type { App, Wire } from './app.js'
import type { Bank } from './bank.js'

const CREDS_BANK = 'moneykit-creds-bank'
export const OAUTH_BANK = 'moneykit-oauth-bank'

export const ASKED: ProductSettings = {
  required: false,
  requirePermission: false,
  prefetch: true,
  reason: null,
  extendHistory: false,
}

export const NO_FEATURES: ConnectSessionDraft['features'] = {
  reportIssues: false,
  warnOfDuplicates: false,
  rejectDuplicates: false,
  connectManually: false,
  onlyOneAccount: false,
  onlyDepositoryAccounts: false,
}

/** A session that asks for everything, except as said. */
export const draft = (said: Partial<ConnectSessionDraft> = {}): ConnectSessionDraft => ({
  externalConsumerId: 'user-1',
  contact: { email: null, emailVerifiedAt: null, phone: null, phoneVerifiedAt: null },
  clientId: null,
  redirectUri: 'https://app.example.com/oauth',
  providers: null,
  countries: ['US'],
  products: Object.fromEntries(GRANTABLE_PRODUCTS.map((product) => [product, ASKED])),
  existingConnectionId: null,
  institutionId: null,
  webhook: null,
  tags: [],
  features: NO_FEATURES,
  customData: null,
  ...said,
})

/** Somebody with a good login, except as said. */
export const login = (said: Partial<Login> = {}): Login => ({
  institutionId: CREDS_BANK,
  credentials: { username: 'user_good', password: 'pass_good' },
  answers: [],
  accounts: null,
  products: null,
  ...said,
})

export function write<T>(ctx: Ctx<Asking>, work: (ctx: Ctx<Writing>) => Promise<T>): Promise<T> {
  return inTx(ctx.db, (tx) => work({ ...ctx, db: tx, tx }))
}

export interface Linking {
  readonly session?: Partial<ConnectSessionDraft>
  readonly login?: Partial<Login>
}

export async function complete(
  ctx: Ctx<Asking>,
  said: Linking = {},
): Promise<Completed & { readonly session: ConnectSession }> {
  const session = await createConnectSession(ctx, draft(said.session))
  return { ...(await completeSession(ctx, session.id, login(said.login))), session }
}

/** A connection whose token was exchanged. */
export async function connect(ctx: Ctx<Asking>, said: Linking = {}): Promise<Connection> {
  const { exchangeToken: token, failure } = await complete(ctx, said)
  if (token === null) throw new Error(`The login failed: ${failure?.message}`)
  return write(ctx, (inside) => exchangeToken(inside, { token, clientId: null }))
}

/** The app as it is with other providers. */
export interface Desk {
  readonly ctx: Ctx<Asking>
  /** Does what is due, then the jobs, and those they cause. */
  drain(): Promise<void>
}

/** A new team in front of banks of the test's own, each behind a provider; the first is asked first. */
export async function deskAt(
  app: App,
  banks: Partial<Record<ProviderName, Bank>>,
  rules: readonly RoutingRule[] = [],
): Promise<Desk> {
  const adapters = Object.entries(banks).map(([name, { network }]) => ({ name: name as ProviderName, network }))
  const parts = {
    providers: createProviders(adapters, { rules, readMs: () => Date.parse(app.clock.now()) }),
    spellers: { ...app.base.spellers, test: plainSpeller },
  }
  const base = { ...app.base, ...parts }
  const tasks = [refreshTask(base), accessEndTask(base)]
  return {
    ctx: { ...(await app.ctx(await app.newTeam())), ...parts },
    async drain() {
      await runAllDue({ ...app.due, base })
      await drain(app.fresh.database.pool, tasks)
    },
  }
}

/** Words an event as it is. */
const plainSpeller: Speller = {
  body: (_ctx, { topic, after }) => JSON.stringify({ topic, ...after }),
  headers: async () => ({}),
  policy: { timeoutMs: 1000, isAccepted: () => true, retryDelaysMs: [], switchesOff: false },
}

/** What a connection's own webhook was told, oldest first. */
export async function toldOf(ctx: Ctx<Asking>): Promise<readonly Wire[]> {
  const everything = {
    deliveryId: null,
    eventId: null,
    webhookId: null,
    since: null,
    statuses: ['pending', 'delivered'],
  }
  const deliveries = await deliveryLog(ctx, everything, 1000)
  return deliveries.map(({ body }) => JSON.parse(body) as Wire).reverse()
}

export const HOOK = { url: 'https://app.example.com/hook', face: 'test', wireVersion: '1' }
