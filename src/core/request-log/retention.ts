import type { KeptMonths } from '../kept-months.js'
import * as store from './store.js'

/** Requests, and how many there were of each kind. */
export const requestMonths: KeptMonths = {
  tables: ['request_log'],
  task: 'request_log.forget',
  schedule: '31 3 * * *',
  forgetMore: store.deleteCounts,
}
