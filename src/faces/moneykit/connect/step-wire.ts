/** How the page sees a session and each of its steps. Its own words: nobody else speaks them. */
import type {
  Completed,
  ConnectStep,
  OfferedInstitution,
  RoutedInstitution,
} from '../../../core/connections/connections.js'
import { spellId, spellUuid } from '../ids.js'
import { avatarUrl } from '../institution-art.js'
import { spellLinkErrorCode } from '../link-states.js'
import type { Wire } from '../routes.js'
import type { Visitor } from './visitors.js'

export function sessionWire({ ctx, session }: Visitor, institution: RoutedInstitution | null): Wire {
  const { features } = session
  return {
    session_id: spellUuid('link_session', session.id),
    link_type: session.isRenewal ? 'relink' : 'link',
    application_name: ctx.team.name,
    redirect_origin: new URL(session.redirectUri).origin,
    is_institution_settled: session.institutionSlug !== null,
    institution: institution && institutionWire(institution),
    features: {
      report_issues: features.reportIssues,
      warn_of_duplicates: features.warnOfDuplicates,
      connect_manually: features.connectManually,
    },
  }
}

type Shown = Pick<
  RoutedInstitution,
  'institutionSlug' | 'name' | 'country' | 'domain' | 'color' | 'colorDark' | 'loginKind'
>

export function institutionWire(institution: Shown): Wire {
  const { institutionSlug: id, name, country, domain, color, colorDark } = institution
  return { id, name, country, domain, color, color_dark: colorDark, login_kind: institution.loginKind }
}

export function offeredWire({ institution, isConnected }: OfferedInstitution): Wire {
  return { ...institutionWire(institution), is_connected: isConnected }
}

export function stepWire(step: ConnectStep, requestId: string): Wire {
  switch (step.kind) {
    case 'log_in':
      return {
        kind: 'log_in',
        institution: institutionWire(step.institution),
        fields: step.institution.fields.map(({ name, label, isSecret }) => ({ name, label, is_secret: isSecret })),
      }
    case 'answer':
      return {
        kind: 'answer',
        challenges: step.challenges.map(({ id, kind, label, options, imageDataUri }) => ({
          id,
          kind,
          label,
          image: imageDataUri,
          options: options.map((option) => ({ id: option.id, label: option.label, image: option.imageDataUri })),
        })),
      }
    case 'visit':
      return { kind: 'visit', url: step.url }
    case 'choose':
      return {
        kind: 'choose',
        products: step.offer.products.map(({ product, settings, isFixed }) => ({
          product,
          reason: settings.reason,
          is_fixed: isFixed,
        })),
        accounts: step.offer.accounts.map(({ ref, type, name, mask, isFixed }) => ({
          ref,
          type,
          name,
          mask,
          is_fixed: isFixed,
        })),
        only_one: step.offer.onlyOne,
      }
    case 'failed':
      return {
        kind: 'failed',
        error_id: spellLinkErrorCode(step.error),
        may_retry: step.mayRetry,
        request_id: requestId,
      }
  }
}

/** What the launcher hands to the app in the end. Contract: moneykit/connect §4.2. */
export function completedWire(
  { connection, accounts, exchangeToken }: Completed,
  institution: RoutedInstitution,
  publicUrl: string,
): Wire {
  const avatar = avatarUrl({ publicUrl }, institution.institutionSlug)
  return {
    kind: 'done',
    exchangeable_token: exchangeToken,
    link_id: spellId('link', connection.id),
    institution: {
      id: institution.institutionSlug,
      name: institution.name,
      country: institution.country,
      domain: institution.domain ?? '',
      color: institution.color,
      color_dark: institution.colorDark,
      avatar,
      avatar_dark: avatar,
      logo: null,
      logo_dark: null,
      search_group: institution.isFeatured ? 'primary' : 'secondary',
      is_featured: institution.isFeatured,
      providers: institution.providers,
      selectedAccounts: accounts.map(({ id, type, name, mask }) => ({
        account_id: spellId('account', id),
        account_type: type,
        name,
        account_mask: mask,
      })),
    },
  }
}
