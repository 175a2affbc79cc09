import { Refusal } from '../../core/refuse.js'
import { DatabaseUnavailable } from '../../db/unavailable.js'
import { Problem } from '../problem.js'

/** Runs a command. What the person can put right is told in one sentence; anything else with its stack. Exit code 1. */
export async function explained(run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (error) {
    process.stderr.write(`${sentence(error)}\n`)
    process.exitCode = 1
  }
}

function sentence(error: unknown): string {
  const isForPerson = error instanceof Problem || error instanceof DatabaseUnavailable || error instanceof Refusal
  if (isForPerson) return `clearspan: ${error.message}`
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
