/** Every screen in every language: no word is missing, and none is left in English. */
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { Ended } from './end-screens.js'
import { LOCALES, type Locale, pickLocale, wordsIn } from './i18n.js'
import { en } from './locales/en.js'
import { SCREENS } from './page.js'
import type { Flaw, Screen, ShownAccount, ShownProof } from './server.js'
import { Sheet } from './sheet.js'
import { StageProvider } from './stage.js'

const ACCOUNT: ShownAccount = {
  id: 'a',
  name: 'Zq',
  institution: 'Zq',
  type: 'credit_card',
  mask: '1580',
  balanceCents: 123456,
  needsProof: true,
  unproven: null,
}
const PROOF: ShownProof = {
  method: 'pre_auth',
  asks: ['number', 'expMonth', 'expYear', 'cvv', 'billingZip'],
  wrong: ['expMonth'],
  hasWrongAmounts: false,
  attemptsLeft: 3,
  isWaiting: false,
}
const EMPTY: Screen = {
  step: 'intro',
  elementType: 'connect',
  team: { name: 'Zq', logoUrl: null, iconUrl: null },
  note: null,
  products: ['balance', 'payoff', 'transaction', 'card_brand', 'update', 'sensitive', 'payment', 'attribute'],
  failure: null,
  missing: ['firstName', 'lastName'],
  phoneEnd: '1111',
  codesLeft: 2,
  questions: [],
  selection: 'multiple',
  accounts: [],
  account: null,
  proof: null,
  transfer: null,
  isRetryable: false,
}
const TRANSFER = {
  requestedCents: 420_000,
  requestedRatePercent: 7.9,
  requestedTermMonths: 36,
  monthlyPaymentCents: 13_150,
  loanCentsMin: 150_000,
  residualCentsMax: 48_000,
}
const types = ['credit_card', 'auto_loan', 'mortgage', 'personal_loan', 'student_loans', 'checking', 'savings', 'x']
const all = types.map((type) => ({ ...ACCOUNT, id: type, type }))

/** Every state of every screen, with what the server may have found wrong. */
const shown: readonly (readonly [string, Partial<Screen>, Flaw?])[] = [
  ['intro', { step: 'intro' }],
  ['intro of an auth element', { step: 'intro', elementType: 'auth' }],
  ['intro of a balance transfer', { step: 'intro', elementType: 'balance_transfer', transfer: TRANSFER }],
  ['name', { step: 'name' }],
  ['name refused', { step: 'name' }, { code: 'consumer.invalid_details', member: 'individual.firstName' }],
  ['phone', { step: 'phone' }],
  ['phone refused', { step: 'phone' }, { code: 'consumer.invalid_phone', member: 'individual.phone' }],
  ['phone restricted', { step: 'phone' }, { code: 'consumer.restricted_details', member: null }],
  ...(['wrong_code', 'code_expired', 'code_not_sent', 'code_resent'] as const).map(
    (note) => [note, { step: 'phone_code', note }] as const,
  ),
  ['last code', { step: 'phone_code', codesLeft: 0 }],
  ['dob', { step: 'dob' }],
  ['dob refused', { step: 'dob' }, { code: 'consumer.invalid_details', member: 'individual.dob' }],
  ['address', { step: 'address' }],
  ...(['line1', 'city', 'state', 'zip'] as const).map(
    (name) =>
      [
        `${name} refused`,
        { step: 'address' },
        { code: 'consumer.invalid_details', member: `address.${name}` },
      ] as const,
  ),
  ['ssn4', { step: 'ssn4' }],
  ['ssn4 refused', { step: 'ssn4' }, { code: 'consumer.invalid_ssn4', member: null }],
  ['questions', { step: 'questions', note: 'wrong_answers' }],
  ['consent', { step: 'consent' }],
  ['auth success', { step: 'auth_success' }],
  ['auth success of an auth element', { step: 'auth_success', elementType: 'auth' }],
  ...(['unmatched', 'phone', 'too_many_codes', 'identity', 'not_offered', 'disabled'] as const).map(
    (failure) => [`failure ${failure}`, { step: 'auth_failure', failure }] as const,
  ),
  ['accounts', { step: 'accounts', accounts: all }],
  ['one account', { step: 'accounts', accounts: all, selection: 'single' }],
  ['no choice', { step: 'accounts', accounts: all }, { code: 'element_flow.no_account', member: null }],
  ['transfer', { step: 'accounts', elementType: 'balance_transfer', accounts: all, transfer: TRANSFER }],
  ['no transfer', { step: 'accounts', elementType: 'balance_transfer', transfer: TRANSFER }],
  ...(['loan_exceeded', 'loan_too_small'] as const).map(
    (code) =>
      [
        code,
        { step: 'accounts', accounts: all, transfer: TRANSFER },
        { code: `element_flow.${code}`, member: null },
      ] as const,
  ),
  ['card', { step: 'account', account: ACCOUNT, proof: PROOF }],
  [
    'card network away',
    { step: 'account', account: ACCOUNT, proof: PROOF },
    { code: 'account_verification.network_unreachable', member: null },
  ],
  [
    'card refused',
    { step: 'account', account: ACCOUNT, proof: PROOF },
    { code: 'account_verification.mismatch', member: null },
  ],
  ['loan', { step: 'account', account: ACCOUNT, proof: { ...PROOF, method: 'standard', asks: ['number'], wrong: [] } }],
  [
    'deposits',
    { step: 'account', account: ACCOUNT, proof: { ...PROOF, method: 'micro_deposits', asks: [], isWaiting: true } },
  ],
  [
    'amounts',
    { step: 'account', account: ACCOUNT, proof: { ...PROOF, method: 'micro_deposits', hasWrongAmounts: true } },
  ],
  ['success', { step: 'success', accounts: [{ ...ACCOUNT, unproven: 'later' }] }],
  ['success of a balance transfer', { step: 'empty', accounts: [ACCOUNT], transfer: TRANSFER }],
  ['empty', { step: 'empty', accounts: [ACCOUNT] }],
  ['nothing found', { step: 'empty' }],
  ['connect failed', { step: 'error', isRetryable: true }],
  ['account failed', { step: 'error', isRetryable: true, accounts: [ACCOUNT] }],
  ['nothing proven', { step: 'error', accounts: [ACCOUNT] }],
]

