/**
 * What others moved on an account by its number: entries of the ACH, their returns, and the small credits that prove an
 * account. A return that is foreseen is a line once its time has come, whether or not anybody has asked for returns.
 */
import { sql } from 'kysely'
import type { Db } from '../../../../db/database.js'
import type { Ask } from '../../../port.js'
import { refOf } from '../../chance.js'
import { numberMarkOf } from '../../deposits.js'
import type { Town } from '../../people.js'
import type { HeldDeposit } from '../held.js'
import { type Line, postedLine } from './lines.js'

export async function recordedLines(
  { db, secrets }: Town,
  { realm }: Pick<Ask, 'realm'>,
  deposits: readonly HeldDeposit[],
): Promise<readonly Line[]> {
  const byMark = new Map(deposits.map((account) => [numberMarkOf(secrets, realm, account.number), account]))
  const entries = await listEntries(db, realm, [...byMark.keys()])
  return entries.flatMap((entry) => {
    const account = byMark.get(entry.numberMark)
    return account?.routingNumbers.includes(entry.routingNumber) ? [lineOf(account, entry)] : []
  })
}

interface Entry {
  readonly reference: string
  readonly position: number
  readonly numberMark: string
  readonly routingNumber: string
  readonly cents: number
  readonly at: string
  readonly description: string | null
  readonly returnCode: string | null
}

async function listEntries(db: Db, realm: string, marks: readonly string[]): Promise<readonly Entry[]> {
  const { rows } = await sql<Entry>`
    select e.reference, e.position, e.number_mark as "numberMark", e.routing_number as "routingNumber",
      e.cents::float8 as cents, e.at, a.description, null as "returnCode"
    from world.deposit_entries e
    left join world.ach_entries a on a.realm = e.realm and a.reference = e.reference
    where e.realm = ${realm} and e.number_mark = any(${marks}::text[]) and not e.is_return
    union all
    select a.reference, 0, a.number_mark, a.routing_number,
      (case a.direction when 'credit' then -a.cents else a.cents end)::float8, a.returns_at, a.description, a.return_code
    from world.ach_entries a
    where a.realm = ${realm} and a.number_mark = any(${marks}::text[]) and a.returns_at is not null`.execute(db)
  return rows
}

function lineOf({ ref: accountRef }: HeldDeposit, entry: Entry): Line {
  const { reference, position, cents, at, description, returnCode } = entry
  const isReturn = returnCode !== null
  const name = description ?? 'ACCTVERIFY'
  const line = postedLine(
    { ref: refOf(isReturn ? 'returned' : 'entry', accountRef, reference, position), accountRef, at },
    cents,
    {
      rawDescription: isReturn
        ? `ACH RETURN ${returnCode} ${name}`.toUpperCase()
        : `ACH ${cents < 0 ? 'DEBIT' : 'CREDIT'} ${name}`.toUpperCase(),
      description: isReturn ? `${name} returned` : name,
      counterparty: { name, categoryCode: null, domain: null },
      ...(isReturn
        ? { category: 'banking', subcategory: 'refunds_and_reversals' }
        : { category: 'transfers', subcategory: cents < 0 ? 'transfers_out' : 'transfers_in' }),
      recurrence: null,
    },
  )
  return { ...line, isRecorded: true }
}
