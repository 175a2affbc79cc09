import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type OpenWorld, openWorld } from '../../../../test/setup/world.js'
import type { AccessPoint, Ask, Challenge, LoginAttempt, LoginStep } from '../../port.js'

const NOON = '2026-03-10T12:00:00.000Z'
const ask: Ask = { realm: 'team', at: NOON }
const CREDENTIALS = 'moneykit-creds-bank'
const OAUTH = 'moneykit-oauth-bank'
const INSTANT = 'moneykit-instant-bank'

let open: OpenWorld
beforeAll(async () => {
  open = await openWorld()
})
afterAll(() => open.close())

function attempt(userName: string, more: Partial<LoginAttempt> & { password?: string } = {}): LoginAttempt {
  const { password = 'any', ...rest } = more
  return {
    institutionSlug: CREDENTIALS,
    consumerRef: 'jane',
    phone: null,
    credentials: { username: userName, password },
    returnUrl: null,
    accessRef: null,
    customData: null,
    ...rest,
  }
}
const login = (userName: string, more: Parameters<typeof attempt>[1] = {}, asked = ask) =>
  open.world.login(asked, attempt(userName, more))

function challengesIn(step: LoginStep): readonly Challenge[] {
  if (step.kind !== 'challenged') throw new Error(`the login was ${step.kind}`)
  return step.challenges
}
async function answer(step: LoginStep, values: readonly string[], asked = ask): Promise<LoginStep> {
  if (step.kind !== 'challenged') throw new Error(`the login was ${step.kind}`)
  const answers = step.challenges.map(({ id }, index) => ({ challengeId: id, value: values[index] ?? '' }))
  return open.world.continueLogin(asked, step.attemptRef, answers)
}
async function accountsOf(step: LoginStep, asked = ask) {
  if (step.kind !== 'opened') throw new Error(`the login was ${step.kind}`)
  const outcome = await open.world.heldAccounts(asked, step.accessRef)
  if (!outcome.ok) throw new Error(outcome.reason)
  return outcome.value
}
const refsOf = async (step: LoginStep) => (await accountsOf(step)).map(({ ref }) => ref)

describe('a test login', () => {
  test('user_good gets in with its password only', async () => {
    expect((await login('user_good', { password: 'pass_good' })).kind).toBe('opened')
    expect(await login('user_good')).toEqual({ kind: 'refused', reason: 'invalid_credentials' })
  })

  test.each([
    ['user_bad', 'invalid_credentials'],
    ['user_locked', 'locked'],
    ['user_impeded', 'setup_required'],
    ['user_denied', 'access_denied'],
    ['user_no_accounts', 'no_accounts'],
    ['user_down', 'institution_down'],
    ['user_maintenance', 'institution_maintenance'],
    ['user_timeout', 'provider_failed'],
  ])('%s is refused for %s, at a bank of the directory too', async (userName, reason) => {
    const points = await open.world.accessPoints()
    const listed = points.find(({ isTest, loginKind }) => !isTest && loginKind === 'credentials')
    const steps = [await login(userName), await login(userName, { institutionSlug: listed?.institutionSlug ?? '' })]
    expect(steps).toEqual(steps.map(() => ({ kind: 'refused', reason })))
  })

  test.each([
    ['user_mfa', ['one_time_code'], ['1234']],
    ['user_question', ['text'], ['correct']],
    ['user_questions', ['text', 'text'], ['correct', 'correct']],
    ['user_image', ['image'], ['correct']],
    ['user_image_options', ['image_options'], ['correct']],
  ])('%s is asked, gets in with the right answers and is refused with a wrong one', async (userName, kinds, right) => {
    const step = await login(userName)
    const challenges = challengesIn(step)
    expect(challenges.map(({ kind }) => kind)).toEqual(kinds)
    expect(new Set(challenges.map(({ label }) => label)).size).toBe(kinds.length)
    expect((await answer(step, right)).kind).toBe('opened')
    const wrong = await answer(await login(userName), [...right.slice(1), 'no'])
    expect(wrong).toEqual({ kind: 'refused', reason: 'wrong_answer' })
  })

  test('pictures of a challenge are pictures', async () => {
    const [image] = challengesIn(await login('user_image'))
    const [options] = challengesIn(await login('user_image_options'))
    const uris = [image?.imageDataUri, ...(options?.options.map(({ imageDataUri }) => imageDataUri) ?? [])]
    expect(uris).toHaveLength(3)
    for (const uri of uris) {
      expect(Buffer.from(uri?.split(',')[1] ?? '', 'base64').toString()).toMatch(/^<svg .*<\/svg>$/s)
    }
  })

  test('user_mfa_device chooses a device and is then asked for the code', async () => {
    const first = await login('user_mfa_device')
    expect(challengesIn(first)[0]?.options.map(({ id }) => id)).toEqual(['sms', 'email'])
    const second = await answer(first, ['email'])
    expect(challengesIn(second).map(({ kind }) => kind)).toEqual(['one_time_code'])
    expect((await answer(second, ['1234'])).kind).toBe('opened')
  })

  test('a step taken again, even by ten at once, has the same answer', async () => {
    const step = await login('user_mfa')
    const steps = await Promise.all(Array.from({ length: 10 }, () => answer(step, ['1234'])))
    expect(new Set(steps.map((each) => JSON.stringify(each))).size).toBe(1)
    expect(steps[0]?.kind).toBe('opened')
    expect(await answer(step, ['wrong'])).toEqual(steps[0])
  })

  test('answers to an earlier round do not count for the next', async () => {
    const first = await login('user_mfa_device')
    const second = await answer(first, ['sms'])
    expect(await answer(first, ['sms'])).toEqual(second)
  })

  test('an answer after more than five minutes is too late', async () => {
    const late = { ...ask, at: '2026-03-10T12:05:01.000Z' }
    expect(await answer(await login('user_mfa'), ['1234'], late)).toEqual({
      kind: 'refused',
      reason: 'challenge_expired',
    })
    const inTime = { ...ask, at: '2026-03-10T12:05:00.000Z' }
    expect((await answer(await login('user_mfa'), ['1234'], inTime)).kind).toBe('opened')
  })
})

