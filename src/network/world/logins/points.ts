/**
 * Institutions at which consumers of the world have logins: three that exist for tests only, the banks of the directory,
 * and a few invented ones of Canada and Great Britain. How one logs in at a bank of the directory, and what can be read
 * there, follows from its slug.
 */
import type { AccessPoint, AccessProduct, Country, CredentialField, Institution, LoginKind } from '../../port.js'
import { chanceOf } from '../chance.js'
import type { WorldDirectory } from '../directory.js'
import { moreTestBanks } from './test-banks.js'

/** By what the accounts of an institution are numbered. */
export type Rails =
  | { readonly kind: 'ach'; readonly routingNumbers: readonly string[] }
  | { readonly kind: 'eft'; readonly institutionNumber: string }
  /** Four letters, as in a BIC. */
  | { readonly kind: 'bacs'; readonly sortCode: string; readonly bankCode: string }

/** An institution with what its accounts need. */
export interface Bank {
  readonly point: AccessPoint
  readonly rails: Rails
}

export interface Banks {
  /** Most popular first. */
  readonly points: readonly AccessPoint[]
  bank(slug: string): Bank | null
}

export function banksOf({ directory }: WorldDirectory): Banks {
  const listed = directory.institutions.filter(({ routingNumbers }) => routingNumbers.length > 0)
  const banks = [...TEST_BANKS, ...moreTestBanks(inventedBank), ...listed.map(bankOf), ...FOREIGN_BANKS].map(
    (bank, index) => ({
      ...bank,
      point: { ...bank.point, popularity: index + 1 },
    }),
  )
  const bySlug = new Map(banks.map((bank) => [bank.point.institutionSlug, bank]))
  return { points: banks.map(({ point }) => point), bank: (slug) => bySlug.get(slug) ?? null }
}

const USER_NAME_AND_PASSWORD: readonly CredentialField[] = [
  { name: 'username', label: 'Username', isSecret: false },
  { name: 'password', label: 'Password', isSecret: true },
]
const MEMBER_NUMBER_AND_PASSCODE: readonly CredentialField[] = [
  { name: 'member_number', label: 'Member number', isSecret: false },
  { name: 'passcode', label: 'Passcode', isSecret: true },
]

// For light grounds, and the same for dark ones.
const COLORS = [
  ['#14532D', '#22C55E'],
  ['#1E3A8A', '#60A5FA'],
  ['#7F1D1D', '#F87171'],
  ['#312E81', '#818CF8'],
  ['#134E4A', '#2DD4BF'],
  ['#7C2D12', '#FB923C'],
  ['#4A044E', '#E879F9'],
  ['#0C4A6E', '#38BDF8'],
  ['#365314', '#A3E635'],
  ['#701A75', '#F0ABFC'],
] as const

const EVERYWHERE = ['accounts', 'account_numbers', 'transactions'] as const satisfies readonly AccessProduct[]
const FEATURED = 12
/** Not every institution tells whose an account is. */
const IDENTITY_SHARE = 0.9
const INVESTMENTS_SHARE = 0.4
const OAUTH_SHARE = 0.3

const NOTHING_SPECIAL = { help: null, isSuspended: false, isUnlisted: false } as const

function bankOf({ slug, name, url, routingNumbers }: Institution, index: number): Bank {
  const chance = chanceOf('login', slug)
  const [color, colorDark] = chance.pick(COLORS)
  const loginKind = chance.isLikely(OAUTH_SHARE) ? 'oauth' : 'credentials'
  const isUnion = /credit union/i.test(name)
  return {
    point: {
      institutionSlug: slug,
      name,
      country: 'US',
      domain: new URL(url).hostname.replace(/^www\./, ''),
      color,
      colorDark,
      loginKind,
      fields: fieldsOf(loginKind, isUnion),
      ...NOTHING_SPECIAL,
      routingNumbers,
      products: [
        ...EVERYWHERE,
        ...(chance.isLikely(IDENTITY_SHARE) ? (['identity'] as const) : []),
        ...(chance.isLikely(INVESTMENTS_SHARE) ? (['investments'] as const) : []),
      ],
      isFeatured: index < FEATURED,
      isTest: false,
      popularity: 0,
    },
    rails: { kind: 'ach', routingNumbers },
  }
}

function fieldsOf(loginKind: LoginKind, isUnion: boolean): readonly CredentialField[] {
  if (loginKind !== 'credentials') return []
  return isUnion ? MEMBER_NUMBER_AND_PASSCODE : USER_NAME_AND_PASSWORD
}

export interface InventedBank {
  readonly slug: string
  readonly name: string
  readonly country: Country
  readonly loginKind: LoginKind
  readonly rails: Rails
}

function inventedBank({ slug, name, country, loginKind, rails }: InventedBank, isTest: boolean): Bank {
  const [color, colorDark] = chanceOf('login', slug).pick(COLORS)
  return {
    point: {
      institutionSlug: slug,
      name,
      country,
      domain: `${slug.replaceAll('_', '-')}.example`,
      color,
      colorDark,
      loginKind,
      fields: fieldsOf(loginKind, false),
      ...NOTHING_SPECIAL,
      routingNumbers: rails.kind === 'ach' ? rails.routingNumbers : [],
      products: [...EVERYWHERE, 'identity', 'investments'],
      isFeatured: isTest,
      isTest,
      popularity: 0,
    },
    rails,
  }
}

// Routing numbers with prefixes that the Federal Reserve has not given out (13 to 20), and right check digits.
// contract: moneykit/links §1.6
const TEST_BANKS: readonly Bank[] = (
  [
    { slug: 'moneykit-creds-bank', name: 'Credentials Bank', loginKind: 'credentials', routingNumber: '131000005' },
    { slug: 'moneykit-instant-bank', name: 'Instant Bank', loginKind: 'instant', routingNumber: '141000008' },
    { slug: 'moneykit-oauth-bank', name: 'OAuth Bank', loginKind: 'oauth', routingNumber: '151000001' },
  ] as const
).map(({ routingNumber, ...bank }) =>
  inventedBank({ ...bank, country: 'US', rails: { kind: 'ach', routingNumbers: [routingNumber] } }, true),
)

// Under numbers that no bank has.
const FOREIGN_BANKS: readonly Bank[] = (
  [
    {
      slug: 'maple_crown',
      name: 'Maple Crown Bank',
      country: 'CA',
      loginKind: 'credentials',
      rails: { kind: 'eft', institutionNumber: '931' },
    },
    {
      slug: 'laurentide_savings',
      name: 'Laurentide Savings',
      country: 'CA',
      loginKind: 'oauth',
      rails: { kind: 'eft', institutionNumber: '947' },
    },
    {
      slug: 'saltspring_union',
      name: 'Saltspring Credit Union',
      country: 'CA',
      loginKind: 'credentials',
      rails: { kind: 'eft', institutionNumber: '958' },
    },
    {
      slug: 'albion_mutual',
      name: 'Albion Mutual',
      country: 'GB',
      loginKind: 'credentials',
      rails: { kind: 'bacs', sortCode: '994512', bankCode: 'ALBM' },
    },
    {
      slug: 'thistle_and_forth',
      name: 'Thistle & Forth Bank',
      country: 'GB',
      loginKind: 'oauth',
      rails: { kind: 'bacs', sortCode: '995731', bankCode: 'THFB' },
    },
    {
      slug: 'pennine_people',
      name: 'Pennine People’s Bank',
      country: 'GB',
      loginKind: 'credentials',
      rails: { kind: 'bacs', sortCode: '996208', bankCode: 'PNPB' },
    },
  ] as const
).map((bank) => inventedBank(bank, false))
