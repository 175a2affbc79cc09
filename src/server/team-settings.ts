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
  requireOrigins(`${where}.hosted.origins`, settings.hosted?.origins)
  requireOrigins(`${where}.moneykit.redirectOrigins`, settings.moneykit?.redirectOrigins)
  const { version } = settings.method ?? {}
  requireKnown(`${where}.method.version`, version === undefined ? [] : [version], VERSION_DATES)
  return settings
}

function requireKnown(where: string, given: readonly string[] = [], known: readonly string[]): void {
  const stranger = given.find((name) => !known.includes(name))
  if (stranger !== undefined) throw new Problem(`${where} has "${stranger}". Use any of: ${known.join(', ')}.`)
}

/** The settings with everything that is needed; names are added to lists. */
export function overlaid(settings: TeamSettings, needs: TeamSettings): TeamSettings {
  return merged(settings, needs, (held, needed) =>
    Array.isArray(held) && Array.isArray(needed) ? [...new Set([...held, ...needed])] : needed,
  )
}

/** The settings with what was needed as it was before. */
export function uncovered(settings: TeamSettings, needs: TeamSettings, before: TeamSettings): TeamSettings {
  const wasNot = merged(settings, needs, () => undefined)
  return merged(wasNot, before, (held, was) => held ?? was)
}

type Tree = Readonly<Record<string, unknown>>

function merged(settings: TeamSettings, over: TeamSettings, leaf: (held: unknown, over: unknown) => unknown) {
  const both = (held: Tree, above: Tree): Tree => {
    const entries = Object.entries(above).map(([name, value]) => {
      const isBranch = typeof value === 'object' && value !== null && !Array.isArray(value)
      return [name, isBranch ? both((held[name] ?? {}) as Tree, value as Tree) : leaf(held[name], value)]
    })
    return { ...held, ...Object.fromEntries(entries) }
  }
  return both(settings as Tree, over as Tree) as TeamSettings
}

function requireOrigins(where: string, origins: readonly string[] = []): void {
  const wrong = origins.find((text) => !URL.canParse(text) || new URL(text).origin !== text)
  if (wrong !== undefined) throw new Problem(`${where} has "${wrong}". Write scheme, host and port alone.`)
}
