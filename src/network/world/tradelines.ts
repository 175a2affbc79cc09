/** From debts as they are invented to debts as they are written down, and from there to what the port tells of them. */
import type { LiabilityReport, Tradeline } from '../port.js'
import { chanceOf, refOf } from './chance.js'
import { reportsDirectly, type WorldDirectory } from './directory.js'
import type { NewDebt } from './invent/debts.js'
import { snapshotAt, standingAt } from './life/life.js'
import { ownerOf, type Town } from './people.js'
import type { NumberShape } from './secrets.js'
import type { Debt } from './store.js'

/** Gives debts their refs and seals the account numbers they brought. */
export function writtenDebts(
  { seed, secrets }: Town,
  { realm, personRef, key }: { realm: string; personRef: string; key: string },
  debts: readonly NewDebt[],
): Debt[] {
  return debts.map(({ merchantNumber, terms, accountNumber }, position) => {
    const ref = refOf(seed, 'debt', realm, key, position, merchantNumber)
    const accountNumberSealed = accountNumber === null ? null : secrets.seal(accountNumber, ownerOf(realm, ref))
    return { ref, personRef, position, merchantNumber, terms, accountNumberSealed }
  })
}

const MASK_LENGTH = 4

export function tradelineOf(
  { secrets }: Town,
  debt: Debt,
  { realm, day, directory }: { realm: string; day: string; directory: WorldDirectory },
): Tradeline {
  const { ref, merchantNumber, terms, accountNumberSealed } = debt
  const accountNumber =
    accountNumberSealed === null
      ? secrets.inventedAccountNumber(ref, numberShapeOf(debt, directory))
      : secrets.open(accountNumberSealed, ownerOf(realm, ref))
  return {
    accountRef: ref,
    merchantNumber,
    type: terms.type,
    name: terms.name,
    accountNumber,
    mask: accountNumber.slice(-MASK_LENGTH),
    ownership: terms.ownership,
    isClosed: standingAt(terms, day).closedOn !== null,
    cardNetwork: cardNetworkOf(debt),
    reportsDirectly: reportsDirectly(merchantNumber),
    snapshot: snapshotOf(debt, day),
  }
}

/** The bureau's newest picture of a debt; each is taken on the same date of a month. */
export function snapshotOf({ terms }: Debt, day: string): LiabilityReport {
  return snapshotAt(terms, day, chanceOf(terms.seed, 'snapshot').between(1, 28))
}

function numberShapeOf(debt: Debt, directory: WorldDirectory): NumberShape {
  const pattern = directory.merchant(debt.merchantNumber)?.accountNumberFormats[0] ?? null
  return { cardNetwork: cardNetworkOf(debt), pattern }
}

function cardNetworkOf({ terms }: Debt): Tradeline['cardNetwork'] {
  return terms.kind === 'card' || terms.kind === 'verbatim' ? terms.network : null
}
