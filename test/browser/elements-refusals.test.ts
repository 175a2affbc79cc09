/** What stops a person on the way through an element, and what can be done about it. */
import { describe, expect, test, vi } from 'vitest'
import type { TeamSettings } from '../../src/core/teams/teams.js'
import { useBrowser } from '../setup/browser.js'
import { register } from '../setup/cast.js'
import { connectFor, elementRuns, elementsApi, KEVIN, lastOf, useElementsHost } from '../setup/elements-host.js'
import { useListeningApp } from '../setup/listening.js'

const browser = useBrowser()
const server = useListeningApp()
const host = useElementsHost(server)
const customer = elementsApi(server, () => server.app.keys.development)
const { begin, ended } = elementRuns({ browser, host, customer })

const PROVEN = { products: ['sensitive'] }
const LOAN_NUMBER = '70012345678'
const PHONES = { phone: '+15125550188', desktop: '+15125550189' }

/** Settles something for the team until what is done with it has ended. */
async function settled(change: (settings: TeamSettings) => TeamSettings, doing: () => Promise<void>): Promise<void> {
  const { admin, keys, clock } = server.app
  const team = { name: keys.team, environment: 'development' } as const
  const settle = async (wanted: typeof change) => {
    await admin.changeTeam(team, wanted)
    // Servers know of it within a second.
    clock.advance(2_000)
  }
  await settle(change)
  await doing().finally(() => settle(({ method: _, ...settings }) => settings))
}

describe.each(['phone', 'desktop'] as const)('on a %s', (size) => {
  const expectRefusedAtOnce = async (words: string) => {
    const run = await begin(connectFor(KEVIN), { size })
    await run.walk.goOn('intro')
    await run.walk.at('auth_failure')
    expect(await run.walk.says()).toContain(words)
    await run.walk.done()
    expect((await ended(run)).results).toMatchObject({ authenticated: false })
  }

  test('a phone that had its codes of the day gets no more', async () => {
    await settled(
      (settings) => ({ ...settings, method: { verification: { phone_sessions_per_day: 1 } } }),
      async () => {
        const { id } = await customer.post('/entities', { type: 'individual', individual: KEVIN })
        await customer.post(`/entities/${id}/verification_sessions`, { type: 'phone', method: 'sms', sms: {} })
        await expectRefusedAtOnce('Too many codes were sent to this phone today.')
      },
    )
  })

  test('what the team does not offer is not asked for', async () => {
    await settled(
      (settings) => ({ ...settings, method: { verification: { without: ['element'] } } }),
      async () => {
        await expectRefusedAtOnce('This cannot be done here at present. Ask Acme for help.')
      },
    )
  })

  test('whoever takes the consent back meanwhile is let no further', async () => {
    const { id } = await customer.post('/entities', { type: 'individual', individual: KEVIN })
    const run = await begin(
      { type: 'connect', team_name: 'Acme', entity_id: id, connect: { products: ['balance'] } },
      { size },
    )
    await run.walk.goOn('intro')
    await run.walk.at('phone_code')
    await customer.post(`/entities/${id}/consent`, { type: 'withdraw', reason: 'entity_withdrew_consent' })
    await run.walk.code()
    await run.walk.at('auth_failure')
    expect(await run.walk.says()).toContain('Your profile cannot be used. Ask Acme for help.')
    await run.walk.done()
    expect((await ended(run)).results).toMatchObject({ authenticated: false })
  })

  test('a network that cannot be reached is tried again, and a loan is proven by its number', async () => {
    const phone = PHONES[size]
    await register(server.app, {
      phone,
      liabilities: [{ mch_id: 'mch_2347', balance: 1_200_000, account_number: LOAN_NUMBER }],
    })
    const run = await begin(connectFor({ first_name: 'Ada', last_name: 'Own', phone: '+15125550188' }, PROVEN), {
      size: 'phone',
    })
    const { walk } = run
    await walk.goOn('intro')
    await walk.code()
    const { network } = await server.app.ctx()
    vi.spyOn(network, 'tradelines').mockResolvedValueOnce({ ok: false, reason: 'unreachable' })
    await walk.consent()
    await walk.at('error')
    expect(await walk.says()).toContain('We could not look for your accounts')
    await walk.press('Try again')
    await walk.goOn('auth_success')
    await walk.choose('Volvo')
    await walk.at('account')
    const tell = async (number: string) => {
      await walk.fill('Account number', number)
      await walk.press('Verify')
    }
    vi.spyOn(network, 'accountSecrets').mockResolvedValueOnce({ ok: false, reason: 'unreachable' })
    await tell(LOAN_NUMBER)
    await expect.poll(walk.says).toContain('cannot be reached at the moment. Try again shortly.')
    // A number that is not the loan's ends the session. Contract: method/accounts §12.
    await tell('70012345679')
    await walk.at('error')
    expect(await walk.says()).toContain('Your accounts could not be verified')
    await walk.press('Choose other accounts')
    await walk.choose('Volvo')
    await walk.at('account')
    await tell(LOAN_NUMBER)
    await walk.at('success')
    await walk.done()
    const { results } = await ended(run)
    expect(results.accounts).toHaveLength(1)
    expect(lastOf(results, 'success')?.metadata.accounts).toEqual(results.accounts)
    expect((await customer.get(`/accounts/${results.accounts[0]}`)).products).toContain('sensitive')
  })
})
