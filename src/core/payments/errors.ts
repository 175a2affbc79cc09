import { refuser } from '../refuse.js'

export const paymentRefusals = {
  'payment.amount_not_cents': 'amount must be a whole number of cents, such as 5000 for 50 dollars.',
  'payment.amount_out_of_range': 'amount must be between 100 and 100000000 cents.',
  'payment.invalid_description': 'description must be a text of 1 to 10 characters.',
  'payment.metadata_too_large': 'metadata must be smaller than 1 KB as JSON.',
  'payment.invalid_fee':
    'fee must have a type and an amount of at least one cent, and must leave at least one cent for the destination.',
  'payment.invalid_reversal_account': 'reversal_account must be an active ACH account.',
  'payment.unknown_source': 'source must be the id of an active account of yours.',
  'payment.source_is_liability': 'Invalid source account received. Only ACH accounts can be used as a source.',
  'payment.unknown_destination': 'destination must be the id of an active account of yours.',
  'payment.same_account': 'source and destination must be two accounts.',
  'payment.source_before_live': 'The source was added before live mode was switched on. Add it again.',
  'payment.destination_before_live': 'The destination was added before live mode was switched on. Add it again.',
  'payment.source_holder_inactive': 'The holder of the source must be active.',
  'payment.source_holder_may_not_send': 'The holder of the source may be paid, but may not pay.',
  'payment.source_not_linked': 'The holder of the source may pay only from accounts linked through a data provider.',
  'payment.destination_holder_inactive': 'The holder of the destination must be active.',
  'payment.source_not_verified': 'The source must be verified before it can be paid from.',
  'payment.destination_not_payable': 'The destination cannot receive payments.',
  'payment.single_use_source_used': 'The source is a clearing account for a single payment, which was made already.',
  'payment.amount_over_limit': 'amount is more than your team may pay at once.',
  'payment.quota_used_up': 'Your team has made as many payments as it may in a month.',
  'payment.insufficient_funds': 'The source has less money than the payment needs.',
  'payment.nothing_owed': 'Nothing is owed at the destination.',
  'payment.not_found': 'No payment has this id. Check the id and the API key.',
  'payment.not_pending': 'Only a payment that is pending can be canceled.',
  'payment.invalid_move': 'The payment cannot go from the status it has to the one that is simulated.',
  'payment.error_code_missing':
    'error_code must say why: one of 10001, 10002, 10003, 10005 to 10010 that fits the status.',
  'payment.not_an_inbound_instrument':
    'Money can be sent only to a payment instrument of the type inbound_achwire_payment that was not closed.',
  'payment.reversal_not_found': 'The payment has no reversal with this id.',
  'payment.reversal_not_awaiting': 'Only a reversal that is pending_approval can be approved.',
} as const

export type PaymentRefusal = keyof typeof paymentRefusals
export const refuse = refuser(paymentRefusals)
