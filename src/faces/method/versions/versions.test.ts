/**
 * The exact members of each resource at each version: clients compare them deeply, so one more or one less breaks them.
 * Contract: method/entities §1.1, §2.1, §3.1; accounts §1.1, §6.1; webhooks-events §1.1.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, openApp, type Wire } from '../../../../test/setup/app.js'
import { kevin, type Person } from '../../../../test/setup/cast.js'
import { VERSIONS, type Version } from './versions.js'

let app: App
let person: Person
let company: Wire
let webhook: Wire
let checking: Wire
let described: Wire
beforeAll(async () => {
  app = await openApp()
  person = await kevin(app).verified().connected().enter()
  company = (await app.call('POST', '/entities', { body: { type: 'corporation', corporation: {} } })).data
  const add = async (members: object) =>
    (await app.call('POST', '/accounts', { body: { holder_id: person.id, ...members } })).data
  checking = await add({ ach: { routing: '062103000', number: '123456789', type: 'checking' } })
  described = await add({ liability: { mch_id: 'mch_302086', account_number: '4936494462408721' } })
  const body = { type: 'entity.create', url: 'https://example.com' }
  webhook = (await app.call('POST', '/webhooks', { body })).data
})
afterAll(() => app.close())

const get = async (path: string, version: Version) => (await app.call('GET', path, { version })).data
const keysOf = (wire: Wire) => Object.keys(wire).sort()

interface Fixture {
  readonly path: () => string
  /** The members of the early shape of 2024-04-04. */
  readonly early: readonly string[]
  /** What each later version adds to the one before. */
  readonly late?: readonly string[]
  readonly second?: readonly string[]
  readonly third?: readonly string[]
}

const ACCOUNT = [
  'id',
  'holder_id',
  'status',
  'type',
  'liability',
  'latest_verification_session',
  'balance',
  'update',
  'products',
  'restricted_products',
  'subscriptions',
  'available_subscriptions',
  'restricted_subscriptions',
  'error',
  'metadata',
  'created_at',
  'updated_at',
]
const ACH = [
  'id',
  'holder_id',
  'status',
  'type',
  'ach',
  'latest_verification_session',
  'products',
  'restricted_products',
  'error',
  'metadata',
  'created_at',
  'updated_at',
]
const THIRD_ACCOUNT = ['consent_status', 'ach', 'clearing', 'debit_card', 'sensitive']

const fixtures: Readonly<Record<string, Fixture>> = {
  'a person': {
    path: () => `/entities/${person.id}`,
    early: [
      'id',
      'type',
      'individual',
      'address',
      'verification',
      'connect',
      'credit_score',
      'attribute',
      'products',
      'restricted_products',
      'subscriptions',
      'available_subscriptions',
      'restricted_subscriptions',
      'status',
      'error',
      'metadata',
      'created_at',
      'updated_at',
    ],
    late: ['vehicle'],
  },
  'a company': {
    path: () => `/entities/${company.id}`,
    early: ['id', 'type', 'corporation', 'error', 'address', 'status', 'metadata', 'created_at', 'updated_at'],
  },
  'a verification session': {
    path: () =>
      `/entities/${person.id}/verification_sessions/${person.entity.verification.phone.latest_verification_session}`,
    early: ['id', 'entity_id', 'byo_sms', 'method', 'status', 'type', 'error', 'created_at', 'updated_at'],
    third: ['expired_at'],
  },
  'a connect': {
    path: () => `/entities/${person.id}/connect/${person.entity.connect}`,
    early: ['id', 'entity_id', 'status', 'accounts', 'error', 'created_at', 'updated_at'],
    late: ['requested_products', 'requested_subscriptions'],
  },
  'a credit card': {
    path: () => `/accounts/${person.account('mch_302086').id}`,
    early: [...ACCOUNT, 'card_brand'],
    late: ['attribute', 'payment_instrument', 'payoff'],
    third: THIRD_ACCOUNT,
  },
  'an auto loan': {
    path: () => `/accounts/${person.account('mch_2347').id}`,
    early: [...ACCOUNT, 'payoff'],
    late: ['attribute', 'payment_instrument', 'card_brand'],
    third: THIRD_ACCOUNT,
  },
  'a personal loan': {
    path: () => `/accounts/${person.account('mch_460001').id}`,
    early: ACCOUNT,
    late: ['attribute', 'payment_instrument', 'card_brand', 'payoff'],
    third: THIRD_ACCOUNT,
  },
  'a described credit card': {
    path: () => `/accounts/${described.id}`,
    early: [...ACCOUNT, 'card_brand'],
    late: ['attribute', 'payment_instrument', 'payoff'],
    third: THIRD_ACCOUNT,
  },
  'a deposit account': {
    path: () => `/accounts/${checking.id}`,
    early: ACH,
    third: [...ACCOUNT, 'card_brand', 'payoff', 'attribute', 'payment_instrument', ...THIRD_ACCOUNT].filter(
      (name) => !ACH.includes(name),
    ),
  },
  'a verification session of a deposit account': {
    path: () => `/accounts/${checking.id}/verification_sessions/${checking.latest_verification_session}`,
    early: ['id', 'account_id', 'status', 'type', 'error', 'auto_verify', 'created_at', 'updated_at'],
  },
  'an update': {
    path: () => {
      const { id, update } = person.account('mch_302086')
      return `/accounts/${id}/updates/${update}`
    },
    early: ['id', 'status', 'account_id', 'source', 'type', 'credit_card', 'error', 'created_at', 'updated_at'],
    late: ['data_as_of'],
  },
  'a webhook': {
    path: () => `/webhooks/${webhook.id}`,
    early: ['id', 'type', 'url', 'metadata', 'expand_event', 'created_at', 'updated_at'],
    late: ['status', 'error'],
  },
}

