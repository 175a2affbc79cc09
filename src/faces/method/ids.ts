/** How this face spells ids: a prefix and the stored value. Contract: method/conventions §13. */
import type { EventId } from '../../core/ids.js'

export const PREFIXES = {
  account: 'acc',
  account_attribute: 'acc_attr',
  account_verification_session: 'avf',
  attribute: 'attr',
  balance: 'bal',
  brand: 'brand',
  card_art: 'art',
  card_brand: 'cbrd',
  card_product: 'pdt',
  card_transaction: 'txn',
  connect: 'cxn',
  consumer: 'ent',
  credit_score: 'crs',
  element_session: 'elem_sess',
  event: 'evt',
  identity: 'idn',
  manual_connect: 'mcxn',
  merchant: 'mch',
  opal_session: 'osess',
  payment: 'pmt',
  payment_instrument: 'pmt_inst',
  payment_reversal: 'rvs',
  payoff: 'pyf',
  product: 'prd',
  question: 'qtn',
  report: 'rpt',
  reversal: 'rvs',
  sensitive: 'astv',
  signing_key: 'mthd_jwk',
  sna_link: 'sna_vrf',
  subscription: 'sub',
  answer: 'ans',
  update: 'upt',
  vehicle: 'evhl',
  verification_session: 'evf',
  webhook: 'whk',
} as const
export type Named = keyof typeof PREFIXES

export function spellId(kind: Named, id: string | number): string {
  return `${PREFIXES[kind]}_${id}`
}

export function spellIdOrNull(kind: Named, id: string | null | undefined): string | null {
  return id === null || id === undefined ? null : spellId(kind, id)
}

/** The stored value behind a wire id; text without the right prefix is the id of nothing. */
export function readWireId(kind: Named, text: string): string {
  const prefix = `${PREFIXES[kind]}_`
  return text.startsWith(prefix) ? text.slice(prefix.length) : ''
}

/** `pdt_15_brd_1`: a face of a card product. Contract: method/accounts §0.4. */
export function spellBrandId(productNumber: number, brandNumber: number): string {
  return `${spellId('card_product', productNumber)}_brd_${brandNumber}`
}

/** The numbers behind `pdt_15_brd_1`, or null. */
export function readBrandId(text: string): { readonly productNumber: number; readonly brandNumber: number } | null {
  const [, product, brand] = /^pdt_(\d{1,9})_brd_(\d{1,4})$/.exec(text) ?? []
  return product && brand ? { productNumber: Number(product), brandNumber: Number(brand) } : null
}

/** The number of `pdt_<number>`, or null. */
export function readCardProductNumber(text: string): number | null {
  const digits = /^pdt_(\d{1,9})$/.exec(text)?.[1]
  return digits === undefined ? null : Number(digits)
}

/** The catalogue number of `mch_<number>`, or null. */
export function readMerchantNumber(text: string): number | null {
  const digits = /^mch_(\d{1,9})$/.exec(text)?.[1]
  return digits === undefined ? null : Number(digits)
}

export function spellEventId(id: EventId): string {
  return spellId('event', id)
}

/** The stored value behind an id of any kind, or `''`. */
export function readAnyWireId(text: string): string {
  const prefix = Object.values(PREFIXES).find(
    (candidate) => /^[^_]+$/.test(text.slice(candidate.length + 1)) && text.startsWith(`${candidate}_`),
  )
  return prefix === undefined ? '' : text.slice(prefix.length + 1)
}

/** For those who are given an id of any face and look for what it names: the resource in the core's words. */
export const methodIds = {
  face: 'method',
  spell: (kind: string, id: string): string | null => (kind in PREFIXES ? spellId(kind as Named, id) : null),
  read(text: string): { readonly kind: string; readonly id: string } | null {
    const id = readAnyWireId(text)
    const kind = Object.entries(PREFIXES).find(([, prefix]) => id !== '' && text === `${prefix}_${id}`)?.[0]
    return kind === undefined ? null : { kind, id }
  },
}
