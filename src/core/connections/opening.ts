/** How a connection begins: nobody has logged in yet. */
import type { Ctx, Writing } from '../ctx.js'
import { record } from '../events/events.js'
import { type ConnectionId, type ConsumerId, newId } from '../ids.js'
import type { Connection, OwnWebhook } from './connections.js'
import { changed } from './moves.js'
import { setOwnWebhook } from './own-webhook.js'
import type { ProviderName, RoutedInstitution } from './providers.js'
import { addConnection, type HeldConnection, shown } from './store.js'

interface Opening {
  readonly consumerId: ConsumerId
  readonly institution: RoutedInstitution
  readonly provider: ProviderName
  readonly clientId: string | null
  readonly webhook: OwnWebhook | null
  readonly tags: readonly string[]
}

export async function openConnection(ctx: Ctx<Writing>, opening: Opening): Promise<HeldConnection> {
  const { institution, webhook, consumerId, provider, clientId, tags } = opening
  const connection = await addConnection(ctx, {
    id: newId<ConnectionId>(ctx.chance),
    consumerId,
    institution: { slug: institution.institutionSlug, name: institution.name },
    institutionProducts: institution.products,
    provider,
    clientId,
    state: 'connecting',
    errorCode: null,
    webhookUrl: webhook?.url ?? null,
    tags,
    isImported: false,
    connectedAt: null,
    createdAt: ctx.clock.stamp(),
  })
  if (webhook) await setOwnWebhook(ctx, connection.id, webhook)
  await record(ctx, [changed(null, connection)])
  return connection
}

/** One that is made outside any session of ours: whoever begins it opens sessions that renew it. */
export async function beginConnection(
  ctx: Ctx<Writing>,
  beginning: Pick<Opening, 'consumerId' | 'institution' | 'provider'>,
): Promise<Connection> {
  return shown(await openConnection(ctx, { ...beginning, clientId: null, webhook: null, tags: [] }))
}
