/**
 * Transactions that wait only where somebody needs an answer. Statements go out in the order in which they are asked for,
 * none of them waiting for those before it, and `begin` and `commit` are no exceptions. What is asked for together therefore
 * costs one round trip, and so does all that is written at the end, the commit included.
 */
import { CompiledQuery, type DatabaseConnection, type KyselyProps, Transaction } from 'kysely'
import type { Tx } from './database.js'
import type { SplitConnection } from './driver.js'
import type { Tables } from './schema.generated.js'

// What was sent in a transaction without anybody waiting for it, in order.
const sentOff = new WeakMap<Tx, Promise<unknown>[]>()

/**
 * A write of which nobody needs the result: later statements come after it, and the transaction commits only with it. What
 * goes wrong with it, the transaction says.
 */
export function sendOff(tx: Tx, write: Promise<unknown>): void {
  const others = sentOff.get(tx)
  if (!others) throw new Error('Only what is written in a transaction can be sent off.')
  others.push(quiet(write))
}

/** Runs `work` in a transaction on a connection of its own. `props` are those of the database. */
export async function transact<T>(props: KyselyProps, work: (tx: Tx) => Promise<T>): Promise<T> {
  return props.executor.provideConnection(async (connection) => {
    const held = connection as SplitConnection
    await held.hold()
    try {
      return await commitOrRollBack(props, connection, work)
    } finally {
      held.release()
    }
  })
}

async function commitOrRollBack<T>(
  props: KyselyProps,
  connection: DatabaseConnection,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const send = (command: string) => connection.executeQuery(CompiledQuery.raw(command))
  const sent: Promise<unknown>[] = [quiet(send('begin'))]
  const { tx, end } = openTx(props, connection)
  sentOff.set(tx, sent)
  try {
    const result = await work(tx)
    await Promise.all([...sent, quiet(send('commit'))])
    return result
  } catch (error) {
    await send('rollback')
    // Whatever was asked after it fails because of the first that failed.
    throw (await firstFailure(sent)) ?? error
  } finally {
    end()
    sentOff.delete(tx)
  }
}

/** Kysely's own transactions send one statement after the other has been answered; this one doesn't. */
function openTx(props: KyselyProps, connection: DatabaseConnection): { readonly tx: Tx; end(): void } {
  let isOver = false
  const executor = props.executor.withConnectionProvider({
    provideConnection(use) {
      if (isOver) throw new Error('This transaction is over.')
      return use(connection)
    },
  })
  return {
    tx: new Transaction<Tables>({ ...props, executor }),
    end() {
      isOver = true
    },
  }
}

async function firstFailure(sent: readonly Promise<unknown>[]): Promise<unknown> {
  const results = await Promise.allSettled(sent)
  return results.find((result) => result.status === 'rejected')?.reason
}

/** Its failure is looked at later, if at all. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}
