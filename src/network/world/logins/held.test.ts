import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Opening, openedBy, read } from '../../../../test/setup/logins.js'
import { type OpenWorld, openWorld } from '../../../../test/setup/world.js'
import type { Ask, CustomData } from '../../port.js'
import { foreseenReturn } from '../ach/returns.js'
import { createSecrets } from '../secrets.js'
import { payableNumber } from './held.js'

const ask: Ask = { realm: 'team', at: '2026-03-10T12:00:00.000Z' }

let open: OpenWorld
beforeAll(async () => {
  open = await openWorld()
})
afterAll(() => open.close())

async function behind(opening: Opening) {
  const accessRef = await openedBy(open.world, ask, opening)
  return {
    accounts: read(await open.world.heldAccounts(ask, accessRef)),
    numbers: read(await open.world.accountNumbers(ask, accessRef)),
    owners: read(await open.world.accountOwners(ask, accessRef)),
  }
}

describe('the numbers of an account', () => {
  test('are those of its country, and cards have none', async () => {
    const us = await behind({ institutionSlug: 'moneykit-creds-bank' })
    const canada = await behind({ institutionSlug: 'maple_crown' })
    const britain = await behind({ institutionSlug: 'albion_mutual' })
    for (const { ach, eft, bacs, international } of us.numbers) {
      expect(ach).toMatchObject({ routingNumber: '131000005', number: expect.stringMatching(/^\d{12}$/) })
      expect([eft, bacs, international]).toEqual([null, null, null])
    }
    for (const { ach, eft, bacs, international } of canada.numbers) {
      expect(eft?.institutionNumber).toBe('931')
      expect(eft?.branchNumber).toMatch(/^\d{5}$/)
      expect(eft?.number).toMatch(/^\d{7}$/)
      expect([ach, bacs, international]).toEqual([null, null, null])
    }
    for (const { ach, eft, bacs, international } of britain.numbers) {
      expect(bacs).toMatchObject({ sortCode: '994512', number: expect.stringMatching(/^\d{8}$/) })
      expect(international?.bic).toBe('ALBMGB2L')
      expect(international?.iban).toBe(`${international?.iban.slice(0, 4)}ALBM994512${bacs?.number}`)
      expect(remainderOf(international?.iban ?? '')).toBe(1n)
      expect([ach, eft]).toEqual([null, null])
    }
    for (const { accounts, numbers } of [us, canada, britain]) {
      expect(numbers.length).toBeGreaterThan(0)
      const numbered = accounts.filter(({ ref }) => numbers.some(({ accountRef }) => accountRef === ref))
      expect(numbered.filter(({ type }) => !type.startsWith('depository.'))).toEqual([])
    }
    expect([us, canada, britain].map(({ accounts }) => accounts[0]?.balances.currency)).toEqual(['USD', 'CAD', 'GBP'])
  })

  test('are never such that payments are sent back, though many a number is', () => {
    const secrets = createSecrets('seed', Buffer.alloc(32, 7))
    const rails = { kind: 'ach', routingNumbers: [] } as const
    const isSentBack = (number: string) =>
      foreseenReturn(number, 'debit') !== null || foreseenReturn(number, 'credit') !== null
    const refs = Array.from({ length: 20_000 }, (_, index) => `account ${index}`)
    const shape = { cardNetwork: null, pattern: '############' }
    expect(refs.some((ref) => isSentBack(secrets.inventedAccountNumber(`${ref}/0`, shape)))).toBe(true)
    expect(refs.map((ref) => payableNumber(secrets, rails, ref)).filter(isSentBack)).toEqual([])
  })
})

/** ISO 13616: one, for a right IBAN. */
function remainderOf(iban: string): bigint {
  const turned = `${iban.slice(4)}${iban.slice(0, 4)}`
  return BigInt([...turned].map((character) => String(Number.parseInt(character, 36))).join('')) % 97n
}

