/**
 * Clearing accounts: at the bank that originates entries, whose routing number without its check digit begins every trace
 * number. Each holds what has come in and no more; see `ach/store.ts` for what becomes of a debit that it does not cover.
 */
import { sql } from 'kysely'
import type { Ask, BankAccount } from '../port.js'
import { refOf } from './chance.js'
import { numberMarkOf } from './deposits.js'
import { payableNumber } from './logins/held.js'
import { ownerOf, type Town } from './people.js'

const ORIGINATING_BANK = { kind: 'ach', routingNumbers: ['091000019'] } as const

/** The account of a reference, opened the first time. */
export async function openClearingAccount(
  { db, seed, secrets }: Town,
  { realm }: Ask,
  reference: string,
): Promise<BankAccount> {
  const [routingNumber] = ORIGINATING_BANK.routingNumbers
  const accountNumber = payableNumber(secrets, ORIGINATING_BANK, refOf(seed, 'clearing', realm, reference))
  const numberMark = numberMarkOf(secrets, realm, accountNumber)
  const sealed = secrets.seal(accountNumber, ownerOf(realm, numberMark))
  await sql`
    insert into world.deposit_accounts (realm, number_mark, routing_number, type, number_sealed, is_prefunded)
    values (${realm}, ${numberMark}, ${routingNumber}, 'checking', ${sealed}, true)
    on conflict do nothing`.execute(db)
  return { routingNumber, accountNumber, type: 'checking' }
}