describe('a password', () => {
  test.each([
    ['INVALID', 'invalid_credentials'],
    ['LOCKED', 'locked'],
    ['IMPEDED', 'setup_required'],
    ['SERVER_ERROR', 'provider_failed'],
    ['DOWN', 'institution_down'],
    ['NO_ACCOUNTS', 'no_accounts'],
  ])('%s of anybody refuses for %s, and so does it as an answer', async (password, reason) => {
    expect(await login('mxuser', { password })).toEqual({ kind: 'refused', reason })
    expect(await answer(await login('mxuser', { password: 'challenge' }), [password])).toEqual({
      kind: 'refused',
      reason,
    })
  })

  test('asks for the challenge it names, one of which leads to another', async () => {
    const options = await login('mxuser', { password: 'options' })
    const image = await answer(options, ['image'])
    expect(challengesIn(image)[0]?.kind).toBe('image')
    expect((await answer(image, ['correct'])).kind).toBe('opened')
    expect(await answer(await login('mxuser', { password: 'token' }), ['EXPIRE'])).toEqual({
      kind: 'refused',
      reason: 'challenge_expired',
    })
  })

  test('of two questions the first wrong answer decides', async () => {
    const ask2 = () => login('mxuser', { password: 'challenge2' })
    expect(await answer(await ask2(), ['LOCKED', 'correct'])).toMatchObject({ reason: 'locked' })
    expect(await answer(await ask2(), ['correct', 'IMPEDED'])).toMatchObject({ reason: 'setup_required' })
    expect((await answer(await ask2(), ['correct', 'correct'])).kind).toBe('opened')
  })
})

