/** Consumers by the team's own ids, for faces whose callers name people themselves. */
import { inTx } from '../../db/database.js'
import type { Asking, Ctx, Reading } from '../ctx.js'
import { Refusal } from '../refuse.js'
import { type CheckedConsumer, type Consumer, checkNewConsumer, createConsumer } from './consumers.js'
import * as store from './store.js'

/** What the team says about a person beside its own id of them; only what this server can use is taken. */
export interface ExternalContact {
  readonly phone: string | null
  readonly email: string | null
}

export function findExternalConsumer(ctx: Ctx<Reading>, externalId: string): Promise<Consumer | null> {
  return store.findExternal(ctx, externalId)
}

/** The person whom the team calls so, made when it is first named. */
export async function ensureExternalConsumer(
  ctx: Ctx<Asking>,
  externalId: string,
  contact: ExternalContact,
): Promise<Consumer> {
  const known = await store.findExternal(ctx, externalId)
  if (known) return known
  const { phone, email } = contact
  const checked =
    (await checkIfFit(ctx, { phone, email })) ??
    (await checkIfFit(ctx, { phone, email: null })) ??
    (await check(ctx, { phone: null, email: null }))
  return inTx(ctx.db, async (tx) => {
    const inside = { ...ctx, db: tx, tx }
    await store.takeExternalId(inside, externalId)
    return (await store.findExternal(inside, externalId)) ?? createConsumer(inside, checked, externalId)
  })
}

/** Contact is a help, not a claim: what does not fit the rules (a number from abroad) is left out instead of refused. */
async function checkIfFit(ctx: Ctx<Asking>, contact: ExternalContact): Promise<CheckedConsumer | null> {
  try {
    return await check(ctx, contact)
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}

function check(ctx: Ctx<Asking>, { phone, email }: ExternalContact): Promise<CheckedConsumer> {
  return checkNewConsumer(ctx, {
    kind: 'individual',
    individual: { phone, email },
    corporation: null,
    address: null,
    metadata: null,
  })
}
