/** Who owns retrievals, and how the product engine reaches each kind of owner. */
import * as accounts from '../accounts/accounts.js'
import * as consumers from '../consumers/consumers.js'
import type { Ctx, Reading, Writing } from '../ctx.js'
import type { AccountId, ConsumerId, RetrievalId } from '../ids.js'
import type { OwnerKind, Owners, ProductFacts } from './define.js'
import { refuse } from './errors.js'

interface OwnerDoor<Kind extends OwnerKind> {
  get(ctx: Ctx<Reading>, id: string): Promise<Owners[Kind]>
  find(ctx: Ctx<Reading>, ids: readonly string[]): Promise<readonly Owners[Kind][]>
  note(ctx: Ctx<Writing>, owner: Owners[Kind], note: { product: string; retrievalId: RetrievalId }): Promise<void>
  noteAll(
    ctx: Ctx<Writing>,
    product: string,
    notes: readonly { readonly ownerId: string; readonly retrievalId: RetrievalId }[],
  ): Promise<void>
}

const ownerDoors: { readonly [Kind in OwnerKind]: OwnerDoor<Kind> } = {
  consumer: {
    async get(ctx, id) {
      const consumer = await consumers.getConsumer(ctx, id)
      if (consumer.kind !== 'individual') throw refuse('product.individuals_only')
      return consumer
    },
    note: (ctx, { id }, note) => consumers.noteRetrieval(ctx, { id: id as ConsumerId, ...note }),
    find: (ctx, ids) => consumers.findConsumers(ctx, ids as readonly ConsumerId[]),
    noteAll: consumers.noteRetrievals,
  },
  account: {
    get: accounts.getAccount,
    note: (ctx, { id }, note) => accounts.noteRetrieval(ctx, { id: id as AccountId, ...note }),
    find: (ctx, ids) => accounts.findAccounts(ctx, ids as readonly AccountId[]),
    noteAll: accounts.noteRetrievals,
  },
}

/** The door of the kind that owns a product. */
export function ownersOf<Kind extends OwnerKind>(product: ProductFacts<Kind>): OwnerDoor<Kind> {
  return ownerDoors[product.owner] as unknown as OwnerDoor<Kind>
}
