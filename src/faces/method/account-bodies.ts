/** What callers send about accounts. Contract: method/accounts §1.4, §1.5, §1.8. */
import { type Static, Type } from 'typebox'
import {
  type AccountChanges,
  type BankAccountInput,
  type CardDetails,
  CLEARING_USES,
  type ClearingInput,
  type DebitCardInput,
  type DebtInput,
  type PropertyAddress,
} from '../../core/accounts/accounts.js'
import { readMerchantNumber, readWireId } from './ids.js'
import { invalidRequest } from './invalid.js'
import { AnyObject, nullable, oneOf, Text } from './schema.js'
import { isSince, type Version } from './versions/versions.js'

const ExpMonth = Type.String({ pattern: '^(0[1-9]|1[0-2])$' })
const ExpYear = Type.String({ pattern: '^[0-9]{4}$' })
const Cvv = Type.String({ pattern: '^[0-9]{3,4}$' })
const Zip = Type.String({ pattern: '^[0-9]{5}$' })
const anyObject = nullable(AnyObject)

const CardMembers = {
  exp_month: ExpMonth,
  exp_year: ExpYear,
  cvv: Type.Optional(nullable(Cvv)),
  billing_zip_code: Type.Optional(nullable(Zip)),
}

export const AccountBody = Type.Object({
  holder_id: Text,
  type: Type.Optional(Text),
  ach: Type.Optional(nullable(Type.Object({ routing: Text, number: Text, type: oneOf(['checking', 'savings']) }))),
  liability: Type.Optional(
    nullable(
      Type.Object({
        mch_id: Text,
        account_number: Type.Optional(nullable(Text)),
        number: Type.Optional(nullable(Text)),
        credit_card: Type.Optional(nullable(Type.Object(CardMembers))),
      }),
    ),
  ),
  clearing: Type.Optional(nullable(Type.Object({ type: oneOf(CLEARING_USES) }))),
  debit_card: Type.Optional(nullable(Type.Object({ number: Text, ...CardMembers }))),
  metadata: Type.Optional(anyObject),
})
type AccountBody = Static<typeof AccountBody>

export type NewAccount =
  | { readonly kind: 'ach'; readonly input: BankAccountInput }
  | { readonly kind: 'liability'; readonly input: DebtInput }
  | { readonly kind: 'clearing'; readonly input: ClearingInput }
  | { readonly kind: 'debit_card'; readonly input: DebitCardInput }

const OLDER_KINDS = ['ach', 'liability'] as const
const KINDS = [...OLDER_KINDS, 'clearing', 'debit_card'] as const

/** Refuses a body without exactly one account in it, one that calls it by another type, and a type that the version lacks. */
export function readNewAccount(body: AccountBody, version: Version): NewAccount {
  const known = isSince(version, '2025-12-01') ? KINDS : OLDER_KINDS
  if (KINDS.some((kind) => (body[kind] || body.type === kind) && !known.some((each) => each === kind))) {
    throw invalidRequest('type', 'must be ach or liability; there are more from 2025-12-01 on.')
  }
  const [kind, ...others] = known.filter((each) => body[each])
  if (!kind || others.length > 0) throw invalidRequest('The body', `must have exactly one of ${known.join(', ')}.`)
  if (body.type !== undefined && body.type !== kind)
    throw invalidRequest('type', `must be ${kind}, as the body has it.`)
  const common = { consumerId: readWireId('consumer', body.holder_id), metadata: body.metadata ?? null }
  const { ach, liability, clearing, debit_card: card } = body
  if (ach) {
    const bank = { routingNumber: ach.routing, accountNumber: ach.number, type: ach.type }
    return { kind: 'ach', input: { ...common, bank } }
  }
  if (clearing) return { kind: 'clearing', input: { ...common, use: clearing.type } }
  if (card) return { kind: 'debit_card', input: { ...common, number: card.number, card: readCard(card) } }
  return { kind: 'liability', input: { ...common, ...readDebt(liability) } }
}

/** The number has two spellings, of which one is given: method-node types `account_number`, the OpenAPI file `number`. */
function readDebt(liability: AccountBody['liability']): Pick<DebtInput, 'merchantNumber' | 'accountNumber' | 'card'> {
  const numbers = [liability?.account_number, liability?.number].filter((text) => typeof text === 'string')
  return {
    merchantNumber: readMerchantNumber(liability?.mch_id ?? ''),
    accountNumber: numbers.length === 1 ? (numbers[0] ?? null) : null,
    card: liability?.credit_card ? readCard(liability.credit_card) : null,
  }
}

interface WireCard {
  readonly exp_month: string
  readonly exp_year: string
  readonly cvv?: string | null
  readonly billing_zip_code?: string | null
}

function readCard(card: WireCard): CardDetails {
  return {
    expMonth: card.exp_month,
    expYear: card.exp_year,
    ...(card.cvv ? { cvv: card.cvv } : {}),
    ...(card.billing_zip_code ? { billingZip: card.billing_zip_code } : {}),
  }
}

const Line = Type.String({ minLength: 1, maxLength: 100 })

export const AccountChangesBody = Type.Object({
  metadata: Type.Optional(anyObject),
  liability: Type.Optional(
    Type.Object({
      mortgage: Type.Optional(
        nullable(Type.Object({ address_street: Line, address_city: Line, address_state: Line, address_zip: Zip })),
      ),
      credit_card: Type.Optional(
        nullable(
          Type.Partial(Type.Object({ number: Text, expiration_month: ExpMonth, expiration_year: ExpYear, cvv: Cvv })),
        ),
      ),
    }),
  ),
})

/** Refuses details of two types of account, and a card's number together with what changes with each new card. */
export function readAccountChanges({ metadata, liability = {} }: Static<typeof AccountChangesBody>): AccountChanges {
  const { mortgage, credit_card: card } = liability
  if (mortgage && card) throw invalidRequest('liability', 'must have mortgage or credit_card, not both.')
  return { metadata, card: card ? readCardChange(card) : null, property: mortgage ? readProperty(mortgage) : null }
}

type CardChange = NonNullable<NonNullable<Static<typeof AccountChangesBody>['liability']>['credit_card']>

function readCardChange(card: CardChange): AccountChanges['card'] {
  const { number, expiration_month: expMonth, expiration_year: expYear, cvv } = card
  const others = [expMonth, expYear, cvv]
  if (number !== undefined && others.every((text) => text === undefined)) return { number }
  if (number === undefined && expMonth && expYear && cvv) return { expMonth, expYear, cvv }
  throw invalidRequest('liability.credit_card', 'must have number, or else expiration_month, expiration_year and cvv.')
}

function readProperty(mortgage: {
  readonly address_street: string
  readonly address_city: string
  readonly address_state: string
  readonly address_zip: string
}): PropertyAddress {
  return {
    street: mortgage.address_street,
    city: mortgage.address_city,
    state: mortgage.address_state,
    zip: mortgage.address_zip,
  }
}
