import type { Config } from './config.js'

/** What a person wants to know when the server is up: where it is, how to get in, where the data is, what to try first. */
export function banner(config: Config): string {
  const { publicUrl: url } = config
  const data = config.usesOwnPostgres ? `${config.dataFolder} (built-in PostgreSQL)` : 'the database of DATABASE_URL'
  return `
  Clearspan is ready.

    Method      ${url}/method
    Health      ${url}/healthz

    Demo key    sk_dev_clearspan_demo
    Data        ${data}

  Try it:

    curl ${url}/method/entities -H 'Authorization: Bearer sk_dev_clearspan_demo' -H 'Method-Version: 2024-04-04'

`
}
