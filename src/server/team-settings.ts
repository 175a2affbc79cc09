import { isRoutingNumber } from '../core/accounts/accounts.js'
import { accountProducts, consumerProducts } from '../core/products/products.js'
import type { TeamSettings } from '../core/teams/teams.js'
import { METHODS } from '../core/verification/verification.js'
import { VERSION_DATES } from '../faces/method/method.js'
import { Problem } from './problem.js'

// Every product that a team can be without.
const PRODUCT_NAMES: readonly string[] = [
  ...new Set([...Object.keys(consumerProducts), ...Object.keys(accountProducts)]),
]

/** The product of that name, for a person who may have mistyped it. */
export function knownProduct(name: string): string {
  requireKnown('The command', [name], PRODUCT_NAMES)
  return name
}

/** The settings, once every name in them is known. `where` is the member of a document that holds them. */
export function knownSettings(settings: TeamSettings, where: string): TeamSettings {
  requireKnown(`${where}.products.restricted`, settings.products?.restricted, PRODUCT_NAMES)
  requireKnown(`${where}.products.granted`, settings.products?.granted, PRODUCT_NAMES)
  requireKnown(`${where}.method.verification.without`, settings.method?.verification?.without, METHODS)
  const stranger = settings.method?.accounts?.trustedRoutingNumbers?.find((number) => !isRoutingNumber(number))
  if (stranger !== undefined) {
    throw new Problem(`${where}.method.accounts.trustedRoutingNumbers has "${stranger}", which is no ABA number.`)
  }
  const wrong = settings.moneykit?.redirectOrigins?.find((text) => !URL.canParse(text) || new URL(text).origin !== text)
  if (wrong !== undefined) {
    throw new Problem(`${where}.moneykit.redirectOrigins has "${wrong}". Write scheme, host and port alone.`)
  }
  const { version } = settings.method ?? {}
  requireKnown(`${where}.method.version`, version === undefined ? [] : [version], VERSION_DATES)
  return settings
}

function requireKnown(where: string, given: readonly string[] = [], known: readonly string[]): void {
  const stranger = given.find((name) => !known.includes(name))
  if (stranger !== undefined) throw new Problem(`${where} has "${stranger}". Use any of: ${known.join(', ')}.`)
}
