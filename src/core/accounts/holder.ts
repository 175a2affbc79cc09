import { type Consumer, getConsumer, takeConsumer } from '../consumers/consumers.js'
import type { Ctx, Reading } from '../ctx.js'
import { type ConsumerId, readId } from '../ids.js'
import { isMetadataTooLarge, type Metadata } from '../metadata.js'
import { Refusal } from '../refuse.js'
import { refuse } from './errors.js'

/** Refuses `account.unknown_holder`, `.holder_disabled`. */
export function findHolder(ctx: Ctx<Reading>, id: string): Promise<Consumer> {
  return fitHolder(() => getConsumer(ctx, readId<ConsumerId>(id) ?? ''))
}

/** As `findHolder`; the holder stays as it is until the transaction ends. */
export function takeHolder(ctx: Ctx<'tx' | 'team'>, id: ConsumerId): Promise<Consumer> {
  return fitHolder(() => takeConsumer(ctx, id))
}

/** Refuses `account.metadata_too_large`. */
export function checkMetadata(metadata: Metadata | null): void {
  if (isMetadataTooLarge(metadata)) throw refuse('account.metadata_too_large')
}

async function fitHolder(find: () => Promise<Consumer>): Promise<Consumer> {
  const holder = await find().catch((error: unknown) => {
    if (error instanceof Refusal && error.code === 'consumer.not_found') throw refuse('account.unknown_holder')
    throw error
  })
  if (holder.status === 'disabled') throw refuse('account.holder_disabled')
  return holder
}
