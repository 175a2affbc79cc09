/** What failed in the world, as the wire's error objects. Literal texts. Contract: method/conventions §19. */
import type { AccountFailureReason } from '../../core/account-verification/account-verification.js'
import type { AccountDisablingReason } from '../../core/accounts/accounts.js'
import type { DisablingReason } from '../../core/consumers/consumers.js'
import type { PaymentFailure, ReversalFailure } from '../../core/payments/payments.js'
import type { FailureReason } from '../../core/verification/verification.js'

export interface WireResourceError {
  readonly type: string
  readonly code: number
  readonly sub_type: string
  readonly message: string
}

const error = (type: string, code: number, sub_type: string, message: string): WireResourceError => ({
  type,
  code,
  sub_type,
  message,
})

const entity = (code: number, subType: string, message: string) => error('ENTITY_DISABLED', code, subType, message)
const account = (code: number, subType: string, message: string) => error('ACCOUNT_DISABLED', code, subType, message)
const session = (code: number, subType: string, message: string) =>
  error('VERIFICATION_SESSION_FAILED', code, subType, `${message} Please re-initiate the verification process.`)

export const entityErrors = {
  unauthorized_payment: entity(
    12001,
    'ENTITY_UNAUTHORIZED_PAYMENT',
    'Entity was disabled due to a payment reported as unauthorized by the financial institution.',
  ),
  invalid_details: entity(12002, 'ENTITY_INVALID_DETAILS', 'Entity was disabled due to invalid information.'),
  pending_review: entity(12003, 'ENTITY_PENDING_KYC_REVIEW', 'Entity was disabled due to pending KYC review.'),
  consent_withdrawn: entity(12004, 'ENTITY_CONSENT_WITHDRAWN', 'Entity was disabled due to consent withdrawal.'),
  ssn_mismatch: entity(
    12005,
    'ENTITY_SSN_MISMATCH',
    'Entity was disabled due to a mismatch in the provided and retrieved social security number.',
  ),
} as const satisfies Record<DisablingReason, WireResourceError>

export const accountErrors = {
  invalid_details: account(
    11001,
    'ACCOUNT_INVALID_DETAILS',
    'Account was disabled due to invalid information reported by the financial institution.',
  ),
  bank_account_closed: account(
    11002,
    'ACCOUNT_CLOSED',
    'Account was disabled due to a closure in the underlying bank account.',
  ),
  unauthorized_payment: account(
    11003,
    'ACCOUNT_UNAUTHORIZED_PAYMENT',
    'Account was disabled due to a payment reported as unauthorized by the financial institution.',
  ),
  consent_withdrawn: account(11004, 'ACCOUNT_CONSENT_WITHDRAWN', 'Account was disabled due to consent withdrawal.'),
  invalid_state: account(
    11005,
    'ACCOUNT_DISABLED_INVALID_STATE',
    'Account was disabled because its state does not allow it to be used.',
  ),
  holder_disabled: account(
    11006,
    'ACCOUNT_DISABLED_HOLDER_ENTITY_DISABLED',
    'Account was disabled because the entity that holds it was disabled.',
  ),
} as const satisfies Record<AccountDisablingReason, WireResourceError>

const accountSession = (code: number, subType: string, message: string) =>
  error('ACCOUNT_VERIFICATION_SESSION_FAILED', code, subType, message)

export const accountSessionErrors = {
  type_not_supported: accountSession(
    16001,
    'VERIFICATION_TYPE_NOT_SUPPORTED',
    'The verification type provided is not supported for the merchant.',
  ),
  invalid_details: accountSession(16002, 'INVALID_DETAILS', 'The provided details are invalid for the account.'),
  deposits_failed: accountSession(
    16003,
    'MICRO_DEPOSITS_FAILED',
    'The micro-deposits failed to verify due to invalid account information.',
  ),
  too_many_attempts: accountSession(
    16004,
    'VERIFICATION_SESSION_ATTEMPT_LIMIT_REACHED',
    'The maximum number of attempts has been reached for this account verification session.',
  ),
} as const satisfies Record<AccountFailureReason, WireResourceError>

