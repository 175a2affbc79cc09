/** What each mode of Opal is told, as the wire has it. Contract: method/entities §13. */
import { type Static, Type } from 'typebox'
import {
  type AccountFilters,
  OPAL_SELECTIONS,
  type OpalConfig,
  type OpalConfigInput,
  type OpalMode,
  type SkippableDetail,
} from '../../core/opal/opal.js'
import { type AccountProductName, accountProducts } from '../../core/products/products.js'
import { readMerchantNumber, readWireId, spellId } from './ids.js'
import { invalidRequest } from './invalid.js'
import { readLiabilityType, spellMerchantType } from './liability-types.js'
import { AnyObject, nullable, oneOf, Text } from './schema.js'
import type { Wire } from './versions/versions.js'

const ITEMS_MAX = 100
const INTENT_CHARACTERS_MAX = 200
const APPEARANCE_BYTES_MAX = 10_000

const SKIPS = { name: 'name', dob: 'dob', address: 'address', ssn_4: 'ssn4' } as const satisfies Readonly<
  Record<string, SkippableDetail>
>
type SkipWord = keyof typeof SKIPS
const SKIP_WORDS = Object.keys(SKIPS) as SkipWord[]
const PRODUCT_WORDS = Object.keys(accountProducts) as AccountProductName[]
// Merchants' spelling is the one in the evidence; accounts' is taken as well. Contract: method/conventions §20.18.
const TYPE_WORDS = ['credit_card', 'auto_loan', 'mortgage', 'personal_loan', 'student_loan', 'student_loans'] as const

const optional = <S extends Parameters<typeof nullable>[0]>(schema: S) => Type.Optional(nullable(schema))
const words = <const Words extends readonly string[]>(list: Words) =>
  optional(Type.Array(oneOf(list), { maxItems: ITEMS_MAX }))

const Include = Type.Object({ account_types: words(TYPE_WORDS), products: words(PRODUCT_WORDS) })
const Exclude = Type.Object({
  account_types: words(TYPE_WORDS),
  mch_ids: optional(Type.Array(Text, { maxItems: ITEMS_MAX })),
  unverified_account_numbers: optional(Type.Boolean()),
})
const Finding = Type.Object({
  skip_pii: words(SKIP_WORDS),
  selection_type: optional(oneOf(OPAL_SELECTIONS)),
  account_filters: optional(Type.Object({ include: optional(Include), exclude: optional(Exclude) })),
})

/** The object of each mode, a member by the mode's name. */
export const opalModes = {
  identity_verification: optional(Type.Object({ skip_pii: words(SKIP_WORDS) })),
  connect: optional(Finding),
  card_connect: optional(Finding),
  account_verification: optional(
    Type.Object({ account_id: Text, intent: optional(Type.String({ maxLength: INTENT_CHARACTERS_MAX })) }),
  ),
  transactions: optional(AnyObject),
} as const satisfies Readonly<Record<OpalMode, unknown>>

const Modes = Type.Object({ ...opalModes, appearance: optional(AnyObject) })
type Modes = Static<typeof Modes>

/** The object of the mode; those of others are ignored. Refuses `request.invalid` where it is missing. */
export function readOpalConfig(body: Modes & { readonly mode: OpalMode }): OpalConfigInput {
  const appearance = readAppearance(body)
  const { mode } = body
  switch (mode) {
    case 'identity_verification':
      return { mode, skips: readSkips(given(body, mode).skip_pii), appearance }
    case 'connect':
      return { mode, ...readFinding(given(body, mode)), appearance }
    case 'card_connect':
      return { mode, ...readCardFinding(given(body, mode)), appearance }
    case 'account_verification': {
      const { account_id: accountId, intent } = given(body, mode)
      return { mode, accountId: readWireId('account', accountId), intent: intent ?? null, appearance }
    }
    case 'transactions':
      given(body, mode)
      return { mode, appearance }
  }
}

/** What a session is about, as it was told. */
export function opalConfigWire(config: OpalConfig): Wire {
  const { mode, appearance } = config
  const more = appearance === null ? {} : { appearance }
  switch (mode) {
    case 'identity_verification':
      return { [mode]: { skip_pii: spellSkips(config.skips) }, ...more }
    case 'connect':
    case 'card_connect':
      return {
        [mode]: {
          skip_pii: spellSkips(config.skips),
          selection_type: config.selection,
          account_filters: filtersWire(mode, config.filters),
        },
        ...more,
      }
    case 'account_verification':
      return { [mode]: { account_id: spellId('account', config.accountId), intent: config.intent }, ...more }
    case 'transactions':
      return { [mode]: {}, ...more }
  }
}

function given<Mode extends OpalMode>(body: Modes, mode: Mode): NonNullable<Modes[Mode]> {
  const told = body[mode]
  if (!told) throw invalidRequest(mode, 'is required for this mode.')
  return told
}

type Finding = Static<typeof Finding>

function readFinding({ skip_pii, selection_type, account_filters }: Finding) {
  const { include, exclude } = account_filters ?? {}
  const numbers = (exclude?.mch_ids ?? []).map((id, index) => {
    const number = readMerchantNumber(id)
    if (number === null) {
      throw invalidRequest(`account_filters.exclude.mch_ids[${index}]`, 'must be a merchant id such as mch_302086.')
    }
    return number
  })
  const filters: AccountFilters = {
    types: unique((include?.account_types ?? []).map(readLiabilityType)),
    products: unique(include?.products ?? []),
    exceptTypes: unique((exclude?.account_types ?? []).map(readLiabilityType)),
    exceptMerchantNumbers: unique(numbers),
    exceptUnverifiedNumbers: exclude?.unverified_account_numbers ?? false,
  }
  // How many may be chosen where nothing is said is inferred.
  return { skips: readSkips(skip_pii), selection: selection_type ?? ('multiple' as const), filters }
}

/** Only cards are found, so there is nothing to say about types. */
function readCardFinding(finding: Finding) {
  const { filters, ...rest } = readFinding(finding)
  return { ...rest, filters: { ...filters, types: ['credit_card' as const], products: [], exceptTypes: [] } }
}

function filtersWire(mode: 'connect' | 'card_connect', filters: AccountFilters): Wire {
  const exclude = {
    mch_ids: filters.exceptMerchantNumbers.map((number) => spellId('merchant', number)),
    unverified_account_numbers: filters.exceptUnverifiedNumbers,
  }
  if (mode === 'card_connect') return { exclude }
  return {
    include: { account_types: filters.types.map(spellMerchantType), products: filters.products },
    exclude: { account_types: filters.exceptTypes.map(spellMerchantType), ...exclude },
  }
}

function readSkips(given: readonly SkipWord[] | null | undefined): readonly SkippableDetail[] {
  return unique((given ?? []).map((word) => SKIPS[word]))
}

function spellSkips(skips: readonly SkippableDetail[]): readonly string[] {
  return SKIP_WORDS.filter((word) => skips.includes(SKIPS[word]))
}

function readAppearance({ appearance }: Modes): object | null {
  if (!appearance) return null
  if (Buffer.byteLength(JSON.stringify(appearance)) > APPEARANCE_BYTES_MAX) {
    throw invalidRequest('appearance', `must be at most ${APPEARANCE_BYTES_MAX} bytes of JSON.`)
  }
  return appearance
}

function unique<T>(list: readonly T[]): readonly T[] {
  return [...new Set(list)]
}
