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
  const entries = orders.map((order) => entryOf(town, ask, { order, ...operator }))
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

function entryOf(
  { secrets }: Town,
  ask: Ask,
  { order, returnTimes, directory }: Operator & { readonly order: AchOrder },
): store.NewEntry {
  const { reference, direction, party, amountCents: cents, traceId, description } = order
  const account = accountOf(party, directory)
  const foreseen = account && foreseenReturn(account.accountNumber, direction)
  const numberMark = account && numberMarkOf(secrets, ask.realm, account.accountNumber)
  return {
    reference,
    direction,
    cents,
    traceId,
    description,
    numberMark,
    numberSealed: account && numberMark && secrets.seal(account.accountNumber, ownerOf(ask.realm, numberMark)),
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
