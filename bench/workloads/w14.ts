/** W14: what a test suite waits for: `startClearspan` until it returns, a fresh team, everything put back. Beside a minimal app's start. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type OwnClearspan, startClearspan } from '../../clients/testing/src/index.js'
import { isAlive } from '../../src/db/embedded-leftover.js'
import { type Finding, medianOf } from '../findings.js'
import type { Ground } from '../ground.js'
import { beside, byTurns, type Effort } from '../pairs.js'
import { startBaseline } from '../processes.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const READY_MS_MAX = 2_000
const TEAMS = 20

export async function measureW14({ folder }: Ground, effort: Effort): Promise<readonly Finding[]> {
  const cache = join(folder, 'w14')
  // Where the kit has the PostgreSQL that its servers share.
  process.env.XDG_CACHE_HOME = cache
  const startMinimal = async () => {
    const app = await startBaseline('minimal-app', { DATA_FOLDER: join(folder, 'w14-minimal') })
    await app.stop()
    return app.readyMs
  }
  const resets: number[] = []
  const teams: number[] = []
  const startOwn = async () => {
    const { value: clearspan, ms } = await timed(() => startClearspan({ installation: ROOT }))
    teams.push((await timed(() => makeTeams(clearspan))).ms / TEAMS)
    resets.push((await timed(() => clearspan.reset())).ms)
    await clearspan.close()
    return ms
  }
  // One keeps the PostgreSQL running that the measured ones find.
  const first = await startClearspan({ installation: ROOT })
  try {
    const pairs = await byTurns(effort.pairs, startMinimal, startOwn)
    const ready = pairs.map(({ clearspan }) => clearspan)
    return [
      finding('startClearspan returns', ready, { atMost: READY_MS_MAX, note: beside(pairs, ' ms') }),
      finding('a fresh team', teams, { note: `${TEAMS} one after the other` }),
      finding('reset', resets, { note: '' }),
    ]
  } finally {
    await first.close()
    await endKeeper(join(cache, 'clearspan', 'testing'))
  }
}

function finding(
  what: string,
  values: readonly number[],
  told: { readonly atMost?: number; readonly note: string },
): Finding {
  const goal = told.atMost === undefined ? null : ({ kind: 'at most', value: told.atMost } as const)
  return { workload: 'W14', what, ...medianOf(values), unit: 'ms', goal, note: told.note }
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly ms: number }> {
  const from = performance.now()
  const value = await work()
  return { value, ms: performance.now() - from }
}

async function makeTeams(clearspan: OwnClearspan): Promise<void> {
  for (let made = 0; made < TEAMS; made++) await clearspan.team()
}

/** It would stop by itself, but only after its folder is gone. */
async function endKeeper(folder: string): Promise<void> {
  const pid = Number((await readFile(join(folder, 'lock'), 'utf8')).split(' ')[0])
  process.kill(pid, 'SIGTERM')
  while (isAlive(pid)) await sleep(50)
}
