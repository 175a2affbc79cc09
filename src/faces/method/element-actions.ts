/** What an open page says that the person did. It is ours alone: no client of the vendor's speaks this. */
import { type Static, Type } from 'typebox'
import type { AccountSubmission } from '../../core/account-verification/account-verification.js'
import type { Action } from '../../core/element-flow/element-flow.js'
import { STEPS } from '../../core/sessions/sessions.js'
import { nullable, oneOf } from './schema.js'

const Line = Type.String({ minLength: 1, maxLength: 200 })
const line = () => Type.Optional(nullable(Line))
const literal = <const Word extends string>(word: Word) => Type.Literal(word)
const ids = (maxItems: number) => Type.Array(Line, { maxItems })

const Claim = Type.Object({
  number: Type.Optional(nullable(Type.String({ pattern: '^[A-Za-z0-9]{1,32}$' }))),
  expMonth: Type.Optional(nullable(Type.String({ pattern: '^(0[1-9]|1[0-2])$' }))),
  expYear: Type.Optional(nullable(Type.String({ pattern: '^[0-9]{4}$' }))),
  cvv: Type.Optional(nullable(Type.String({ pattern: '^[0-9]{3,4}$' }))),
  billingZip: Type.Optional(nullable(Type.String({ pattern: '^[0-9]{5}$' }))),
})

export const ActionBody = Type.Union([
  Type.Object({ type: literal('continue'), step: oneOf(STEPS) }),
  Type.Object({
    type: literal('details'),
    step: oneOf(['name', 'phone', 'dob', 'address', 'ssn4']),
    firstName: line(),
    lastName: line(),
    phone: line(),
    dob: line(),
    ssn4: line(),
    line1: line(),
    line2: line(),
    city: line(),
    state: line(),
    zip: line(),
  }),
  Type.Object({ type: literal('code'), code: Type.String({ pattern: '^[0-9]{6}$' }) }),
  Type.Object({ type: literal('resend') }),
  Type.Object({
    type: literal('answers'),
    answers: Type.Array(Type.Object({ questionId: Line, answerId: Line }), { maxItems: 20 }),
  }),
  Type.Object({ type: literal('choose'), accountIds: ids(100), wantsRemainder: Type.Boolean() }),
  Type.Object({ type: literal('prove'), method: oneOf(['standard', 'instant', 'pre_auth']), claim: Claim }),
  Type.Object({
    type: literal('amounts'),
    amountsCents: Type.Array(Type.Integer({ minimum: 1, maximum: 99 }), { minItems: 2, maxItems: 2 }),
  }),
  Type.Object({ type: literal('put_off'), which: oneOf(['this', 'all']) }),
  Type.Object({ type: literal('choose_again') }),
  Type.Object({ type: literal('retry') }),
  Type.Object({ type: literal('learn_more'), isOpen: Type.Boolean() }),
  Type.Object({ type: literal('exit') }),
])
export type ActionBody = Static<typeof ActionBody>

export function readAction(body: ActionBody): Action {
  switch (body.type) {
    case 'details':
      return readDetails(body)
    case 'answers':
      return {
        type: 'answers',
        answers: Object.fromEntries(body.answers.map(({ questionId, answerId }) => [questionId, answerId])),
      }
    case 'prove':
      return { type: 'prove', submission: readClaim(body) }
    case 'amounts':
      return { type: 'prove', submission: { method: 'micro_deposits', amountsCents: body.amountsCents } }
    default:
      return body
  }
}

/** Only what the screen asks for: a page fills in nothing else. */
function readDetails({ step, ...said }: Extract<ActionBody, { type: 'details' }>): Action {
  const { firstName, lastName, phone, dob, ssn4, line1, line2, city, state, zip } = said
  const individual = { name: { firstName, lastName }, phone: { phone }, dob: { dob }, ssn4: { ssn4 }, address: null }
  const address = step === 'address' ? { line1, line2, city, state, zip } : null
  return { type: 'details', step, individual: individual[step], address }
}

function readClaim({ method, claim }: Extract<ActionBody, { type: 'prove' }>): AccountSubmission {
  const { number = null, expMonth = null, expYear = null, cvv = null, billingZip = null } = claim
  return { method, claim: { number, expMonth, expYear, cvv, billingZip } }
}
