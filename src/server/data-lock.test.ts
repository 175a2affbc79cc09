import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findLockHolder, lockData } from './data-lock.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clearspan-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a folder has one holder at a time, who is named to the next', () => {
  const lock = lockData(folder)
  expect(() => lockData(folder)).toThrow(`Process ${process.pid} is already using the data folder ${folder}`)
  expect(findLockHolder(folder)).toBe(process.pid)
  lock.release()
  expect(findLockHolder(folder)).toBeUndefined()
  lockData(folder).release()
})

test.each([
  ['of a process that is gone', '999999999 1'],
  ['whose number another program has now', `${process.ppid} 1`],
  ['that is empty', ''],
])('a lock %s is taken over, and nothing is left lying about', (_, left) => {
  writeFileSync(join(folder, 'lock'), left)
  const lock = lockData(folder)
  expect(findLockHolder(folder)).toBe(process.pid)
  lock.release()
  expect(readdirSync(folder)).toEqual([])
})

test('a lock that was lost is not taken from its new holder', () => {
  const lock = lockData(folder)
  writeFileSync(join(folder, 'lock'), '1 1')
  lock.release()
  expect(existsSync(join(folder, 'lock'))).toBe(true)
})