describe('behind a login', () => {
  test('is the same person for one consumer and user name, and another for others', async () => {
    const good = { password: 'pass_good' }
    const jane = await refsOf(await login('user_good', good))
    expect(await refsOf(await login('user_good', good))).toEqual(jane)
    const others = [
      await refsOf(await login('somebody', good)),
      await refsOf(await login('user_good', { ...good, consumerRef: 'john' })),
      await refsOf(await login('user_good', { ...good, institutionSlug: 'albion_mutual' })),
    ]
    expect(new Set([jane, ...others].flat()).size).toBe([jane, ...others].flat().length)
  })

  test('is whoever has the phone number, with their cards and loans at that institution', async () => {
    const phone = '+15125550188'
    const liabilities = [
      { merchantNumber: 302086, balanceCents: 90_000, creditLimitCents: 500_000 },
      { merchantNumber: 2347 },
    ]
    await open.stage.registerPersonas(ask.realm, [{ phone, firstName: 'Ada', lastName: 'Byron', liabilities }])
    const lines = await open.world.tradelines(ask, await open.meet(ask, phone))
    const card = lines.ok ? lines.value[0] : undefined
    const chase = (await open.world.accessPoints()).find(({ institutionSlug }) => institutionSlug === 'chase')
    const step = await loginAnyhow(chase?.loginKind ?? '', { institutionSlug: 'chase', phone })
    const accounts = await accountsOf(step)
    expect(accounts.filter(({ debtRef }) => debtRef !== null)).toMatchObject([
      {
        type: 'liability.credit_card',
        debtRef: card?.accountRef,
        mask: card?.mask,
        balances: { currentCents: 90_000, limitCents: 500_000, availableCents: 410_000 },
      },
    ])
    const owners = step.kind === 'opened' ? await open.world.accountOwners(ask, step.accessRef) : null
    expect(owners?.ok && owners.value[0]?.owners[0]).toMatchObject({
      names: ['Ada Byron'],
      phones: [{ number: phone }],
    })
  })

  test('is one person with one set of accounts, however many log in first at once', async () => {
    const steps = await Promise.all(
      Array.from({ length: 10 }, () => login('user_good', { password: 'pass_good', consumerRef: 'crowd' })),
    )
    const refs = await Promise.all(steps.map(refsOf))
    expect(new Set(refs.map((each) => each.join())).size).toBe(1)
    const { rows } = await sql<{ count: number }>`
      select count(*)::integer as count from world.customers c
      where c.ref = (select customer_ref from world.accesses
        where ref = ${steps[0]?.kind === 'opened' ? steps[0].accessRef : ''})`.execute(open.database.db)
    expect(rows).toEqual([{ count: 1 }])
  })

  test('is paid at one institution only, whichever of several comes first', async () => {
    const phone = '+17375550333'
    const slugs = [CREDENTIALS, ...(await open.world.accessPoints()).flatMap(aUsBank).slice(0, 4)]
    const steps = await Promise.all(
      slugs.map((institutionSlug) => login('user_good', { password: 'pass_good', phone, institutionSlug })),
    )
    expect(steps.map(({ kind }) => kind)).toEqual(slugs.map(() => 'opened'))
    const { rows } = await sql<{ main: number; all: number }>`
      select count(*) filter (where c.is_main)::integer as main, count(*)::integer as all
      from world.customers c join world.people p on p.realm = c.realm and p.ref = c.person_ref
      where p.phone = ${phone}`.execute(open.database.db)
    expect(rows).toEqual([{ main: 1, all: slugs.length }])
  })

  const aUsBank = ({ institutionSlug, country, isTest, fields }: AccessPoint) =>
    country === 'US' && !isTest && fields[0]?.name === 'username' ? [institutionSlug] : []

  async function loginAnyhow(kind: string, more: Partial<LoginAttempt>): Promise<LoginStep> {
    const step = await login('user_good', { ...more, password: 'pass_good' })
    if (kind !== 'oauth' || step.kind !== 'redirected') return step
    const visit = { kind: 'login', userName: 'user_good', password: 'pass_good' } as const
    await open.stage.visitInstitution(ask, step.attemptRef, visit)
    return open.world.continueLogin(ask, step.attemptRef, [])
  }
})

