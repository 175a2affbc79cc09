import { mkdtempSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig, readSecrets } from './config.js'

const terminal = { isTTY: false }

test('an empty environment gives a server on this machine with the built-in database', () => {
  expect(readConfig({}, terminal)).toMatchObject({
    port: 4000,
    host: '127.0.0.1',
    publicUrl: 'http://127.0.0.1:4000',
    usesOwnPostgres: true,
    poolSize: 10,
    logLevel: 'info',
    methodShape2024: 'auto',
    achOutbox: null,
    achInbox: null,
    answerDelayMs: 1500,
  })
})

test('the public URL follows host and port, and is one that can be called', () => {
  expect(readConfig({ HOST: '0.0.0.0', PORT: '80' }, terminal).publicUrl).toBe('http://localhost:80')
  expect(readConfig({ HOST: '::1' }, terminal).publicUrl).toBe('http://[::1]:4000')
  expect(readConfig({ CLEARSPAN_PUBLIC_URL: 'https://hub.example/' }, terminal).publicUrl).toBe('https://hub.example')
})

test('on a terminal only warnings are logged unless asked otherwise', () => {
  expect(readConfig({}, { isTTY: true }).logLevel).toBe('warn')
  expect(readConfig({ LOG_LEVEL: 'debug' }, { isTTY: true }).logLevel).toBe('debug')
})

test.each([
  ['PORT', 'http', 'PORT must be a whole number from 0 to 65535, not "http".'],
  ['PORT', '70000', 'PORT must be a whole number from 0 to 65535, not "70000".'],
  ['LOG_LEVEL', 'loud', 'LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent, not "loud".'],
  ['CLEARSPAN_METHOD_SHAPE_2024', 'x', 'CLEARSPAN_METHOD_SHAPE_2024 must be one of early, late, auto, not "x".'],
  ['CLEARSPAN_PUBLIC_URL', 'me', 'CLEARSPAN_PUBLIC_URL must start with http:// or https://, not "me".'],
])('%s=%s is refused in one sentence', (name, value, sentence) => {
  expect(() => readConfig({ [name]: value }, terminal)).toThrow(sentence)
})

test('a wrong DATABASE_URL is refused without repeating it', () => {
  expect(() => readConfig({ DATABASE_URL: 'mysql://me:hunter2@host' }, terminal)).toThrow(
    /^DATABASE_URL must look like/,
  )
  expect(() => readConfig({ DATABASE_URL: 'mysql://me:hunter2@host' }, terminal)).not.toThrow(/hunter2/)
})

test('the printable config holds no secret', () => {
  const printed = JSON.stringify(readConfig({ DATABASE_URL: 'postgres://me:hunter2@host/db' }, terminal))
  expect(printed).not.toContain('hunter2')
})

test('the master key is made once, readable by its owner alone, and the same at the next start', () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'clearspan-config-')), 'data')
  const first = readSecrets({}, folder).masterKey
  expect(first).toHaveLength(32)
  expect(readSecrets({}, folder).masterKey).toEqual(first)
  expect(statSync(join(folder, 'master.key')).mode & 0o777).toBe(0o600)
  expect(statSync(folder).mode & 0o777).toBe(0o700)
})

test('a given master key is used, and one of the wrong length refused without repeating it', () => {
  const key = Buffer.alloc(32, 7)
  expect(readSecrets({ CLEARSPAN_MASTER_KEY: key.toString('base64') }, '/nowhere').masterKey).toEqual(key)
  expect(() => readSecrets({ CLEARSPAN_MASTER_KEY: 'c2hvcnQ=' }, '/nowhere')).toThrow(/must hold 32 bytes in base64/)
  expect(() => readSecrets({ CLEARSPAN_MASTER_KEY: 'c2hvcnQ=' }, '/nowhere')).not.toThrow(/c2hvcnQ/)
})
