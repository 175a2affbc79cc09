/** Where recipes are played: requests of one team, at one version, by whatever way they reach this face. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { VERSION_DATES, Wire } from '../versions/versions.js'

export type VersionDate = (typeof VERSION_DATES)[number]
export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** Sends one request of the team; returns its status and the text of its answer. */
export type Ask = (request: {
  readonly method: Method
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}) => Promise<{ readonly status: number; readonly text: string }>

/** Each returns what the envelope holds, and throws what was refused. */
export interface Stage {
  get(path: string): Promise<Wire>
  post(path: string, body?: object, headers?: Readonly<Record<string, string>>): Promise<Wire>
  put(path: string, body: object): Promise<Wire>
  remove(path: string): Promise<Wire>
  /** What is at the path, once it waits for nothing any more. */
  finished(path: string): Promise<Wire>
}

export class StageRefused extends Error {}

const LOOK_EVERY_MS = 50
const LOOKS_MAX = 600

/** `onMade` hears of each change, and of the id of what it made or changed. */
export function stageOf(
  ask: Ask,
  version: VersionDate,
  onMade: (method: Method, path: string, id: string | null) => void = () => {},
): Stage {
  const send = async (method: Method, path: string, body?: object, headers = {}): Promise<Wire> => {
    const { status, text } = await ask({
      method,
      path,
      headers: {
        'method-version': version,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    const { data, message } = JSON.parse(text) as Wire
    if (status !== 200) throw new StageRefused(`${method} ${path} was answered with ${status}: ${message}`)
    if (method !== 'GET') onMade(method, path, typeof data?.id === 'string' ? data.id : null)
    return data
  }
  const get = (path: string) => send('GET', path)
  return {
    get,
    post: (path, body = {}, headers = {}) => send('POST', path, body, headers),
    put: (path, body) => send('PUT', path, body),
    remove: (path) => send('DELETE', path),
    async finished(path) {
      for (let look = 0; look < LOOKS_MAX; look++) {
        const found = await get(path)
        if (found.status !== 'pending' && found.status !== 'in_progress') return found
        await sleep(LOOK_EVERY_MS)
      }
      throw new StageRefused(`${path} still waits. Does a server run that has workers?`)
    },
  }
}