describe('at an institution with a page of its own', () => {
  const begin = () => open.world.login(ask, attempt('', { institutionSlug: OAUTH, returnUrl: 'https://app.example/' }))
  const visit = (step: LoginStep, userName: string, password = 'any') =>
    open.stage.visitInstitution(ask, refOf(step), { kind: 'login', userName, password })
  const refOf = (step: LoginStep) => (step.kind === 'redirected' ? step.attemptRef : '')
  const goOn = (step: LoginStep) => open.world.continueLogin(ask, refOf(step), [])

  test('a login waits for the visit and then goes on', async () => {
    const step = await begin()
    expect(step).toMatchObject({ kind: 'redirected', url: expect.stringContaining(refOf(step)) })
    expect(await goOn(step)).toEqual(step)
    expect(await open.stage.awaitedVisit(ask, refOf(step))).toEqual({
      institutionSlug: OAUTH,
      returnUrl: 'https://app.example/',
    })
    expect(await visit(step, 'user_good', 'pass_good')).toBe(true)
    expect(await open.stage.awaitedVisit(ask, refOf(step))).toBeNull()
    expect((await goOn(step)).kind).toBe('opened')
    expect(await visit(step, 'user_good', 'pass_good')).toBe(false)
  })

  test('a visit may be refused, or be asked more', async () => {
    const denied = await begin()
    await open.stage.visitInstitution(ask, refOf(denied), { kind: 'refused', reason: 'access_denied' })
    expect(await goOn(denied)).toEqual({ kind: 'refused', reason: 'access_denied' })
    const asked = await begin()
    await visit(asked, 'user_mfa')
    expect((await answer(await goOn(asked), ['1234'])).kind).toBe('opened')
  })

  test('one may come back after twenty minutes and still answer, but not after half an hour', async () => {
    const at = (minutes: number) => ({ ...ask, at: new Date(Date.parse(NOON) + minutes * 60_000).toISOString() })
    const step = await begin()
    await open.stage.visitInstitution(at(20), refOf(step), { kind: 'login', userName: 'user_mfa', password: 'any' })
    expect((await answer(await open.world.continueLogin(at(21), refOf(step), []), ['1234'], at(24))).kind).toBe(
      'opened',
    )
    const late = { kind: 'login', userName: 'user_good', password: 'pass_good' } as const
    expect(await open.stage.visitInstitution(at(31), refOf(await begin()), late)).toBe(false)
  })
})

describe('an access', () => {
  const good = { password: 'pass_good' }

  test('is opened without anything at a bank that asks for nothing', async () => {
    const step = await login('', { institutionSlug: INSTANT, credentials: {} })
    expect((await accountsOf(step)).length).toBeGreaterThan(0)
  })

  test('that ended is opened again by logging in to it, with the same accounts', async () => {
    const step = await login('user_good', good)
    const refs = await refsOf(step)
    const accessRef = step.kind === 'opened' ? step.accessRef : ''
    await open.world.endAccess(ask, accessRef)
    expect(await open.world.heldAccounts(ask, accessRef)).toEqual({ ok: false, reason: 'access_ended' })
    expect((await login('user_bad', { accessRef })).kind).toBe('refused')
    expect(await login('user_good', { ...good, accessRef })).toEqual(step)
    expect(await refsOf(step)).toEqual(refs)
  })

  test('beside another one stays open when that one ends', async () => {
    const [one, other] = [await login('user_good', good), await login('user_good', good)]
    await open.world.endAccess(ask, one.kind === 'opened' ? one.accessRef : '')
    expect((await refsOf(other)).length).toBeGreaterThan(0)
  })

  test('at an institution that is down is not readable, and nobody gets in, until it is up', async () => {
    const at = { ...ask, realm: 'down' }
    const step = await login('user_good', good, at)
    const accessRef = step.kind === 'opened' ? step.accessRef : ''
    expect(await open.stage.setInstitutionFault('down', CREDENTIALS, 'institution_down')).toBe(true)
    expect(await open.world.heldAccounts(at, accessRef)).toEqual({ ok: false, reason: 'unreachable' })
    expect(await login('user_good', good, at)).toEqual({ kind: 'refused', reason: 'institution_down' })
    expect((await login('user_good', good)).kind).toBe('opened')
    await open.stage.setInstitutionFault('down', CREDENTIALS, 'provider_failed')
    expect(await open.world.heldAccounts(at, accessRef)).toEqual({ ok: false, reason: 'provider_failed' })
    await open.stage.setInstitutionFault('down', CREDENTIALS, null)
    expect((await open.world.heldAccounts(at, accessRef)).ok).toBe(true)
    expect(await open.stage.setInstitutionFault('down', 'nowhere', 'locked')).toBe(false)
  })

  test('keeps what a caller said, names and numbers, sealed', async () => {
    const customData = {
      accounts: [{ type: 'depository.checking', name: 'Mine', accountNumber: '778899001122', routingNumber: null }],
      owners: null,
    }
    await login('user_custom', { customData })
    await login('user_mfa', { phone: '+17375550123', consumerRef: 'sealed-consumer' })
    const { rows } = await sql<{ text: string }>`
      select string_agg(c::text, '') || (select string_agg(a::text, '') from world.login_attempts a) as text
      from world.customers c`.execute(open.database.db)
    expect(rows[0]?.text.length).toBeGreaterThan(1000)
    expect(rows[0]?.text).not.toMatch(/778899001122|17375550123|sealed-consumer|user_mfa/)
  })
})
