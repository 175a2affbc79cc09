import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type App, openApp } from '../../../test/setup/app.js'
import { kevin, type Person } from '../../../test/setup/cast.js'
import { inTx, type Tx } from '../../db/database.js'
import type { Asking, Ctx } from '../ctx.js'
import type { AccountId, RetrievalId } from '../ids.js'
import {
  checkNewElement,
  createElement,
  type Element,
  type ElementInput,
  finishElement,
  getElement,
  getElementSession,
  noteAuthenticated,
  openElement,
  recordElementEvent,
  resumeElement,
  STEP_EVENTS,
  updateElementSession,
} from './sessions.js'

let app: App
let ctx: Ctx<Asking>
let person: Person
beforeAll(async () => {
  app = await openApp()
  ctx = await app.ctx()
  person = await kevin(app).enter()
})
afterAll(() => app.close())

const MINUTE_MS = 60_000
const inside = <T>(work: (inner: Ctx<Asking> & { readonly tx: Tx }) => Promise<T>) =>
  inTx(ctx.db, (tx) => work({ ...ctx, db: tx, tx }))

const terms = {
  flowType: 'default',
  payoutCentsMin: 100,
  loanCentsMin: 1000,
  residualCentsMax: 1000,
  requested: { amountCents: 1000, ratePercent: 0.1, termMonths: 12, monthlyPaymentCents: 100 },
} as const

async function newElement(wanted: Partial<ElementInput> = {}): Promise<{ element: Element; token: string }> {
  const input: ElementInput = {
    type: 'connect',
    subject: { consumerId: person.id.slice('ent_'.length) },
    sessionId: null,
    terms: null,
    detail: {
      teamName: null,
      logoUrl: null,
      iconUrl: null,
      products: ['balance'],
      accountIds: [],
      selection: 'multiple',
      liabilityTypes: [],
      phoneWord: null,
    },
    ...wanted,
  }
  const checked = await checkNewElement(ctx, input)
  return inside((inner) => createElement(inner, checked))
}

const refusal = (code: string) => expect.objectContaining({ code })
const types = async (token: string) => (await getElement(ctx, token)).events.map(({ type }) => type)

describe('a token', () => {
  test('opens one page, once', async () => {
    const { element, token } = await newElement()
    const opened = await openElement(ctx, token)
    expect(opened).toMatchObject({ element: { id: element.id, type: 'connect' }, team: { id: ctx.team.id } })
    expect(await types(token)).toEqual(['open'])
    await expect(openElement(ctx, token)).rejects.toEqual(refusal('element.expired_token'))
    expect(await types(token)).toEqual(['open'])
  })

  test('that many open at the same time admits exactly one', async () => {
    const { token } = await newElement()
    const tries = await Promise.allSettled(Array.from({ length: 12 }, () => openElement(ctx, token)))
    const losers = tries.filter((one) => one.status === 'rejected')
    expect(losers).toHaveLength(11)
    for (const { reason } of losers) expect(reason).toEqual(refusal('element.expired_token'))
    expect(await types(token)).toEqual(['open'])
  })

  test('opens until thirty minutes are over, and not after', async () => {
    const [early, late] = [await newElement(), await newElement()]
    app.clock.advance(30 * MINUTE_MS - 1)
    await openElement(ctx, early.token)
    app.clock.advance(1)
    await expect(openElement(ctx, late.token)).rejects.toEqual(refusal('element.expired_token'))
  })

  test.each(['pk_elem_46789ABCDEFGHJKLMNPQRTUVWXYabcde', '', 'nonsense'])('"%s" is unknown', async (token) => {
    await expect(openElement(ctx, token)).rejects.toEqual(refusal('element.unknown_token'))
  })

  test('is not to be found in the database, nor is the secret of its page', async () => {
    const { token } = await newElement()
    const { pageSecret } = await openElement(ctx, token)
    const rows = await app.fresh.database.pool.query('select t::text as line from element_tokens t')
    const text = rows.rows.map(({ line }) => line).join('\n')
    const hex = (secret: string) => Buffer.from(secret).toString('hex')
    for (const secret of [token, pageSecret, token.slice('pk_elem_'.length), hex(token), hex(pageSecret)]) {
      expect(text).not.toContain(secret)
    }
  })
})

describe('a page', () => {
  test('is found again by its secret for an hour', async () => {
    const { element, token } = await newElement()
    const { pageSecret } = await openElement(ctx, token)
    app.clock.advance(60 * MINUTE_MS - 1)
    expect(await resumeElement(ctx, { token, pageSecret })).toMatchObject({
      element: { id: element.id },
      team: { id: ctx.team.id },
    })
    app.clock.advance(1)
    await expect(resumeElement(ctx, { token, pageSecret })).rejects.toEqual(refusal('element.expired_token'))
  })

  test('is not found by its token alone, by the secret of another page, nor once it was left', async () => {
    const [{ token }, other] = [await newElement(), await newElement()]
    const [{ element, pageSecret }, stranger] = [await openElement(ctx, token), await openElement(ctx, other.token)]
    for (const proof of [
      { token, pageSecret: token },
      { token, pageSecret: stranger.pageSecret },
      { token: other.token, pageSecret },
    ]) {
      await expect(resumeElement(ctx, proof)).rejects.toEqual(refusal('element.expired_token'))
    }
    await recordElementEvent(ctx, element.id, { type: 'exit' })
    await expect(resumeElement(ctx, { token, pageSecret })).rejects.toEqual(refusal('element.expired_token'))
  })
})

