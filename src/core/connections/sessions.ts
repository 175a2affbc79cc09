/**
 * Connect sessions: a consumer in front of a page on which a connection is made or renewed. What the team asked for is fixed
 * when the session is made; it lasts for an hour of the team's clock. Contract: moneykit/links §1.
 */
import type { Country, CustomData } from '../../network/port.js'
import type { Asking, Ctx } from '../ctx.js'
import type { ConnectionId, ConnectSessionId, ConsumerId } from '../ids.js'
import type { OwnWebhook } from './connections.js'
import type { WantedProducts } from './products.js'
import type { ProviderName } from './providers.js'

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

/**
 * Refuses `connection.institution_not_found`, `connection.not_found`, `.other_client`, `.deleted`, `webhook.invalid_url`,
 * `connect_session.rehearsal_data`.
 */
export async function createConnectSession(_ctx: Ctx<Asking>, _draft: ConnectSessionDraft): Promise<ConnectSession> {
  throw new Error('not written yet')
}

/** As it is by the team's clock. Refuses `connect_session.not_found`. */
export async function getConnectSession(_ctx: Ctx<'db' | 'team' | 'clock'>, _id: string): Promise<ConnectSession> {
  throw new Error('not written yet')
}
