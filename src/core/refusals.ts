import type { AccountVerificationRefusal } from './account-verification/errors.js'
import type { AccountRefusal } from './accounts/errors.js'
import type { ApiClientRefusal } from './api-clients/errors.js'
import type { ClockRefusal } from './clock/errors.js'
import type { ConnectionRefusal } from './connections/errors.js'
import type { ConsentRefusal } from './consent/errors.js'
import type { ConsumerRefusal } from './consumers/errors.js'
import type { ElementFlowRefusal } from './element-flow/errors.js'
import type { EventRefusal } from './events/errors.js'
import type { InstitutionRefusal } from './institutions/errors.js'
import type { LoginRefusalCode } from './logins/errors.js'
import type { MicroDepositRefusal } from './micro-deposits/errors.js'
import type { OpalRefusal } from './opal/errors.js'
import type { PaymentRefusal } from './payments/errors.js'
import type { ProductRefusal } from './products/errors.js'
import type { Refusal } from './refuse.js'
import type { ReportRefusal } from './reports/errors.js'
import type { RequestRefusal } from './requests/errors.js'
import type { ElementRefusal } from './sessions/errors.js'
import type { SigningRefusal } from './signing/errors.js'
import type { SimulationRefusal } from './simulation/errors.js'
import type { SubscriptionRefusal } from './subscriptions/errors.js'
import type { TeamRefusal } from './teams/errors.js'
import type { TransactionRefusal } from './transactions/errors.js'
import type { VerificationRefusal } from './verification/errors.js'
import type { WebhookRefusal } from './webhooks/errors.js'
import type { WidgetRefusal } from './widgets/errors.js'

/** Every refusal of every capability. A face's error table must have a row for each. */
export type RefusalCode =
  | AccountRefusal
  | AccountVerificationRefusal
  | ApiClientRefusal
  | ClockRefusal
  | ConnectionRefusal
  | ConsentRefusal
  | ConsumerRefusal
  | ElementFlowRefusal
  | ElementRefusal
  | EventRefusal
  | InstitutionRefusal
  | LoginRefusalCode
  | MicroDepositRefusal
  | OpalRefusal
  | PaymentRefusal
  | ProductRefusal
  | ReportRefusal
  | RequestRefusal
  | SigningRefusal
  | SimulationRefusal
  | SubscriptionRefusal
  | TeamRefusal
  | TransactionRefusal
  | VerificationRefusal
  | WebhookRefusal
  | WidgetRefusal

export type AnyRefusal = Refusal & { readonly code: RefusalCode }
