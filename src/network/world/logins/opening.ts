/** The accounts that somebody has at an institution, as they begin. All of it follows from the customer's seed. */

import type { Country, Merchant } from '../../port.js'
import { type Chance, chanceOf } from '../chance.js'
import { anchorOf } from '../invent/debts.js'
import { NO_WISH, originate } from '../invent/origination.js'
import { addMonths } from '../life/calendar.js'
import type { CardTerms } from '../life/terms.js'
import type { Bank } from './points.js'
import type { AccountTerms, Currency, CustomerTerms } from './terms.js'

export const CURRENCY = { US: 'USD', CA: 'CAD', GB: 'GBP' } as const satisfies Record<Country, Currency>

/** Before the year in which somebody is first met. */
const MONTHS_BEFORE = 24

export function beginningOf(day: string): string {
  return addMonths(anchorOf(day), -MONTHS_BEFORE)
}

/** `ownsCard`: the institution gave a card that is in nobody's credit file. */
export function openingTerms(
  seed: string,
  { bank, day, ownsCard }: { readonly bank: Bank; readonly day: string; readonly ownsCard: boolean },
): CustomerTerms {
  const { country, isTest, products } = bank.point
  const openedOn = beginningOf(day)
  const chance = chanceOf(seed, 'accounts')
  const names = NAMES[country]
  const has = (share: number) => isTest || chance.isLikely(share)
  const accounts: AccountTerms[] = [
    deposit(chance, names.checking, { type: 'depository.checking', openingCents: [80_000, 420_000], interest: [0, 0] }),
  ]
  if (has(0.8)) {
    accounts.push(
      deposit(chance, names.savings, {
        type: 'depository.savings',
        openingCents: [50_000, 1_800_000],
        interest: [40, 420],
      }),
    )
  }
  if (chance.isLikely(0.12)) {
    accounts.push(
      deposit(chance, names.moneyMarket, {
        type: 'depository.money_market',
        openingCents: [500_000, 4_000_000],
        interest: [200, 450],
      }),
    )
  }
  if (chance.isLikely(0.12)) {
    accounts.push(
      deposit(chance, names.cd, { type: 'depository.cd', openingCents: [500_000, 2_500_000], interest: [250, 500] }),
    )
  }
  if (products.includes('investments')) {
    if (has(0.5)) accounts.push(portfolio(chance, names.brokerage, names.brokerageType))
    if (chance.isLikely(0.3)) accounts.push(portfolio(chance, names.pension, names.pensionType))
  }
  if (ownsCard) accounts.push({ kind: 'card', card: cardOf(seed, bank, openedOn) })
  return { seed, currency: CURRENCY[country], openedOn, household: null, accounts }
}

type Span = readonly [low: number, high: number]

/** `interest` in hundredths of a percent. */
function deposit(
  chance: Chance,
  names: readonly string[],
  { type, openingCents, interest }: { readonly type: string; readonly openingCents: Span; readonly interest: Span },
): AccountTerms {
  const name = chance.pick(names)
  const nickname = chance.isLikely(0.2) ? chance.pick(NICKNAMES) : null
  const opening = Math.round(chance.between(...openingCents) / 100) * 100
  return {
    kind: 'deposit',
    type,
    name,
    nickname,
    openingCents: opening,
    interestPercent: chance.between(...interest) / 100,
  }
}

function portfolio(chance: Chance, names: readonly string[], type: string): AccountTerms {
  const openingCents = chance.between(20, 400) * 10_000
  return { kind: 'portfolio', type, name: chance.pick(names), nickname: null, openingCents }
}

const MONTHS_SINCE_CARD = 30
const STRAIN = 0.2

function cardOf(seed: string, { point }: Bank, openedOn: string): CardTerms {
  const merchant: Merchant = {
    number: 0,
    institutionSlug: point.institutionSlug,
    name: `${point.name} Credit Card`,
    type: 'credit_card',
    providerIds: { plaid: [], mx: [], finicity: [], dpp: [] },
    creditorName: point.name.toUpperCase(),
    accountNumberFormats: [],
    popularity: 0,
  }
  const terms = originate({
    merchant,
    seed,
    openedOn: addMonths(openedOn, -MONTHS_SINCE_CARD),
    closedOn: null,
    closingBalanceCents: 0,
    ownership: 'primary',
    latePayments: 0,
    stoppedPayingOn: null,
    strain: STRAIN,
    wish: NO_WISH,
  })
  if (terms.kind !== 'card') throw new Error('a credit card is originated as a card')
  return terms
}

const NICKNAMES = ['Bills', 'Daily', 'Rainy day', 'Ours', 'House', 'Travel']

interface Names {
  readonly checking: readonly string[]
  readonly savings: readonly string[]
  readonly moneyMarket: readonly string[]
  readonly cd: readonly string[]
  readonly brokerage: readonly string[]
  readonly brokerageType: string
  readonly pension: readonly string[]
  readonly pensionType: string
}

const NAMES: Readonly<Record<Country, Names>> = {
  US: {
    checking: ['Everyday Checking', 'Total Checking', 'Free Checking', 'Simply Checking', 'Premier Checking'],
    savings: ['Savings', 'High-Yield Savings', 'Way to Save', 'Statement Savings', 'Growth Savings'],
    moneyMarket: ['Money Market', 'Money Market Plus'],
    cd: ['12-Month CD', '24-Month CD', 'Featured CD'],
    brokerage: ['Self-Directed Brokerage', 'Individual Brokerage'],
    brokerageType: 'investment.brokerage',
    pension: ['Traditional IRA', 'Rollover IRA'],
    pensionType: 'investment.ira',
  },
  CA: {
    checking: ['Chequing Account', 'Everyday Chequing', 'Unlimited Chequing'],
    savings: ['High Interest Savings', 'Everyday Savings'],
    moneyMarket: ['Premium Savings'],
    cd: ['1-Year GIC', 'Cashable GIC'],
    brokerage: ['Self-Directed Investing'],
    brokerageType: 'investment.brokerage',
    pension: ['TFSA', 'RRSP'],
    pensionType: 'investment.other',
  },
  GB: {
    checking: ['Current Account', 'Classic Account', 'Everyday Account'],
    savings: ['Easy Saver', 'Instant Access Saver'],
    moneyMarket: ['Notice Saver'],
    cd: ['One-Year Fixed Saver'],
    brokerage: ['Share Dealing Account'],
    brokerageType: 'investment.brokerage',
    pension: ['Stocks & Shares ISA', 'Personal Pension'],
    pensionType: 'investment.other',
  },
}
