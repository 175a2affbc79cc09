import { refuser } from '../refuse.js'

export const subscriptionRefusals = {
  'subscription.not_found': 'No subscription of this resource has this id.',
  'subscription.unknown': 'There is no subscription of this name here.',
  'subscription.duplicate': 'The resource is already enrolled in this subscription.',
  'subscription.team_restricted': 'Team access is not available. Enable the product for the team first.',
  'subscription.restricted':
    'The product behind the subscription is restricted. Complete what its status_error names first.',
  'subscription.unavailable': 'The product behind the subscription is not available for this resource.',
} as const

export type SubscriptionRefusal = keyof typeof subscriptionRefusals
export const refuse = refuser(subscriptionRefusals)
