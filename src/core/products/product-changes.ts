/** What a change of an owner means for its products: made with the owner, changed with the owner's access to them. */
import type { Account } from '../accounts/accounts.js'
import type { Consumer } from '../consumers/consumers.js'
import type { Change, Implication } from '../events/events.js'
import { deriveId } from '../ids.js'
import type { Team } from '../teams/teams.js'
import { accountAccess, consumerAccess } from './catalogue.js'
import type { Access, OwnerKind } from './define.js'

/** A product of one owner, as its event shows it. It has no row: its id follows from its owner's. */
export interface ProductSnapshot {
  readonly id: string
  readonly ownerKind: OwnerKind
  readonly ownerId: string
  readonly name: string
  readonly access: Access
}

/** `product.created` for each product of a new owner, `product.updated` for each whose access changed. */
export const productChanges: Implication = { topics: ['product.created', 'product.updated'], of: changesOfProducts }

function changesOfProducts(change: Change, team: Team): readonly Change[] {
  const { resource, op } = change
  if ((resource !== 'consumer' && resource !== 'account') || (op !== 'created' && op !== 'updated')) return []
  const before = change.before ? productsOf(resource, change.before, team) : {}
  const after = productsOf(resource, change.after, team)
  return Object.keys({ ...before, ...after }).flatMap((name) => {
    const [was, is] = [before[name] ?? null, after[name] ?? null]
    if (JSON.stringify(was) === JSON.stringify(is)) return []
    const shown = is ?? was
    if (!shown) return []
    const isNew = change.before === null
    return [
      {
        resource: 'product',
        op: isNew ? 'created' : 'updated',
        resourceId: shown.id,
        before: was,
        after: shown,
      },
    ]
  })
}

function productsOf(ownerKind: OwnerKind, owner: object, team: Team): Readonly<Record<string, ProductSnapshot>> {
  const { id } = owner as { readonly id: string }
  const access =
    ownerKind === 'consumer' ? consumerAccess(owner as Consumer, team) : accountAccess(owner as Account, team)
  // What is no debt has only payments. Contract: method/accounts §10.
  const isMoney = ownerKind === 'account' && (owner as Account).kind !== 'liability'
  const entries = (Object.entries(access ?? {}) as [string, Access][]).filter(
    ([name]) => !isMoney || name === 'payment',
  )
  return Object.fromEntries(
    entries.map(([name, of]) => [name, { id: deriveId(id, name), ownerKind, ownerId: id, name, access: of }]),
  )
}
