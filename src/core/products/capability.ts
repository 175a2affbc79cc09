import { isProductRestricted, mayAskAccountConsent, type Team } from '../teams/teams.js'
import type { Access } from './define.js'
import { refuse } from './errors.js'

/**
 * That the team may use the products at all, whoever for. Refuses `product.team_restricted`, and for connect
 * `product.consent_unavailable`.
 */
export function requireCapability(team: Team, products: readonly string[]): void {
  if (products.includes('connect') && !mayAskAccountConsent(team)) throw refuse('product.consent_unavailable')
  if (products.some((product) => isProductRestricted(team, product))) throw refuse('product.team_restricted')
}

/** Refuses what stands in the way of a product. */
export function requireAvailable(access: Access): void {
  if (access.status !== 'available') throw refuse(access.code)
}
