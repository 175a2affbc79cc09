import { defineCommand } from 'citty'
import { ENVIRONMENTS } from '../../core/teams/teams.js'
import type { Admin } from '../admin.js'
import { Problem } from '../problem.js'
import { administer } from './administer.js'
import { explained } from './explain.js'

const check = defineCommand({
  meta: {
    name: 'check',
    description: 'Prove that every payment balances, that its status says the same, and that the banks have posted it.',
  },
  args: {
    team: { type: 'string', description: 'Only this team; default: all', valueHint: 'name' },
    environment: { type: 'enum', options: [...ENVIRONMENTS], default: 'development', description: 'Of that team' },
  },
  run: ({ args: { team, environment } }) =>
    explained(() =>
      administer(async (admin) => describe(await admin.checkLedgers(team ? { name: team, environment } : null))),
    ),
})

export const ledger = defineCommand({
  meta: { name: 'ledger', description: 'Look after the ledger of payments.' },
  subCommands: { check },
})

const SHOWN_MAX = 20

/** One line for each team. Throws `Problem` with what is wrong. */
function describe(proofs: Awaited<ReturnType<Admin['checkLedgers']>>): string {
  const findings = proofs.flatMap(({ team, findings }) =>
    findings.map(({ about, finding }) => `${team.name} (${team.environment}) ${about}: ${finding}`),
  )
  if (findings.length > 0) {
    const rest = findings.length > SHOWN_MAX ? `\n… and ${findings.length - SHOWN_MAX} more` : ''
    throw new Problem(`The ledger has ${findings.length} faults.\n${findings.slice(0, SHOWN_MAX).join('\n')}${rest}`)
  }
  return proofs
    .map(
      ({ team, payments, entries }) =>
        `${team.name} (${team.environment}): ${payments} payments, ${entries} entries, all balanced.`,
    )
    .join('\n')
}
