import type { Ctx, Reading, Writing } from '../ctx.js'
import { record } from '../events/events.js'
import { type RetrievalId, readId } from '../ids.js'
import { isProductGranted } from '../teams/teams.js'
import { available, defineProduct, restricted, unavailable } from './define.js'
import { refuse } from './errors.js'
import { askAbout, isReportedLiability, isType } from './liabilities.js'
import type { Retrieval } from './retrievals.js'
import * as store from './store.js'

export const INSTRUMENT_TYPES = ['card', 'network_token', 'inbound_achwire_payment'] as const
export type InstrumentType = (typeof INSTRUMENT_TYPES)[number]

export interface InstrumentDetail {
  readonly type: InstrumentType
}

/** What money is charged to, or sent to; by type, the rest is absent. */
export interface InstrumentValues {
  readonly number?: string
  readonly expMonth?: string | null
  readonly expYear?: string | null
  readonly billingZip?: string | null
  readonly token?: string
  readonly routingNumber?: string
}

/** The values are sealed in the row, as base64. */
export interface InstrumentResult {
  readonly sealed: string
  /** False once it was closed. */
  readonly isChargeable: boolean
}

/**
 * A way to charge an account or to send it money: its card, a card network's stand-in for the card, or a deposit account of its
 * own. Teams have to be granted it. Contract: method/accounts §9.
 */
export const paymentInstrument = defineProduct({
  name: 'payment_instrument',
  owner: 'account',
  mode: 'sync',
  access(account, team) {
    if (!isReportedLiability(account)) return unavailable
    if (!isProductGranted(team, 'payment_instrument')) return restricted('product.team_restricted')
    return account.verifiedAt ? available : restricted('product.account_unverified')
  },
  refuseDetail: (account, detail) =>
    (detail as InstrumentDetail).type === 'inbound_achwire_payment' || isType(account, 'credit_card')
      ? null
      : 'product.unavailable',
  detail: () => ({}),
  async ask(ctx, account, detail) {
    const questions = {
      card: ctx.network.accountSecrets,
      network_token: ctx.network.networkToken,
      inbound_achwire_payment: ctx.network.inboundAccount,
    } as const
    return askAbout<InstrumentValues>(ctx, account, questions[(detail as InstrumentDetail).type])
  },
  async keep(ctx, _owner, values: InstrumentValues, retrievalId) {
    const { number, expMonth, expYear, billingZip, token, routingNumber } = values
    const kept = JSON.stringify({ number, expMonth, expYear, billingZip, token, routingNumber })
    const sealed = ctx.vault.seal(ctx.team, place(retrievalId), kept).toString('base64')
    return { result: { sealed, isChargeable: true } satisfies InstrumentResult, changes: [] }
  },
})

/** What a completed instrument is made of, in clear; nothing for one that failed or was erased. */
export function openInstrument(ctx: Ctx<'team' | 'vault'>, retrieval: Retrieval): InstrumentValues {
  const result = retrieval.result as InstrumentResult | null
  if (!result) return {}
  return JSON.parse(ctx.vault.open(ctx.team, place(retrieval.id), Buffer.from(result.sealed, 'base64')))
}

/** A payment instrument of whatever account. Refuses `retrieval.not_found`. */
export async function findInstrument(ctx: Ctx<Reading>, wanted: string): Promise<Retrieval> {
  const id = readId<RetrievalId>(wanted)
  const found = id && (await store.findRetrieval(ctx, id))
  if (found?.product !== paymentInstrument.name) throw refuse('retrieval.not_found')
  return found
}

/** Nothing can be charged to it any more; the same answer for one that is closed. */
export async function closeInstrument(ctx: Ctx<Writing>, before: Retrieval): Promise<Retrieval> {
  const result = before.result as InstrumentResult | null
  if (!result?.isChargeable) return before
  const after = await store.finishRetrieval(ctx, {
    ...before,
    result: { ...result, isChargeable: false },
    updatedAt: ctx.clock.stamp(),
  })
  await record(ctx, [{ resource: 'payment_instrument', op: 'updated', resourceId: before.id, before, after }])
  return after
}

function place(retrievalId: string): string {
  return `retrievals.payment_instruments.${retrievalId}`
}
