/**
 * Wire versions. Serializers build the newest shape; the steps of each older version, applied newest to oldest, bring it
 * down to what a caller of that version knows. Version 2024-04-04 has two documented shapes, early and late, that share
 * one header. Contract: method/conventions §0.2, §3.
 */
import { steps as v20240404 } from './2024-04-04.js'
import { steps as v20240404Late } from './2024-04-04-late.js'
import { steps as v20250704 } from './2025-07-04.js'

export const VERSIONS = ['2025-12-01', '2025-07-04', '2024-04-04-late', '2024-04-04'] as const
export type Version = (typeof VERSIONS)[number]
export const VERSION_DATES = ['2024-04-04', '2025-07-04', '2025-12-01'] as const
export const DEFAULT_VERSION_DATE = '2024-04-04'

// biome-ignore lint/suspicious/noExplicitAny: a step takes one wire shape to an older one; the older has no type of its own
export type Wire = Record<string, any>
export type Step = (wire: Wire) => Wire

// Not a member of the wire: what JSON is made of it lacks.
const FORMER = Symbol('former')

/** The newest shape with members that only an older one has: a step of that version brings them back by `restored`. */
export function withFormer(wire: Wire, members: Wire): Wire {
  return { ...wire, [FORMER as unknown as string]: members }
}

/** The wire with the members that its serializer kept for older versions. */
export function restored(wire: Wire): Wire {
  return { ...wire, ...wire[FORMER as unknown as string] }
}

/** The wire resources that differ between versions. */
export type VersionedResource =
  | 'account'
  | 'attribute'
  | 'card_brand'
  | 'card_product'
  | 'connect'
  | 'entity'
  | 'entity_product'
  | 'identity'
  | 'payment'
  | 'payment_instrument'
  | 'payment_reversal'
  | 'report'
  | 'sensitive'
  | 'subscription'
  | 'account_product'
  | 'transaction'
  | 'update'
  | 'verification_session'
  | 'webhook'

export type Steps = Readonly<Partial<Record<VersionedResource, readonly Step[]>>>

const stepsDownTo: Readonly<Record<Version, Steps>> = {
  '2025-12-01': {},
  '2025-07-04': v20250704,
  '2024-04-04-late': v20240404Late,
  '2024-04-04': v20240404,
}

/** The newest shape brought down to a version. */
export function downTo(version: Version, resource: VersionedResource, wire: Wire): Wire {
  let shape = wire
  for (const step of VERSIONS) {
    for (const apply of stepsDownTo[step][resource] ?? []) shape = apply(shape)
    if (step === version) break
  }
  return shape
}

/** True when `version` is `oldest` or newer. */
export function isSince(version: Version, oldest: Version): boolean {
  return VERSIONS.indexOf(version) <= VERSIONS.indexOf(oldest)
}

export type Shape2024 = 'early' | 'late' | 'auto'

/** The version of a header's date, or null for one that is not served. */
export function readVersion(date: string, shape: Shape2024, userAgent: string): Version | null {
  if (date === '2024-04-04') return isLate(shape, userAgent) ? '2024-04-04-late' : '2024-04-04'
  return date === '2025-07-04' || date === '2025-12-01' ? date : null
}

// The two shapes were served to these releases of the official clients. Contract: method/conventions §0.2.
function isLate(shape: Shape2024, userAgent: string): boolean {
  return shape === 'late' || (shape === 'auto' && /^Method-(Node|Python)\/v1\.([2-9]|\d\d)/.test(userAgent))
}