export const sessionErrors = {
  expired: session(19001, 'VERIFICATION_SESSION_EXPIRED', 'The verification session has expired.'),
  incorrect_code: session(19002, 'VERIFICATION_SESSION_INCORRECT_SMS_CODE', 'The SMS code inputted is invalid.'),
  phone_unconfirmed: session(
    19003,
    'VERIFICATION_SESSION_FAILED_SNA',
    "The entity's phone couldn't be verified through SNA.",
  ),
  invalid_answer: session(
    19004,
    'VERIFICATION_SESSION_FAILED_INVALID_ANSWER',
    'Invalid entity identity answer. An answer is either missing or invalid.',
  ),
} as const satisfies Record<FailureReason, WireResourceError>

const connectFailed = (code: number, subType: string, message: string) =>
  error('CONNECT_FAILED', code, `CONNECT_FAILED_${subType}`, message)

/** What only a connect fails for. */
export const connectErrors = {
  thin_file: connectFailed(26001, 'THIN_CREDIT_FILE', 'Entity has a thin credit file.'),
  frozen_file: connectFailed(26002, 'CREDIT_FREEZE', 'Entity has a frozen credit file.'),
} as const

const webhookDisabled = (code: number, subType: string, message: string) =>
  error('WEBHOOK_DISABLED', code, `WEBHOOK_DISABLED_${subType}`, message)
const webhookFailing = (code: number, subType: string, message: string) =>
  error('WEBHOOK_REQUIRES_ATTENTION', code, `WEBHOOK_REQUIRES_ATTENTION_${subType}`, message)

/** Contract: method/webhooks-events §1.8. */
export const webhookErrors = {
  disabled: {
    other: webhookDisabled(25001, 'FAILED_OTHER', 'Webhook was disabled after 25 consecutive failed attempts.'),
    received_4xx: webhookDisabled(
      25002,
      'RECEIVED_4XX_ERROR',
      'Webhook was disabled after 25 consecutive failed attempts, the last one answered with a 4xx status.',
    ),
    received_5xx: webhookDisabled(
      25003,
      'RECEIVED_5XX_ERROR',
      'Webhook was disabled after 25 consecutive failed attempts, the last one answered with a 5xx status.',
    ),
    timeout: webhookDisabled(
      25004,
      'TIMEOUT_ON_RESPONSE',
      'Webhook was disabled after 25 consecutive failed attempts, the last one not answered in time.',
    ),
    by_user: webhookDisabled(25005, 'BY_USER', 'Webhook was disabled by the user.'),
  },
  requires_attention: {
    other: webhookFailing(25006, 'FAILED_OTHER', 'A delivery failed all of its attempts.'),
    received_4xx: webhookFailing(
      25007,
      'RECEIVED_4XX_ERROR',
      'A delivery failed all of its attempts, the last one answered with a 4xx status.',
    ),
    received_5xx: webhookFailing(
      25008,
      'RECEIVED_5XX_ERROR',
      'A delivery failed all of its attempts, the last one answered with a 5xx status.',
    ),
    timeout: webhookFailing(
      25009,
      'TIMEOUT_ON_RESPONSE',
      'A delivery failed all of its attempts, the last one not answered in time.',
    ),
  },
} as const

const executionFailed = error(
  'PRODUCT_EXECUTION_FAILED',
  24001,
  'PRODUCT_EXECUTION_FAILED',
  'Product execution failed.',
)

