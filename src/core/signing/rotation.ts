/**
 * Making keys. A published key concerns whoever checks signatures, of whatever team: each team with a webhook for it is told of
 * the new key, and of the one before, which from then on counts for a limited time.
 */
import { generateKeyPairSync } from 'node:crypto'
import { inTx, type Tx } from '../../db/database.js'
import { addMs } from '../clock/clock.js'
import type { Base, Ctx } from '../ctx.js'
import { type Change, record } from '../events/events.js'
import { spellRandom } from '../ids.js'
import { forTeamOf } from '../teams/teams.js'
import { teamsSubscribedTo } from '../webhooks/webhooks.js'
import { addKey, type KeyRow, listKeys, PURPOSES, type Purpose } from './store.js'
import { type SigningKey, toldOf } from './told.js'

const SIGNS_AFTER_MS = 60_000

export const PRIVATE_PLACE = 'signing_keys.private'

/** Makes the first key of each purpose that has none; it signs at once. */
export async function ensureSigningKeys(base: Base): Promise<void> {
  const keys = await listKeys(base.db)
  for (const purpose of PURPOSES) {
    if (!keys.some((key) => key.purpose === purpose)) await makeNext(base, purpose)
  }
}

/** Makes the next key of a purpose; it signs from a minute later on. Returns its id. */
export function rotateSigningKey(base: Base, purpose: Purpose): Promise<string> {
  return makeNext(base, purpose)
}

/** One that another process has made meanwhile is the next one. */
function makeNext(base: Base, purpose: Purpose): Promise<string> {
  return inTx(base.db, async (tx) => {
    const [newest] = (await listKeys(tx)).filter((key) => key.purpose === purpose)
    const signsFrom = addMs(base.realClock.now(), newest ? SIGNS_AFTER_MS : 0)
    const key = makeKey(base, { purpose, number: (newest?.number ?? 0) + 1, signsFrom })
    if (!(await addKey(tx, key))) {
      const [made] = (await listKeys(tx)).filter((each) => each.purpose === purpose)
      return made?.id ?? key.id
    }
    if (purpose === 'webhook') await tell(base, tx, changesOf(key, newest))
    return key.id
  })
}

function changesOf(key: KeyRow, former: KeyRow | undefined): readonly Change[] {
  const created = changed('created', null, toldOf(key, undefined))
  return former ? [created, changed('updated', toldOf(former, undefined), toldOf(former, key))] : [created]
}

function changed(op: string, before: SigningKey | null, after: SigningKey): Change {
  return { resource: 'signing_key', op, resourceId: after.id, before, after }
}

async function tell(base: Base, tx: Tx, changes: readonly Change[]): Promise<void> {
  const topics = changes.map(({ resource, op }) => `${resource}.${op}`)
  for (const teamId of await teamsSubscribedTo({ tx }, topics)) {
    const ctx = await forTeamOf(base, teamId)
    await record({ ...ctx, db: tx, tx }, changes)
  }
}

function makeKey(ctx: Ctx<'chance' | 'vault'>, wanted: Pick<KeyRow, 'purpose' | 'number' | 'signsFrom'>): KeyRow {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const id = `${wanted.purpose[0]}k-${wanted.signsFrom.slice(0, 7)}-${spellRandom(ctx.chance, 8)}`
  const dataKey = ctx.vault.newDataKey(id)
  const clear = privateKey.export({ format: 'pem', type: 'pkcs8' })
  return {
    ...wanted,
    id,
    publicJwk: { kty: 'EC', crv: 'P-256', x, y },
    dataKey,
    privateSealed: ctx.vault.seal({ id, dataKey }, PRIVATE_PLACE, String(clear)),
  }
}
