import { connectClearspan } from '@clearspan/testing'
import { Method } from 'method-node'
import { addChecking, signUp } from '../src/customers.js'

const clearspan = await connectClearspan()

/** A team of its own for a test, and the client that the app would have. */
export async function openTeam(t) {
  const team = await clearspan.team()
  t.after(() => team.close())
  return { team, method: new Method({ apiKey: team.key, env: 'dev', baseURL: clearspan.methodUrl }) }
}

/** A customer of the app with these debts, who pays from that account. */
export async function customerWith(team, method, { liabilities, checkingNumber = '123456789' }) {
  const persona = await team.persona({ liabilities })
  const { id } = await signUp(method, {
    firstName: persona.first_name,
    lastName: persona.last_name,
    phone: persona.phone,
    phoneVerifiedAt: new Date(),
  })
  const checkingId = await addChecking(method, id, { routing: '062103000', number: checkingNumber })
  return { id, checkingId }
}

export const CHEAP_CARD = { mch_id: 'mch_302086', balance: 80_000, interest_rate_percentage: 12.5 }
export const DEAR_CARD = { mch_id: 'mch_300485', balance: 30_000, interest_rate_percentage: 29.9 }