function render(locale: Locale, partial: Partial<Screen>, flaw: Flaw | undefined, isBusy: boolean): string {
  const screen = { ...EMPTY, ...partial }
  const nothing = () => {}
  const Current = SCREENS[screen.step]
  const stage = { words: wordsIn(locale), screen, isBusy, flaw: flaw ?? null, problem: null }
  return renderToStaticMarkup(
    <StageProvider value={{ ...stage, send: nothing, look: nothing, leave: nothing }}>
      <Current />
    </StageProvider>,
  )
}

/** What a person reads or hears in it. */
function textsOf(html: string): readonly string[] {
  const labels = [...html.matchAll(/aria-label="([^"]*)"/g)].map(([, label]) => label ?? '')
  return [...html.replaceAll(/<[^>]*>/g, '\n').split('\n'), ...labels].map((text) => text.trim()).filter(Boolean)
}

// Names, numbers, codes of states and what else is the same in every language.
const isData = (text: string) => /^(Zq.*|Z|[\d$.,·\s%]+|[A-Z]{2})$/.test(text)
const others = Object.keys(LOCALES).filter((locale) => locale !== 'en') as readonly Locale[]

describe.each(others)('in %s', (locale) => {
  test.each(shown.map(([name, screen, flaw]) => ({ name, screen, flaw })))(
    '$name has all its words',
    ({ screen, flaw }) => {
      for (const isBusy of [false, true]) {
        const english = textsOf(render('en', screen, flaw, isBusy))
        const texts = textsOf(render(locale, screen, flaw, isBusy))
        expect(texts.length).toBe(english.length)
        expect(texts.filter((text) => english.includes(text) && !isData(text))).toEqual([])
      }
    },
  )

  test('every message is there, says something else than English, and has the same places', () => {
    const messages = LOCALES[locale]
    expect(Object.keys(messages).toSorted()).toEqual(Object.keys(en).toSorted())
    const places = (text: string) => [...text.matchAll(/\{\{\w+\}\}/g)].map(String).toSorted()
    for (const key of Object.keys(en) as (keyof typeof en)[]) {
      expect(messages[key], key).not.toBe(en[key])
      expect(new Set(places(messages[key])), key).toEqual(new Set(places(en[key])))
    }
  })
})

test('what is no screen of the flow has its words in every language', () => {
  const texts = (locale: Locale) => {
    const words = wordsIn(locale)
    const ends = (['expired', 'refused', 'over'] as const).map((kind) => <Ended key={kind} words={words} kind={kind} />)
    return textsOf(renderToStaticMarkup(ends))
  }
  const spoken = [texts('en'), texts('es'), texts('fr-CA')].flat()
  expect(new Set(spoken).size).toBe(18)
})

test('every word is on some screen', () => {
  const source = [
    ...Object.values(import.meta.glob('./*.tsx', { query: '?raw', import: 'default', eager: true })),
  ].join('\n')
  const isMade = (key: string) => /^(product|type|failed|deposits)\./.test(key)
  expect((Object.keys(en) as string[]).filter((key) => !source.includes(`'${key}'`) && !isMade(key))).toEqual([])
})

test.each([
  [['es-MX', 'en'], 'es'],
  [['fr-FR'], 'fr-CA'],
  [['de-DE', 'fr'], 'fr-CA'],
  [['en-GB', 'es'], 'en'],
  [['zh'], 'en'],
  [['<script>'], 'en'],
  [[], 'en'],
] as const)('who reads %j is spoken to in %s', (wanted, locale) => {
  expect(pickLocale(wanted)).toBe(locale)
})

test('a sheet that is closed says nothing', () => {
  const closed = renderToStaticMarkup(
    <Sheet title="T" isOpen={false} closeLabel="C" onClose={() => {}}>
      x
    </Sheet>,
  )
  expect(textsOf(closed)).toEqual([])
})
