/** Link sessions: a user in front of Connect, from the token that opens it to the link. Contract: moneykit/links §1. */
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import {
  type ConnectSessionDraft,
  createConnectSession,
  exchangeToken,
  GRANTABLE_PRODUCTS,
  type GrantableProduct,
  PROVIDER_NAMES,
  type ProductSettings,
  type ProviderName,
  type WantedProducts,
} from '../../core/connections/connections.js'
import { moneykitRules } from '../../core/teams/teams.js'
import type { MoneykitDesk } from './caller.js'
import { CustomData, readCustomData } from './custom-data.js'
import { CustomerUser, readContact } from './customer-user.js'
import { OwnFailure, ownErrors } from './errors.js'
import { readWireId, spellId } from './ids.js'
import { EmbeddedLinkWire, embeddedLinkWire } from './link-wire.js'
import { ownWebhook } from './links.js'
import { change, type Incoming } from './routes.js'
import { COUNTRIES, maybe, oneOf, Text, WebUrl } from './schema.js'
import type { Scope } from './scopes.js'
import { spellSessionToken } from './session-tokens.js'
import { refuseReservedTags, Tag } from './tags.js'

const flag = maybe(Type.Boolean())

const ProductWish = maybe(
  Type.Object({
    required: flag,
    require_permission: flag,
    prefetch: flag,
    reason: maybe(Type.String({ maxLength: 500 })),
    extend_history: flag,
  }),
)

const Features = Type.Object({
  issue_reporter: flag,
  bug_reporter: flag,
  enable_money_id: flag,
  duplicate_institution_warning: flag,
  duplicate_institution_rejected: flag,
  connect_manually: flag,
  permit_only_one_account: flag,
  permit_only_depository_accounts: flag,
})

const SessionBody = Type.Object({
  customer_user: CustomerUser,
  redirect_uri: Type.String({ minLength: 1, maxLength: 65_536, format: 'redirect-uri' }),
  settings: maybe(
    Type.Object({
      // One that the first generation lists and nobody is behind.
      providers: maybe(Type.Array(oneOf([...PROVIDER_NAMES, 'sophtron']))),
      countries: maybe(Type.Array(oneOf(COUNTRIES))),
      products: maybe(
        Type.Object({
          account_numbers: ProductWish,
          identity: ProductWish,
          transactions: ProductWish,
          investments: ProductWish,
        }),
      ),
      link_permissions: maybe(
        Type.Object({
          requested: Type.Array(
            Type.Object({
              scope: oneOf(['accounts', ...GRANTABLE_PRODUCTS, 'enrichment']),
              reason: Text,
              required: Type.Boolean(),
            }),
          ),
        }),
      ),
    }),
  ),
  existing_link_id: maybe(Text),
  institution_id: maybe(Text),
  webhook: maybe(WebUrl),
  link_tags: maybe(Type.Array(Tag)),
  tags: maybe(Type.Array(Tag)),
  connect_features: maybe(Features),
  moneylink_features: maybe(Features),
  custom_sandbox_data: maybe(CustomData),
})
type SessionBody = Static<typeof SessionBody>

const tag = 'Link sessions'
const scope = 'link_session:create'

export function linkSessionRoutes(app: FastifyInstance, { signer }: MoneykitDesk): void {
  change(
    app,
    'POST',
    '/link-session',
    {
      tag,
      summary: 'Create a link session',
      scope,
      body: SessionBody,
      status: 201,
      reply: Type.Object({ link_session_token: Text }),
    },
    {
      ask: (incoming) => createConnectSession(incoming.ctx, readDraft(incoming)),
      write: async (_, session) => session,
      toWire: async (session, ctx, { publicUrl }) => ({
        link_session_token: await spellSessionToken(signer, ctx, session, publicUrl),
      }),
    },
  )

  change(
    app,
    'POST',
    '/link-session/exchange-token',
    {
      tag,
      summary: 'Exchange a token for a link',
      scope,
      body: Type.Object({ exchangeable_token: Text }),
      status: 201,
      reply: Type.Object({ link_id: Text, link: EmbeddedLinkWire }),
    },
    {
      write: (ctx, _, { body, client }) => exchangeToken(ctx, { token: body.exchangeable_token, clientId: client.app }),
      toWire: (link, _, incoming) => ({
        link_id: spellId('link', link.id),
        link: embeddedLinkWire(link, incoming),
      }),
    },
  )
}

