/** Listening to what commits announce (NOTIFY), over a connection of its own that is opened again whenever it breaks. */
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

const REOPEN_DELAY_MS = 1_000

export interface Listening {
  readonly connectionString: string
  readonly channel: string
  readonly connectTimeoutMs: number
  /** From now on nothing is missed. */
  onOpen(): Promise<void>
  onMessage(message: string): Promise<void>
  /** Something may be missed from now on. */
  onLost(error: unknown): void
}

export interface Listener {
  stop(): Promise<void>
}

/** Returns once it listens for the first time, or fails to; it goes on trying until it is stopped. */
export async function listen(listening: Listening): Promise<Listener> {
  const stopping = new AbortController()
  let current = await open(listening).catch(listening.onLost)
  const loop = (async () => {
    while (!stopping.signal.aborted) {
      const reason = await current?.broken
      if (stopping.signal.aborted) return
      if (current) listening.onLost(reason)
      await sleep(REOPEN_DELAY_MS, undefined, { signal: stopping.signal }).catch(() => {})
      if (!stopping.signal.aborted) current = await open(listening).catch(listening.onLost)
    }
  })()
  return {
    async stop() {
      stopping.abort()
      await current?.end()
      await loop
      await current?.end()
    },
  }
}

interface Open {
  /** Settles with the reason. */
  readonly broken: Promise<unknown>
  end(): Promise<void>
}

async function open({ connectionString, channel, connectTimeoutMs, onOpen, onMessage }: Listening): Promise<Open> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: connectTimeoutMs, keepAlive: true })
  const broken = new Promise<unknown>((resolve) => {
    client.on('error', resolve).on('end', () => resolve(new Error('The connection ended.')))
    client.on('notification', ({ payload = '' }) => {
      onMessage(payload).catch((error: unknown) => {
        resolve(error)
        void client.end().catch(() => {})
      })
    })
  })
  const end = () => client.end().catch(() => {})
  try {
    await client.connect()
    await client.query(`listen ${pg.escapeIdentifier(channel)}`)
    await onOpen()
    return { broken, end }
  } catch (error) {
    await end()
    throw error
  }
}
