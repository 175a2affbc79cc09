/**
 * Deposit accounts, as far as money sent to them goes. Whatever account a caller names exists at the named bank, and a
 * credit arrives at once; except these, whose banks send it back:
 *
 * | account number          | return |                                     |
 * | ----------------------- | ------ | ----------------------------------- |
 * | zeros only              | `R03`  | there is no such account            |
 * | ends in `0002`          | `R02`  | the account is closed               |
 * | ends in `0004`          | `R04`  | the number cannot be one            |
 */
import type { Ask, DepositCourse, DepositResult, MicroDeposits } from '../port.js'
import { ownerOf, type Town } from './people.js'
import type { Secrets } from './secrets.js'
import { listDeposits, recordDeposits } from './store.js'

/** Credits the account, or returns all. The same reference again changes nothing and has the same answer. */
export async function deposit({ db, secrets }: Town, ask: Ask, deposits: MicroDeposits): Promise<DepositResult> {
  const { reference, to, amountsCents } = deposits
  const returnCode = returnCodeOf(to.accountNumber)
  if (returnCode !== null) return { returnCode }
  const numberMark = numberMarkOf(secrets, ask.realm, to.accountNumber)
  await recordDeposits(db, {
    realm: ask.realm,
    numberMark,
    routingNumber: to.routingNumber,
    type: to.type,
    numberSealed: secrets.seal(to.accountNumber, ownerOf(ask.realm, numberMark)),
    reference,
    amountsCents,
    at: ask.at,
  })
  return { returnCode: null }
}

/** What came in at the accounts with a number, newest first. */
export function depositsAt({ db, secrets }: Town, realm: string, accountNumber: string) {
  return listDeposits(db, realm, numberMarkOf(secrets, realm, accountNumber))
}

function returnCodeOf(accountNumber: string): string | null {
  if (/^0+$/.test(accountNumber)) return 'R03'
  if (accountNumber.endsWith('0002')) return 'R02'
  if (accountNumber.endsWith('0004')) return 'R04'
  return null
}

/** A keyed hash by which the realm's accounts of a number are found. */
export function numberMarkOf(secrets: Secrets, realm: string, accountNumber: string): string {
  return secrets.mark(accountNumber, `deposits/${realm}`)
}

// By the first digits of the account number. contract: mx-connect/states §8.4
const COURSES: Readonly<Record<string, DepositCourse['outcome']>> = {
  '4444': 'not_sent',
  '5555': 'rejected',
  '6666': 'conflicted',
  '4000': 'invalid',
}

/** What a caller rehearses with an account number. */
export function rehearsedDeposits(accountNumber: string): DepositCourse {
  const amountsCents = accountNumber.endsWith('37') ? [3, 7] : null
  return { outcome: COURSES[accountNumber.slice(0, 4)] ?? null, amountsCents }
}
