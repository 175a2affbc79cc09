/**
 * Time is a port: nothing in `core` asks the machine. Whatever is done for a team happens at the team's time: a development
 * team's clock can stand still and be moved ahead, all others follow real time. `forTeam` gives an operation its team
 * together with the team's clock, so that neither comes without the other.
 *
 * A clock also stamps rows: stamps are microseconds and never repeat within a process, so that rows made in one millisecond
 * keep their order of making.
 */

export { type Clocks, type ClockWatch, openClocks } from './clocks.js'
export { createMover, type Mover, type MoverParts, type Reading, refuseRealTime, type Upcoming } from './drive.js'
export { DUE_BATCH, type Due, type DueParts, type DueWork, type Pace, runAllDue } from './due.js'
export { forTeam, forTeamAnew } from './for-team.js'
export type { Move } from './moves.js'
export { newestStampIn, type StampedTables } from './stamps.js'
export { addMs, type Clock, clockOver, type Instant, instantOf, type Stamp } from './time.js'
export { postponeDue, type Waiting, waitingIn } from './waiting.js'
