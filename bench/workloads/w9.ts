/** W9: from spawning to the first 200, on an empty disk and on the data of an earlier run; beside a minimal app. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Finding, medianOf, ratioOf } from '../findings.js'
import type { Ground } from '../ground.js'
import { beside, byTurns, type Effort, type Pair } from '../pairs.js'
import { type RunningProcess, startBaseline, startServer } from '../processes.js'

const READY_MS_MAX = { empty: 4_000, existing: 1_500 } as const
const EXISTING_RATIO_MAX = 2.5

export async function measureW9({ folder }: Ground, effort: Effort): Promise<readonly Finding[]> {
  const own = join(folder, 'w9-clearspan')
  const minimal = join(folder, 'w9-minimal')
  const readyIn = async (starting: Promise<RunningProcess>) => {
    const running = await starting
    await running.stop()
    return running.readyMs
  }
  const startMinimal = () => readyIn(startBaseline('minimal-app', { DATA_FOLDER: minimal }))
  const startOwn = () => readyIn(startServer({ CLEARSPAN_DATA: own }))
  const onNothing = (start: () => Promise<number>, data: string) => async () => {
    await rm(data, { recursive: true, force: true })
    return start()
  }
  const empty = await byTurns(effort.pairs, onNothing(startMinimal, minimal), onNothing(startOwn, own))
  const existing = await byTurns(effort.pairs, startMinimal, startOwn)
  return [
    ...findings('empty disk', empty, READY_MS_MAX.empty, null),
    ...findings('existing data', existing, READY_MS_MAX.existing, EXISTING_RATIO_MAX),
  ]
}

function findings(
  on: string,
  pairs: readonly Pair<number>[],
  readyMsMax: number,
  ratioMax: number | null,
): readonly Finding[] {
  const note = beside(pairs, ' ms')
  const ready = medianOf(pairs.map(({ clearspan }) => clearspan))
  return [
    {
      workload: 'W9',
      what: `${on}: first 200`,
      ...ready,
      unit: 'ms',
      goal: { kind: 'at most', value: readyMsMax },
      note,
    },
    {
      workload: 'W9',
      what: `${on}: beside a minimal app`,
      ...ratioOf(pairs),
      goal: ratioMax === null ? null : { kind: 'at most', value: ratioMax },
      note,
    },
  ]
}
