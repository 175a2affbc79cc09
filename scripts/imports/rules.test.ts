import { expect, test } from 'vitest'
import { findCycles, judge } from './rules.js'

const allowed: readonly [string, string][] = [
  ['src/faces/method/payments.ts', 'src/core/payments/payments.ts'],
  ['src/faces/method/payments.ts', 'src/faces/method/ids.ts'],
  ['src/faces/method/versions/2024-04-04.ts', 'src/faces/method/ids.ts'],
  ['src/faces/method/payments.ts', 'src/core/money.ts'],
  ['src/core/payments/payments.ts', 'src/core/payments/store.ts'],
  ['src/core/payments/payments.ts', 'src/core/ledger/ledger.ts'],
  ['src/core/payments/payments.ts', 'src/network/port.ts'],
  ['src/core/payments/store.ts', 'src/db/database.ts'],
  ['src/core/ctx.ts', 'src/core/teams/teams.ts'],
  ['src/core/refusals.ts', 'src/core/teams/errors.ts'],
  ['src/network/world/world.ts', 'src/core/ids.ts'],
  ['src/network/world/invent/debts.ts', 'src/network/port.ts'],
  ['src/jobs/queue.ts', 'src/db/database.ts'],
  ['src/server/wiring.ts', 'src/core/payments/store.ts'],
  ['src/main.ts', 'src/server/serve.ts'],
  ['src/core/payments/payments.test.ts', 'src/network/world/world.ts'],
  ['test/crash/worker.ts', 'src/jobs/runner.ts'],
]

test.each(allowed)('%s may import %s', (from, to) => {
  expect(judge({ from, to })).toBeNull()
})

const forbidden: readonly [string, string, string][] = [
  ['src/faces/method/payments.ts', 'src/core/payments/store.ts', 'doors of core'],
  ['src/faces/method/payments.ts', 'src/faces/moneykit/ids.ts', 'its own files'],
  ['src/faces/method/payments.ts', 'src/network/port.ts', 'doors of core'],
  ['src/faces/method/payments.ts', 'src/db/database.ts', 'doors of core'],
  ['src/core/payments/payments.ts', 'src/faces/method/ids.ts', 'network/port'],
  ['src/core/payments/payments.ts', 'src/core/ledger/store.ts', 'doors of other capabilities'],
  ['src/core/payments/payments.ts', 'src/network/world/world.ts', 'network/port'],
  ['src/core/payments/payments.ts', 'src/server/config.ts', 'network/port'],
  ['src/core/ctx.ts', 'src/core/teams/store.ts', 'doors of other capabilities'],
  ['src/core/payments/payments.ts', 'src/core/teams/errors.ts', 'doors of other capabilities'],
  ['src/network/world/world.ts', 'src/core/teams/teams.ts', 'core/money and core/ids'],
  ['src/network/world/world.ts', 'src/network/plaid/plaid.ts', 'its own files'],
  ['src/network/port.ts', 'src/core/money.ts', 'imports nothing'],
  ['src/db/database.ts', 'src/jobs/queue.ts', 'nothing of ours'],
  ['src/jobs/runner.ts', 'src/core/ids.ts', 'nothing of ours'],
  ['web/dashboard/main.tsx', 'src/core/money.ts', 'nothing under src'],
  ['clients/node/index.ts', 'src/core/money.ts', 'nothing under src'],
]

test.each(forbidden)('%s may not import %s, and is told what it may', (from, to, hint) => {
  expect(judge({ from, to })?.allowed).toContain(hint)
})

test('capabilities that import one another in a circle are found, each circle once', () => {
  const link = (from: string, to: string) => ({ from: `src/core/${from}/${from}.ts`, to: `src/core/${to}/${to}.ts` })
  expect(findCycles([link('a', 'b'), link('b', 'c')])).toEqual([])
  expect(findCycles([link('b', 'c'), link('c', 'a'), link('a', 'b')])).toEqual(['a → b → c → a'])
})
