/**
 * Requests that are carried out once. A caller may name a request with a key; the first answer to it, whatever it was, is
 * the answer for ever after, and of two at the same time one runs while the other waits.
 *
 * The key's row and the request's effect commit together: the row is written last, so of two at the same time the second
 * waits there for the first, and undoes all it did once that has committed. A request that must ask the network first cannot
 * hold a transaction open meanwhile: it claims its key with a lease beforehand, and a later one takes over if the process died.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { inTx, sendOff } from '../../db/database.js'
import { addMs, type Instant } from '../clock/clock.js'
import type { Asking, Ctx, Writing } from '../ctx.js'
import { Refusal } from '../refuse.js'
import { refuse } from './errors.js'
import * as store from './store.js'

export { forgetTask } from './jobs.js'

/** What a caller was told: the exact bytes. */
export interface Answer {
  readonly status: number
  readonly body: string
}

export interface KeyedRequest {
  readonly face: string
  /** Null when the caller gave none: then nothing is remembered. */
  readonly key: string | null
}

/** One request's work, in the order it happens. */
export interface Work<Asked, Result> {
  /** What the network has to say, before a transaction is open. */
  readonly ask?: (ctx: Ctx<Asking>) => Promise<Asked>
  readonly write: (ctx: Ctx<Writing>, asked: Asked) => Promise<Result>
  readonly spell: (result: Result, ctx: Ctx<Writing>) => Promise<Answer>
}

export interface Performed extends Answer {
  readonly isReplay: boolean
}

// How long a request that asks the network may hold its key before another takes it for dead.
const LEASE_MS = 60_000
const WAIT_MS_MAX = 30_000
const WAIT_STEP_MS = 25

/** Carries a request out, or gives the answer it had before. Refuses what the work refuses, and `request.keys_unavailable`. */
export async function perform<Asked, Result>(
  ctx: Ctx<Asking>,
  request: KeyedRequest,
  work: Work<Asked, Result>,
): Promise<Performed> {
  const { key, face } = request
  if (key === null) return { ...(await runUnkeyed(ctx, work)), isReplay: false }
  const named = { face, key }
  const first = work.ask ? null : await performUnclaimed(ctx, named, work)
  const done = first ?? (await performLeased(ctx, named, work))
  return done ?? { ...(await waitForAnswer(ctx, named)), isReplay: true }
}

/** The stored answer of a key, waiting for it while the first request runs; null when the key is new. */
export async function findAnswer(
  ctx: Ctx<'db' | 'team' | 'realClock' | 'vault'>,
  request: KeyedRequest,
): Promise<Answer | null> {
  if (request.key === null) return null
  const named = { face: request.face, key: request.key }
  const found = await guarded(() => store.findKeyed(ctx, named))
  if (!found) return null
  if (found.answer) return found.answer
  if (isOver(ctx, found.leaseUntil)) return null
  return waitForAnswer(ctx, named)
}

/**
 * Remembers the answer of a request that failed, and returns the answer that counts: an earlier one if there is one.
 * `lease` is the error's own claim, if it made one.
 */
export async function settleFailure(
  ctx: Ctx<'db' | 'team' | 'realClock' | 'vault'>,
  request: KeyedRequest,
  failure: { readonly answer: Answer; readonly error: unknown },
): Promise<Performed> {
  if (request.key === null) return { ...failure.answer, isReplay: false }
  const named = { face: request.face, key: request.key }
  const lease = leases.get(failure.error as object) ?? null
  const isOurs = await guarded(() => store.settleKeyed(ctx, named, { lease, answer: failure.answer }))
  if (isOurs) return { ...failure.answer, isReplay: false }
  return { ...(await waitForAnswer(ctx, named)), isReplay: true }
}

// The lease a failed request held, by its error, so that only the holder may settle the key.
const leases = new WeakMap<object, Instant>()

type Named = { readonly face: string; readonly key: string }

async function runUnkeyed<Asked, Result>(ctx: Ctx<Asking>, work: Work<Asked, Result>): Promise<Answer> {
  const asked = (await work.ask?.(ctx)) as Asked
  return inTx(ctx.db, async (tx) => {
    const inside = { ...ctx, db: tx, tx }
    return work.spell(await work.write(inside, asked), inside)
  })
}

/** Null when the key is another's: then nothing was done. */
async function performUnclaimed<Asked, Result>(
  ctx: Ctx<Asking>,
  named: Named,
  work: Work<Asked, Result>,
): Promise<Performed | null> {
  try {
    return await inTx(ctx.db, async (tx) => {
      const inside = { ...ctx, db: tx, tx }
      const answer = await work.spell(await work.write(inside, undefined as Asked), inside)
      sendOff(
        tx,
        guarded(() => store.addAnswer(inside, named, answer)),
      )
      return { ...answer, isReplay: false }
    })
  } catch (error) {
    if (error instanceof Refusal && store.isKeyTaken(error.cause)) return null
    throw error
  }
}

async function performLeased<Asked, Result>(
  ctx: Ctx<Asking>,
  named: Named,
  work: Work<Asked, Result>,
): Promise<Performed | null> {
  const lease = addMs(ctx.realClock.now(), LEASE_MS)
  if (!(await guarded(() => store.claimKey(ctx, named, lease)))) return null
  try {
    const asked = (await work.ask?.(ctx)) as Asked
    return await inTx(ctx.db, async (tx) => {
      const inside = { ...ctx, db: tx, tx }
      const answer = await work.spell(await work.write(inside, asked), inside)
      const isStillOurs = await store.finishKey(inside, named, { lease, answer })
      if (!isStillOurs) throw refuse('request.still_running')
      return { ...answer, isReplay: false }
    })
  } catch (error) {
    if (typeof error === 'object' && error !== null) leases.set(error, lease)
    throw error
  }
}

async function waitForAnswer(ctx: Ctx<'db' | 'team' | 'realClock' | 'vault'>, named: Named): Promise<Answer> {
  for (let waited = 0; waited < WAIT_MS_MAX; waited += WAIT_STEP_MS) {
    const found = await guarded(() => store.findKeyed(ctx, named))
    if (found?.answer) return found.answer
    if (!found || isOver(ctx, found.leaseUntil)) break
    await sleep(WAIT_STEP_MS)
  }
  throw refuse('request.still_running')
}

function isOver(ctx: Ctx<'realClock'>, leaseUntil: Instant | null): boolean {
  return leaseUntil !== null && leaseUntil < ctx.realClock.now()
}

/** The caller asked for a guarantee; when the store of keys is down, it is told so instead of getting none. */
async function guarded<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step()
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw Object.assign(refuse('request.keys_unavailable'), { cause: error })
  }
}
