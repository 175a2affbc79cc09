import type { Outcome, Tradeline } from '../../network/port.js'
import type { Consumer } from '../consumers/consumers.js'
import type { Asking, Ctx } from '../ctx.js'
import { listMerchants } from '../institutions/institutions.js'
import { isProductGranted } from '../teams/teams.js'
import { keepDebts } from './connect.js'
import { activeConsumer } from './consumers.js'
import type { BUREAUS } from './credit-score.js'
import { defineProduct, restricted } from './define.js'

/** A debt as a bureau's report names it: by the merchant where it is known, or else by the creditor's printed name. */
export interface BroughtTradeline {
  readonly merchantNumber: number | null
  readonly creditorName: string | null
  readonly accountNumber: string
}

/** The tradelines are sealed in the row, as base64, and forgotten with the consent. */
export interface ManualConnectDetail {
  readonly bureau: (typeof BUREAUS)[number]
  readonly sealed: string
}

/**
 * A connect whose tradelines an approved team brings itself, out of a bureau's report of its own: nobody's file is looked into. Each
 * debt that its institution knows becomes an account, as in a connect; the others are left out, and none at all is a failure. Teams
 * have to be granted it. Contract: method/entities §10.
 */
export const manualConnect = defineProduct({
  name: 'manual_connect',
  owner: 'consumer',
  mode: 'sync',
  access: (consumer, team) =>
    isProductGranted(team, 'manual_connect') ? activeConsumer(consumer) : restricted('product.team_restricted'),
  detail: () => ({}),
  ask: (ctx, consumer, detail) => locateAll(ctx, consumer, openTradelines(ctx, detail as ManualConnectDetail)),
  whyFailed: (outcome) => (outcome.ok && outcome.value.length === 0 ? 'thin_file' : null),
  keep: (ctx, consumer, tradelines, retrievalId) => keepDebts(ctx, consumer, tradelines, retrievalId, {}),
})

const PLACE = 'retrievals.manual_connect'

/** What is kept of a request until it is answered. */
export function manualConnectDetail(
  ctx: Ctx<'team' | 'vault'>,
  bureau: ManualConnectDetail['bureau'],
  tradelines: readonly BroughtTradeline[],
): ManualConnectDetail {
  return { bureau, sealed: ctx.vault.seal(ctx.team, PLACE, JSON.stringify(tradelines)).toString('base64') }
}

function openTradelines(
  ctx: Ctx<'team' | 'vault'>,
  { sealed }: Partial<ManualConnectDetail>,
): readonly BroughtTradeline[] {
  // Consent was withdrawn while it waited.
  if (sealed === undefined) return []
  return JSON.parse(ctx.vault.open(ctx.team, PLACE, Buffer.from(sealed, 'base64')))
}

async function locateAll(
  ctx: Ctx<Asking>,
  consumer: Consumer,
  brought: readonly BroughtTradeline[],
): Promise<Outcome<readonly Tradeline[]>> {
  const found = new Map<string, Tradeline>()
  for (const line of brought) {
    const answer = await locate(ctx, consumer, line)
    if (answer.ok) found.set(answer.value.accountRef, answer.value)
    else if (answer.reason === 'unreachable') return answer
  }
  return { ok: true, value: [...found.values()] }
}

const NOT_FOUND = { ok: false, reason: 'not_found' } as const

async function locate(
  ctx: Ctx<Asking>,
  { id, personRef }: Consumer,
  { accountNumber, ...creditor }: BroughtTradeline,
): Promise<Outcome<Tradeline>> {
  for (const merchantNumber of await merchantsOf(ctx, creditor)) {
    const ask = { realm: ctx.team.id, at: ctx.clock.now() }
    const answer = await ctx.network.locateDebt(ask, { consumerRef: id, personRef, merchantNumber, accountNumber })
    if (answer.ok || answer.reason !== 'not_found') return answer
  }
  return NOT_FOUND
}

// One creditor has a few lines of business.
const LINES_MAX = 5

async function merchantsOf(
  ctx: Ctx<'db'>,
  { merchantNumber, creditorName }: Omit<BroughtTradeline, 'accountNumber'>,
): Promise<readonly number[]> {
  if (merchantNumber !== null) return [merchantNumber]
  const filter = { name: null, creditorName, type: null, providerIds: [] }
  const { items } = await listMerchants(ctx, filter, { number: 1, limit: LINES_MAX })
  return items.map(({ number }) => number)
}
