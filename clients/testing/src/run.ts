#!/usr/bin/env node
/** `clearspan-testing <command>`: runs a command, such as `node --test`, with one server for all processes it starts. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { ADDRESS_VARIABLE } from './door.js'
import { runServer } from './server.js'

const [program, ...args] = process.argv.slice(2)
if (program === undefined) {
  process.stderr.write('Usage: clearspan-testing <command>, such as: clearspan-testing node --test\n')
  process.exit(2)
}
const { address, stop } = await runServer({})
const child = spawn(program, args, {
  stdio: 'inherit',
  env: { ...process.env, [ADDRESS_VARIABLE]: JSON.stringify(address) },
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
const code = await Promise.race([
  once(child, 'exit').then(([status]) => (typeof status === 'number' ? status : 1)),
  once(child, 'error').then(([error]) => {
    process.stderr.write(`clearspan-testing: ${error instanceof Error ? error.message : String(error)}\n`)
    return 127
  }),
])
await stop()
process.exitCode = code
