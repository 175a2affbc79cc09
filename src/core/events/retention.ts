import type { KeptMonths } from '../kept-months.js'
import * as store from './store.js'

/** Events, which their totals count as long as they are kept. */
export const eventMonths: KeptMonths = {
  tables: ['events'],
  task: 'events.forget',
  schedule: '41 3 * * *',
  onDrop: store.takeOffTotals,
  deleteStrays: store.deleteStrays,
}
