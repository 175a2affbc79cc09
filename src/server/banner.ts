import { DEMO_CLIENT_ID, DEMO_CLIENT_SECRET } from '../core/api-clients/api-clients.js'
import { DEMO_KEY } from '../core/teams/teams.js'
import { isLoopback } from './addresses.js'
import type { Config } from './config.js'

/** What a person wants to know when the server is up: where it is, how to get in, where the data is, what to try first. */
export function banner(config: Config, consoleUrl: string): string {
  const { publicUrl: url } = config
  const data = config.usesOwnPostgres ? `${config.dataFolder} (built-in PostgreSQL)` : 'the database of DATABASE_URL'
  // Others can reach the server otherwise, and the demo key is known to everyone, so it is refused then.
  const isPrivate = isLoopback(config.host)
  const key = isPrivate
    ? DEMO_KEY
    : 'refused: others can reach this server. Make one: npx clearspan keys create --team <name>'
  const client = isPrivate ? `\n    Demo client ${DEMO_CLIENT_ID}, secret ${DEMO_CLIENT_SECRET}` : ''
  const secret = isPrivate ? DEMO_KEY : '<your key>'
  return `
  Clearspan is ready.

    Method      ${url}/method
    MoneyKit    ${url}/moneykit
    MX Connect  ${url}/mx
    Link page   ${url}
    Docs        ${url}/docs
    Health      ${url}/healthz
    Console     ${consoleUrl}${isPrivate ? '\n                (good once; another: npx clearspan console link)' : ''}

    Demo key    ${key}${client}
    Data        ${data}

  Try it:

    curl ${url}/method/entities -H 'Authorization: Bearer ${secret}' -H 'Method-Version: 2024-04-04'

`
}
