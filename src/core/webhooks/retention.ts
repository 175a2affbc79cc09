import type { KeptMonths } from '../kept-months.js'

/** Deliveries and their attempts. */
export const deliveryMonths: KeptMonths = {
  tables: ['deliveries', 'delivery_attempts'],
  task: 'webhook.forget',
  schedule: '51 3 * * *',
}
