/** How a team wants the widget, and what the hosted page gives to it. Contract: mx-connect/widget-config §4, §5, data §12. */
import { type Static, Type } from 'typebox'
import type { Ctx } from '../../core/ctx.js'
import type { WidgetSession, WidgetUser } from '../../core/widgets/widgets.js'
import { spellId } from './ids.js'
import { AnyObject, Flag, Instant, nullable, Text } from './schema.js'

const Origin = Type.String({ maxLength: 300, pattern: '^https?://[^/\\s]+$' })

/** What else stands there goes into the widget's configuration as it is. */
export const WidgetSettings = Type.Object(
  {
    widget_type: Type.Optional(Type.Unsafe<'connect_widget'>({ type: 'string', enum: ['connect_widget'] })),
    language: Type.Optional(Type.Unsafe<string>({ type: 'string', enum: ['en', 'en-us', 'en-ca', 'es', 'fr-ca'] })),
    /** Whose pages may hold the widget, and get its messages. */
    target_origin: Type.Optional(Origin),
    profiles: Type.Optional(
      Type.Object({
        client: Type.Optional(AnyObject),
        clientProfile: Type.Optional(AnyObject),
        clientColorScheme: Type.Optional(AnyObject),
        widgetProfile: Type.Optional(AnyObject),
      }),
    ),
    user_features: Type.Optional(Type.Array(AnyObject, { maxItems: 50 })),
  },
  { additionalProperties: true },
)
type WidgetSettings = Static<typeof WidgetSettings>

const SessionWire = Type.Object({
  user_guid: Text,
  session_guid: Text,
  expires_at: Instant,
  language: Type.Object({ locale: Text }),
  client_config: AnyObject,
  profiles: Type.Object({
    client: AnyObject,
    clientProfile: AnyObject,
    clientColorScheme: AnyObject,
    user: AnyObject,
    userProfile: AnyObject,
    widgetProfile: AnyObject,
  }),
  user_features: Type.Array(AnyObject),
  experimental_features: nullable(AnyObject),
  is_rehearsal: Flag,
})

export const sessionWire = { schema: SessionWire, of: sessionOf }

function sessionOf(ctx: Ctx<'team'>, session: WidgetSession, user: WidgetUser): Static<typeof SessionWire> {
  const settings = session.settings as WidgetSettings
  const { widget_type, language, profiles, user_features, ...config } = settings
  const { team } = ctx
  const isRehearsal = team.environment === 'development'
  return {
    user_guid: spellId('user', user.id),
    session_guid: spellId('widget_session', session.id),
    expires_at: session.expiresAt,
    language: { locale: language ?? 'en' },
    client_config: { mode: 'aggregation', ui_message_version: 4, color_scheme: 'light', ...config },
    profiles: {
      client: { guid: spellId('client', team.id), oauth_app_name: team.name, ...profiles?.client },
      clientProfile: {
        uses_oauth: true,
        account_verification_is_enabled: true,
        account_identification_is_enabled: true,
        // The widget names a company that may have nothing to do with the payments. contract: mx-connect/widget-config §9
        is_microdeposits_enabled: isRehearsal,
        ...profiles?.clientProfile,
      },
      clientColorScheme: { ...profiles?.clientColorScheme },
      user: { guid: spellId('user', user.id), email: user.email },
      userProfile: user.smallScreenNotedAt === null ? {} : { too_small_modal_dismissed_at: user.smallScreenNotedAt },
      widgetProfile: {
        enable_manual_accounts: true,
        enable_support_requests: true,
        show_microdeposits_in_connect: isRehearsal,
        show_mx_branding: false,
        ...profiles?.widgetProfile,
      },
    },
    user_features: [...(user_features ?? [])],
    experimental_features: null,
    is_rehearsal: isRehearsal,
  }
}