/** By product: what a retrieval that failed says. */
export const retrievalErrors = {
  balance: error(
    'BALANCE_FAILED',
    20001,
    'BALANCE_TEMPORARILY_UNAVAILABLE',
    'Balance is temporarily unavailable for this account.',
  ),
  account_attribute: executionFailed,
  attribute: executionFailed,
  card_brand: executionFailed,
  connect: executionFailed,
  credit_score: error(
    'CREDIT_SCORE_FAILED',
    23001,
    'CREDIT_SCORE_FAILED_TEMPORARILY_UNAVAILABLE',
    'Credit Score is temporarily unavailable for this entity.',
  ),
  identity: executionFailed,
  manual_connect: executionFailed,
  payment_instrument: executionFailed,
  payoff: error(
    'PAYOFF_FAILED',
    18001,
    'PAYOFF_TEMPORARILY_UNAVAILABLE',
    'Payoff is temporarily unavailable for this account.',
  ),
  sensitive: error(
    'ACCOUNT_SENSITIVE_FAILED',
    17001,
    'ACCOUNT_SENSITIVE_FAILED_VERIFICATION_REQUIRED',
    'Account sensitive failed due to missing required verification.',
  ),
  update: error(
    'UPDATE_FAILED',
    21001,
    'UPDATE_TEMPORARILY_UNAVAILABLE',
    'Update is temporarily unavailable for this account.',
  ),
  vehicle: executionFailed,
} as const satisfies Record<string, WireResourceError>

const failed = (code: number, subType: string, message: string) => error('PAYMENT_FAILED', code, subType, message)
const reversalFailed = (code: number, subType: string, message: string) =>
  error('PAYMENT_REVERSAL_FAILED', code, subType, message)

export const paymentErrors = {
  insufficient_funds: failed(
    10001,
    'PAYMENT_INSUFFICIENT_FUNDS',
    'Payment failed due to insufficient funds from the source account.',
  ),
  unauthorized: failed(
    10002,
    'PAYMENT_UNAUTHORIZED',
    'Payment failed due to a report by the source or destination account holder as unauthorized.',
  ),
  invalid_account: failed(
    10003,
    'PAYMENT_INVALID_ACCOUNT',
    'Payment failed due to an invalid source or destination account.',
  ),
  unfunded: error(
    'PAYMENT_CANCELED',
    10004,
    'PAYMENT_INSUFFICIENT_FUNDS',
    'Payment was canceled due to insufficient funds from the source account.',
  ),
  unauthorized_source: failed(
    10005,
    'PAYMENT_UNAUTHORIZED_SOURCE',
    'Payment failed due to a report by the source account holder as unauthorized.',
  ),
  unauthorized_destination: failed(
    10006,
    'PAYMENT_UNAUTHORIZED_DESTINATION',
    'Payment failed due to a report by the destination account holder as unauthorized.',
  ),
  invalid_source_account: failed(
    10007,
    'PAYMENT_INVALID_SOURCE_ACCOUNT',
    'Payment failed due to an invalid source account.',
  ),
  invalid_destination_account: failed(
    10008,
    'PAYMENT_INVALID_DESTINATION_ACCOUNT',
    'Payment failed due to an invalid destination account.',
  ),
  rejected_by_destination: failed(
    10009,
    'PAYMENT_REJECTED_BY_DESTINATION_INSTITUTION',
    "Payment failed due to a rejection by the destination account's financial institution.",
  ),
  rejected_amount: failed(
    10010,
    'PAYMENT_REJECTED_INVALID_AMOUNT',
    "Payment failed due to a rejection by the destination account's financial institution to accept the payment amount.",
  ),
} as const satisfies Record<PaymentFailure, WireResourceError>

export const reversalErrors = {
  insufficient_funds: reversalFailed(
    14001,
    'PAYMENT_REVERSAL_INSUFFICIENT_FUNDS',
    'Payment reversal failed due to insufficient funds from the account.',
  ),
  unauthorized: reversalFailed(
    14002,
    'PAYMENT_REVERSAL_UNAUTHORIZED',
    'Payment reversal failed due to a report by the account holder as unauthorized.',
  ),
  invalid_account: reversalFailed(
    14003,
    'PAYMENT_REVERSAL_INVALID_ACCOUNT',
    'Payment reversal failed due to an invalid account.',
  ),
} as const satisfies Record<ReversalFailure, WireResourceError>
