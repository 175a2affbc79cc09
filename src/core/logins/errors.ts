import { refuser } from '../refuse.js'

export const loginRefusals = {
  'login.not_found': 'No login has this id.',
  'login.already_there': 'The consumer has this login of the institution already.',
  'login.invalid_credentials': 'Credentials must have a value for every field of the institution, and no others.',
  'login.institution_suspended': 'The institution takes no new logins at present.',
  'login.waits_for_visit': 'The consumer has not come back from the pages of the institution.',
  'login.institution_silent': 'The institution is not answering. Try again later.',
  'login.has_no_pages': 'One does not log in at pages of this institution.',
  'login.not_challenged': 'Nothing is asked of the consumer.',
  'login.invalid_answer': 'Every question must be answered, with one of its options where it has some, and no others.',
  'login.product_not_supported': 'The institution does not offer what the run is for.',
  'login.run_not_found': 'No run has this id.',
  'login.visit_not_found': 'No visit has this id.',
  'login.visit_is_over': 'The visit is over, or its time is.',
  'login.cannot_become': 'A rehearsal cannot put this login there.',
  'login.rehearsed_invalid': 'The password asks for this failure: the request is not valid.',
  'login.rehearsed_ban': 'The password asks for this failure: the request is not allowed.',
  'login.rehearsed_failure': 'The password asks for this failure: the server stumbled.',
} as const

export type LoginRefusalCode = keyof typeof loginRefusals
export const refuse = refuser(loginRefusals)
