import { setTimeout as sleep } from 'node:timers/promises'

const LOOK_EVERY_MS = 100
const LOOKS_MAX = 100

/** What a customer owes, dearest first. Money is in cents. */
export async function listDebts(method, customerId) {
  const accounts = await method.accounts.list({ holder_id: customerId, type: 'liability', expand: ['update'] })
  const debts = await Promise.all(accounts.map((account) => describe(method, account)))
  return debts.sort((a, b) => b.interestPercent - a.interestPercent)
}

async function describe(method, { id, liability, update }) {
  const { type, [type]: terms } = update ? await completed(method, id, update) : {}
  return {
    id,
    name: liability.name,
    balanceCents: terms?.balance ?? 0,
    interestPercent: terms?.interest_rate_percentage_max ?? terms?.interest_rate_percentage ?? 0,
  }
}

/** Some institutions answer at once, others a while after the account was found. */
async function completed(method, accountId, update) {
  for (let looks = 0; update.status === 'pending' && looks < LOOKS_MAX; looks++) {
    await sleep(LOOK_EVERY_MS)
    update = await method.accounts(accountId).updates.retrieve(update.id)
  }
  return update
}
