import { defineCommand } from 'citty'
import { administer } from './administer.js'
import { explained } from './explain.js'

const rotate = defineCommand({
  meta: {
    name: 'rotate',
    description:
      'Make the next signing key: it signs from a minute later on, and the one before counts for 26 hours more.',
  },
  args: {
    purpose: {
      type: 'enum',
      options: ['webhook', 'token'],
      default: 'webhook' as const,
      description: 'What it signs',
    },
  },
  run: ({ args: { purpose } }) =>
    explained(() => administer(async (admin) => `The next key is ${await admin.rotateSigningKey(purpose)}.`)),
})

export const signingKeys = defineCommand({
  meta: { name: 'signing-keys', description: 'Look after the keys that sign access tokens and webhooks.' },
  subCommands: { rotate },
})