describe.each(Object.entries(fixtures))('%s', (_, { path, early, late = [], second = [], third = [] }) => {
  const wanted: Readonly<Record<Version, readonly string[]>> = {
    '2024-04-04': early,
    '2024-04-04-late': [...early, ...late],
    '2025-07-04': [...early, ...late, ...second],
    '2025-12-01': [...early, ...late, ...second, ...third],
  }

  it.each(VERSIONS)('has exactly its members at %s', async (version) => {
    expect(keysOf(await get(path(), version))).toEqual([...wanted[version]].sort())
  })

  it('means the same at every version where it has the same members', async () => {
    const newest = await get(path(), '2025-12-01')
    for (const version of VERSIONS) {
      const wire = await get(path(), version)
      for (const name of ['id', 'status', 'created_at', 'updated_at', 'metadata', 'error']) {
        if (name in wire) expect(wire[name]).toEqual(newest[name])
      }
    }
  })
})

describe('inside a resource', () => {
  it('a liability has its sub-type from 2025-07-04 on', async () => {
    const { path } = fixtures['a credit card'] as Fixture
    const early = ['mch_id', 'mask', 'ownership', 'fingerprint', 'type', 'name']
    for (const version of ['2024-04-04', '2024-04-04-late'] as const) {
      expect(keysOf((await get(path(), version)).liability)).toEqual([...early].sort())
    }
    for (const version of ['2025-07-04', '2025-12-01'] as const) {
      const { liability } = await get(path(), version)
      expect(keysOf(liability)).toEqual([...early, 'sub_type'].sort())
      expect(liability.sub_type).toBe('flexible_spending')
    }
  })

  it('the ways to be verified are in the order clients expect', async () => {
    const { data } = await app.call('POST', '/entities', { body: { type: 'individual', individual: {} } })
    for (const version of VERSIONS) {
      const { verification } = await get(`/entities/${data.id}`, version)
      const isEarly = version === '2024-04-04'
      expect(verification.identity.methods).toEqual(isEarly ? ['element', 'kba'] : ['element', 'opal', 'kba'])
      expect(verification.phone.methods).toEqual(
        isEarly ? ['element', 'sna', 'sms', 'byo_sms'] : ['element', 'opal', 'sna', 'sms', 'byo_sms'],
      )
    }
  })

  it('the products of a person grow in the late shape', async () => {
    for (const version of VERSIONS) {
      const { products, restricted_products, available_subscriptions } = await get(`/entities/${person.id}`, version)
      const isEarly = version === '2024-04-04'
      const early = ['attribute', 'connect', 'credit_score', 'identity']
      expect([...products].sort()).toEqual(isEarly ? early : [...early, 'vehicle'])
      expect(restricted_products).toEqual(isEarly ? [] : ['manual_connect'])
      expect([...available_subscriptions].sort()).toEqual(
        isEarly ? ['connect', 'credit_score'] : ['attribute', 'connect', 'credit_score'],
      )
    }
  })

  it('a card’s transactions are called so in the early shape only', async () => {
    const { path } = fixtures['a credit card'] as Fixture
    for (const version of VERSIONS) {
      const { restricted_subscriptions } = await get(path(), version)
      expect(restricted_subscriptions).toEqual([version === '2024-04-04' ? 'transactions' : 'transaction'])
    }
  })
})
