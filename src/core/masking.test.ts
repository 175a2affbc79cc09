import { expect, it } from 'vitest'
import { MASK, masked, maskedText } from './masking.js'

it.each([
  ['an SSN', { ssn: '778628144' }],
  ['the last four of one', { ssn_4: '8144' }],
  ['an account number', { ach: { number: '57838927', routing: '062103000' } }],
  ['a card number', { card: { number: '5555555555551580', cvv: '123' } }],
  ['a loan number by a name of its own', { liability: { account_number: 'LN12' } }],
  ['a token', { element_token: 'pk_elem_1' }],
  ['a secret in camel case', { clientSecret: 'x' }],
  ['a password', { credentials: { username: 'user_good', password: 'pass_good' } }],
  ['answers to questions', { answers: [{ answer_id: 'ans_1' }] }],
  ['the code of a text message', { sms_code: '193745' }],
  ['a code by its short name', { code: '193745' }],
  ['a date of birth', { dob: '1997-03-18' }],
  ['a phone number', { phone: '+15121231111' }],
  ['an e-mail address', { email: 'kevin@example.com' }],
  ['the amounts of micro-deposits', { micro_deposits: { amounts: [1017, 2099] } }],
  ['a page to open', { oauth_window_uri: 'https://x.example/?state=12345' }],
  ['a receiver’s address', { url: 'https://x.example/hook?key=1' }],
])('%s is masked wherever it hangs', (_, held) => {
  const inner = JSON.stringify(masked({ data: [held] }, 'secrets'))
  const values = JSON.stringify(Object.values(held)).match(/[\w@.+-]{3,}/g) ?? []
  for (const value of values.filter((each) => /\d|pass|user|@/.test(each))) expect(inner).not.toContain(value)
  expect(inner).toContain(MASK)
})

it.each([
  ['an SSN in a sentence', 'individual.ssn 778-62-8144 is not valid'],
  ['a long number in a sentence', 'The number 7786285771122334 is taken.'],
  ['a number with blanks', 'card 5555 5555 5555 1580'],
  ['an API key', 'sk_dev_clearspan_demo'],
  ['a token of an element', '/elements/token/pk_elem_7yLyLGrMrW4fyBJx/results'],
  ['a signed token', 'Bearer eyJhbGciOi.eyJzdWIiOiJ4.sig'],
  ['an e-mail address', 'write to kevin.doyle@example.com'],
])('%s is masked', (_, text) => {
  expect(maskedText(text)).toContain(MASK)
  expect(maskedText(text)).not.toMatch(/\d{5}|pk_elem_7|sk_dev|eyJ|@/)
})

it('what tells how things went stays', () => {
  const answer = {
    success: false,
    data: { id: 'pmt_fRkTdETCDWCA8', status: 'failed', amount: 5000, created_at: '2026-03-10T15:00:00.000Z' },
    error: { type: 'INVALID_REQUEST', code: 400, sub_type: 'NOT_FOUND', message: 'There is no such payment.' },
    settles: '2026-03-12',
    trace_code: 'R01',
    is_verified: true,
    none: null,
  }
  expect(masked(answer, 'everything')).toEqual(answer)
})

it('nobody can be recognised where everything is masked, and people can where only secrets are', () => {
  const entity = {
    type: 'individual',
    individual: { first_name: 'Kevin', last_name: 'Doyle', ssn: null },
    address: { city: 'Austin' },
  }
  expect(JSON.stringify(masked(entity, 'everything'))).not.toMatch(/Kevin|Doyle|Austin/)
  expect(masked(entity, 'everything')).toMatchObject({ type: 'individual', individual: { ssn: null } })
  expect(JSON.stringify(masked(entity, 'secrets'))).toContain('Kevin')
})

it('what no database could keep is left out, and what is endless is cut', () => {
  expect(maskedText('a\0b\ud800')).toBe('ab\ufffd')
  const list = masked(
    Array.from({ length: 150 }, () => 1),
    'secrets',
  ) as readonly unknown[]
  expect(list).toHaveLength(101)
  let deep: unknown = 'x'
  for (let depth = 0; depth < 1000; depth++) deep = { deep }
  expect(JSON.stringify(masked(deep, 'secrets')).length).toBeLessThan(500)
})