function readDraft(incoming: Incoming<unknown, SessionBody>): ConnectSessionDraft {
  const { body, client, team, scopes } = incoming
  const rules = moneykitRules(team)
  const features = body.connect_features ?? body.moneylink_features ?? {}
  const products = readProducts(body)
  const tags = body.link_tags ?? body.tags ?? []
  refuseRedirect(body.redirect_uri, rules.redirectOrigins)
  refuseFeatures(features, scopes)
  refuseReservedTags(tags, scopes)
  if (products.investments && !scopes.includes('link:product:investments')) {
    throw new OwnFailure(ownErrors.forbiddenConfig, 'Forbidden use of the product investments')
  }
  return {
    externalConsumerId: body.customer_user.id,
    contact: readContact(body.customer_user),
    clientId: client.app,
    redirectUri: body.redirect_uri,
    providers: body.settings?.providers?.filter((name): name is ProviderName => name !== 'sophtron') ?? null,
    countries: body.settings?.countries ?? [rules.country],
    products,
    existingConnectionId: body.existing_link_id == null ? null : readWireId('link', body.existing_link_id),
    institutionId: body.institution_id ?? null,
    webhook: body.webhook == null ? null : ownWebhook(body.webhook),
    tags,
    features: {
      reportIssues: (features.issue_reporter || features.bug_reporter) ?? false,
      warnOfDuplicates: features.duplicate_institution_warning ?? false,
      rejectDuplicates: features.duplicate_institution_rejected ?? false,
      connectManually: features.connect_manually ?? false,
      onlyOneAccount: features.permit_only_one_account ?? false,
      onlyDepositoryAccounts: features.permit_only_depository_accounts ?? false,
    },
    customData: body.custom_sandbox_data == null ? null : readCustomData(body.custom_sandbox_data),
  }
}

const guarded: Readonly<Partial<Record<keyof Static<typeof Features>, Scope>>> = {
  issue_reporter: 'link_session:features:issue_reporter',
  bug_reporter: 'link_session:features:bug_reporter',
  enable_money_id: 'link_session:features:money_id',
}

function refuseFeatures(features: Static<typeof Features>, scopes: readonly string[]): void {
  for (const [name, wanted] of Object.entries(guarded)) {
    if (features[name as keyof typeof guarded] && !scopes.includes(wanted)) {
      throw new OwnFailure(ownErrors.forbiddenConfig, 'Forbidden use of a Connect feature')
    }
  }
}

/** An institution's login leads back to one of the app's own origins. */
function refuseRedirect(redirectUri: string, origins: readonly string[] | null): void {
  const { origin } = new URL(redirectUri)
  if (origins === null || origins.includes(origin)) return
  throw new OwnFailure(ownErrors.forbiddenConfig, `Forbidden redirect_uri: ${origin} is not an allowed origin`)
}

/** What is asked for; permissions, as the first generation asks for them, count where the products don't say otherwise. */
function readProducts({ settings }: SessionBody): WantedProducts {
  const permissions = new Map(settings?.link_permissions?.requested.map((each) => [each.scope, each]))
  return Object.fromEntries(
    GRANTABLE_PRODUCTS.flatMap((name): [GrantableProduct, ProductSettings][] => {
      const wish = settings?.products?.[name]
      const permission = permissions.get(name)
      if (!wish && !permission) return []
      return [
        [
          name,
          {
            required: wish?.required ?? false,
            requirePermission: wish?.require_permission ?? permission?.required ?? false,
            prefetch: wish?.prefetch ?? false,
            reason: wish?.reason ?? permission?.reason ?? null,
            extendHistory: wish?.extend_history ?? false,
          },
        ],
      ]
    }),
  )
}
