/** Load on one server, made by a process of its own so that making it does not slow what is measured. */
import { runProgram } from './processes.js'

export interface LoadRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface LoadOrder {
  readonly url: string
  readonly connections: number
  readonly warmUpMs: number
  readonly measuredMs: number
  /** Every connection goes round them; with `isEachOnce` they are dealt out, and running out of them is a failure. */
  readonly requests: readonly LoadRequest[]
  readonly isEachOnce: boolean
  /** A regular expression that the bodies looked at must match; every status must be 200. */
  readonly bodyPattern: string
}

export interface Load {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly answers: number
  readonly bodiesChecked: number
  /** Replies that were not what they should be, in words, a few of them. */
  readonly flaws: readonly string[]
}

/** Carries out an order. Throws when a single reply was wrong: a fast error is not a pass. */
export async function load(order: LoadOrder): Promise<Load> {
  const result = await runProgram<Load>('generator', order, { isPinned: true })
  if (result.flaws.length > 0) throw new Error(`${order.url} answered wrongly: ${result.flaws.join('; ')}`)
  if (result.bodiesChecked === 0) throw new Error(`${order.url} answered too little to be checked.`)
  return result
}
