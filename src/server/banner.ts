import { DEMO_CLIENT_ID, DEMO_CLIENT_SECRET } from '../core/api-clients/api-clients.js'
import { DEMO_KEY } from '../core/teams/teams.js'
import { isLoopback } from './addresses.js'
import type { Config } from './config.js'

// What a command knows without being told. Another server it has to be told of.
const USUAL_URL = 'http://127.0.0.1:4000'

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
  const toldWhere = url === USUAL_URL ? '' : `CLEARSPAN_PUBLIC_URL=${url} `
  const another = isPrivate ? `\n                (good once; another: ${toldWhere}npx clearspan console link)` : ''
  const secret = isPrivate ? DEMO_KEY : '<your key>'
  return `
  Clearspan is ready.

    Method      ${url}/method
    MoneyKit    ${url}/moneykit
    MX Connect  ${url}/mx
    Link page   ${url}
    Docs        ${url}/docs
    Health      ${url}/healthz
    Console     ${consoleUrl}${another}

    Demo key    ${key}${client}
    Data        ${data}

  Try it:

    curl ${url}/method/entities -H 'Authorization: Bearer ${secret}' -H 'Method-Version: 2024-04-04'

`
}
