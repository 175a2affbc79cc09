import { expect, test } from 'vitest'
import { openLog, REDACTED_FIELDS } from './log.js'

function logged(line: object): string {
  let text = ''
  const write = (chunk: string) => {
    text += chunk
  }
  openLog({ logLevel: 'info' }, { write }).info(line, 'something')
  return text
}

test.each(REDACTED_FIELDS)('%s is never logged in clear, alone or deep inside a request', (field) => {
  const secret = 'hunter2-123-45-6789'
  const hidden = { [field]: secret }
  const text = logged({ ...hidden, req: { headers: hidden, body: { individual: hidden, list: [hidden] } } })
  expect(text).not.toContain(secret)
  expect(text.match(/\[redacted\]/g)).toHaveLength(4)
})

test('capital letters hide nothing', () => {
  expect(logged({ headers: { Authorization: 'Bearer sk_live_1' } })).not.toContain('sk_live_1')
})

test('logging changes nothing in what is logged', () => {
  const line = { body: { ssn: '123-45-6789' } }
  logged(line)
  expect(line).toEqual({ body: { ssn: '123-45-6789' } })
})

test('an error is logged with its cause, and without the row that the database quotes', () => {
  const refused = Object.assign(new Error('duplicate key'), { code: '23505', detail: 'Key (ssn)=(123-45-6789) exists' })
  const text = logged({ err: new Error('not saved', { cause: refused }) })
  expect(text).toContain('not saved')
  expect(text).toContain('duplicate key')
  expect(text + logged({ err: refused })).not.toContain('123-45-6789')
  expect(logged({ err: refused })).toContain('23505')
})

test('a line stays one line whatever is logged', () => {
  const text = logged({ path: '/a\r\n{"level":60,"msg":"forged"}\u001b[31m' })
  expect(text.trimEnd().split('\n')).toHaveLength(1)
  expect(text).not.toContain('\u001b')
})