describe('what a page tells', () => {
  let element: Element
  let token: string
  beforeEach(async () => {
    const made = await newElement()
    token = made.token
    element = (await openElement(ctx, token)).element
  })

  test('may be any of forty-six steps, kept in order with their moments', async () => {
    expect(new Set(STEP_EVENTS).size).toBe(46)
    for (const type of STEP_EVENTS) await recordElementEvent(ctx, element.id, { type })
    expect(await types(token)).toEqual(['open', ...STEP_EVENTS])
    expect((await getElement(ctx, token)).events.at(-1)).toEqual({ type: 'AVF_ERROR', at: app.clock.now() })
  })

  test('at the same time is all kept', async () => {
    await Promise.all(STEP_EVENTS.map((type) => recordElementEvent(ctx, element.id, { type })))
    expect((await types(token)).toSorted()).toEqual(['open', ...STEP_EVENTS].toSorted())
  })

  test('ends with its exit', async () => {
    await recordElementEvent(ctx, element.id, { type: 'exit' })
    await recordElementEvent(ctx, element.id, { type: 'AUTH_INTRO_OPEN' })
    await recordElementEvent(ctx, element.id, { type: 'exit' })
    const late = await inside((inner) => finishElement(inner, element, []))
    expect(await types(token)).toEqual(['open', 'exit'])
    expect(late.finishedAt).toBeNull()
  })

  test('is kept up to five hundred events, and the exit', async () => {
    for (let turn = 0; turn < 510; turn++) await recordElementEvent(ctx, element.id, { type: 'AUTH_DOB_OPEN' })
    await recordElementEvent(ctx, element.id, { type: 'exit' })
    const kept = await types(token)
    expect(kept).toHaveLength(501)
    expect(kept.at(-1)).toBe('exit')
  })

  test('is nothing before it was opened', async () => {
    const unopened = await newElement()
    await recordElementEvent(ctx, unopened.element.id, { type: 'AUTH_INTRO_OPEN' })
    expect(await types(unopened.token)).toEqual([])
  })
})

test('a finished element has its accounts and one success, however often it is finished', async () => {
  const { token } = await newElement()
  const { element } = await openElement(ctx, token)
  const connectId = '6LrGhxXpKtdGh' as RetrievalId
  const accountIds = ['fRkTdETCDWCA8', '8AEWpdLtjHwir'] as AccountId[]
  await inside((inner) => noteAuthenticated(inner, element.id, connectId))
  await inside((inner) => finishElement(inner, element, accountIds))
  const again = await inside((inner) => finishElement(inner, element, []))
  expect(again).toMatchObject({ isAuthenticated: true, connectId, accountIds, finishedAt: app.clock.now() })
  expect(await types(token)).toEqual(['open', 'success'])
})

describe('the session of a balance transfer', () => {
  test('lives on when its token is over, and remembers how far the person came', async () => {
    const first = await newElement({ type: 'balance_transfer', terms })
    app.clock.advance(31 * MINUTE_MS)
    await expect(openElement(ctx, first.token)).rejects.toEqual(refusal('element.expired_token'))
    const sessionId = first.element.sessionId ?? ''
    const second = await newElement({ type: 'balance_transfer', sessionId, subject: null })
    expect(second.element).toMatchObject({ sessionId, consumerId: first.element.consumerId })
    const { element } = await openElement(ctx, second.token)
    await inside((inner) => noteAuthenticated(inner, element.id, null))
    await inside((inner) => finishElement(inner, element, []))
    const { balanceTransfer } = await getElementSession(ctx, sessionId)
    expect(balanceTransfer).toMatchObject({ ...terms, isAuthenticated: true, isFirstPass: false })
  })

  test('takes two decisions at the same time as one after the other', async () => {
    const { element } = await newElement({ type: 'balance_transfer', terms })
    const nothing = {
      amountCents: undefined,
      ratePercent: undefined,
      termMonths: undefined,
      monthlyPaymentCents: undefined,
    }
    const decide = (approved: Partial<Record<keyof typeof nothing, number>>) =>
      inside((inner) =>
        updateElementSession(inner, element.sessionId ?? '', {
          approved: { ...nothing, ...approved },
          releasesPayouts: false,
        }),
      )
    await Promise.all([decide({ amountCents: 900 }), decide({ ratePercent: 7.9 }), decide({ termMonths: 24 })])
    const { balanceTransfer } = await getElementSession(ctx, element.sessionId ?? '')
    expect(balanceTransfer.approved).toEqual({
      amountCents: 900,
      ratePercent: 7.9,
      termMonths: 24,
      monthlyPaymentCents: null,
    })
  })
})
