/** The part of autocannon that the generator uses; the package has no types of its own. */
declare module 'autocannon' {
  import type { EventEmitter } from 'node:events'

  export interface Request {
    method: string
    path?: string
    headers?: Readonly<Record<string, string>>
    body?: string
    setupRequest?: (request: Request) => Request
    onResponse?: (status: number, body: string) => void
  }

  export interface Options {
    url: string
    connections: number
    /** Seconds. */
    duration: number
    requests: Request[]
  }

  export interface Result {
    errors: number
    timeouts: number
    /** Seconds. */
    duration: number
  }

  function autocannon(options: Options): EventEmitter & PromiseLike<Result>
  export default autocannon
}
