import { sql } from 'kysely'
import type { Db, Tx } from '../../db/database.js'

export const PURPOSES = ['token', 'webhook'] as const
/** `token`: read by the server alone. `webhook`: anybody may check, so the public keys are published. */
export type Purpose = (typeof PURPOSES)[number]

/** An elliptic-curve public key, in the members of RFC 7518 §6.2. */
export interface PublicJwk {
  readonly kty: 'EC'
  readonly crv: 'P-256'
  readonly x: string
  readonly y: string
}

export interface KeyRow {
  readonly purpose: Purpose
  readonly number: number
  readonly id: string
  readonly publicJwk: PublicJwk
  readonly dataKey: Buffer
  readonly privateSealed: Buffer
  readonly signsFrom: string
}

/** Every key, newest first. */
export async function listKeys(db: Db): Promise<readonly KeyRow[]> {
  const { rows } = await sql<KeyRow>`
    select purpose, number, id, public_jwk as "publicJwk", data_key as "dataKey", private_sealed as "privateSealed",
           signs_from as "signsFrom"
    from signing_keys order by purpose, number desc`.execute(db)
  return rows
}

/** Adds a key; false when another process has made the one of that number. */
export async function addKey(tx: Tx, key: KeyRow): Promise<boolean> {
  const { rows } = await sql`
    insert into signing_keys (purpose, number, id, public_jwk, data_key, private_sealed, signs_from)
    values (${key.purpose}, ${key.number}, ${key.id}, ${JSON.stringify(key.publicJwk)}, ${key.dataKey},
            ${key.privateSealed}, ${key.signsFrom})
    on conflict (purpose, number) do nothing
    returning id`.execute(tx)
  return rows.length > 0
}
