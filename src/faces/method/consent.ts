/** `POST /entities/{ent_id}/consent` and `POST /accounts/{acc_id}/consent`. Contract: method/entities §1.14, accounts §1.8. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import {
  grantAccountConsent,
  grantConsent,
  withdrawAccountConsent,
  withdrawConsent,
} from '../../core/consent/consent.js'
import { AccountWire, accountWire } from './account-wire.js'
import { EntityWire, entityWire } from './entities.js'
import { readWireId } from './ids.js'
import { invalidRequest } from './invalid.js'
import { change, type Incoming } from './routes.js'
import { nullable, oneOf } from './schema.js'
import { isSince } from './versions/versions.js'

const EntityConsentBody = Type.Object({
  type: oneOf(['withdraw', 'grant']),
  reason: Type.Optional(nullable(oneOf(['entity_withdrew_consent']))),
})
const AccountConsentBody = Type.Object({
  type: oneOf(['withdraw', 'grant']),
  reason: Type.Optional(nullable(oneOf(['holder_withdrew_consent']))),
})

export function consentRoutes(app: FastifyInstance): void {
  change(
    app,
    'POST',
    '/entities/:ent_id/consent',
    {
      tag: 'Entities',
      summary: 'Withdraw the consent of an entity, or grant it again',
      body: EntityConsentBody,
      reply: EntityWire,
      resource: 'entity',
    },
    {
      write(ctx, _, incoming) {
        const id = readWireId('consumer', incoming.params.ent_id ?? '')
        return wantsGrant(incoming) ? grantConsent(ctx, id) : withdrawConsent(ctx, id)
      },
      toWire: entityWire,
    },
  )

  change(
    app,
    'POST',
    '/accounts/:acc_id/consent',
    {
      tag: 'Accounts',
      summary: 'Withdraw the consent to an account',
      body: AccountConsentBody,
      reply: AccountWire,
      resource: 'account',
    },
    {
      write(ctx, _, incoming) {
        const id = readWireId('account', incoming.params.acc_id ?? '')
        return wantsGrant(incoming) ? grantAccountConsent(ctx, id) : withdrawAccountConsent(ctx, id)
      },
      toWire: accountWire,
    },
  )
}

type ConsentBody = Static<typeof EntityConsentBody> | Static<typeof AccountConsentBody>
type Asked<Body> = Pick<Incoming<unknown, unknown, Body>, 'body' | 'version'>

/** Granting came with 2025-12-01. Contract: method/entities §1.16. */
function wantsGrant({ body, version }: Asked<ConsentBody>): boolean {
  if (body.type === 'withdraw') {
    requireReason({ body, version })
    return false
  }
  if (!isSince(version, '2025-12-01')) throw invalidRequest('type', 'must be withdraw.')
  return true
}

/** Before 2025-12-01 a reason, or null, had to be said. */
function requireReason({ body, version }: Asked<ConsentBody>): void {
  if (body.reason !== undefined || isSince(version, '2025-12-01')) return
  throw invalidRequest('reason', 'must say why consent is withdrawn.')
}
