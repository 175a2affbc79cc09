/** What a team settled about whom it takes on: only people on its list, and nobody twice. Contract: method/entities §1.9. */
import type { Ctx, Reading } from '../ctx.js'
import type { ConsumerId } from '../ids.js'
import type { Individual } from './details.js'
import { refuse } from './errors.js'
import * as store from './store.js'

type Taken = { readonly id: ConsumerId; readonly individual: Individual | null }

/** Before anything is written. Refuses `consumer.restricted_details`, `consumer.duplicate_details`. */
export async function refuseByTeamRules(ctx: Ctx<Reading>, { id, individual }: Taken): Promise<void> {
  const rules = ctx.team.settings.method?.entities
  const phone = individual?.phone
  if (!rules || !phone) return
  if (rules.allowedPhones && !rules.allowedPhones.includes(phone)) throw refuse('consumer.restricted_details')
  if (rules.uniquePhones && (await store.isPhoneTaken(ctx, phone, id))) throw refuse('consumer.duplicate_details')
}

/** As `refuseByTeamRules` where the row is written, letting through one request of a phone after the other. */
export async function refuseByTeamRulesInTurn(ctx: Ctx<Reading | 'tx'>, taken: Taken): Promise<void> {
  const phone = taken.individual?.phone
  if (!ctx.team.settings.method?.entities?.uniquePhones || !phone) return
  await store.takePhone(ctx, phone)
  await refuseByTeamRules({ ...ctx, db: ctx.tx }, taken)
}
