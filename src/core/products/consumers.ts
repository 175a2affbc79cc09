import type { Ask, Network, Outcome } from '../../network/port.js'
import { type Consumer, takeConsumer } from '../consumers/consumers.js'
import type { Asking, Ctx } from '../ctx.js'
import { type Access, available, restricted } from './define.js'
import { refuse } from './errors.js'

/** Facts about consumers that several products share. Contract: method/entities §1.8. */

export function activeConsumer(consumer: Consumer): Access {
  return consumer.status === 'active' ? available : restricted('product.consumer_inactive')
}

export function connectedConsumer(consumer: Consumer): Access {
  return consumer.status === 'active' && consumer.connectedAt ? available : restricted('product.connect_required')
}

/**
 * Locks the consumer before what was found out is stored, so that nothing is stored of one who withdrew consent while the
 * network was asked. Refuses `product.unavailable`.
 */
export async function takeEnabled(ctx: Ctx<'tx' | 'team'>, { id }: Consumer): Promise<Consumer> {
  const consumer = await takeConsumer(ctx, id)
  if (consumer.status === 'disabled') throw refuse('product.unavailable')
  return consumer
}

/** Puts a question about the person behind a consumer to the network, where it knows one. */
export function askAboutPerson<T>(
  ctx: Ctx<Asking>,
  consumer: Consumer,
  question: (this: Network, ask: Ask, personRef: string) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  if (consumer.personRef === null) return Promise.resolve({ ok: false, reason: 'not_found' })
  return question.call(ctx.network, { realm: ctx.team.id, at: ctx.clock.now() }, consumer.personRef)
}
