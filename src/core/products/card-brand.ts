import type { CardBrandReport } from '../../network/port.js'
import type { Account } from '../accounts/accounts.js'
import type { Change } from '../events/events.js'
import { available, defineProduct, keepAsResult, unavailable } from './define.js'
import { askAbout, isCardOfItsNetwork } from './liabilities.js'
import type { Retrieval } from './retrievals.js'

/** What is known of a card before its brand is. */
export interface CardBrandDetail {
  readonly network: string | null
  readonly lastFour: string | null
  readonly issuerName?: string
}
export type CardBrandResult = CardBrandReport

// method-node 1.2 reads a brand two seconds after it asked; the queue may look a second late.
// contract: method/conventions §15, "card brands in at most 1.5 s"
const ANSWER_MS_MAX = 500

/** Which card product a Visa or Mastercard is, with its art. Contract: method/accounts §3. */
export const cardBrand = defineProduct({
  name: 'card_brand',
  owner: 'account',
  mode: 'sync',
  waitsAs: 'in_progress',
  answerMsMax: ANSWER_MS_MAX,
  access: (account) => (isCardOfItsNetwork(account) ? available : unavailable),
  refusesUnknown: 'product.no_card_brand',
  detail: ({ liability }): CardBrandDetail => ({
    network: liability?.cardNetwork ?? null,
    lastFour: liability?.mask ?? null,
  }),
  foretold: ({ issuerName }: CardBrandReport) => ({ issuerName }),
  ask: (ctx, account) => askAbout(ctx, account, ctx.network.cardBrand),
  keep: keepAsResult,
  implies: newBrand,
})

/** An enrolled card has another face than last time. Contract: method/accounts §3.2, method/webhooks-events §4. */
function newBrand(before: Retrieval | null, after: Retrieval, account: Account): readonly Change[] {
  const [was, is] = [faceOf(before), faceOf(after)]
  const isNew = before !== null && was !== is && account.subscriptions.includes('card_brand')
  return isNew ? [{ resource: 'card_brand', op: 'available', resourceId: after.id, before, after }] : []
}

function faceOf(retrieval: Retrieval | null): string | null {
  const brand = (retrieval?.result as CardBrandResult | null | undefined)?.brands[0]
  return brand ? `${brand.productNumber}/${brand.number}` : null
}
