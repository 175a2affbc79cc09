/**
 * One server for all files of a run of vitest or jest: name it as their `globalSetup`. Files reach it with `connectClearspan()`. It
 * ends with the run.
 */
import { ADDRESS_VARIABLE } from './door.js'
import { runServer } from './server.js'

/** Starts the server; returns what stops it. */
export default async function setup(): Promise<() => Promise<void>> {
  const { address, stop } = await runServer({})
  process.env[ADDRESS_VARIABLE] = JSON.stringify(address)
  return async () => {
    delete process.env[ADDRESS_VARIABLE]
    await stop()
  }
}
