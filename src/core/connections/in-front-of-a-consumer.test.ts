/** A session in front of a consumer: what it offers, the way back from an institution, and reports of what went wrong. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type App, openApp } from '../../../test/setup/app.js'
import { ASKED, complete, draft, NO_FEATURES, OAUTH_BANK, write } from '../../../test/setup/connecting.js'
import type { Asking, Ctx } from '../ctx.js'
import {
  createConnectSession,
  deleteConnection,
  exchangeToken,
  isAwaitedBack,
  listIssues,
  listOffered,
  reportIssue,
  returnFromInstitution,
  startConnecting,
  submitCredentials,
} from './connections.js'

let app: App
let ctx: Ctx<Asking>

beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())
beforeEach(async () => {
  ctx = await app.ctx(await app.newTeam())
})

type Page = Parameters<typeof listOffered>[2]
const refusal = (code: string) => expect.objectContaining({ code })

describe('what a session offers', () => {
  const page: Page = { name: null, cursor: null, limit: 500 }
  const slugs = async (id: string, wish: Partial<Page> = {}) =>
    (await listOffered(ctx, id, { ...page, ...wish })).institutions.map(
      ({ institution }) => institution.institutionSlug,
    )

  test('is of its countries in their order, featured ones first, and has what is required', async () => {
    const required = { ...ASKED, required: true }
    const { id } = await createConnectSession(
      ctx,
      draft({ countries: ['CA', 'US'], products: { investments: required } }),
    )
    const { institutions } = await listOffered(ctx, id, page)
    const known = institutions.map(({ institution }) => institution)
    expect(known.every(({ products }) => products.includes('investments'))).toBe(true)
    const countries = known.map(({ country }) => country)
    expect(countries).toEqual([...countries].sort())
    const american = known.filter(({ country }) => country === 'US').map(({ isFeatured }) => Number(isFeatured))
    expect(american).toEqual([...american].sort((a, b) => b - a))
    expect(american.includes(0) && american.includes(1)).toBe(true)
  })

  test('is found by the beginning of a word of its name, a page at a time', async () => {
    const { id } = await createConnectSession(ctx, draft())
    const found = await slugs(id, { name: 'BANK of' })
    expect(found).toContain('bank_of_america')
    const first = await listOffered(ctx, id, { name: 'bank', cursor: null, limit: 2 })
    const rest = await slugs(id, { name: 'bank', cursor: first.next })
    const firsts = first.institutions.map(({ institution }) => institution.institutionSlug)
    expect([...firsts, ...rest]).toEqual(await slugs(id, { name: 'bank' }))
    await expect(listOffered(ctx, id, { ...page, cursor: 'nowhere' })).rejects.toEqual(
      refusal('connection.unknown_cursor'),
    )
  })

  test('tells where the consumer is connected, and leaves that out where it is not wanted twice', async () => {
    const { exchangeToken: token } = await complete(ctx)
    await write(ctx, (inside) => exchangeToken(inside, { token: token ?? '', clientId: null }))
    const again = await createConnectSession(ctx, draft())
    const { institutions } = await listOffered(ctx, again.id, page)
    expect(institutions.filter(({ isConnected }) => isConnected).map(({ institution }) => institution.name)).toEqual([
      'Credentials Bank',
    ])
    const once = await createConnectSession(ctx, draft({ features: { ...NO_FEATURES, rejectDuplicates: true } }))
    expect(await slugs(once.id)).not.toContain('moneykit-creds-bank')
    await expect(startConnecting(ctx, once.id, { institutionId: 'moneykit-creds-bank' })).rejects.toEqual(
      refusal('connect_session.invalid_choice'),
    )
  })
})

test('a consumer comes back from an institution only by the way that it was given', async () => {
  const { id } = await createConnectSession(ctx, draft({ institutionId: OAUTH_BANK }))
  await startConnecting(ctx, id, { institutionId: null })
  const own = 'https://hub.example/back?state=own'
  expect(await submitCredentials(ctx, id, { credentials: {}, returnUrl: own })).toMatchObject({ kind: 'visit' })
  expect(await isAwaitedBack(ctx, id, own)).toBe(true)
  expect(await isAwaitedBack(ctx, id, 'https://hub.example/back?state=other')).toBe(false)
  await expect(returnFromInstitution(ctx, id, 'https://hub.example/back?state=other')).rejects.toEqual(
    refusal('connect_session.wrong_step'),
  )
  // Who has not been there yet is still awaited by the same way.
  expect(await returnFromInstitution(ctx, id, own)).toMatchObject({ kind: 'visit' })
  expect(await isAwaitedBack(ctx, id, own)).toBe(true)
})

describe('a report of what went wrong', () => {
  const REPORTS = { features: { ...NO_FEATURES, reportIssues: true } }
  const said = { screen: 'Finder', text: 'My bank is not there.' }

  test('is kept with its session, sealed, and goes with the connection', async () => {
    const { connection, session } = await complete(ctx, { session: REPORTS })
    await expect(reportIssue(ctx, session.id, said)).rejects.toEqual(refusal('connect_session.completed'))
    const open = await createConnectSession(ctx, draft({ ...REPORTS, existingConnectionId: connection.id }))
    for (let count = 0; count < 5; count++) await reportIssue(ctx, open.id, said)
    await expect(reportIssue(ctx, open.id, said)).rejects.toEqual(refusal('connect_session.invalid_choice'))
    expect(await listIssues(ctx, open.id)).toEqual(Array(5).fill({ ...said, at: expect.any(String) }))
    await write(ctx, (inside) => deleteConnection(inside, { id: connection.id, clientId: null }))
    expect(await listIssues(ctx, open.id)).toEqual([])
  })

  test('is not taken where nobody asks for it', async () => {
    const { id } = await createConnectSession(ctx, draft())
    await expect(reportIssue(ctx, id, said)).rejects.toEqual(refusal('connect_session.invalid_choice'))
  })
})
