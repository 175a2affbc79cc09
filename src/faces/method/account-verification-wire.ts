/** The wire object of an account's verification session. Contract: method/accounts §12.2. */
import { Type } from 'typebox'
import {
  ACCOUNT_METHODS,
  ACCOUNT_SESSION_STATUSES,
  type AccountVerificationSession,
  type CardDetail,
  type ClaimMember,
  type ProviderMethod,
  providerDocuments,
} from '../../core/account-verification/account-verification.js'
import type { Ctx } from '../../core/ctx.js'
import { spellId } from './ids.js'
import { accountSessionErrors } from './resource-errors.js'
import { AnyObject, nullable, oneOf, ResourceError, Text, Timestamp } from './schema.js'
import type { Wire } from './versions/versions.js'

const Documents = Type.Array(AnyObject)
const Masked = nullable(Text)
const Check = nullable(oneOf(['pass', 'fail', 'unavailable']))
const cardMembers = {
  exp_year: Masked,
  exp_month: Masked,
  exp_check: Check,
  cvv: Masked,
  cvv_check: Check,
  billing_zip_code: Masked,
  billing_zip_code_check: Check,
  number: Masked,
}

/** Only the member that the type names is there. */
export const AccountSessionWire = Type.Object({
  id: Text,
  account_id: Text,
  status: oneOf(ACCOUNT_SESSION_STATUSES),
  type: oneOf(ACCOUNT_METHODS),
  error: ResourceError,
  micro_deposits: Type.Optional(Type.Object({ amounts: Type.Array(Type.Integer({ description: 'US cents' })) })),
  plaid: Type.Optional(Type.Object({ balances: AnyObject, transactions: Documents })),
  mx: Type.Optional(Type.Object({ account: AnyObject, transactions: Documents })),
  teller: Type.Optional(Type.Object({ balances: AnyObject, transactions: Documents })),
  auto_verify: Type.Optional(Type.Object({})),
  trusted_provisioner: Type.Optional(Type.Object({})),
  standard: Type.Optional(Type.Object({ number: Masked })),
  instant: Type.Optional(Type.Object({ exp_year: Masked, exp_month: Masked, exp_check: Check, number: Masked })),
  pre_auth: Type.Optional(Type.Object({ ...cardMembers, pre_auth_check: Check })),
  network: Type.Optional(Type.Object({ ...cardMembers, network_check: Check })),
  created_at: Timestamp,
  updated_at: Timestamp,
})

export function accountSessionWire(session: AccountVerificationSession, ctx: Ctx<'team' | 'vault'>): Wire {
  return {
    ...accountSessionIds(session),
    status: session.status,
    type: session.method,
    error: session.statusReason && accountSessionErrors[session.statusReason],
    [session.method]: detailWire(session, ctx),
    created_at: session.createdAt,
    updated_at: session.updatedAt,
  }
}

/** What names a session, and all that its events tell. */
export function accountSessionIds(session: Pick<AccountVerificationSession, 'id' | 'accountId'>): Wire {
  return {
    id: spellId('account_verification_session', session.id),
    account_id: spellId('account', session.accountId),
  }
}

/** How each provider calls what has its balances. */
export const balanceMembers = { plaid: 'balances', mx: 'account', teller: 'balances' } as const satisfies Record<
  ProviderMethod,
  string
>

function detailWire(session: AccountVerificationSession, ctx: Ctx<'team' | 'vault'>): Wire {
  const { detail } = session
  switch (detail.method) {
    case 'micro_deposits':
      return { amounts: detail.amountsCents }
    case 'plaid':
    case 'mx':
    case 'teller': {
      const documents = providerDocuments(ctx, session)
      return {
        [balanceMembers[detail.method]]: documents?.account ?? {},
        transactions: documents?.transactions ?? [],
      }
    }
    case 'auto_verify':
    case 'trusted_provisioner':
      return {}
    case 'standard':
      return { number: masked(detail, 'number') }
    case 'instant':
      return { ...expiryWire(detail), number: masked(detail, 'number') }
    case 'pre_auth':
      return { ...cardWire(detail), pre_auth_check: detail.checks.card }
    case 'network':
      return { ...cardWire(detail), network_check: detail.checks.card }
  }
}

function cardWire(detail: CardDetail): Wire {
  return {
    ...expiryWire(detail),
    cvv: masked(detail, 'cvv'),
    cvv_check: detail.checks.cvv,
    billing_zip_code: masked(detail, 'billingZip'),
    billing_zip_code_check: detail.checks.billingZip,
    number: masked(detail, 'number'),
  }
}

function expiryWire(detail: CardDetail): Wire {
  return {
    exp_year: masked(detail, 'expYear'),
    exp_month: masked(detail, 'expMonth'),
    exp_check: detail.checks.expiry,
  }
}

const MASKS: Readonly<Record<ClaimMember, string>> = {
  number: 'xxxxxxxxxxxxxxxx',
  expMonth: 'xx',
  expYear: 'xxxx',
  cvv: 'xxx',
  billingZip: 'xxxxx',
}

/** Null says that the caller has to supply it. */
function masked({ known }: CardDetail, member: ClaimMember): string | null {
  return known.includes(member) ? MASKS[member] : null
}
