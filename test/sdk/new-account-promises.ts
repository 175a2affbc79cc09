/** Accounts that are described, and their proof, through an official client. Contract: method/dev-fixtures-accounts F.3, F.5. */
import { expect, test } from 'vitest'
import type { Wire } from '../../src/faces/method/versions/versions.js'
import type { Release } from '../setup/sdk.js'
import { bankAccount, describedCard, preAuth, withdrawnBankAccount } from './account-shapes.js'
import { connectedKevin, expectRefusal, id, instant, isEarly, type Visit, verifiedKevin } from './visit.js'

const ACH = { routing: '062103000', number: '123456789', type: 'checking' } as const
const CARD = { mch_id: 'mch_302086', account_number: '4936494462408721' }

export function newAccountPromises(release: Release, visit: () => Visit): void {
  test('a deposit account has exactly the shape its suites compare with, and is proven at once', async () => {
    const { client, typed } = visit()
    const { id: holder_id } = await verifiedKevin(visit())
    const made = await typed.accounts.create({ holder_id, ach: ACH })
    expect(made).toStrictEqual(bankAccount(holder_id, ACH))
    expect(await client.accounts.retrieve(made.id)).toStrictEqual(made)
    expect(await client.accounts.list({ holder_id, type: 'ach' })).toStrictEqual([made])
    const whole = await client.accounts.retrieve(made.id, { expand: ['latest_verification_session'] })
    expect(whole.latest_verification_session).toStrictEqual({
      id: made.latest_verification_session,
      account_id: made.id,
      status: 'verified',
      type: 'auto_verify',
      error: null,
      auto_verify: {},
      created_at: instant,
      updated_at: instant,
    })
  })

  test('a described card has the name and members that its suites compare with', async () => {
    const { client, typed } = visit()
    const { id: holder_id } = await verifiedKevin(visit())
    const made: Wire = await typed.accounts.create({ holder_id, liability: CARD })
    expect(made).toMatchObject(describedCard(release, holder_id))
    expect(await client.accounts.retrieve(made.id)).toStrictEqual(made)
    const again = await typed.accounts.create({ holder_id, liability: CARD })
    expect(again).toStrictEqual(made)
  })

  test('a payment destination that nobody outside knows is accepted', async () => {
    const { typed } = visit()
    const { id: holder_id } = await verifiedKevin(visit())
    const liability = { mch_id: 'mch_3', account_number: '123456789' }
    const made: Wire = await typed.accounts.create({ holder_id, liability })
    expect(made).toMatchObject({ status: 'active', products: expect.arrayContaining(['payment']) })
  })

  test('a wrong routing number and an unknown holder are refused', async () => {
    const { typed } = visit()
    const { id: holder_id } = await verifiedKevin(visit())
    const ach = { ...ACH, routing: '123456789' }
    await expectRefusal(release, 'INVALID_REQUEST', typed.accounts.create({ holder_id, ach }))
    const nobody = 'ent_4444444444444'
    await expectRefusal(release, 'INVALID_HOLDER_ID', typed.accounts.create({ holder_id: nobody, ach: ACH }))
  })

  test('the card of the fixtures is proven by what is on it, as its suites do', async () => {
    const { client, typed } = visit()
    const { card } = await connectedKevin(visit())
    const sessions = typed.accounts(card.id).verificationSessions
    const begun: Wire = await sessions.create({ type: 'pre_auth' })
    expect(begun).toStrictEqual(preAuth(card.id, 'pending'))
    expect(await client.accounts.retrieve(card.id)).toMatchObject({ latest_verification_session: begun.id })
    const pre_auth = { exp_month: '03', exp_year: '2028', billing_zip_code: '78758', cvv: '878' }
    const ended: Wire = await client
      .accounts(card.id)
      .verificationSessions.update(begun.id, { type: 'pre_auth', pre_auth })
    expect(ended).toStrictEqual({ ...preAuth(card.id, 'verified'), id: begun.id })
    expect(await sessions.retrieve(begun.id)).toStrictEqual(ended)
    const after = await client.accounts.retrieve(card.id)
    expect(after.products).toContain('sensitive')
    expect(after.restricted_products).not.toContain('sensitive')
    expect(after.available_subscriptions).toContain(isEarly(release) ? 'transactions' : 'transaction')
    await expectRefusal(release, 'EXISTING_VERIFIED_SESSION', sessions.create({ type: 'pre_auth' }))
  })

  test('a deposit account that consent is withdrawn from keeps exactly eleven keys', async () => {
    const { client, typed } = visit()
    const { id: holder_id } = await verifiedKevin(visit())
    const made: Wire = await typed.accounts.create({ holder_id, ach: { ...ACH, number: '987654321' } })
    const withdrawn = await typed.accounts.withdrawConsent(made.id, {
      type: 'withdraw',
      reason: 'holder_withdrew_consent',
    })
    expect(withdrawn).toStrictEqual(withdrawnBankAccount(made))
    expect(await client.accounts.retrieve(made.id)).toStrictEqual(withdrawn)
  })
}

/** Two deposits to an account that is not proven by itself; the team has settled that. */
export async function expectDepositsToProve(
  release: Release,
  visit: Pick<Visit, 'client' | 'typed'>,
  readAmounts: (path: string) => Promise<readonly number[]>,
): Promise<void> {
  const { client, typed } = visit
  const { id: holder_id } = await verifiedKevin(visit)
  const account: Wire = await typed.accounts.create({ holder_id, ach: ACH })
  expect(account).toMatchObject({ latest_verification_session: null, products: [], restricted_products: ['payment'] })
  const sessions = client.accounts(account.id).verificationSessions
  const begun = await sessions.create({ type: 'micro_deposits' })
  const common = {
    id: id('avf'),
    account_id: account.id,
    type: 'micro_deposits',
    created_at: instant,
    updated_at: instant,
  }
  expect(begun).toStrictEqual({ ...common, status: 'pending', error: null, micro_deposits: { amounts: [] } })
  const status = async () => (await sessions.retrieve(begun.id)).status
  await expect.poll(status, { timeout: 20_000, interval: 200 }).toBe('in_progress')
  const wrong = sessions.update(begun.id, { micro_deposits: { amounts: [1, 2] } })
  await expectRefusal(release, 'INVALID_VERIFICATION_AMOUNTS', wrong)
  const amounts = await readAmounts(`/accounts/${account.id}/verification_sessions/${begun.id}/amounts`)
  const ended = await sessions.update(begun.id, { micro_deposits: { amounts } })
  expect(ended).toStrictEqual({ ...common, id: begun.id, status: 'verified', error: null, micro_deposits: { amounts } })
  expect((await client.accounts.retrieve(account.id)).products).toStrictEqual(['payment'])
}
