/** The institutions and merchants of the world: a generated file, read once when first asked for. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import {
  type CardNetwork,
  type Directory,
  type Institution,
  LIABILITY_TYPES,
  type LiabilityType,
  type Merchant,
} from '../port.js'
import { networksOf } from './cards/catalogue.js'
import { chanceOf } from './chance.js'

const FILE = new URL('./directory.json', import.meta.url)

/** The directory with what the world itself looks up in it. */
export interface WorldDirectory {
  readonly directory: Directory
  merchant(number: number): Merchant | null
  institutionName(slug: string): string
  /** Most popular first. */
  merchantsOf(type: LiabilityType): readonly Merchant[]
}

export async function loadDirectory(): Promise<WorldDirectory> {
  const text = await readFile(FILE, 'utf8')
  const content = JSON.parse(text) as { institutions: readonly Institution[]; merchants: readonly Merchant[] }
  const fingerprint = createHash('sha256').update(text).digest('hex')
  const byNumber = new Map(content.merchants.map((merchant) => [merchant.number, merchant]))
  const names = new Map(content.institutions.map((institution) => [institution.slug, institution.name]))
  const ranked = [...content.merchants].sort((a, b) => a.popularity - b.popularity)
  const byType = new Map(LIABILITY_TYPES.map((type) => [type, ranked.filter((merchant) => merchant.type === type)]))
  return {
    directory: { fingerprint, institutions: content.institutions, merchants: content.merchants },
    merchant: (number) => byNumber.get(number) ?? null,
    institutionName: (slug) => names.get(slug) ?? slug,
    merchantsOf: (type) => byType.get(type) ?? [],
  }
}

// contract: method/dev-fixtures-accounts F.5: merchants whose accounts have data, besides those of the personas (F.2)
const ALWAYS_DIRECT = new Set([302086, 2347, 311130, 311289, 304444, 300503, 309067])

/** The network a merchant's cards run on: one that its issuer is known to offer. */
export function networkOf(merchant: Merchant): CardNetwork {
  const chance = chanceOf('network', merchant.number)
  const known = networksOf(merchant)
  if (known.length > 0) return chance.pick(known)
  return chance.isLikely(0.6) ? 'visa' : 'mastercard'
}

/** Whether the institution answers in near real time: about seven merchants of ten do. */
export function reportsDirectly(merchantNumber: number): boolean {
  return ALWAYS_DIRECT.has(merchantNumber) || chanceOf('reports directly', merchantNumber).isLikely(0.7)
}
