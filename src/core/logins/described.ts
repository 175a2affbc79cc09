/** Accounts that a consumer describes instead of logging in anywhere. Contract: mx-connect/callbacks §5.16. */
import { sql } from 'kysely'
import {
  type AccountDescription,
  beginDescribed,
  describeAccount,
  type HeldAccount,
} from '../connections/connections.js'
import type { Ctx, Reading, Writing } from '../ctx.js'
import type { ConnectionId, ConsumerId } from '../ids.js'
import * as store from './store.js'

/** What a person says of an account, in the words of the face, beside what every account has. */
export type DescribedFacts = Readonly<Record<string, unknown>>

export interface DescribedAccount {
  readonly account: HeldAccount
  readonly connectionId: ConnectionId
  readonly facts: DescribedFacts
}

/** Adds one; the consumer's first brings a login for them. */
export async function addDescribedAccount(
  ctx: Ctx<Writing>,
  consumerId: ConsumerId,
  { facts, ...description }: AccountDescription & { readonly facts: DescribedFacts },
): Promise<DescribedAccount> {
  // Two at the same time make one login for both.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`logins:${ctx.team.id}:${consumerId}:described`}, 0))`.execute(
    ctx.tx,
  )
  const known = (await store.listLogins({ ...ctx, db: ctx.tx }, consumerId)).find(({ kind }) => kind === 'described')
  const connectionId = known?.connectionId ?? (await begin(ctx, consumerId))
  const account = await describeAccount(ctx, connectionId, description)
  await store.addFacts(ctx, { connectionId, accountId: account.id, facts })
  return { account, connectionId, facts }
}

async function begin(ctx: Ctx<Writing>, consumerId: ConsumerId): Promise<ConnectionId> {
  const connection = await beginDescribed(ctx, consumerId)
  await store.addLogin(ctx, {
    connectionId: connection.id,
    consumerId,
    institutionSlug: connection.institution.slug,
    kind: 'described',
    credentialsSealed: null,
    nameMark: null,
    useCases: [],
    staysInBackground: true,
    status: 'connected',
    course: null,
    createdAt: ctx.clock.stamp(),
  })
  return connection.id
}

/** By the ids of accounts. */
export function describedFacts(
  ctx: Ctx<Reading>,
  connectionId: ConnectionId,
): Promise<ReadonlyMap<string, DescribedFacts>> {
  return store.listFacts(ctx, connectionId)
}
