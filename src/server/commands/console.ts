import { text } from 'node:stream/consumers'
import { defineCommand } from 'citty'
import { PASSWORD_CHARACTERS_MAX, PASSWORD_CHARACTERS_MIN } from '../../core/operators/operators.js'
import { systemChance } from '../chance.js'
import { Problem } from '../problem.js'
import { administer } from './administer.js'
import { explained } from './explain.js'

const MADE_BYTES = 18

const password = defineCommand({
  meta: {
    name: 'password',
    description:
      'Set the password of the console and end all its sessions. Without --stdin one is made and shown once.',
  },
  args: {
    stdin: { type: 'boolean', default: false, description: 'Read the password from standard input' },
  },
  run: ({ args }) =>
    explained(async () => {
      const wanted = args.stdin ? checked((await text(process.stdin)).replace(/\r?\n$/, '')) : null
      await administer(async (admin) => {
        const made = systemChance().bytes(MADE_BYTES).toString('base64url')
        await admin.setConsolePassword(wanted ?? made)
        const done = 'The password of the console is set, and nobody is signed in any more.'
        return wanted === null ? `${made}\n\n${done} It is not shown again.` : done
      })
    }),
})

const link = defineCommand({
  meta: {
    name: 'link',
    description: 'Make a link that opens the console once, within a day, while only this machine reaches the server.',
  },
  run: () => explained(() => administer((admin) => admin.createConsoleLink(), { needsServer: true })),
})

export const consoleCommand = defineCommand({
  meta: { name: 'console', description: 'Get into the console.' },
  subCommands: { password, link },
})

function checked(wanted: string): string {
  if (wanted.length >= PASSWORD_CHARACTERS_MIN && wanted.length <= PASSWORD_CHARACTERS_MAX) return wanted
  throw new Problem(`The password must have ${PASSWORD_CHARACTERS_MIN} to ${PASSWORD_CHARACTERS_MAX} characters.`)
}
