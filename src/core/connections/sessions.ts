/**
 * Connect sessions: a consumer in front of a page on which a connection is made or renewed. What the team asked for is fixed
 * when the session is made; it lasts for an hour of the team's clock. Contract: moneykit/links §1.
 */
import { inTx } from '../../db/database.js'
import type { Country, CustomData } from '../../network/port.js'
import { addMs } from '../clock/clock.js'
import { ensureExternalConsumer, refuseDisabled } from '../consumers/consumers.js'
import type { Asking, Ctx, Reading } from '../ctx.js'
import { type ConnectionId, type ConnectSessionId, type ConsumerId, newId, readId } from '../ids.js'
import { refuseUrl } from '../webhooks/webhooks.js'
import { findLive } from './access.js'
import type { OwnWebhook } from './connections.js'
import { refuse } from './errors.js'
import { getInstitution } from './institutions.js'
import type { WantedProducts } from './products.js'
import type { ProviderName } from './providers.js'
import * as store from './session-store.js'

export interface SessionFeatures {
  readonly reportIssues: boolean
  readonly warnOfDuplicates: boolean
  readonly rejectDuplicates: boolean
  readonly connectManually: boolean
  readonly onlyOneAccount: boolean
  readonly onlyDepositoryAccounts: boolean
}

/** What the team says about the consumer; it helps to recognise them. */
export interface ConsumerContact {
  readonly email: string | null
  readonly emailVerifiedAt: string | null
  readonly phone: string | null
  readonly phoneVerifiedAt: string | null
}

export interface ConnectSessionDraft {
  /** The team's own id of the consumer, who is made when nobody has it yet. Ignored when a connection is renewed. */
  readonly externalConsumerId: string
  readonly contact: ConsumerContact
  readonly clientId: string | null
  readonly redirectUri: string
  /** Null for all that may be used. */
  readonly providers: readonly ProviderName[] | null
  /** The first ranks highest. */
  readonly countries: readonly Country[]
  readonly products: WantedProducts
  /** The connection to renew or to widen. */
  readonly existingConnectionId: string | null
  /** Skips the choice of an institution; ignored when a connection is renewed. */
  readonly institutionId: string | null
  readonly webhook: OwnWebhook | null
  readonly tags: readonly string[]
  readonly features: SessionFeatures
  /** What the test login `user_custom` finds. */
  readonly customData: CustomData | null
}

export interface ConnectSession
  extends Omit<
    ConnectSessionDraft,
    'externalConsumerId' | 'contact' | 'institutionId' | 'existingConnectionId' | 'customData'
  > {
  readonly id: ConnectSessionId
  readonly consumerId: ConsumerId
  /** `expired` and `completed` are the end. */
  readonly status: 'open' | 'completed' | 'expired'
  /** A connection is renewed or widened. */
  readonly isRenewal: boolean
  /** The institution that is settled or was chosen; null while none is. */
  readonly institutionSlug: string | null
  /** Null until the consumer begins at an institution. */
  readonly connectionId: ConnectionId | null
  readonly expiresAt: string
  readonly createdAt: string
}

/** What only the session itself knows of the consumer. */
export interface PrivateFacts {
  readonly contact: ConsumerContact
  readonly customData: CustomData | null
}

export const SESSION_MS = 60 * 60_000 // contract: moneykit/links §1.3

/**
 * Refuses `connection.institution_not_found`, `connection.not_found`, `.other_client`, `.deleted`, `webhook.invalid_url`,
 * `consumer.disabled`, `connect_session.rehearsal_data`.
 */
export async function createConnectSession(ctx: Ctx<Asking>, draft: ConnectSessionDraft): Promise<ConnectSession> {
  const { clientId, existingConnectionId, contact, customData, institutionId } = draft
  if (customData && ctx.team.environment === 'production') throw refuse('connect_session.rehearsal_data')
  if (draft.webhook) refuseUrl(ctx, draft.webhook.url)
  const existing = existingConnectionId === null ? null : await findLive(ctx, { id: existingConnectionId, clientId })
  const institution = existing || institutionId === null ? null : await getInstitution(ctx, institutionId)
  const consumerId = existing?.consumerId ?? (await consumerOf(ctx, draft))
  const id = newId<ConnectSessionId>(ctx.chance)
  const facts: PrivateFacts = { contact, customData }
  const { redirectUri, providers, countries, products, webhook, tags, features } = draft
  const session = await inTx(ctx.db, (tx) =>
    store.addSession(
      { ...ctx, tx },
      {
        id,
        consumerId,
        clientId,
        settings: { redirectUri, providers, countries, products, webhook, tags, features },
        privateSealed: ctx.vault.seal(ctx.team, privatePlace(id), JSON.stringify(facts)),
        isRenewal: existing !== null,
        institutionSlug: existing?.institution.slug ?? institution?.institutionSlug ?? null,
        connectionId: existing?.id ?? null,
        expiresAt: addMs(ctx.clock.now(), SESSION_MS),
        createdAt: ctx.clock.stamp(),
      },
    ),
  )
  return shown(ctx, session)
}

async function consumerOf(ctx: Ctx<Asking>, { externalConsumerId, contact }: ConnectSessionDraft): Promise<ConsumerId> {
  const consumer = await ensureExternalConsumer(ctx, externalConsumerId, contact)
  refuseDisabled(consumer)
  return consumer.id
}

/** As it is by the team's clock. Refuses `connect_session.not_found`. */
export async function getConnectSession(ctx: Ctx<'db' | 'team' | 'clock'>, id: string): Promise<ConnectSession> {
  return shown(ctx, await findSession(ctx, id))
}

/** Refuses `connect_session.not_found`. */
async function findSession(ctx: Ctx<Reading>, id: string): Promise<store.HeldSession> {
  const wanted = readId<ConnectSessionId>(id)
  const session = wanted && (await store.findSession(ctx, wanted))
  if (!session) throw refuse('connect_session.not_found')
  return session
}

/** One in which something can still be done. Refuses `connect_session.not_found`, `.expired`, `.completed`. */
export async function findOpenSession(ctx: Ctx<Reading | 'clock'>, id: string): Promise<store.HeldSession> {
  const session = await findSession(ctx, id)
  const { status } = shown(ctx, session)
  if (status !== 'open') throw refuse(status === 'expired' ? 'connect_session.expired' : 'connect_session.completed')
  return session
}

/** What everybody may see of it. Its hour may be over before its row says so. */
function shown({ clock }: Ctx<'clock'>, session: store.HeldSession): ConnectSession {
  const { settings, privateSealed, progressSealed, step, tokenExpiresAt, ...rest } = session
  const isOver = rest.status === 'open' && rest.expiresAt <= clock.now()
  return { ...rest, ...settings, status: isOver ? 'expired' : rest.status }
}

const privatePlace = (id: ConnectSessionId) => `connect_sessions.private.${id}`

export function openPrivate(
  ctx: Ctx<'vault' | 'team'>,
  { id, privateSealed }: Pick<store.HeldSession, 'id' | 'privateSealed'>,
): PrivateFacts {
  if (!privateSealed) throw new Error('The session has ended, and what was private in it is gone.')
  return JSON.parse(ctx.vault.open(ctx.team, privatePlace(id), privateSealed)) as PrivateFacts
}
