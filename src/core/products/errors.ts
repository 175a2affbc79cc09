import { refuser } from '../refuse.js'

export const productRefusals = {
  'retrieval.not_found': 'No such record exists for this resource. Check the ids and the API key.',
  'product.not_found': 'No product of this resource has this id. List its products first.',
  'product.unavailable': 'Product is unavailable or is not in a fixable state.',
  'product.team_restricted': 'Team access is not available. Enable the product for the team first.',
  'product.consent_unavailable': 'Account consent for your organization is unavailable.',
  'product.account_unverified': 'The account must be verified before this product can be requested.',
  'product.consumer_inactive':
    'The entity must verify its phone and its identity before this product can be requested.',
  'product.details_missing': 'The entity needs a name and a phone number before this product can be requested.',
  'product.no_card_brand': 'No card product is known for this card.',
  'product.detail_of_another_type': 'expand may only name fields of the liability type of the account.',
  'product.connect_required': 'Entity must have a completed Connect record to access this product.',
  'product.no_identities': 'Nobody is known under the details of this entity. Check its name and phone number.',
  'product.individuals_only': 'Only an individual can have this product.',
} as const

export type ProductRefusal = keyof typeof productRefusals
export const refuse = refuser(productRefusals)
