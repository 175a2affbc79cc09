/** From debts as they are invented to debts as they are written down, and from there to what the port tells of them. */
import type { LiabilityReport, Tradeline } from '../port.js'
import { chanceOf, refOf } from './chance.js'
import { reportsDirectly, type WorldDirectory } from './directory.js'
import type { NewDebt } from './invent/debts.js'
import { snapshotAt, standingAt } from './life/life.js'
import { ownerOf, type Town } from './people.js'
import type { NumberShape, Secrets } from './secrets.js'
import type { Debt, WrittenDebt } from './store.js'

/** Gives debts their refs and seals the account numbers they brought. `position`: of the first; default: 0. */
export function writtenDebts(
  { seed, secrets }: Town,
  owner: { realm: string; personRef: string; key: string; position?: number },
  debts: readonly NewDebt[],
): WrittenDebt[] {
  const { realm, personRef, key, position: first = 0 } = owner
  return debts.map(({ merchantNumber, terms, accountNumber }, index) => {
    const position = first + index
    const ref = refOf(seed, 'debt', realm, key, position, merchantNumber)
    const accountNumberSealed = accountNumber === null ? null : secrets.seal(accountNumber, ownerOf(realm, ref))
    return { ref, personRef, position, merchantNumber, terms, accountNumberSealed }
  })
}

const MASK_LENGTH = 4

export function tradelineOf(
  { secrets }: Pick<Town, 'secrets'>,
  debt: Debt,
  { realm, day, directory }: { realm: string; day: string; directory: WorldDirectory },
): Tradeline {
  const { ref, merchantNumber, terms, movements } = debt
  const accountNumber = accountNumberOf(secrets, debt, { realm, directory })
  return {
    accountRef: ref,
    merchantNumber,
    type: terms.type,
    name: terms.name,
    accountNumber,
    mask: accountNumber.slice(-MASK_LENGTH),
    ownership: terms.ownership,
    isClosed: standingAt(terms, day, movements).closedOn !== null,
    cardNetwork: cardNetworkOf(debt),
    reportsDirectly: reportsDirectly(merchantNumber),
    snapshot: snapshotOf(debt, day),
  }
}

/** The bureau's newest picture of a debt; each is taken on the same date of a month. */
export function snapshotOf({ terms, movements }: Debt, day: string): LiabilityReport {
  return snapshotAt(terms, { day, date: chanceOf(terms.seed, 'snapshot').between(1, 28), movements })
}

/** The number in clear: brought by a caller, or else invented the same way every time. */
export function accountNumberOf(
  secrets: Secrets,
  debt: Debt,
  { realm, directory }: { realm: string; directory: WorldDirectory },
): string {
  const { ref, accountNumberSealed } = debt
  if (accountNumberSealed !== null) return secrets.open(accountNumberSealed, ownerOf(realm, ref))
  return secrets.inventedAccountNumber(ref, numberShapeOf(debt, directory))
}

function numberShapeOf(debt: Debt, directory: WorldDirectory): NumberShape {
  const pattern = directory.merchant(debt.merchantNumber)?.accountNumberFormats[0] ?? null
  return { cardNetwork: cardNetworkOf(debt), pattern }
}

/** The network of a card; null for a debt that is none. */
export function cardNetworkOf({ terms }: Pick<Debt, 'terms'>): Tradeline['cardNetwork'] {
  return terms.kind === 'card' || terms.kind === 'verbatim' ? terms.network : null
}
