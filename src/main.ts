#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { defineCommand, runMain } from 'citty'

const { version }: { version: string } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

// The job queue's library asks for a home folder while it is loaded; a container's user may have none.
process.env.HOME ??= '/'

// Each command is loaded when it is the one that was asked for.
const clearspan = defineCommand({
  meta: { name: 'clearspan', version, description: 'Self-hosted financial-connectivity server.' },
  subCommands: {
    serve: () => import('./server/commands/serve.js').then((module) => module.serve),
    worker: () => import('./server/commands/worker.js').then((module) => module.worker),
    migrate: () => import('./server/commands/migrate.js').then((module) => module.migrate),
    seed: () => import('./server/commands/seed.js').then((module) => module.seed),
    teams: () => import('./server/commands/teams.js').then((module) => module.teams),
    clock: () => import('./server/commands/clock.js').then((module) => module.clock),
    ledger: () => import('./server/commands/ledger.js').then((module) => module.ledger),
    listen: () => import('./server/commands/listen.js').then((module) => module.listen),
    trigger: () => import('./server/commands/trigger.js').then((module) => module.trigger),
    events: () => import('./server/commands/events.js').then((module) => module.events),
    webhooks: () => import('./server/commands/webhooks.js').then((module) => module.webhooks),
    keys: () => import('./server/commands/keys.js').then((module) => module.keys),
    clients: () => import('./server/commands/clients.js').then((module) => module.clients),
    testing: () => import('./server/commands/testing.js').then((module) => module.testing),
    console: () => import('./server/commands/console.js').then((module) => module.consoleCommand),
    'signing-keys': () => import('./server/commands/signing-keys.js').then((module) => module.signingKeys),
  },
})

await runMain(clearspan)
