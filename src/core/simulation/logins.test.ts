import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openedBy, read } from '../../../test/setup/logins.js'
import { type OpenWorld, openWorld } from '../../../test/setup/world.js'
import { clockOver } from '../clock/clock.js'
import type { Ctx } from '../ctx.js'
import type { Team } from '../teams/teams.js'
import {
  addLine,
  awaitedVisit,
  changeLine,
  expireAccess,
  removeLine,
  setInstitutionFault,
  visitInstitution,
} from './simulation.js'

const NOON = '2026-03-10T12:00:00.000Z'
const BANK = 'moneykit-creds-bank'

let open: OpenWorld
beforeAll(async () => {
  open = await openWorld()
})
afterAll(() => open.close())

function contextOf(environment: Team['environment']): Ctx<'team' | 'clock' | 'network'> {
  const team = { id: `tem_${environment}`, environment } as unknown as Team
  return { team, clock: clockOver(() => Date.parse(NOON)), network: open.world }
}

async function opened() {
  const ctx = contextOf('development')
  const ask = { realm: ctx.team.id, at: NOON }
  const accessRef = await openedBy(open.world, ask, { userName: 'me', password: 'mine' })
  const [account] = read(await open.world.heldAccounts(ask, accessRef))
  return { ctx, ask, accessRef, ref: account?.ref ?? '' }
}

const draft = { cents: 700, direction: 'debit', description: 'Tea' } as const

describe('a rehearsal behind a login', () => {
  test('adds, changes and removes a line', async () => {
    const { ctx, ask, accessRef, ref } = await opened()
    const added = await addLine(ctx, { accessRef, ref }, draft)
    const changed = await changeLine(ctx, { accessRef, ref: added.ref }, { cents: 800 })
    expect(changed).toEqual({ ...added, cents: 800 })
    await removeLine(ctx, { accessRef, ref: added.ref })
    const { transactions } = read(await open.world.heldTransactions(ask, accessRef, null))
    expect(transactions.filter((line) => line.ref === added.ref)).toEqual([])
  })

  test('ends an access, and takes an institution down and up, in its own team', async () => {
    const { ctx, ask, accessRef } = await opened()
    await setInstitutionFault(ctx, BANK, 'institution_maintenance')
    expect(await open.world.heldAccounts(ask, accessRef)).toEqual({ ok: false, reason: 'unreachable' })
    await setInstitutionFault(ctx, BANK, null)
    await expireAccess(ctx, accessRef)
    expect(await open.world.heldAccounts(ask, accessRef)).toEqual({ ok: false, reason: 'access_ended' })
  })

  test('plays the consumer at an institution’s own page', async () => {
    const { ctx, ask } = await opened()
    const step = await open.world.login(ask, {
      institutionSlug: 'moneykit-oauth-bank',
      consumerRef: 'jane',
      phone: null,
      credentials: {},
      returnUrl: 'https://app.example/back',
      accessRef: null,
      customData: null,
    })
    const attemptRef = step.kind === 'redirected' ? step.attemptRef : ''
    expect(await awaitedVisit(ctx, attemptRef)).toMatchObject({ returnUrl: 'https://app.example/back' })
    await visitInstitution(ctx, attemptRef, { kind: 'login', userName: 'me', password: 'mine' })
    expect((await open.world.continueLogin(ask, attemptRef, [])).kind).toBe('opened')
  })

  test('refuses what is not there', async () => {
    const ctx = contextOf('development')
    const nothing = { accessRef: 'nobody', ref: 'nothing' }
    const tries = [
      () => setInstitutionFault(ctx, 'nowhere', 'locked'),
      () => expireAccess(ctx, 'nobody'),
      () => addLine(ctx, nothing, draft),
      () => changeLine(ctx, nothing, { cents: 1 }),
      () => removeLine(ctx, nothing),
      () => awaitedVisit(ctx, 'nobody'),
      () => visitInstitution(ctx, 'nobody', { kind: 'refused', reason: 'access_denied' }),
    ]
    for (const each of tries) await expect(each()).rejects.toMatchObject({ code: 'simulation.cannot_happen' })
  })

  test('is for development only', async () => {
    const { accessRef, ref } = await opened()
    for (const environment of ['sandbox', 'production'] as const) {
      const ctx = contextOf(environment)
      const forbidden = { code: 'simulation.forbidden' }
      await expect(addLine(ctx, { accessRef, ref }, draft)).rejects.toMatchObject(forbidden)
      await expect(setInstitutionFault(ctx, BANK, 'locked')).rejects.toMatchObject(forbidden)
      await expect(expireAccess(ctx, accessRef)).rejects.toMatchObject(forbidden)
    }
  })
})
