/** What comes again in a household: the roof, what comes through wires and pipes, insurance, subscriptions. */
import type { Chance } from '../../chance.js'
import type { Bill } from '../terms.js'

interface Offer
  extends Pick<Bill, 'payee' | 'spreadPercent' | 'everyMonths' | 'category' | 'subcategory' | 'categoryCode'> {
  /** From, to, in cents. */
  readonly cents: readonly [number, number]
  /** How many households have one. */
  readonly share: number
  /** Only one of those that share a kind. */
  readonly kind: string
}

const byNumber = { everyMonths: 1, categoryCode: null } as const
const RENT: readonly Offer[] = [
  'Lakeside Apartments',
  'Juniper Court',
  'Hawthorne Property Group',
  'Birchwood Lettings',
].map((payee) => ({
  ...byNumber,
  payee,
  kind: 'rent',
  cents: [85_000, 240_000],
  spreadPercent: 0,
  share: 1,
  category: 'mortgage_and_rent',
  subcategory: 'rent',
}))

// biome-ignore format: a table is easier to read in rows
const OTHERS: readonly Offer[] = [
  { ...byNumber, payee: 'Prairie Wind Energy', kind: 'energy', cents: [5_500, 17_000], spreadPercent: 35, share: 0.5, category: 'utilities', subcategory: 'utilities_energy' },
  { ...byNumber, payee: 'Northern Grid Power', kind: 'energy', cents: [5_500, 17_000], spreadPercent: 35, share: 1, category: 'utilities', subcategory: 'utilities_energy' },
  { ...byNumber, payee: 'City Waterworks', kind: 'water', cents: [2_500, 7_500], spreadPercent: 20, share: 0.8, category: 'utilities', subcategory: 'utilities_water_and_sewage' },
  { ...byNumber, payee: 'Green Lid Collection', kind: 'waste', everyMonths: 3, cents: [4_000, 9_000], spreadPercent: 0, share: 0.4, category: 'utilities', subcategory: 'waste_and_recycling' },
  { ...byNumber, payee: 'Copperline Broadband', kind: 'internet', cents: [4_500, 9_500], spreadPercent: 0, share: 0.85, category: 'media_and_telecoms', subcategory: 'broadband_phone_tv' },
  { ...byNumber, payee: 'Red Oak Insurance', kind: 'insurance', cents: [7_500, 19_000], spreadPercent: 0, share: 0.7, category: 'insurance', subcategory: 'vehicle_insurance' },
  { ...byNumber, payee: 'Harbor Home Insurance', kind: 'home insurance', everyMonths: 12, cents: [18_000, 90_000], spreadPercent: 5, share: 0.4, category: 'insurance', subcategory: 'home_insurance' },
  { ...byNumber, payee: 'Little Acorn Daycare', kind: 'childcare', cents: [40_000, 95_000], spreadPercent: 0, share: 0.12, category: 'dependent_costs', subcategory: 'childcare' },
  { ...byNumber, payee: 'Helping Hands Fund', kind: 'charity', cents: [1_000, 6_000], spreadPercent: 0, share: 0.3, category: 'charity', subcategory: 'charity' },
  { payee: 'Hummingbird Mobile', kind: 'mobile', everyMonths: 1, categoryCode: '4814', cents: [2_500, 9_500], spreadPercent: 4, share: 0.9, category: 'media_and_telecoms', subcategory: 'broadband_phone_tv' },
  { payee: 'Loopcast Streaming', kind: 'streaming', everyMonths: 1, categoryCode: '4899', cents: [799, 1_999], spreadPercent: 0, share: 0.7, category: 'media_and_telecoms', subcategory: 'tv_streaming_services' },
  { payee: 'Tunewell Music', kind: 'music', everyMonths: 1, categoryCode: '5815', cents: [999, 1_699], spreadPercent: 0, share: 0.5, category: 'media_and_telecoms', subcategory: 'digital_media_and_software' },
  { payee: 'Cloudshelf Storage', kind: 'storage', everyMonths: 1, categoryCode: '5817', cents: [199, 999], spreadPercent: 0, share: 0.4, category: 'media_and_telecoms', subcategory: 'digital_media_and_software' },
  { payee: 'Paperbird News', kind: 'news', everyMonths: 1, categoryCode: '5968', cents: [400, 1_700], spreadPercent: 0, share: 0.25, category: 'entertainment', subcategory: 'books_and_reading' },
  { payee: 'Tempo Fitness Club', kind: 'fitness', everyMonths: 1, categoryCode: '7997', cents: [2_900, 6_900], spreadPercent: 0, share: 0.4, category: 'health_and_personal_care', subcategory: 'gym_and_fitness' },
  { payee: 'Doorstep Plus', kind: 'membership', everyMonths: 12, categoryCode: '5969', cents: [6_900, 13_900], spreadPercent: 0, share: 0.5, category: 'expenses', subcategory: 'other_memberships_and_services' },
]

const SMALL = new Set(['streaming', 'music', 'storage', 'news', 'mobile'])

/** `pays`: with rent or, owning the roof, without; or only what is small. */
export function inventBills(chance: Chance, pays: 'rent' | 'own roof' | 'small things'): readonly Bill[] {
  const offers = [...(pays === 'rent' ? chance.shuffled(RENT) : []), ...OTHERS]
  const taken = new Set<string>()
  return offers.flatMap((offer) => {
    const isWanted = !taken.has(offer.kind) && (pays !== 'small things' || SMALL.has(offer.kind))
    if (!isWanted || !chance.isLikely(offer.share)) return []
    taken.add(offer.kind)
    return [billOf(chance, offer)]
  })
}

const RENT_DATE_MAX = 5

function billOf(chance: Chance, { cents, kind, share: _, ...offer }: Offer): Bill {
  const usual = chance.between(...cents)
  return {
    ...offer,
    rawDescription: offer.payee.toUpperCase(),
    usualCents: kind === 'rent' ? Math.round(usual / 2_500) * 2_500 : usual,
    date: chance.between(1, kind === 'rent' ? RENT_DATE_MAX : 28),
    phase: chance.between(0, offer.everyMonths - 1),
  }
}
