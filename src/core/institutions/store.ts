import { parse } from 'csv-parse/sync'
import { sql } from 'kysely'
import type { Db, Tx } from '../../db/database.js'
import type { Directory } from '../../network/port.js'
import type { Merchant, MerchantFilter } from './institutions.js'
import type { RoutingDirectory } from './routing-directory.js'

export async function fingerprints(db: Db): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ name: string; fingerprint: string }>`select name, fingerprint from catalogues`.execute(
    db,
  )
  return new Map(rows.map((row) => [row.name, row.fingerprint]))
}

/** Merchants are never removed: accounts point to them. */
export async function replaceInstitutions(tx: Tx, directory: Directory): Promise<void> {
  await sql`
    insert into institutions (slug, name, url, routing_numbers)
    select slug, name, url, "routingNumbers" from jsonb_to_recordset(${JSON.stringify(directory.institutions)}::jsonb)
      as i (slug text, name text, url text, "routingNumbers" text[])
    on conflict (slug) do update
      set name = excluded.name, url = excluded.url, routing_numbers = excluded.routing_numbers`.execute(tx)
  await sql`
    insert into merchants (number, institution_slug, name, type, provider_ids, creditor_name, account_number_formats, popularity)
    select number, "institutionSlug", name, type, "providerIds", "creditorName", "accountNumberFormats", popularity
    from jsonb_to_recordset(${JSON.stringify(directory.merchants)}::jsonb)
      as m (number integer, "institutionSlug" text, name text, type text, "providerIds" jsonb, "creditorName" text,
            "accountNumberFormats" text[], popularity integer)
    on conflict (number) do update
      set institution_slug = excluded.institution_slug, name = excluded.name, type = excluded.type,
          provider_ids = excluded.provider_ids, creditor_name = excluded.creditor_name,
          account_number_formats = excluded.account_number_formats, popularity = excluded.popularity`.execute(tx)
  await rememberFingerprint(tx, 'institutions', directory.fingerprint)
}

export async function replaceRoutingNumbers(tx: Tx, directory: RoutingDirectory): Promise<void> {
  const records: string[][] = parse(directory.csv, { from_line: 2 })
  const column = (index: number) => records.map((record) => record[index] ?? '')
  await sql`truncate routing_numbers`.execute(tx)
  await sql`
    insert into routing_numbers (number, bank_name, city, state)
    select * from unnest(${column(0)}::text[], ${column(1)}::text[], ${column(2)}::text[], ${column(3)}::text[])
    on conflict (number) do nothing`.execute(tx)
  await rememberFingerprint(tx, 'routing_numbers', directory.fingerprint)
}

async function rememberFingerprint(tx: Tx, name: string, fingerprint: string): Promise<void> {
  await sql`
    insert into catalogues (name, fingerprint) values (${name}, ${fingerprint})
    on conflict (name) do update set fingerprint = excluded.fingerprint`.execute(tx)
}

const columns = sql`m.number, m.institution_slug as "institutionSlug", i.name as "institutionName", m.name, m.type,
  m.provider_ids as "providerIds", m.account_number_formats as "accountNumberFormats"`

export async function findMerchant(db: Db, number: number): Promise<Merchant | null> {
  const { rows } = await sql<Merchant>`
    select ${columns} from merchants m join institutions i on i.slug = m.institution_slug where m.number = ${number}`.execute(
    db,
  )
  return rows[0] ?? null
}

export async function findMerchants(db: Db, numbers: readonly number[]): Promise<readonly Merchant[]> {
  const { rows } = await sql<Merchant>`
    select ${columns} from merchants m join institutions i on i.slug = m.institution_slug
    where m.number = any(${numbers})`.execute(db)
  return rows
}

/** The catalogue is small and the same for all, so its filters walk it. */
export async function listMerchants(
  db: Db,
  filter: MerchantFilter,
  page: { readonly number: number; readonly limit: number },
): Promise<{ readonly items: readonly Merchant[]; readonly total: number }> {
  const { name, creditorName, type } = filter
  const [providerId] = filter.providerIds
  const matching = sql`
    from merchants m join institutions i on i.slug = m.institution_slug
    where true
      ${name === null ? sql`` : sql`and (m.name ilike ${like(name)} or i.name ilike ${like(name)})`}
      ${creditorName === null ? sql`` : sql`and m.creditor_name ilike ${like(creditorName)}`}
      ${type === null ? sql`` : sql`and m.type = ${type}`}
      ${providerId === undefined ? sql`` : sql`and m.provider_ids->${providerId.provider} ? ${providerId.id}`}`
  const { rows } = await sql<Merchant & { total: number }>`
    select ${columns}, count(*) over () as total ${matching}
    order by ${name === null ? sql`` : sql`lower(m.name) = lower(${name}) desc, lower(i.name) = lower(${name}) desc,`}
             m.popularity, m.number
    limit ${page.limit} offset ${(page.number - 1) * page.limit}`.execute(db)
  const items = rows.map(({ total, ...merchant }) => merchant)
  if (rows[0] || page.number === 1) return { items, total: rows[0]?.total ?? 0 }
  // Behind the last page no row carries the total.
  const counted = await sql<{ total: number }>`select count(*) as total ${matching}`.execute(db)
  return { items, total: counted.rows[0]?.total ?? 0 }
}

function like(part: string): string {
  return `%${part.replace(/[\\%_]/g, '\\$&')}%`
}

export interface RoutingBank {
  readonly name: string
  readonly city: string
  readonly state: string
}

export async function findRoutingBank(db: Db, number: string): Promise<RoutingBank | null> {
  const { rows } = await sql<RoutingBank>`
    select bank_name as name, city, state from routing_numbers where number = ${number}`.execute(db)
  return rows[0] ?? null
}
