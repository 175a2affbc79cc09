/** What a consumer granted, written down: a new connection waits for its exchange, a renewed one works at once. */
import type { Ctx, Writing } from '../ctx.js'
import { enrichesTransactions } from '../teams/teams.js'
import { sealAccess } from './access.js'
import { accountOf, isListed, keepAccounts } from './accounts.js'
import { type Completed, newToken } from './exchange.js'
import { move } from './moves.js'
import { setOwnWebhook } from './own-webhook.js'
import * as productStore from './product-store.js'
import type { GrantableProduct } from './products.js'
import type { Choosing } from './progress.js'
import type { RoutedInstitution } from './providers.js'
import { nextSecond, queueFirstFetch } from './refresh.js'
import { complete, type HeldSession } from './session-store.js'
import { keepStandbys } from './standbys.js'
import * as store from './store.js'

export interface Choice {
  readonly accountRefs: readonly string[]
  readonly products: readonly GrantableProduct[]
}

interface Granted {
  readonly progress: Choosing
  readonly institution: RoutedInstitution
  readonly choice: Choice
}

/** Of a session that the caller has taken. */
export async function grant(ctx: Ctx<Writing>, session: HeldSession, granted: Granted): Promise<Completed> {
  const before = session.connectionId && (await store.takeConnection(ctx, session.connectionId))
  if (!before) throw new Error('A session in which something is granted has a connection.')
  const { progress, institution, choice } = granted
  const accounts = await keepAccounts(ctx, before.id, progress.accounts, new Set(choice.accountRefs))
  await productStore.grantProducts(ctx, before.id, productsOf(ctx, session, choice.products))
  await noteAccountsRead(ctx, before)
  // Accounts that are permitted now have a past that was not read.
  await productStore.forgetFetchedUntil(ctx, before.id)
  const facts = {
    provider: progress.provider,
    accessSealed: sealAccess(ctx, before.id, progress.accessRef),
    institution: { slug: institution.institutionSlug, name: institution.name },
    institutionProducts: institution.products,
  }
  await keepStandbys(ctx, before.id, progress.standbys)
  const { token, kept } = newToken(ctx)
  await complete(ctx, session.id, session.isRenewal ? null : kept)
  const after = session.isRenewal
    ? await renew(ctx, session, before, facts)
    : await move(ctx, before, { cause: 'submitted', patch: facts })
  return {
    connection: store.shown(after),
    accounts: accounts.filter(isListed).map(accountOf),
    exchangeToken: session.isRenewal ? null : token,
    failure: null,
  }
}

function productsOf(
  ctx: Ctx<'team'>,
  { settings }: HeldSession,
  products: readonly GrantableProduct[],
): readonly productStore.NewProduct[] {
  const isEnriched = products.includes('transactions') && enrichesTransactions(ctx.team)
  return [
    { product: 'accounts', settings: null },
    ...products.map((product) => ({ product, settings: settings.products[product] ?? null })),
    ...(isEnriched ? [{ product: 'enrichment', settings: null } as const] : []),
  ]
}

/** The consumer has just chosen among them. */
async function noteAccountsRead(ctx: Ctx<Writing>, { id, products }: store.HeldConnection): Promise<void> {
  await productStore.noteAttempt(ctx, {
    connectionId: id,
    product: 'accounts',
    refreshState: null,
    end: {
      at: nextSecond(ctx.clock.now(), products.accounts?.lastAttemptedAt ?? null),
      error: null,
      unavailable: null,
      hasHistory: false,
      fetchedUntil: null,
      readBy: null,
    },
  })
}

/** Webhook and tags are those of the session, whatever they were. Contract: moneykit/links §1.5. */
async function renew(
  ctx: Ctx<Writing>,
  { settings: { webhook, tags } }: HeldSession,
  before: store.HeldConnection,
  facts: store.ConnectionPatch,
): Promise<store.HeldConnection> {
  await setOwnWebhook(ctx, before.id, webhook)
  const patch = { ...facts, webhookUrl: webhook?.url ?? null, tags, connectedAt: ctx.clock.stamp() }
  const after = await move(ctx, before, { cause: 'reconnected', patch })
  await queueFirstFetch(ctx, after)
  return after
}
