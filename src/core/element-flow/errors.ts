import { refuser } from '../refuse.js'

export const elementFlowRefusals = {
  'element_flow.no_account': 'Choose at least one of the accounts that are shown.',
  'element_flow.one_account': 'Only one account can be chosen.',
  'element_flow.loan_exceeded': 'The chosen debts are more than the loan. Choose fewer.',
  'element_flow.loan_too_small': 'The chosen debts are less than the smallest loan. Choose more.',
} as const

export type ElementFlowRefusal = keyof typeof elementFlowRefusals
export const refuse = refuser(elementFlowRefusals)
