/**
 * Merchants whose numbers callers know. What the contract states is verbatim; the institutions themselves are rows of
 * the other lists.
 */
import type { Merchant } from '../../src/network/port.js'

export type FixtureMerchant = Omit<Merchant, 'popularity'>

// contract: method/dev-fixtures-accounts F.7 [N113, N126, N211, P211]
const published: readonly FixtureMerchant[] = [
  {
    number: 300485,
    institutionSlug: 'amex',
    name: 'American Express Credit Card',
    type: 'credit_card',
    providerIds: {
      plaid: ['ins_10'],
      mx: ['amex'],
      finicity: [],
      dpp: ['7929257', '120', '18391555', '18954427', '11859365', '18947131', '16255844'],
    },
    creditorName: 'AMEX',
    accountNumberFormats: ['###############'],
  },
  {
    number: 3,
    institutionSlug: 'amex',
    name: 'American Express - Credit Cards',
    type: 'credit_card',
    providerIds: {
      plaid: ['ins_10'],
      mx: ['amex'],
      finicity: [],
      dpp: ['120', '18954427', '11859365', '18947131', '16255844'],
    },
    creditorName: 'AMERICAN EXPRESS',
    accountNumberFormats: [],
  },
  {
    number: 301761,
    institutionSlug: 'capital_one',
    name: 'Capital One Credit Card',
    type: 'credit_card',
    providerIds: {
      plaid: ['ins_9', 'ins_128026'],
      mx: ['capital_one'],
      finicity: [],
      dpp: ['9366979', '18372457', '18431971', '18373255', '14444930'],
    },
    creditorName: 'CAPITAL ONE',
    accountNumberFormats: ['################'],
  },
]

// contract: method/dev-fixtures-accounts F.2, F.5, F.7: number and type are published, the rest is ours
const numbered: readonly FixtureMerchant[] = [
  fixture(302086, 'chase', 'Chase Credit Card', 'credit_card', 'JPMCB CARD', ['ins_56'], 16),
  fixture(311289, 'bank_of_america', 'Bank of America Credit Card', 'credit_card', 'BK OF AMER', ['ins_127989'], 16),
  fixture(301760, 'capital_one', 'Capital One Auto Loan', 'auto_loan', 'CAPITAL ONE AUTO FIN', ['ins_9'], 17),
  fixture(2347, 'volvo_cars', 'Volvo Cars Auto Loan', 'auto_loan', 'VOLVO CAR FIN SVCS', ['ins_900021'], 10),
  fixture(311130, 'ally', 'Ally Auto Loan', 'auto_loan', 'ALLY FINCL', ['ins_25'], 12),
  fixture(
    300503,
    'toyota_financial',
    'Toyota Financial Services Auto Loan',
    'auto_loan',
    'TOYOTA MTR',
    ['ins_900022'],
    9,
  ),
  fixture(304444, 'mohela', 'MOHELA Student Loans', 'student_loans', 'DEPT OF ED/MOHELA', ['ins_116296'], 10),
  fixture(309067, 'rocket_mortgage', 'Rocket Mortgage Home Loan', 'mortgage', 'ROCKET MORTGAGE', ['ins_900023'], 10),
]

export const fixtureMerchants: readonly FixtureMerchant[] = [...published, ...numbered]

/** The head of the catalogue, most popular first; everything else follows in the order of the lists. */
export const mostPopular = [302086, 300485, 301761, 311289, 301760, 304444, 309067, 311130, 300503, 3, 2347]

function fixture(
  number: number,
  institutionSlug: string,
  name: string,
  type: Merchant['type'],
  creditorName: string,
  plaid: readonly string[],
  numberLength: number,
): FixtureMerchant {
  return {
    number,
    institutionSlug,
    name,
    type,
    providerIds: { plaid, mx: [institutionSlug], finicity: [], dpp: [] },
    creditorName,
    accountNumberFormats: ['#'.repeat(numberLength)],
  }
}
