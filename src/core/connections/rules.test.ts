/** Pure decisions about connections: states, routes, accounts that are the same, and words of others. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { account, BANK, openBank } from '../../../test/setup/bank.js'
import type { ConnectionId, HeldAccountId } from '../ids.js'
import { matchAccounts } from './account-matching.js'
import type { AccountRow } from './account-store.js'
import { readAccountType } from './account-types.js'
import { readCategory } from './categories.js'
import { CATEGORIES, getInstitution, listInstitutions, PROVIDER_NAMES } from './connections.js'
import { createProviders, type ProviderName, type RoutingRule } from './providers.js'
import { type Cause, CONNECTION_STATES, type ConnectionState, stateAfter, transitions } from './transitions.js'

describe('the states of a connection', () => {
  // Contract: moneykit/links §3.1, and a relink of whatever is not deleted.
  const allowed: readonly (readonly [ConnectionState, ConnectionState])[] = [
    ['connecting', 'awaiting_exchange'],
    ['connecting', 'connecting'],
    ['connecting', 'error'],
    ['connecting', 'connected'],
    ['awaiting_exchange', 'connected'],
    ['awaiting_exchange', 'error'],
    ['connected', 'connected'],
    ['connected', 'error'],
    ['error', 'connected'],
    ['error', 'connecting'],
    ['error', 'error'],
  ]
  const causes = Object.keys(transitions) as Cause[]

  test('follow one another as the contract says, and deleted is the end, whatever happens', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...causes), { maxLength: 30 }), (happenings) => {
        let state: ConnectionState = 'connecting'
        for (const cause of happenings) {
          const next = stateAfter(state, cause)
          if (next === null) continue
          expect(state).not.toBe('deleted')
          if (next !== 'deleted') expect(allowed).toContainEqual([state, next])
          else expect(cause).toBe('deleted')
          state = next
        }
      }),
    )
  })

  test('can all be reached, and all but the last can be left by a deletion', () => {
    const reached = new Set<ConnectionState>(causes.flatMap((cause) => Object.values(transitions[cause])))
    expect([...reached].sort()).toEqual([...CONNECTION_STATES].sort())
    for (const state of CONNECTION_STATES) {
      expect(stateAfter(state, 'deleted')).toBe(state === 'deleted' ? null : 'deleted')
    }
  })
})

describe('providers', () => {
  const readMs = () => 0
  const bank = (name: ProviderName, products: Parameters<typeof openBank>[0] = {}) => ({
    name,
    network: openBank(products).network,
  })
  const route = async (
    adapters: Parameters<typeof createProviders>[0],
    rules: readonly RoutingRule[],
    names: readonly ProviderName[] | null = null,
  ) => {
    const providers = createProviders(adapters, { rules, readMs })
    const [institution] = await providers.institutions()
    if (!institution) throw new Error('there is an institution')
    return providers.route(institution, { products: ['accounts', 'identity'], providers: names })
  }

  test('are tried as wiring lists them, those first that have more of what is wanted', async () => {
    const poor = bank('plaid', { products: ['accounts'] })
    expect(await route([poor, bank('mx'), bank('akoya')], [])).toEqual(['mx', 'akoya', 'plaid'])
  })

  test('may have any of the names that the wire has for them', async () => {
    const adapters = PROVIDER_NAMES.map((name) => bank(name))
    expect(await route(adapters, [])).toEqual(PROVIDER_NAMES)
  })

  test('are tried as the most specific rule says', async () => {
    const all = [bank('plaid'), bank('mx'), bank('akoya')]
    const rules: readonly RoutingRule[] = [
      { providers: ['mx'] },
      { product: 'identity', providers: ['akoya'] },
      { institutionSlug: 'elsewhere', providers: ['plaid'] },
    ]
    expect(await route(all, rules)).toEqual(['akoya', 'mx', 'plaid'])
    expect(await route(all, [...rules, { institutionSlug: BANK, providers: ['plaid'] }])).toEqual([
      'plaid',
      'akoya',
      'mx',
    ])
  })

  test('that are for requests only are used when they are named', async () => {
    const all = [bank('moneykit'), { ...bank('mx'), onlyOnRequest: true }]
    expect(await route(all, [])).toEqual(['moneykit'])
    expect(await route(all, [], ['mx'])).toEqual(['mx'])
    expect(await route(all, [], ['yodlee'])).toEqual([])
  })

  test('bring their institutions, each once, which are found by name and by several ids', async () => {
    const providers = createProviders(
      [
        bank('moneykit', { institutionSlug: 'b', name: 'The Second Bank', isFeatured: false, products: ['accounts'] }),
        bank('plaid', { institutionSlug: 'b', name: 'The Second Bank', isFeatured: false, products: ['identity'] }),
        bank('mx', { institutionSlug: 'a', name: 'Third Bank', country: 'GB', isTest: false }),
        bank('akoya', { institutionSlug: 'c', name: 'First Bank', isFeatured: false }),
      ],
      { readMs },
    )
    const ctx = { providers }
    const any = {
      name: null,
      onlyFeatured: false,
      countries: null,
      providers: null,
      products: [],
      kind: 'all',
    } as const
    const page = { cursor: null, limit: 2 }
    const found = async (filter: Partial<Parameters<typeof listInstitutions>[1]>) =>
      (await listInstitutions(ctx, { ...any, ...filter }, { ...page, limit: 9 })).institutions.map(
        (each) => each.institutionSlug,
      )
    const first = await listInstitutions(ctx, any, page)
    expect(first.institutions.map(({ institutionSlug }) => institutionSlug)).toEqual(['a', 'c'])
    const second = await listInstitutions(ctx, any, { ...page, cursor: first.next })
    expect([second.institutions, second.next]).toMatchObject([
      [{ institutionSlug: 'b', products: ['accounts', 'identity'] }],
      null,
    ])
    expect(await found({ name: 'sEcond' })).toEqual(['b'])
    expect(await found({ name: 'econd' })).toEqual([])
    expect(await found({ onlyFeatured: true })).toEqual(['a'])
    expect(await found({ countries: ['GB'] })).toEqual(['a'])
    expect(await found({ providers: ['plaid'] })).toEqual(['b'])
    expect(await found({ products: ['transactions'] })).toEqual(['a', 'c'])
    expect(await found({ kind: 'real' })).toEqual(['a'])
    await expect(listInstitutions(ctx, any, { ...page, cursor: 'x' })).rejects.toMatchObject({
      code: 'connection.unknown_cursor',
    })
    expect(await getInstitution(ctx, 'yodlee.c')).toMatchObject({ institutionSlug: 'c' })
    await expect(getInstitution(ctx, 'nobody.c')).rejects.toMatchObject({ code: 'connection.institution_not_found' })
  })
})

describe('accounts that are shown again', () => {
  const connectionId = 'connection' as ConnectionId
  let count = 0
  const newId = () => `new ${count++}` as HeldAccountId
  const known = (id: string, said: Partial<AccountRow> = {}): AccountRow => {
    const { ref, debtRef, ...facts } = account('ref')
    return {
      ...facts,
      id: id as HeldAccountId,
      connectionId,
      networkRef: ref,
      originalId: null,
      position: 0,
      isPermitted: true,
      debtRef,
      ...said,
    }
  }
  const match = (
    rows: readonly AccountRow[],
    told: readonly ReturnType<typeof account>[],
    permitted: readonly string[] = [],
  ) => matchAccounts({ connectionId, known: rows, told, permitted: new Set(permitted), newId })

  test('keep their ids by ref, and by mask and kind when the ref is new', () => {
    const rows = [known('a', { networkRef: 'r1' }), known('b', { networkRef: 'r2', mask: '7777' })]
    const after = match(rows, [account('r9', { mask: '7777' }), account('r1', { mask: '0000' })])
    expect(after.map(({ id, position, isPermitted }) => [id, position, isPermitted])).toEqual([
      ['b', 0, true],
      ['a', 1, true],
    ])
  })

  test('are others when several could be meant, unless the name decides', () => {
    const rows = [known('a', { networkRef: 'r1', name: 'One' }), known('b', { networkRef: 'r2', name: 'Two' })]
    const [unknown, two] = match(rows, [account('r8', { name: 'Three' }), account('r9', { name: 'Two' })])
    expect([unknown?.id.startsWith('new'), unknown?.isPermitted, two?.id]).toEqual([true, false, 'b'])
  })

  test('are others when they are of another kind', () => {
    const rows = [known('a', { networkRef: null, type: 'unknown' }), known('b', { networkRef: 'r2', mask: '7777' })]
    const after = match(rows, [
      account('r8', { type: 'liability.auto' }),
      account('r9', { mask: '7777', type: 'liability.auto' }),
    ])
    expect(after.map(({ id, isClosed }) => [id.startsWith('new') ? 'new' : id, isClosed])).toEqual([
      ['a', false],
      ['new', false],
      ['b', true],
    ])
  })

  test('are permitted once they were, and when they are chosen now', () => {
    const after = match([], [account('r1'), account('r2')], ['r2'])
    expect(after.map(({ isPermitted }) => isPermitted)).toEqual([false, true])
  })
})

describe('words of others', () => {
  test.each([
    ['Checking', 'depository.checking'],
    ['depository.money_market', 'depository.money_market'],
    ['CREDIT CARD', 'liability.credit_card'],
    ['loan.mortgage', 'liability.mortgage'],
    ['loan.general', 'liability.other'],
    ['investment', 'investment.other'],
    ['Roth', 'investment.roth'],
    ['other', 'other.other'],
    ['depository.other', 'depository.other'],
    ['spaceship', 'unknown'],
  ])('%s is an account of type %s', (text, type) => {
    expect(readAccountType(text)).toBe(type)
  })

  test('are understood as categories where they are some', () => {
    expect(Object.keys(CATEGORIES)).toHaveLength(23)
    expect(readCategory('Food and Drink')).toEqual({ category: 'food_and_drink', subcategory: null })
    expect(readCategory('groceries')).toEqual({ category: 'food_and_drink', subcategory: 'groceries' })
    expect(readCategory('transport.petrol_and_vehicle_charging')).toEqual({
      category: 'transport',
      subcategory: 'vehicle_fuel_and_charging',
    })
    expect(readCategory('stuff')).toBeNull()
  })
})
