import { expect, test } from 'vitest'
import { targetsAmong } from './channel.js'

const SETTLED = ['https://app.example.com', 'http://localhost:3000']
const REHEARSAL = ['http://localhost:*', 'http://127.0.0.1:*']

test.each<[string, readonly string[], string | null, readonly string[]]>([
  ['the page that embeds it', SETTLED, 'http://localhost:3000', ['http://localhost:3000']],
  ['a page of any port in a rehearsal', REHEARSAL, 'http://localhost:5173', ['http://localhost:5173']],
  ['a page of the usual port in a rehearsal', REHEARSAL, 'http://localhost', ['http://localhost']],
  ['each page that may embed it, where it is not told which does', SETTLED, null, SETTLED],
  ['each page that may embed it, where it is told of another', SETTLED, 'https://evil.example', SETTLED],
  ['each page that may embed it, where it is told of none', SETTLED, 'null', SETTLED],
  ['nobody in a rehearsal that does not say who embeds it', REHEARSAL, null, []],
  ['nobody whose name only begins like an allowed one', REHEARSAL, 'http://localhost.evil.example', []],
  ['nobody with an allowed host as a user', REHEARSAL, 'http://localhost:3000@evil.example', []],
  ['nobody where nobody may embed it', [], 'https://app.example.com', []],
])('an element tells %s', (_, framers, told, targets) => {
  expect(targetsAmong(framers, told)).toEqual(targets)
  expect(targets).not.toContain('*')
})
