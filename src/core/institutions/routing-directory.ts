import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'

/**
 * The FedACH participant directory of December 2018, the last that may be redistributed. Banks that merged or opened since
 * are missing or bear their old names.
 */
const FILE = new URL('./fedach-2018-12.csv', import.meta.url)

export interface RoutingDirectory {
  readonly fingerprint: string
  readonly csv: string
}

export async function readRoutingDirectory(): Promise<RoutingDirectory> {
  const csv = await readFile(FILE, 'utf8')
  return { csv, fingerprint: createHash('sha256').update(csv).digest('hex') }
}
