/** Holdings, securities and trades as an institution shows them at an instant. contract: moneykit/data §7 */
import type { Ask, Holding, Investments, InvestmentTransaction, Security } from '../../../port.js'
import { dayOf } from '../../life/calendar.js'
import type { Holding as Customer, Held, HeldPortfolio } from '../held.js'
import type { Currency } from '../terms.js'
import { type Deed, deedsOf } from './portfolio.js'
import { cashRefOf, closeCents, closedAt, LISTINGS, type Listing, lastCloseOn } from './securities.js'

/** A portfolio at an instant. */
interface Standing {
  readonly account: HeldPortfolio
  readonly deeds: readonly Deed[]
  readonly cashCents: number
  readonly positions: readonly Position[]
}

interface Position {
  readonly listing: Listing
  readonly units: number
  readonly costCents: number
  readonly priceCents: number
}

export function investmentsOf(customer: Customer, accounts: readonly Held[], { at }: Ask): Investments {
  const { currency } = customer.customer.terms
  const standings = standingsAt(customer, accounts, at)
  const held = new Set(standings.flatMap(({ deeds }) => deeds.flatMap(({ listing }) => (listing ? [listing.ref] : []))))
  const closeOn = lastCloseOn(at)
  return {
    securities: [
      ...LISTINGS.filter(({ ref }) => held.has(ref)).map((listing) => securityOf(listing, closeOn)),
      ...(standings.length > 0 ? [cashOf(currency)] : []),
    ],
    holdings: standings.flatMap((standing) => holdingsOf(standing, { closeOn, currency })),
    transactions: standings
      .flatMap(({ account, deeds }) => deeds.map((deed) => transactionOf(account, deed)))
      .sort((a, b) => ((a.at ?? '') < (b.at ?? '') ? 1 : -1)),
  }
}

/** What a portfolio is worth, and how much of it is cash. */
export function worthAt(
  customer: Customer,
  accounts: readonly Held[],
  at: string,
): ReadonlyMap<string, { readonly cashCents: number; readonly valueCents: number }> {
  return new Map(
    standingsAt(customer, accounts, at).map(({ account, cashCents, positions }) => {
      const heldCents = positions.reduce((sum, { units, priceCents }) => sum + units * priceCents, 0)
      return [account.ref, { cashCents, valueCents: cashCents + heldCents }]
    }),
  )
}

function standingsAt({ customer }: Customer, accounts: readonly Held[], at: string): readonly Standing[] {
  const { terms } = customer
  return accounts
    .filter((account) => account.kind === 'portfolio')
    .map((account, index) => {
      // The household pays into its first one.
      const monthlyCents = index === 0 ? (terms.household?.investingCents ?? 0) : 0
      const deeds = deedsOf({ account, terms, monthlyCents }, dayOf(at)).filter((deed) => deed.at <= at)
      const cashCents = deeds.reduce((sum, { cents }) => sum - cents, 0)
      return { account, deeds, cashCents, positions: positionsOf(deeds, at) }
    })
}

/** Of what is still held; what is sold takes its part of the cost with it. */
function positionsOf(deeds: readonly Deed[], at: string): readonly Position[] {
  const byListing = new Map<Listing, { units: number; costCents: number }>()
  for (const { listing, units, cents } of deeds) {
    if (!listing || units === 0) continue
    const held = byListing.get(listing) ?? { units: 0, costCents: 0 }
    const cost = units > 0 ? cents : Math.round((held.costCents * units) / held.units)
    byListing.set(listing, { units: held.units + units, costCents: held.costCents + cost })
  }
  const closeOn = lastCloseOn(at)
  return [...byListing]
    .filter(([, { units }]) => units > 0)
    .map(([listing, held]) => ({ listing, ...held, priceCents: closeCents(listing, closeOn) }))
}

function holdingsOf(
  { account, cashCents, positions }: Standing,
  { closeOn, currency }: { readonly closeOn: string; readonly currency: Currency },
): readonly Holding[] {
  const accountRef = account.ref
  const cash = decimal(cashCents)
  return [
    ...positions.map(({ listing, units, costCents, priceCents }) => ({
      accountRef,
      securityRef: listing.ref,
      quantity: String(units),
      price: decimal(priceCents),
      value: decimal(units * priceCents),
      costBasis: decimal(costCents),
      pricedAt: closedAt(closeOn),
    })),
    {
      accountRef,
      securityRef: cashRefOf(currency),
      quantity: cash,
      price: '1.00',
      value: cash,
      costBasis: null,
      pricedAt: closedAt(closeOn),
    },
  ]
}

function securityOf(listing: Listing, closeOn: string): Security {
  const { ref, name, type, currency, ticker, isin, sedol } = listing
  return { ref, name, type, currency, ticker, isin, sedol, closePrice: decimal(closeCents(listing, closeOn)), closeOn }
}

function cashOf(currency: Currency): Security {
  return {
    ref: cashRefOf(currency),
    name: `${currency} cash`,
    type: 'cash',
    currency,
    ticker: null,
    isin: null,
    sedol: null,
    closePrice: '1.00',
    closeOn: null,
  }
}

const TYPES = {
  deposit: 'cash.deposit',
  buy: 'buy',
  sell: 'sell',
  dividend: 'cash.dividend',
  fee: 'fee.account_fee',
} as const

function transactionOf({ ref: accountRef }: HeldPortfolio, deed: Deed): InvestmentTransaction {
  const { ref, at, kind, listing, units, priceCents, feeCents, cents } = deed
  const isTrade = priceCents !== null
  return {
    ref,
    accountRef,
    securityRef: listing?.ref ?? null,
    amount: decimal(cents),
    on: dayOf(at),
    at,
    description: descriptionOf(deed),
    type: TYPES[kind],
    fees: isTrade ? decimal(feeCents) : null,
    forexRate: null,
    price: isTrade ? decimal(priceCents) : null,
    quantity: isTrade ? String(units) : null,
  }
}

function descriptionOf({ kind, listing, units }: Deed): string {
  const ticker = listing?.ticker ?? ''
  switch (kind) {
    case 'deposit':
      return 'Deposit'
    case 'buy':
      return `Bought ${units} ${ticker}`
    case 'sell':
      return `Sold ${-units} ${ticker}`
    case 'dividend':
      return `Dividend ${ticker}`
    case 'fee':
      return 'Account fee'
  }
}

function decimal(cents: number): string {
  const digits = String(Math.abs(cents)).padStart(3, '0')
  return `${cents < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}
