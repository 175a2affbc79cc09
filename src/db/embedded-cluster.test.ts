import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { writeSecret } from './embedded-cluster.js'

it('whoever reads how a PostgreSQL is reached finds all of it, also while it is written', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clearspan-secret-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'postgres.json')
  await writeSecret(file, '"0"')
  let isWriting = true
  const writing = (async () => {
    for (let index = 1; index <= 100; index += 1) await writeSecret(file, JSON.stringify('x'.repeat(index)))
    isWriting = false
  })()
  const read = []
  for (; isWriting; await turn()) read.push(readFileSync(file, 'utf8'))
  await writing
  expect(read.filter((text) => !/^".+"$/.test(text))).toEqual([])
  expect(statSync(file).mode & 0o777).toBe(0o600)
})
