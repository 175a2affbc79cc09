/** Elements as a person goes through them, on a customer's page of another origin. */
import { describe, expect, test } from 'vitest'
import { useBrowser } from '../setup/browser.js'
import { connectFor, elementRuns, elementsApi, KEVIN, lastOf, useElementsHost } from '../setup/elements-host.js'
import { useServer } from '../setup/served.js'

const browser = useBrowser()
const server = useServer()
const host = useElementsHost(server)
const customer = elementsApi(server)

const { begin, ended } = elementRuns({ browser, host, customer })

describe.each(['phone', 'desktop'] as const)('on a %s', (size) => {
  test('somebody of whom nothing is known is verified, and connects an account', async () => {
    const run = await begin(connectFor({}), { size })
    const { walk, token } = run
    await walk.goOn('intro')
    await walk.name()
    await walk.phone('(512) 123-1111')
    await walk.code()
    await walk.consent()
    await walk.goOn('auth_success')
    await walk.choose('Chase')
    await walk.at('empty')
    await walk.done()
    const { results, heard, types } = await ended(run)
    const [account] = results.accounts
    expect(results).toEqual({
      authenticated: true,
      cxn_id: expect.stringMatching(/^cxn_/),
      accounts: [expect.stringMatching(/^acc_/)],
      entity_id: expect.stringMatching(/^ent_/),
      events: expect.any(Array),
    })
    expect(types).toEqual([
      'open',
      'AUTH_INTRO_OPEN',
      'AUTH_INTRO_CONTINUE',
      'AUTH_NAME_OPEN',
      'AUTH_NAME_CONTINUE',
      'AUTH_PHONE_OPEN',
      'AUTH_PHONE_CONTINUE',
      'AUTH_PHONE_VERIFY_OPEN',
      'AUTH_PHONE_VERIFY_SUBMIT',
      'AUTH_CONSENT_OPEN',
      'AUTH_CONSENT_CONTINUE',
      'AUTH_SUCCESS_OPEN',
      'AUTH_SUCCESS_CONTINUE',
      'AVF_ACCOUNT_LIST_OPEN',
      'AVF_EMPTY_SUCCESS_OPEN',
      'AVF_EMPTY_SUCCESS_CONTINUE',
      'success',
      'exit',
    ])
    expect(heard.filter(({ callback }) => callback !== 'onEvent')).toEqual([
      { callback: 'onOpen', type: 'open', payload: { op: 'open', element_type: 'connect' } },
      {
        callback: 'onSuccess',
        type: 'success',
        payload: { op: 'success', element_type: 'connect', entity_id: results.entity_id, accounts: [account] },
      },
      { callback: 'onExit', type: 'exit', payload: { op: 'exit', element_type: 'connect' } },
    ])
    expect(lastOf(results, 'success')?.metadata).toEqual(heard.find(({ type }) => type === 'success')?.payload)
    const entity = await customer.get(`/entities/${results.entity_id}`)
    expect(entity).toMatchObject({ status: 'active', connect: results.cxn_id, individual: { phone: '+15121231111' } })
    const sessions = await customer.get(`/entities/${results.entity_id}/verification_sessions`)
    expect(sessions).toEqual([
      expect.objectContaining({
        method: 'element',
        type: 'identity',
        status: 'verified',
        element: { element_token: token, type: 'auth', questions: [], authenticated: true },
      }),
      expect.objectContaining({
        method: 'element',
        type: 'phone',
        status: 'verified',
        element: { element_token: token, type: 'auth', timestamp: expect.any(String) },
      }),
    ])
  })

  test('everything that is missing is asked for, and nothing else', async () => {
    const run = await begin(connectFor({ first_name: 'Kevin', last_name: 'Doyle' }), { size })
    const { walk } = run
    await walk.goOn('intro')
    await walk.phone('5121231113')
    await walk.code()
    await walk.dob()
    await walk.address()
    await walk.questions('Correct')
    await walk.consent()
    await walk.goOn('auth_success')
    await walk.choose('Chase', 'Ally')
    await walk.at('empty')
    await walk.done()
    const { results, types } = await ended(run)
    expect(results.accounts).toHaveLength(2)
    expect(types.filter((type) => type.endsWith('_OPEN'))).toEqual([
      'AUTH_INTRO_OPEN',
      'AUTH_PHONE_OPEN',
      'AUTH_PHONE_VERIFY_OPEN',
      'AUTH_DOB_OPEN',
      'AUTH_ADDRESS_OPEN',
      'AUTH_SECQ_OPEN',
      'AUTH_CONSENT_OPEN',
      'AUTH_SUCCESS_OPEN',
      'AVF_ACCOUNT_LIST_OPEN',
      'AVF_EMPTY_SUCCESS_OPEN',
    ])
  })

  test('a card that has to be proven is, after a wrong entry was corrected', async () => {
    const body = connectFor(KEVIN, {
      products: ['sensitive'],
      account_filters: { selection_type: 'single', liability_types: ['credit_card'] },
    })
    const run = await begin(body, { size })
    const { walk } = run
    await walk.goOn('intro')
    await walk.code()
    await walk.consent()
    await walk.goOn('auth_success')
    await walk.choose('1580')
    await walk.card('111')
    await expect.poll(walk.says).toContain('Attempts left: 4')
    await walk.card()
    await walk.at('success')
    await walk.done()
    const { results, types } = await ended(run)
    expect(types.slice(-8)).toEqual([
      'AVF_ACCOUNT_LIST_OPEN',
      'AVF_ACCOUNT_VERIFY_OPEN',
      'AVF_ACCOUNT_VERIFY_SUBMIT',
      'AVF_ACCOUNT_VERIFY_SUBMIT',
      'AVF_SUCCESS_OPEN',
      'AVF_SUCCESS_CONTINUE',
      'success',
      'exit',
    ])
    const account = await customer.get(`/accounts/${results.accounts[0]}`)
    expect(account.products).toContain('sensitive')
  })

  test('whom no bureau knows is told so at the end of what could be asked', async () => {
    const run = await begin(connectFor({}), { size })
    const { walk } = run
    await walk.goOn('intro')
    await walk.name()
    await walk.phone('5125550123')
    await walk.code()
    await walk.dob()
    await walk.address()
    await walk.ssn4()
    await walk.at('auth_failure')
    await walk.done()
    const { results, types } = await ended(run)
    expect(results).toMatchObject({ authenticated: false, cxn_id: null, accounts: [] })
    expect(types.slice(-3)).toEqual(['AUTH_FAILURE_OPEN', 'AUTH_FAILURE_CONTINUE', 'exit'])
    expect((await customer.get(`/entities/${results.entity_id}`)).status).toBe('incomplete')
  })
})
