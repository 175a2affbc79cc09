/** The examples of the documents that this face was made from: every member they show is there, with that name, nesting and kind. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type App, openApp, type Wire } from '../../../test/setup/app.js'
import { linked, type MoneykitCaller, moneykitClient } from '../../../test/setup/moneykit.js'

let app: App
let client: MoneykitCaller
beforeAll(async () => {
  app = await openApp()
  client = await moneykitClient(app)
})
afterAll(() => app.close())

const product = { refreshed_at: 'string', last_attempted_at: 'string' }
const asked = { required: 'boolean', prefetch: 'boolean', product: 'string' }

// `GET /links/{id}`.
const LINK = {
  link_id: 'string',
  institution_id: 'string',
  institution_name: 'string',
  state: 'string',
  error_code: 'string',
  last_synced_at: 'string',
  tags: ['string'],
  products: {
    accounts: product,
    account_numbers: { ...product, settings: asked },
    identity: { ...product, settings: asked },
    transactions: { ...product, settings: { ...asked, extend_history: 'boolean' } },
    investments: { ...product, settings: asked },
  },
  provider: 'string',
  webhook: 'string',
}

// `GET /links/{id}/identity`.
const IDENTITY = {
  accounts: [
    {
      account_id: 'string',
      account_type: 'string',
      name: 'string',
      account_mask: 'string',
      balances: { currency: 'string', available: 'number', current: 'number', limit: 'number' },
      owners: [
        {
          names: ['string'],
          addresses: [
            {
              city: 'string',
              country: 'string',
              postal_code: 'string',
              region: 'string',
              street: 'string',
              primary: 'boolean',
            },
          ],
          phone_numbers: [{ number: 'string', primary: 'boolean', type: 'string' }],
          emails: [{ address: 'string', primary: 'boolean' }],
        },
      ],
    },
  ],
  link: {
    link_id: 'string',
    institution_id: 'string',
    institution_name: 'string',
    provider: 'string',
    state: 'string',
    last_synced_at: 'string',
    tags: ['string'],
    products: {
      accounts: product,
      identity: { ...product, settings: { required: 'boolean', prefetch: 'boolean' } },
    },
  },
}

test('a link has every member of its document, in that order, before any other', async () => {
  const id = await linked(app, client, { session: { webhook: 'http://127.0.0.1:4001', link_tags: ['smoke_test'] } })
  const { body } = await client.call('POST', `/links/${id}/reset`)
  expect(body.state).toBe('error')
  expectShape(LINK, body, 'link')
})

test('identity has every member of its document, in that order, before any other', async () => {
  const id = await linked(app, client, {
    products: { identity: { required: true } },
    session: { link_tags: ['user_type:admin'] },
  })
  const { body } = await client.call('GET', `/links/${id}/identity`)
  expectShape(IDENTITY, body, 'identity', { nullable: ['balances.available', 'balances.limit'] })
})

/** Members that a document's sample shows are there, of that kind, and in that order. */
function expectShape(
  sample: unknown,
  value: unknown,
  path: string,
  options: { readonly nullable: readonly string[] } = { nullable: [] },
): void {
  if (typeof sample === 'string') {
    if (value === null && options.nullable.some((name) => path.endsWith(name))) return
    expect(typeof value, path).toBe(sample)
    return
  }
  if (Array.isArray(sample)) {
    expect(Array.isArray(value), path).toBe(true)
    const items = value as readonly unknown[]
    // Only the first of several has all that there is.
    if (!/\.[1-9]\d*\./.test(path)) expect(items.length, path).toBeGreaterThan(0)
    for (const [index, item] of items.entries()) expectShape(sample[0], item, `${path}.${index}`, options)
    return
  }
  const members = Object.keys(sample as Wire)
  const known = Object.keys(value as Wire).filter((name) => members.includes(name))
  expect(known, path).toEqual(members)
  for (const [name, inner] of Object.entries(sample as Wire)) {
    expectShape(inner, (value as Wire)[name], `${path}.${name}`, options)
  }
}
