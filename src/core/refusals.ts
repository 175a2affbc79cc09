import type { AccountRefusal } from './accounts/errors.js'
import type { ConsumerRefusal } from './consumers/errors.js'
import type { InstitutionRefusal } from './institutions/errors.js'
import type { ProductRefusal } from './products/errors.js'
import type { Refusal } from './refuse.js'
import type { RequestRefusal } from './requests/errors.js'
import type { SimulationRefusal } from './simulation/errors.js'
import type { TeamRefusal } from './teams/errors.js'
import type { VerificationRefusal } from './verification/errors.js'
import type { WebhookRefusal } from './webhooks/errors.js'

/** Every refusal of every capability. A face's error table must have a row for each. */
export type RefusalCode =
  | AccountRefusal
  | ConsumerRefusal
  | InstitutionRefusal
  | ProductRefusal
  | RequestRefusal
  | SimulationRefusal
  | TeamRefusal
  | VerificationRefusal
  | WebhookRefusal

export type AnyRefusal = Refusal & { readonly code: RefusalCode }
