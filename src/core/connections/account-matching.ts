/**
 * Which of the accounts an institution shows are those that are known already. An account keeps its id as long as it can be
 * recognised: by its ref, or, where refs changed (another provider, a new card, an import), by mask and kind.
 */
import type { HeldAccount as ToldAccount } from '../../network/port.js'
import type { ConnectionId, HeldAccountId } from '../ids.js'
import type { AccountRow } from './account-store.js'

export interface Matching {
  readonly connectionId: ConnectionId
  readonly known: readonly AccountRow[]
  readonly told: readonly ToldAccount[]
  /** Refs of accounts that the consumer permits from now on; what was permitted before stays so. */
  readonly permitted: ReadonlySet<string>
  newId(): HeldAccountId
}

/** The accounts as they are from now on: those told, in their order, and those told no more, which count as closed. */
export function matchAccounts({ connectionId, known, told, permitted, newId }: Matching): readonly AccountRow[] {
  const byRef = new Map(known.map((row) => [row.networkRef, row]))
  const taken = new Set(told.flatMap(({ ref }) => byRef.get(ref)?.id ?? []))
  const current = told.map(({ ref, debtRef, ...facts }, position): AccountRow => {
    const before = byRef.get(ref) ?? alike(known, facts, taken)
    if (before) taken.add(before.id)
    return {
      ...facts,
      id: before?.id ?? newId(),
      connectionId,
      networkRef: ref,
      originalId: before?.originalId ?? null,
      position,
      isPermitted: (before?.isPermitted ?? false) || permitted.has(ref),
      debtRef,
    }
  })
  const gone = known
    .filter(({ id }) => !taken.has(id))
    .map((row, index) => ({ ...row, position: told.length + index, isClosed: true }))
  return [...current, ...gone]
}

/**
 * What another provider's refs mean in the terms of the known accounts, which each have one that is told and nobody else
 * claims; null when one that is open does not.
 */
export function sameAccounts(
  known: readonly AccountRow[],
  told: readonly ToldAccount[],
): ReadonlyMap<string, string> | null {
  const taken = new Set<HeldAccountId>()
  const refs = new Map<string, string>()
  for (const { ref, debtRef: _, ...facts } of told) {
    const row = alike(known, facts, taken)
    if (!row || row.networkRef === null) continue
    taken.add(row.id)
    refs.set(ref, row.networkRef)
  }
  const isMissing = known.some(({ id, isClosed, networkRef }) => !isClosed && networkRef !== null && !taken.has(id))
  return isMissing ? null : refs
}

type Facts = Omit<ToldAccount, 'ref' | 'debtRef'>

/** The one account that nobody else claims and that has the mask and the kind; the name decides between several. */
function alike(known: readonly AccountRow[], facts: Facts, taken: ReadonlySet<HeldAccountId>): AccountRow | null {
  const candidates = known.filter(
    ({ id, mask, type }) => !taken.has(id) && mask !== null && mask === facts.mask && isSameKind(type, facts.type),
  )
  const named = candidates.filter(({ name }) => name === facts.name)
  const [only, ...others] = named.length > 0 ? named : candidates
  return only && others.length === 0 ? only : null
}

/** Imported types may say less than the institution does. */
function isSameKind(a: string, b: string): boolean {
  const group = (type: string) => type.split('.')[0]
  return a === b || a === 'unknown' || b === 'unknown' || group(a) === group(b)
}