describe('the holders of an account', () => {
  test('live in its country, and all have a name and one main address', async () => {
    const places = { 'moneykit-creds-bank': 'US', maple_crown: 'CA', albion_mutual: 'GB' }
    for (const [institutionSlug, country] of Object.entries(places)) {
      const { accounts, owners } = await behind({ institutionSlug })
      expect(owners.map(({ accountRef }) => accountRef)).toEqual(accounts.map(({ ref }) => ref))
      for (const { owners: holders } of owners) {
        const [holder] = holders
        expect(holder?.names).toHaveLength(1)
        expect(holder?.addresses).toMatchObject([{ country, isPrimary: true, city: expect.any(String) }])
        expect(holder?.phones[0]?.number).toMatch(country === 'GB' ? /^\+447700900\d{3}$/ : /^\+1\d{3}55501\d{2}$/)
      }
    }
  })

  test('are sometimes two', async () => {
    const counts = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const { owners } = await behind({ consumerRef: `couple ${index}` })
        return owners.map(({ owners: holders }) => holders.length)
      }),
    )
    expect(new Set(counts.flat())).toEqual(new Set([1, 2]))
  })
})

describe('user_custom', () => {
  const owner = {
    names: ['Maria de la Cruz', 'Maria Cruz'],
    addresses: [{ street: '1 Way', city: 'Reno', region: 'NV', postalCode: '89501', country: 'US', isPrimary: true }],
    phones: [{ number: '+17755550100', type: 'work' as const, isPrimary: false }],
    emails: [{ address: 'maria@example.com', isPrimary: true }],
  }
  const customData: CustomData = {
    accounts: [
      { type: 'depository.checking', name: 'Mine', accountNumber: '778899001122', routingNumber: '062103000' },
      { type: 'depository.prepaid', name: 'Prepaid', accountNumber: '5566', routingNumber: null },
      { type: 'liability.credit_card', name: 'Plastic', accountNumber: '4111111111111111', routingNumber: null },
      { type: 'investment.401k', name: 'Later', accountNumber: 'A-77', routingNumber: null },
    ],
    owners: [owner],
  }
  const custom = (more: Opening = {}) => behind({ userName: 'user_custom', password: 'any', customData, ...more })

  test('finds exactly what was described, with these numbers and owners on every account', async () => {
    const { accounts, numbers, owners } = await custom()
    expect(accounts.map(({ type, name, mask, debtRef }) => [type, name, mask, debtRef])).toEqual([
      ['depository.checking', 'Mine', '1122', null],
      ['depository.prepaid', 'Prepaid', '5566', null],
      ['liability.credit_card', 'Plastic', '1111', null],
      ['investment.401k', 'Later', 'A-77', null],
    ])
    expect(numbers.map(({ ach }) => ach && [ach.routingNumber, ach.number])).toEqual([
      ['062103000', '778899001122'],
      ['131000005', '5566'],
    ])
    expect(owners.map(({ owners: holders }) => holders)).toEqual(accounts.map(() => [owner]))
    for (const { balances } of accounts) expect(balances.currentCents).toBeGreaterThan(0)
  })

  test('invents owners where none were described, and finds other accounts for another description', async () => {
    const other = await custom({ customData: { ...customData, owners: null } })
    expect(other.owners[0]?.owners[0]?.names[0]).toMatch(/^\w+ \w+/)
    const [first, again] = [await custom(), await custom()]
    expect(again.accounts).toEqual(first.accounts)
    expect(first.accounts.filter(({ ref }) => other.accounts.some((account) => account.ref === ref))).toEqual([])
  })

  test('takes payments at the number that was described', async () => {
    const accessRef = await openedBy(open.world, ask, { userName: 'user_custom', customData, consumerRef: 'paying' })
    const before = read(await open.world.heldAccounts(ask, accessRef))[0]?.balances.currentCents ?? 0
    const to = { routingNumber: '062103000', accountNumber: '778899001122', type: 'checking' } as const
    await open.world.sendMicroDeposits(ask, { reference: 'custom', to, amountsCents: [42] })
    expect(read(await open.world.heldAccounts(ask, accessRef))[0]?.balances.currentCents).toBe(before + 42)
  })
})
