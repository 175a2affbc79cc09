import { Refusal } from '../../core/refuse.js'

/** Refuses a request whose member, named as the wire spells it, breaks a rule of the wire itself. */
export function invalidRequest(member: string, rule: string): Refusal {
  return new Refusal('request.invalid', `${member} ${rule}`, null)
}
