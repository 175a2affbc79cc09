/**
 * What comes of a person's details besides their being kept: whom the network doubts is disabled, and whom the team has proven
 * before may need no proof again. All of it is one transaction with the details. Contract: method/entities §1.7.
 */
import {
  type CheckedChanges,
  type CheckedConsumer,
  type Consumer,
  createConsumer,
  takeConsumer,
  updateConsumer,
} from '../consumers/consumers.js'
import type { Ctx, Writing } from '../ctx.js'
import { disableConsumer } from '../disabling/disabling.js'
import { adoptProof } from '../verification/verification.js'

/** Makes a consumer. Refuses as `createConsumer`. */
export async function takeOn(ctx: Ctx<Writing>, checked: CheckedConsumer): Promise<Consumer> {
  return heed(ctx, await createConsumer(ctx, checked), checked)
}

/** Fills in what an update brings. Refuses as `updateConsumer`. */
export async function fillIn(ctx: Ctx<Writing>, checked: CheckedChanges): Promise<Consumer> {
  return heed(ctx, await updateConsumer(ctx, checked), checked)
}

async function heed(
  ctx: Ctx<Writing>,
  consumer: Consumer,
  { doubt }: Pick<CheckedConsumer, 'doubt'>,
): Promise<Consumer> {
  if (doubt) return disableConsumer(ctx, consumer, doubt)
  return (await adoptProof(ctx, consumer)) ? takeConsumer(ctx, consumer.id) : consumer
}
