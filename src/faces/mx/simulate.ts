/** What only a rehearsal can do: each puts something where a test wants it. Development alone. Contract: mx-connect/callbacks §6. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { rehearseLogin, rehearseVisit } from '../../core/logins/logins.js'
import { rehearseMicroDeposit } from '../../core/micro-deposits/micro-deposits.js'
import { ClockBody, clockWire, readMove } from '../clock-body.js'
import type { MxDesk } from './caller.js'
import { OwnFailure, ownErrors } from './errors.js'
import { readWireId } from './ids.js'
import { MemberWire } from './member-wire.js'
import { shownMember } from './members.js'
import { MicroDepositWire, microDepositStatus, microDepositWire } from './micro-deposits.js'
import { ERROR_REASONS, OAuthStateWire, oauthStateWire, visitRefusals } from './oauth.js'
import { change } from './routes.js'
import { Flag, Instant, maybe, nullable } from './schema.js'
import { CONNECTION_STATUSES, standingOf } from './statuses.js'

const tag = 'Simulation'
const upTo = (numberMax: number) => Type.Integer({ minimum: 0, maximum: numberMax })
const UNKNOWN_ERROR = 0
const MICRO_DEPOSIT_STATUS_MAX = 9 // contract: mx-connect/states §6

const MemberBody = Type.Object({
  member: Type.Object({
    connection_status: upTo(CONNECTION_STATUSES.length - 1),
    error_code: maybe(Type.Integer({ description: 'One that the status can have; default: none' })),
  }),
})
const OAuthStateBody = Type.Object({
  oauth_state: Type.Object({
    auth_status: Type.Integer({ minimum: 2, maximum: 3, description: '2: the user is let in; 3: not' }),
    error_reason: maybe(upTo(ERROR_REASONS.length - 1)),
  }),
})
const MicroDepositBody = Type.Object({ micro_deposit: Type.Object({ status: upTo(MICRO_DEPOSIT_STATUS_MAX) }) })
const ClockReply = Type.Object({ clock: Type.Object({ now: Instant, frozen: Flag, moving_to: nullable(Instant) }) })

export function simulationRoutes(app: FastifyInstance, { mover }: Pick<MxDesk, 'mover'>): void {
  const team = { tag, audience: 'team' } as const
  change(
    app,
    'PUT',
    '/simulate/members/:guid',
    { ...team, summary: 'Put a member into a status', body: MemberBody, reply: Type.Object({ member: MemberWire }) },
    {
      ask({ ctx, params, body: { member } }) {
        const wanted = standingOf(member.connection_status, member.error_code ?? null)
        if (!wanted) throw invalid('member.error_code', 'is none that this status has.')
        return rehearseLogin(ctx, { id: readWireId('member', params.guid ?? ''), consumerId: null }, wanted)
      },
      write: async (_, login) => login,
      toWire: async (login, _, { ctx, publicUrl }) => ({ member: await shownMember(ctx, login, { publicUrl }) }),
    },
  )

  change(
    app,
    'PUT',
    '/simulate/oauth_states/:guid',
    {
      ...team,
      summary: 'End a visit to an institution',
      body: OAuthStateBody,
      reply: Type.Object({ oauth_state: OAuthStateWire }),
    },
    {
      ask({ ctx, params, body: { oauth_state: wanted } }) {
        const reason = ERROR_REASONS[wanted.error_reason ?? UNKNOWN_ERROR] ?? 'UNKNOWN_ERROR'
        if (wanted.auth_status === 2 && wanted.error_reason != null) {
          throw invalid('oauth_state.error_reason', 'is for visits that fail.')
        }
        return rehearseVisit(
          ctx,
          readWireId('oauth_state', params.guid ?? ''),
          wanted.auth_status === 2
            ? { kind: 'login', userName: 'mxuser', password: 'approved' }
            : { kind: 'refused', reason: visitRefusals[reason] },
        )
      },
      write: async (_, visit) => visit,
      toWire: (visit) => ({ oauth_state: oauthStateWire(visit) }),
    },
  )

  change(
    app,
    'PUT',
    '/simulate/micro_deposits/:guid',
    {
      ...team,
      summary: 'Have deposits arrive, come back, or be answered',
      body: MicroDepositBody,
      reply: Type.Object({ micro_deposit: MicroDepositWire }),
    },
    {
      ask: ({ ctx, params, body }) =>
        rehearseMicroDeposit(
          ctx,
          readWireId('micro_deposit', params.guid ?? ''),
          microDepositStatus(body.micro_deposit.status),
        ),
      write: async (_, deposit) => deposit,
      toWire: (deposit) => ({ micro_deposit: microDepositWire(deposit) }),
    },
  )

  change(
    app,
    'POST',
    '/simulate/clock',
    { ...team, summary: "Move, stop or start the team's clock", body: ClockBody, reply: ClockReply },
    {
      ask: ({ ctx, body }) => mover.move(ctx.team, readMove(body, invalid)),
      write: async (_, reading) => reading,
      toWire: (reading) => ({ clock: clockWire(reading) }),
    },
  )
}

function invalid(member: string, rule: string): OwnFailure {
  return new OwnFailure(ownErrors.validation, `${member} ${rule}`, { fields: { [member.replace(/,$/, '')]: [rule] } })
}
