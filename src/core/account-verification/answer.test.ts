/** Sessions that need something from outside. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type App, openApp } from '../../../test/setup/app.js'
import { kevin } from '../../../test/setup/cast.js'
import type { Network } from '../../network/port.js'
import { type AccountSubmission, checkNewAccountSession, judgeAnswer } from './account-verification.js'

let app: App
beforeAll(async () => {
  app = await openApp()
})
afterAll(() => app.close())

const claim = { number: null, expMonth: null, expYear: null, cvv: '878', billingZip: null }
const submission: AccountSubmission = { method: 'pre_auth', claim }

async function chase() {
  const account = (await kevin(app).verified().connected().enter()).account('mch_302086')
  const path = `/accounts/${account.id}/verification_sessions`
  const { data } = await app.call('POST', path, { body: { type: 'pre_auth' } })
  return { accountId: account.id.slice('acc_'.length), sessionId: data.id.slice('avf_'.length) }
}

const failing = (reason: 'unreachable' | 'not_supported') => async () => ({ ok: false, reason }) as const

test('a card is neither proven nor refused while its network cannot be reached', async () => {
  const wanted = await chase()
  const ctx = await app.ctx()
  for (const away of ['checkCard', 'accountSecrets'] as const) {
    const network: Network = { ...ctx.network, [away]: failing('unreachable') }
    const judged = judgeAnswer({ ...ctx, network }, wanted, () => submission)
    await expect(judged).rejects.toMatchObject({ code: 'account_verification.network_unreachable' })
  }
  const network: Network = { ...ctx.network, accountSecrets: failing('unreachable') }
  const other = (await kevin(app).verified().connected().enter()).account('mch_302086')
  const begun = checkNewAccountSession({ ...ctx, network }, other.id.slice('acc_'.length), 'pre_auth')
  await expect(begun).rejects.toMatchObject({ code: 'account_verification.network_unreachable' })
})

test('a card whose network checks nothing cannot be proven this way', async () => {
  const ctx = await app.ctx()
  const network: Network = { ...ctx.network, checkCard: failing('not_supported') }
  const { verdict } = await judgeAnswer({ ...ctx, network }, await chase(), () => submission)
  expect(verdict.result).toBe('type_not_supported')
})
