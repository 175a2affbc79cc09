/**
 * ACH files beside a network: what is handed over to it is also written as a file for each processing window, and files that
 * a bank drops are read. The network still decides what becomes of an entry; in a rehearsal that is the simulated world.
 */
import type { AchOrder, Ask } from '../port.js'
import { writeWindow } from './outbox.js'
import type { WindowEntry } from './window-file.js'

export { type Dropped, type Listener, type NotedChange, type ReturnedEntry, readInbox } from './inbox.js'

interface Originating<Answer> {
  originate(ask: Ask, orders: readonly AchOrder[]): Promise<Answer>
}

export interface Outbox {
  readonly folder: string
  /** The last processing window that has opened by an instant. */
  readonly windowOf: (at: string) => string
}

/**
 * The network, which from now on also writes what it takes to the outbox. A file that cannot be written fails the handing
 * over, so that it is tried again, which moves nothing twice.
 */
export function withAchFiles<Answer extends { readonly ok: boolean }, N extends Originating<Answer>>(
  network: N,
  { folder, windowOf }: Outbox,
): N {
  return {
    ...network,
    async originate(ask: Ask, orders: readonly AchOrder[]): Promise<Answer> {
      const answer = await network.originate(ask, orders)
      const entries = orders.flatMap(entryOf)
      if (answer.ok) await writeWindow(folder, { team: ask.realm, opensAt: windowOf(ask.at) }, entries)
      return answer
    },
  }
}

/** Nothing for what is paid to a debt or by a card: other networks reach those, so no bank account of theirs is known. */
function entryOf({ party, holder, traceId, ...order }: AchOrder): readonly WindowEntry[] {
  if (party.kind !== 'deposit') return []
  const { routingNumber, accountNumber, type } = party.account
  return [
    {
      ...order,
      routingNumber,
      accountNumber,
      accountType: type,
      name: holder?.name ?? null,
      isCompany: holder?.isCompany ?? false,
      traceNumber: traceId,
    },
  ]
}
