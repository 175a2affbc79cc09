/** What waits for the team's clock: sessions, tokens, refreshes, and the end of deleted connections. */
import type { DueWork } from '../clock/clock.js'

export const connectionWorks: readonly DueWork[] = []
