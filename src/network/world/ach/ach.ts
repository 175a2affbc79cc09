/**
 * The world's ACH operator and the banks behind it. An entry is posted as soon as it is handed over: a debit takes from a
 * deposit account, a credit gives to one or pays off a debt. What a bank will send back is decided at once, by the account's
 * number, or by what a clearing account does not cover, and undone when it comes back.
 */
import type { AchOrder, AchParty, AchPosting, AchReturns, Ask, BankAccount, Outcome } from '../../port.js'
import { accountBehind } from '../cards/debit.js'
import { numberMarkOf } from '../deposits.js'
import type { WorldDirectory } from '../directory.js'
import { ownerOf, type Town } from '../people.js'
import { foreseenReturn, UNCOVERED } from './returns.js'
import * as store from './store.js'

/** When a return comes in that a bank makes so many banking days after an instant. */
export type ReturnTimes = (at: string, bankingDays: number) => string

interface Operator {
  readonly returnTimes: ReturnTimes
  readonly directory: WorldDirectory
}

export async function originate(
  town: Town,
  ask: Ask,
  { orders, ...operator }: Operator & { readonly orders: readonly AchOrder[] },
): Promise<Outcome<Pick<AchReturns, 'lookAgainAt'>>> {
  const numberOf = sealing(town, ask)
  const entries = orders.map((order) => entryOf(ask, { order, numberOf, ...operator }))
  const uncovered = { code: UNCOVERED.code, at: operator.returnTimes(ask.at, UNCOVERED.bankingDays) }
  return { ok: true, value: { lookAgainAt: await store.recordEntries(town.db, ask, { entries, uncovered }) } }
}

export async function achReturns({ db }: Town, ask: Ask, since: number): Promise<Outcome<AchReturns>> {
  return { ok: true, value: await store.takeReturns(db, ask, since) }
}

export async function achPostings(
  { db }: Town,
  { realm }: Ask,
  page: { readonly after: string; readonly limit: number },
): Promise<Outcome<readonly AchPosting[]>> {
  return { ok: true, value: await store.listPostings(db, realm, page) }
}

export function returnEntry({ db }: Town, ask: Ask, returned: { reference: string; code: string }): Promise<boolean> {
  return store.returnEntry(db, ask, returned)
}

interface SealedNumber {
  readonly mark: string
  readonly sealed: string
}

/** Seals the number of each account once, however many entries name it. */
function sealing({ secrets }: Town, { realm }: Ask): (accountNumber: string) => SealedNumber {
  const known = new Map<string, SealedNumber>()
  return (accountNumber) => {
    const earlier = known.get(accountNumber)
    if (earlier) return earlier
    const mark = numberMarkOf(secrets, realm, accountNumber)
    const number = { mark, sealed: secrets.seal(accountNumber, ownerOf(realm, mark)) }
    known.set(accountNumber, number)
    return number
  }
}

interface Posted extends Operator {
  readonly order: AchOrder
  readonly numberOf: (accountNumber: string) => SealedNumber
}

function entryOf(ask: Ask, { order, returnTimes, directory, numberOf }: Posted): store.NewEntry {
  const { reference, direction, party, amountCents: cents, traceId, description } = order
  const account = accountOf(party, directory)
  const foreseen = account && foreseenReturn(account.accountNumber, direction)
  const number = account && numberOf(account.accountNumber)
  return {
    reference,
    direction,
    cents,
    traceId,
    description,
    numberMark: number?.mark ?? null,
    numberSealed: number?.sealed ?? null,
    routingNumber: account?.routingNumber ?? null,
    accountType: account?.type ?? null,
    debtRef: party.kind === 'debt' ? party.accountRef : null,
    returnCode: foreseen?.code ?? null,
    returnsAt: foreseen && returnTimes(ask.at, foreseen.bankingDays),
  }
}

function accountOf(party: AchParty, directory: WorldDirectory): BankAccount | null {
  if (party.kind === 'deposit') return party.account
  return party.kind === 'debit_card' ? accountBehind(party.number, directory) : null
}
