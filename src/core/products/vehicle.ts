import type { Vehicle } from '../../network/port.js'
import { askAboutPerson, connectedConsumer } from './consumers.js'
import { defineProduct } from './define.js'

export interface VehicleResult {
  readonly vehicles: readonly Vehicle[]
}

/** What is registered to the consumer. Contract: method/entities §7. */
export const vehicle = defineProduct({
  name: 'vehicle',
  owner: 'consumer',
  mode: 'sync',
  access: connectedConsumer,
  detail: () => ({}),
  ask: (ctx, consumer) => askAboutPerson(ctx, consumer, ctx.network.vehicles),
  keep: async (_ctx, _owner, vehicles) => ({ result: { vehicles } satisfies VehicleResult, changes: [] }),
})
