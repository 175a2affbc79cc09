/**
 * More institutions that exist for tests only: each shows something that an institution can be. They are found by name, and
 * don't stand among those that everybody uses. contract: mx-connect/states §8.1
 */
import type { AccessPoint } from '../../port.js'
import type { Bank, InventedBank } from './points.js'

interface TestBank extends Omit<InventedBank, 'country' | 'rails'> {
  readonly rails: InventedBank['rails']
  readonly country?: InventedBank['country']
  readonly special?: Partial<AccessPoint>
}

// The numbers are keys of the world and say nothing about a real bank. Prefixes 13 to 20 belong to none.
const BANKS: readonly TestBank[] = [
  {
    slug: 'mxbank',
    name: 'Clearspan Bank',
    loginKind: 'credentials',
    rails: { kind: 'ach', routingNumbers: ['222000118'] },
  },
  {
    slug: 'mx_bank_oauth',
    name: 'Clearspan Bank (OAuth)',
    loginKind: 'oauth',
    rails: { kind: 'ach', routingNumbers: ['222000118'] },
  },
  {
    slug: 'clearspan_cu',
    name: 'Clearspan Credit Union',
    loginKind: 'credentials',
    rails: { kind: 'ach', routingNumbers: ['161000004'] },
    special: {
      fields: [
        { name: 'member_no', label: 'Member number', isSecret: false },
        { name: 'passcode', label: 'Passcode', isSecret: true },
      ],
      products: ['accounts', 'account_numbers', 'transactions'],
      help: {
        title: 'Before you begin',
        text: 'Members log in with the number on their membership card.',
        steps: ['Find your membership card.', 'Enter its number without spaces.'],
        forgotUserNameUrl: 'https://clearspan-cu.example/forgot-number',
        forgotPasswordUrl: 'https://clearspan-cu.example/forgot-passcode',
        troubleUrl: 'https://clearspan-cu.example/help',
      },
    },
  },
  {
    slug: 'clearspan_txn',
    name: 'Clearspan Transactions Only',
    loginKind: 'credentials',
    rails: { kind: 'ach', routingNumbers: ['171000007'] },
    special: { products: ['accounts', 'transactions'] },
  },
  {
    slug: 'clearspan_disabled',
    name: 'Clearspan Disabled Bank',
    loginKind: 'credentials',
    rails: { kind: 'ach', routingNumbers: ['181000000'] },
    special: { isSuspended: true },
  },
  {
    slug: 'clearspan_ca',
    name: 'Clearspan Canada',
    country: 'CA',
    loginKind: 'credentials',
    rails: { kind: 'eft', institutionNumber: '962' },
    special: { products: ['accounts', 'transactions'] },
  },
]

/** The banks, made as `invent` makes those for tests. */
export function moreTestBanks(invent: (bank: InventedBank, isTest: boolean) => Bank): readonly Bank[] {
  return BANKS.map(({ special, country = 'US', ...bank }) => {
    const { point, rails } = invent({ ...bank, country }, true)
    return { rails, point: { ...point, isFeatured: false, isUnlisted: true, ...special } }
  })
}
