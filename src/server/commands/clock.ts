import { setTimeout as sleep } from 'node:timers/promises'
import { type ArgsDef, defineCommand } from 'citty'
import type { Move, Reading } from '../../core/clock/clock.js'
import { DEMO_TEAM } from '../../core/teams/teams.js'
import type { Admin } from '../admin.js'
import { Problem } from '../problem.js'
import { administer } from './administer.js'
import { explained } from './explain.js'

const LOOK_EVERY_MS = 500

const whose = {
  team: { type: 'string', default: DEMO_TEAM, description: 'The name of the team, in development', valueHint: 'name' },
} satisfies ArgsDef

const show = defineCommand({
  meta: { name: 'show', description: "Show a team's time." },
  args: whose,
  run: ({ args: { team } }) =>
    explained(() => administer(async (admin) => describe(team, await admin.showClock(team)))),
})

const advance = defineCommand({
  meta: { name: 'advance', description: 'Move a clock ahead, doing everything that is due on the way.' },
  args: {
    duration: { type: 'positional', required: true, description: 'Seconds, or a duration: P1D, PT12H, P1M' },
    ...whose,
  },
  run: ({ args: { duration, team } }) =>
    move(team, () => ({ advance: /^\d+$/.test(duration) ? Number(duration) : duration })),
})

const set = defineCommand({
  meta: { name: 'set', description: 'Move a clock ahead to an instant, doing everything that is due on the way.' },
  args: {
    instant: { type: 'positional', required: true, description: 'Such as 2027-01-15T09:00:00Z' },
    ...whose,
  },
  run: ({ args: { instant, team } }) => move(team, () => ({ set: readInstant(instant) })),
})

const freeze = defineCommand({
  meta: { name: 'freeze', description: 'Stop a clock where it is.' },
  args: whose,
  run: ({ args: { team } }) => move(team, () => ({ freeze: true })),
})

const resume = defineCommand({
  meta: { name: 'resume', description: 'Let a clock run on from where it stands.' },
  args: whose,
  run: ({ args: { team } }) => move(team, () => ({ freeze: false })),
})

export const clock = defineCommand({
  meta: { name: 'clock', description: 'Read, move, stop and start the clock of a development team.' },
  subCommands: { show, advance, set, freeze, resume },
})

function move(team: string, read: () => Move): Promise<void> {
  return explained(() =>
    administer(async (admin) => describe(team, await arrived(admin, team, await admin.moveClock(team, read()))), {
      runsFetches: true,
    }),
  )
}

/** A long way takes longer than a request would wait. */
async function arrived(admin: Admin, team: string, begun: Reading): Promise<Reading> {
  let reading = begun
  while (reading.targetAt !== null) {
    process.stdout.write(`Team ${team}: ${reading.now}, on its way to ${reading.targetAt}\n`)
    await admin.resumeClocks()
    await sleep(LOOK_EVERY_MS)
    reading = await admin.showClock(team)
  }
  return reading
}

function readInstant(text: string): string {
  const hasZone = /(Z|[+-]\d\d:\d\d)$/.test(text) || /^\d{4}-\d\d-\d\d$/.test(text)
  if (!hasZone || !Number.isFinite(Date.parse(text))) {
    throw new Problem(`"${text}" is no instant. Write one such as 2027-01-15T09:00:00Z.`)
  }
  return new Date(Date.parse(text)).toISOString()
}

function describe(team: string, { now, isFrozen }: Reading): string {
  return `Team ${team}: ${now}${isFrozen ? ', frozen' : ''}`
}
