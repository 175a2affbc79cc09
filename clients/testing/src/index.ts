/** A Clearspan server for a test suite: started in under two seconds, with teams that nobody else sees. */
export type { Clearspan, OwnClearspan, Snapshot, StartOptions } from './clearspan.js'
export { connectClearspan, startClearspan } from './clearspan.js'
export type { Clock, ConnectedPerson, Persona, PersonaDraft, Team, TeamOptions } from './team.js'
export { ClearspanError } from './team.js'
export type { Delivery, ExpectOptions, Webhooks } from './webhooks.js'
