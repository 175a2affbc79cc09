/** What the engine needs to know of a product that is retrieved. */
import type { Ctx, Reading } from '../ctx.js'
import { retrievables } from './catalogue.js'
import type { OwnerKind, Owners, Retrievable } from './define.js'
import type { Retrieval } from './retrievals.js'
import * as store from './store.js'

/** Whether what is asked for without a caller may be had now. */
export function mayMake<Kind extends OwnerKind, Answer>(
  ctx: Ctx<'team'>,
  product: Retrievable<Kind, Answer>,
  owner: Owners[Kind],
  detail: object,
): boolean {
  const access = product.accessTo?.(owner, ctx.team, detail) ?? product.access(owner, ctx.team)
  return access.status === 'available'
}

/** What the events of a product are about. */
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

/** Throws for a name that nothing is retrieved by. */
export function retrievableOf(name: string): Retrievable {
  const product = retrievables.find((candidate) => candidate.name === name)
  if (!product) throw new Error(`No product called ${name} is retrieved.`)
  return product as unknown as Retrievable
}
