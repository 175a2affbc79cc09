/** What the parts of the product engine share. */
import type { Ctx, Reading } from '../ctx.js'
import { retrievables } from './catalogue.js'
import type { OwnerKind, Owners, Retrievable } from './define.js'
import type { Retrieval } from './retrievals.js'
import * as store from './store.js'

/** Whether the owner can have the product at all. */
export function mayMake<Kind extends OwnerKind, Answer>(
  ctx: Ctx<'team'>,
  product: Retrievable<Kind, Answer>,
  owner: Owners[Kind],
  detail: object,
): boolean {
  const access = product.accessTo?.(owner, ctx.team, detail) ?? product.access(owner, ctx.team)
  return access.status === 'available'
}

/** What the events of a product's retrievals are about. */
export function resourceOf({ resource, name }: Pick<Retrievable, 'resource' | 'name'>): string {
  return resource ?? name
}

/** The last completed retrieval, where the product compares with it. */
export function previousOf(
  ctx: Ctx<Reading>,
  product: { readonly name: string; readonly implies?: unknown },
  ownerId: string,
): Promise<Retrieval | null> {
  return product.implies ? store.findLastCompleted(ctx, { product: product.name, ownerId }) : Promise.resolve(null)
}

/** The product of that name; a defect when it is never retrieved. */
export function retrievableOf(name: string): Retrievable {
  const product = retrievables.find((candidate) => candidate.name === name)
  if (!product) throw new Error(`No product called ${name} is retrieved.`)
  return product as unknown as Retrievable
}
