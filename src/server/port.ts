import { createServer } from 'node:net'
import { Problem } from './problem.js'

/** The port to serve on: the wanted one if it is free, any free one for 0. Throws `Problem` before anything is started. */
export async function claimPort(host: string, wanted: number): Promise<number> {
  const server = createServer()
  try {
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(wanted, host, resolve))
  } catch (error) {
    throw explainListen(error, host, wanted)
  }
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : wanted
}

/** Why nothing can be served there, in words. */
export function explainListen(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const reason =
    code === 'EADDRINUSE'
      ? `Port ${port} is taken by another program: stop that one, or set PORT to another number (0 picks a free one).`
      : code === 'EACCES'
        ? `Port ${port} is not allowed for this user: set PORT to a number above 1023.`
        : code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND'
          ? `${host} is not an address of this machine: set HOST to one that is, such as 127.0.0.1.`
          : undefined
  return reason === undefined ? error : new Problem(reason, { cause: error })
}
