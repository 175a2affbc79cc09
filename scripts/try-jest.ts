/**
 * Runs suites of jest against the packed test kit, as a user has it: `npx tsx scripts/try-jest.ts`. It is no test of this repository's
 * own, because it fetches jest, 55 MB of it, from npm. Prints what jest prints, and ends as it does.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { installClearspan } from '../test/setup/installation.js'
import { temporaryFolder } from '../test/setup/server.js'

const JEST = '30.5.2'
const CONFIG = { globalSetup: '@clearspan/testing/global-setup', transform: {}, testTimeout: 60_000 }

const body = (name: string) => `
test('${name} shares a server', async () => {
  const clearspan = await connectClearspan()
  const team = await clearspan.team()
  const told = await team.webhooks.expect('entity.create', { cause: () => team.connectedPerson() })
  expect(await team.ask('GET', '/entities')).toMatchObject([{ id: told.body.id }])
  await expect(team.ask('GET', '/entities/none')).rejects.toBeInstanceOf(ClearspanError)
  await clearspan.close()
})

test('${name} has a server of its own', async () => {
  const clearspan = await startClearspan()
  const team = await clearspan.team()
  const snapshot = await clearspan.snapshot()
  await team.connectedPerson()
  await clearspan.restore(snapshot)
  expect(await team.ask('GET', '/entities')).toEqual([])
  await clearspan.close()
})

test('${name} is told that the server cannot be in its process', async () => {
  await expect(startClearspan({ inProcess: true })).rejects.toThrow('leave out inProcess')
})
`
const members = '{ ClearspanError, connectClearspan, startClearspan }'
const SUITES = {
  commonjs: { head: `const ${members} = require('@clearspan/testing')`, options: '' },
  module: { head: `import ${members} from '@clearspan/testing'`, options: '--experimental-vm-modules' },
} as const

const fetched = await temporaryFolder()
const user = await installClearspan('examples/testing')
try {
  writeFileSync(join(fetched.path, 'package.json'), '{ "private": true }')
  const flags = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--no-save', `jest@${JEST}`]
  execFileSync('npm', flags, { cwd: fetched.path, stdio: 'inherit' })
  const modules = join(fetched.path, 'node_modules')
  const theirs = join(user.path, 'node_modules')
  const there = new Set(readdirSync(theirs))
  for (const name of readdirSync(modules)) {
    if (!there.has(name)) symlinkSync(join(modules, name), join(theirs, name))
  }
  for (const [type, { head, options }] of Object.entries(SUITES)) {
    const folder = join(user.path, type)
    mkdirSync(folder)
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type, jest: CONFIG }))
    for (const name of ['one', 'another']) writeFileSync(join(folder, `${name}.test.js`), head + body(name))
    const jest = join(modules, 'jest', 'bin', 'jest.js')
    const environment = { NODE_OPTIONS: options, CLEARSPAN_TESTING_DATABASE_URL: '' }
    await user.run('node', [jest, '--rootDir', folder, '--config', join(folder, 'package.json')], environment)
    process.stdout.write(`jest ${JEST}, ${type}: passed\n`)
  }
} finally {
  await user.remove()
  await fetched.remove()
}
