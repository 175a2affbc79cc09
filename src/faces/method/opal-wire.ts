/** The wire objects of Opal. Contract: method/entities §13. */
import type { OpalEvent, OpalSession } from '../../core/opal/opal.js'
import { spellId, spellIdOrNull } from './ids.js'
import { opalConfigWire } from './opal-config.js'
import type { Wire } from './versions/versions.js'

export function opalSessionWire({ id, consumerId, config, outcome, ...at }: OpalSession): Wire {
  return {
    id: spellId('opal_session', id),
    config: opalConfigWire(config),
    entity: spellId('consumer', consumerId),
    mode: config.mode,
    idv: spellIdOrNull('verification_session', outcome.identitySessionId),
    cxn: spellIdOrNull('connect', outcome.connectId),
    avf: spellIdOrNull('account_verification_session', outcome.accountSessionId),
    txn: spellIdOrNull('subscription', outcome.subscriptionId),
    completed_at: at.completedAt,
    created_at: at.createdAt,
    updated_at: at.updatedAt,
  }
}

export function opalEventWire({ config }: OpalSession, { flow, object, action, data, at }: OpalEvent): Wire {
  return { type: `${flow}.${object}.${action}`, mode: config.mode, object, action, timestamp: at, data }
}
